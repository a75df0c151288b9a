use serde_json::json;
use uuid::Uuid;

use super::{Room, refused};
use crate::support::service_role_key;

#[tokio::test]
async fn the_overview_counts_what_ended_each_task_once() {
    let room = Room::new().await;
    let worker = room.worker().await;
    for _ in 0..3 {
        let job = room.ask_for_plan(Uuid::new_v4(), json!({})).await;
        room.ended(job).await;
    }
    let failed = room.failed_job().await;
    let of = |overview: &serde_json::Value| {
        let kinds = overview["kinds"].as_array().unwrap().clone();
        kinds
            .into_iter()
            .find(|kind| kind["kind"] == "generate_weekly_plan")
    };
    let counted = room
        .until("/overview?window=1h", |overview| {
            of(overview).is_some_and(|kind| kind["succeeded"] == 3 && kind["failed"] == 1)
        })
        .await;
    let weekly = of(&counted).unwrap();
    let (p50, p95) = (
        weekly["p50_seconds"].as_f64().unwrap(),
        weekly["p95_seconds"].as_f64().unwrap(),
    );
    assert!(0.0 < p50 && p50 <= p95 && p95 < 60.0, "{weekly}");
    assert!(counted["all"]["succeeded"].as_i64().unwrap() >= 3);
    assert_eq!(counted["workers_alive"], 1);
    for _ in 0..5 {
        let again = of(&room.get("/overview").await).unwrap();
        assert_eq!(
            (&again["succeeded"], &again["failed"]),
            (&json!(3), &json!(1))
        );
    }

    let errors = room.get("/errors?window=24h").await;
    let group = &errors["data"][0];
    assert_eq!(
        (
            &group["code"],
            &group["kind"],
            &group["failed"],
            &group["last_task"]
        ),
        (
            &json!("NEEDS_CLEARANCE"),
            &json!("generate_weekly_plan"),
            &json!(1),
            &json!(failed)
        ),
        "{errors}"
    );
    for wrong in ["window=1w", "window=0h", "since=1h"] {
        let asked = room
            .get_as(&service_role_key(), &format!("/overview?{wrong}"))
            .await;
        refused(asked, 400, "INVALID_REQUEST");
    }
    worker.drain(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn an_end_that_is_committed_late_is_counted_all_the_same() {
    let room = Room::new().await;
    let pool = &room.database.pool;
    let (early, late) = (Uuid::new_v4(), Uuid::new_v4());
    sqlx::query("select durable.spawn(t, 'send_push', '{}') from unnest(array[$1, $2]) t")
        .bind(early)
        .bind(late)
        .execute(pool)
        .await
        .unwrap();
    let finish = "select durable.finish($1, 'cancelled')";
    let mut open = pool.begin().await.unwrap();
    sqlx::query(finish)
        .bind(late)
        .execute(&mut *open)
        .await
        .unwrap();
    // It has drawn the smaller id, and this one is committed and looked at before it.
    sqlx::query(finish).bind(early).execute(pool).await.unwrap();
    for _ in 0..5 {
        room.get("/overview").await;
    }
    open.commit().await.unwrap();
    room.until("/overview", |overview| overview["all"]["cancelled"] == 2)
        .await;
}

#[tokio::test]
async fn what_steps_cost_is_summed_by_day_kind_and_model() {
    let room = Room::new().await;
    let pool = &room.database.pool;
    for (model, cost) in [("gpt", 700), ("gpt", 300), ("deepseek", 50)] {
        let task = Uuid::new_v4();
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "select durable.spawn('{task}', 'send_push', '{{}}');
             insert into durable.step (task, name, request_hash, state, started_at, cost, usage)
             values ('{task}', 'draft', 'x', 'done', now(), {cost}, '{{\"input_tokens\": 10, \"output_tokens\": 2, \"model\": \"{model}\"}}'),
                    ('{task}', 'asked nobody', 'x', 'done', now(), 0, 'null');
             select durable.finish('{task}', 'succeeded')"
        )))
        .execute(pool)
        .await
        .unwrap();
    }
    let costs = room
        .until("/costs", |costs| costs["data"][1]["cost"] == 1000)
        .await;
    assert_eq!(
        (
            &costs["data"][0]["model"],
            &costs["data"][0]["cost"],
            &costs["data"][1]["input_tokens"],
            &costs["data"][1]["calls"]
        ),
        (&json!("deepseek"), &json!(50), &json!(20), &json!(2)),
        "{costs}"
    );
    assert_eq!(costs["data"].as_array().map(Vec::len), Some(2), "{costs}");
}
