//! A live task ends wherever it is; an ended one stays as it ended.

use crate::support::Database;

#[tokio::test]
async fn a_task_is_cancelled_in_every_place_and_only_once() {
    let db = Database::fresh().await;
    let running = db.spawn().await;
    db.claim_one("w").await;
    let parked = db.spawn().await;
    db.execute(&format!(
        "delete from durable.ready where task = '{parked}';
         insert into durable.parked values ('{parked}', now(), 'set aside by a test', 0, 0)"
    ))
    .await;
    let ready = db.spawn().await;
    let waiting = uuid::Uuid::now_v7();
    db.execute(&format!(
        "select durable.spawn('{waiting}', 'plain', '{{}}', null, now() + interval '1 hour')"
    ))
    .await;

    for task in [running, parked, ready, waiting] {
        assert!(db.finish(task, "cancelled").await);
        assert!(!db.finish(task, "failed").await, "terminal is final");
        assert_eq!(db.outcome(task).await.0, "cancelled");
    }
    for place in ["ready", "timer", "parked", "run"] {
        assert_eq!(db.count(&format!("durable.{place}")).await, 0, "{place}");
    }
    assert!(
        !db.finish(uuid::Uuid::now_v7(), "cancelled").await,
        "a task that never was"
    );
}

#[tokio::test]
async fn a_cancelled_run_cannot_complete() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    let run = db.claim_one("w").await;
    db.finish(task, "cancelled").await;
    assert_eq!(db.complete(&run, "{}").await, "lost");
    assert_eq!(db.outcome(task).await.0, "cancelled");
}
