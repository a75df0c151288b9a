use serde_json::{Value, json};
use uuid::Uuid;

use super::{Room, refused};

async fn queue(room: &Room, name: &str) -> Value {
    let queues = room.get("/queues").await;
    let found = queues["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|queue| queue["name"] == name);
    found
        .unwrap_or_else(|| panic!("no {name} in {queues}"))
        .clone()
}

#[tokio::test]
async fn a_queue_is_counted_paused_resumed_and_limited() {
    let room = Room::new().await;
    room.ask_for_plan(Uuid::new_v4(), json!({})).await;
    let before = queue(&room, "weekly_plan").await;
    assert_eq!(
        (&before["ready"], &before["waiting"]),
        (&json!(1), &json!(0))
    );
    assert!(before["oldest_seconds"].as_f64().unwrap() >= 0.0);
    assert_eq!(before["has_worker"], false);

    let pause = json!({ "because": "the provider is down" });
    assert_eq!(room.post("/queues/weekly_plan/pause", pause).await.0, 200);
    let paused = queue(&room, "weekly_plan").await;
    assert_eq!(
        (
            &paused["ready"],
            &paused["waiting"],
            &paused["paused_because"]
        ),
        (&json!(0), &json!(1), &json!("the provider is down"))
    );
    assert_eq!(
        room.post("/queues/weekly_plan/resume", json!({})).await.0,
        200
    );
    let worker = room.worker().await;
    room.until("/tasks?queue=weekly_plan", |page| {
        page["data"][0]["state"] == "succeeded"
    })
    .await;
    let resumed = queue(&room, "weekly_plan").await;
    assert_eq!(
        (&resumed["paused_at"], &resumed["has_worker"]),
        (&Value::Null, &json!(true))
    );

    let limit = json!({ "max_running": 3, "max_per_key": 1 });
    assert_eq!(room.put("/queues/weekly_plan/limit", limit).await.0, 200);
    let limited = queue(&room, "weekly_plan").await;
    assert_eq!(
        (&limited["max_running"], &limited["max_per_key"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(
        room.put("/queues/*/limit", json!({ "max_running": 9 }))
            .await
            .0,
        200
    );
    assert_eq!(room.get("/queues").await["max_running"], 9);
    worker.drain(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_queue_is_said() {
    let room = Room::new().await;
    refused(
        room.post("/queues/nowhere/pause", json!({})).await,
        404,
        "NOT_FOUND",
    );
    let zero = json!({ "max_running": 0 });
    refused(
        room.put("/queues/push/limit", zero).await,
        400,
        "INVALID_REQUEST",
    );
    let text = json!({ "max_running": "3" });
    refused(
        room.put("/queues/push/limit", text).await,
        400,
        "INVALID_REQUEST",
    );
    refused(
        room.put("/queues/nowhere/limit", json!({})).await,
        404,
        "NOT_FOUND",
    );
}

#[tokio::test]
async fn workers_and_budgets_are_shown() {
    let room = Room::new().await;
    let worker = room.worker().await;
    room.database
        .run("select durable.set_budget('deepseek', 60, 100000, null, 4)")
        .await;
    let workers = room.get("/workers").await;
    assert_eq!(
        (
            &workers["data"][0]["alive"],
            &workers["data"][0]["external"]
        ),
        (&json!(true), &json!(false)),
        "{workers}"
    );
    let providers = room.get("/providers").await;
    let budget = &providers["budgets"][0];
    assert_eq!(
        (
            &budget["name"],
            &budget["requests"],
            &budget["at_work"],
            &budget["blocked_until"]
        ),
        (&json!("deepseek"), &json!(60), &json!(0), &Value::Null),
        "{providers}"
    );
    assert_eq!(providers["open_breakers"], json!([]));
    worker.drain(std::time::Duration::from_secs(5)).await;
}
