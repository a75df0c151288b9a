use serde_json::{Value, json};
use uuid::Uuid;

use super::{Room, refused};

async fn bulk(room: &Room, body: Value) -> Value {
    let (status, started) = room.post("/bulk", body).await;
    assert_eq!(status, 202, "{started}");
    let id = started["id"].as_str().unwrap();
    let done = room
        .until(&format!("/bulk/{id}"), |bulk| {
            bulk["state"] == "succeeded" || bulk["state"] == "failed"
        })
        .await;
    assert_eq!(done["state"], "succeeded", "{done}");
    done
}

#[tokio::test]
async fn all_that_fits_is_cancelled_with_its_rows_and_the_rest_is_not() {
    let room = Room::new().await;
    room.put("/queues/weekly_plan/limit", json!({ "max_running": 1 }))
        .await;
    let (status, _) = room.post("/queues/weekly_plan/pause", json!({})).await;
    assert_eq!(status, 200);
    let mut jobs = Vec::new();
    for _ in 0..5 {
        jobs.push(room.ask_for_plan(Uuid::new_v4(), json!({})).await);
    }
    let other = Uuid::new_v4();
    sqlx::query("select durable.spawn($1, 'send_push', '{}')")
        .bind(other)
        .execute(&room.database.pool)
        .await
        .unwrap();
    let worker = room.worker().await;
    let done = bulk(
        &room,
        json!({ "action": "cancel", "filter": { "queue": "weekly_plan" } }),
    )
    .await;
    assert_eq!(
        (&done["done"], &done["refused"]),
        (&json!(5), &json!(0)),
        "{done}"
    );
    for job in jobs {
        assert_eq!(room.job(job).await["error_code"], "CANCELLED");
    }
    assert_eq!(room.get(&format!("/tasks/{other}")).await["state"], "ready");
    worker.drain(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn what_failed_is_run_again_once_however_often_it_is_asked_for() {
    let room = Room::new().await;
    let worker = room.worker().await;
    for _ in 0..3 {
        room.failed_job().await;
    }
    let since: String = sqlx::query_scalar("select durable.moment(clock_timestamp())")
        .fetch_one(&room.database.pool)
        .await
        .unwrap();
    let ask =
        json!({ "action": "retry", "filter": { "error_code": "NEEDS_CLEARANCE", "until": since } });
    let done = bulk(&room, ask.clone()).await;
    assert_eq!(
        (&done["done"], &done["refused"]),
        (&json!(3), &json!(0)),
        "{done}"
    );
    let done = bulk(&room, ask).await;
    assert_eq!(
        (&done["done"], &done["refused"]),
        (&json!(0), &json!(3)),
        "{done}"
    );
    let made: i64 = sqlx::query_scalar("select count(*) from public.plan_generation_jobs")
        .fetch_one(&room.database.pool)
        .await
        .unwrap();
    assert_eq!(made, 6);
    worker.drain(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anything_is_done() {
    let room = Room::new().await;
    for (body, code) in [
        (
            json!({ "action": "cancel", "filter": {} }),
            "INVALID_REQUEST",
        ),
        (
            json!({ "action": "cancel", "filter": { "state": "failed" } }),
            "INVALID_REQUEST",
        ),
        (
            json!({ "action": "retry", "filter": { "state": "succeeded" } }),
            "INVALID_REQUEST",
        ),
        (
            json!({ "action": "delete", "filter": { "queue": "push" } }),
            "INVALID_REQUEST",
        ),
        (
            json!({ "action": "cancel", "filter": { "qeue": "push" } }),
            "INVALID_REQUEST",
        ),
        (json!({ "action": "cancel" }), "INVALID_REQUEST"),
    ] {
        refused(room.post("/bulk", body).await, 400, code);
    }
    assert_eq!(room.database.rows().await, 0);
}
