//! A superseded attempt changes nothing.

use crate::support::Database;

#[tokio::test]
async fn every_write_of_a_superseded_attempt_is_refused() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    let zombie = db.claim_one("zombie").await;
    assert_eq!(
        db.int("select durable.reap(now() + interval '1 minute')")
            .await,
        1
    );
    let successor = db.claim_one("successor").await;
    assert_eq!(successor.task, task);
    assert!(
        successor.token > zombie.token,
        "a return to ready draws a larger token"
    );

    assert_eq!(db.complete(&zombie, "{\"by\": \"zombie\"}").await, "lost");
    assert_eq!(db.fail(&zombie, "ANY").await, "lost");
    assert_eq!(db.release(&zombie).await, "lost");
    assert_eq!(db.begin_step(&zombie, "s", "h").await, "lost");
    assert!(!db.record(&zombie).await);
    for (run, holds) in [(&zombie, "false"), (&successor, "true")] {
        let sql = format!("select durable.holds('{}', {})::text", run.task, run.token);
        assert_eq!(db.text(&sql).await, holds);
    }
    assert_eq!(db.count("durable.step").await, 0);

    assert_eq!(
        db.complete(&successor, "{\"by\": \"successor\"}").await,
        "succeeded"
    );
    assert_eq!(
        db.text("select output ->> 'by' from durable.task").await,
        "successor"
    );
}

#[tokio::test]
async fn a_late_attempt_that_nobody_superseded_may_still_commit() {
    let db = Database::fresh().await;
    db.spawn().await;
    let late = db.claim_one("late").await;
    db.execute("update durable.worker set lease_until = now() - interval '1 hour'")
        .await;
    assert_eq!(db.complete(&late, "{}").await, "succeeded");
}

#[tokio::test]
async fn a_worker_that_was_reaped_claims_nothing_more() {
    let db = Database::fresh().await;
    let worker = db.worker("w").await;
    db.spawn().await;
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    let error = db
        .try_claim(worker, 1)
        .await
        .expect_err("the worker is gone");
    assert_eq!(
        error.as_database_error().and_then(|e| e.code()).as_deref(),
        Some("DW001")
    );
    assert_eq!(db.count("durable.ready").await, 1);
}
