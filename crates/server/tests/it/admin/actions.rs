use serde_json::{Value, json};
use uuid::Uuid;

use super::{Room, refused};

#[tokio::test]
async fn a_cancel_ends_the_task_and_the_contracts_row() {
    let room = Room::new().await;
    let job = room.ask_for_plan(Uuid::new_v4(), json!({})).await;
    let (status, body) = room.post(&format!("/tasks/{job}/cancel"), json!({})).await;
    assert_eq!((status, &body["task"]), (200, &json!(job)), "{body}");
    let row = room.job(job).await;
    assert_eq!(
        (&row["status"], &row["error_code"]),
        (&json!("failed"), &json!("CANCELLED")),
        "{row}"
    );
    assert!(row["completed_at"].is_string());
    assert!(
        row["error_message"].as_str().unwrap().contains("operator"),
        "{row}"
    );
    assert_eq!(
        room.get(&format!("/tasks/{job}")).await["state"],
        "cancelled"
    );
    let again = room.post(&format!("/tasks/{job}/cancel"), json!({})).await;
    refused(again, 409, "INVALID_STATE");
    let unknown = room
        .post(&format!("/tasks/{}/cancel", Uuid::nil()), json!({}))
        .await;
    refused(unknown, 404, "NOT_FOUND");
}

#[tokio::test]
async fn a_replay_of_a_plan_makes_a_new_job_row_with_its_own_task() {
    let room = Room::new().await;
    let worker = room.worker().await;
    let user = Uuid::new_v4();
    let job = room.ask_for_plan(user, json!({})).await;
    let early = room
        .post(&format!("/tasks/{job}/replay"), json!({ "from_step": "x" }))
        .await;
    assert!([400, 409].contains(&early.0), "{early:?}");
    room.ended(job).await;
    let before = room.job(job).await;

    let (status, body) = room.post(&format!("/tasks/{job}/replay"), json!({})).await;
    assert_eq!(status, 200, "{body}");
    let new: Uuid = body["task"].as_str().unwrap().parse().unwrap();
    assert_ne!(new, job);
    worker.wake();
    let task = room.ended(new).await;
    assert_eq!(
        (&task["state"], &task["replay_of"]),
        (&json!("succeeded"), &json!(job))
    );
    let row = room.job(new).await;
    assert_eq!(
        (&row["status"], &row["user_id"], &row["profile_snapshot"]),
        (
            &json!("completed"),
            &json!(user),
            &before["profile_snapshot"]
        )
    );
    assert_ne!(row["result_plan_id"], before["result_plan_id"]);
    assert_eq!(
        room.job(job).await,
        before,
        "what has ended stays as it was"
    );
    worker.drain(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_workout_plan_is_replayed_as_a_request_of_its_own() {
    let room = Room::new().await;
    let worker = room.worker().await;
    let user = Uuid::new_v4();
    let (_, asked) = room
        .server
        .ask(
            "/functions/v1/trigger-workout-plan",
            &crate::support::token_of(user),
            &json!({ "userProfile": "I want to get stronger, 3 days a week, at the gym.", "timeZone": "Europe/Berlin" }),
        )
        .await;
    let request: Uuid = asked["request_id"].as_str().unwrap().parse().unwrap();
    worker.wake();
    room.ended(request).await;
    let (status, body) = room
        .post(&format!("/tasks/{request}/replay"), json!({}))
        .await;
    assert_eq!(status, 200, "{body}");
    let new: Uuid = body["task"].as_str().unwrap().parse().unwrap();
    worker.wake();
    room.ended(new).await;
    let rows: Vec<Value> = sqlx::query_scalar(
        "select jsonb_build_object('id', r.id, 'status', r.status, 'profile', r.user_profile, 'zone', i.time_zone)
         from public.workout_plan_requests r join public.workout_plan_inputs i on i.id = r.id where r.user_id = $1 order by r.created_at",
    )
    .bind(user)
    .fetch_all(&room.database.pool)
    .await
    .unwrap();
    assert_eq!((rows.len(), &rows[1]["id"]), (2, &json!(new)));
    for row in &rows {
        assert_eq!(
            (&row["status"], &row["profile"], &row["zone"]),
            (
                &json!("completed"),
                &rows[0]["profile"],
                &json!("Europe/Berlin")
            )
        );
    }
    worker.drain(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_plan_is_not_replayed_beside_one_that_is_being_made() {
    let room = Room::new().await;
    let user = Uuid::new_v4();
    let first = room.ask_for_plan(user, json!({})).await;
    room.post(&format!("/tasks/{first}/cancel"), json!({}))
        .await;
    let second = room.ask_for_plan(user, json!({})).await;
    let refusal = room
        .post(&format!("/tasks/{first}/replay"), json!({}))
        .await;
    assert!(refused(refusal, 409, "EXISTING").contains("being made"));
    let live = room
        .post(&format!("/tasks/{second}/replay"), json!({}))
        .await;
    refused(live, 409, "INVALID_STATE");
    let jobs = room.database.jobs_of(user).await;
    assert_eq!(jobs.len(), 2, "{jobs:?}");
    sqlx::query("delete from public.plan_generation_jobs where id = $1")
        .bind(first)
        .execute(&room.database.pool)
        .await
        .unwrap();
    let gone = room
        .post(&format!("/tasks/{first}/replay"), json!({}))
        .await;
    refused(gone, 409, "JOB_IS_GONE");
}

#[tokio::test]
async fn a_retry_hurries_what_waits_and_runs_once_again_what_failed() {
    let room = Room::new().await;
    let waiting = Uuid::new_v4();
    sqlx::query(
        "select durable.spawn($1, 'send_push', '{}', p_due_at => now() + interval '1 day')",
    )
    .bind(waiting)
    .execute(&room.database.pool)
    .await
    .unwrap();
    assert_eq!(
        room.get(&format!("/tasks/{waiting}")).await["state"],
        "waiting"
    );
    let (status, body) = room
        .post(&format!("/tasks/{waiting}/retry"), json!({}))
        .await;
    assert_eq!((status, &body["task"]), (200, &json!(waiting)), "{body}");
    let worker = room.worker().await;
    room.until(&format!("/tasks/{waiting}"), |task| {
        task["state"] == "ready"
    })
    .await;
    let again = room
        .post(&format!("/tasks/{waiting}/retry"), json!({}))
        .await;
    refused(again, 409, "INVALID_STATE");

    let failed = room.failed_job().await;
    let (status, body) = room
        .post(&format!("/tasks/{failed}/retry"), json!({}))
        .await;
    assert_eq!(status, 200, "{body}");
    let new: Uuid = body["task"].as_str().unwrap().parse().unwrap();
    worker.wake();
    assert_eq!(room.ended(new).await["error_code"], "NEEDS_CLEARANCE");
    let twice = room
        .post(&format!("/tasks/{failed}/retry"), json!({}))
        .await;
    refused(twice, 409, "ALREADY_REPLAYED");
    worker.drain(std::time::Duration::from_secs(5)).await;
}
