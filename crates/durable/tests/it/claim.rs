//! What a claim takes, and in which order.

use crate::support::Database;

#[tokio::test]
async fn the_oldest_task_of_the_first_lane_is_claimed_first() {
    let db = Database::fresh().await;
    let (first, second, urgent) = (
        db.spawn().await,
        db.spawn().await,
        db.spawn_in_lane(-1).await,
    );
    let worker = db.worker("w").await;
    let order: Vec<_> = db
        .claim(worker, 10)
        .await
        .iter()
        .map(|run| run.task)
        .collect();
    assert_eq!(order, [urgent, first, second]);
}

#[tokio::test]
async fn a_claim_takes_no_more_than_it_asks_for_and_nothing_twice() {
    let db = Database::fresh().await;
    for _ in 0..5 {
        db.spawn().await;
    }
    let (a, b) = (db.worker("a").await, db.worker("b").await);
    assert_eq!(db.claim(a, 3).await.len(), 3);
    assert_eq!(db.claim(b, 3).await.len(), 2);
    assert!(db.claim(a, 3).await.is_empty());
}

#[tokio::test]
async fn a_task_of_an_unknown_kind_is_refused_and_nothing_is_written() {
    let db = Database::fresh().await;
    let error = durable::spawn(
        &db.pool,
        uuid::Uuid::now_v7(),
        "unheard-of",
        &serde_json::json!({}),
    )
    .await
    .expect_err("the kind is not registered");
    assert!(
        error.to_string().contains("no task kind \"unheard-of\""),
        "{error}"
    );
    assert_eq!(db.count("durable.task").await, 0);
}

#[tokio::test]
async fn a_delayed_task_is_ready_when_its_time_has_come() {
    let db = Database::fresh().await;
    db.execute(
        "select durable.spawn(gen_random_uuid(), 'plain', '{}', null, now() + interval '1 hour')",
    )
    .await;
    let worker = db.worker("w").await;
    assert!(db.claim(worker, 1).await.is_empty());
    assert_eq!(
        db.int("select durable.promote(500, now() + interval '59 minutes')")
            .await,
        0
    );
    assert_eq!(
        db.int("select durable.promote(500, now() + interval '61 minutes')")
            .await,
        1
    );
    assert_eq!(db.claim(worker, 1).await.len(), 1);
}
