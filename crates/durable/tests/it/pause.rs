//! A paused queue: nothing of it is claimed, nothing of it is lost.

use durable::operate;

use crate::support::Database;

#[tokio::test]
async fn a_paused_queue_hands_out_nothing_and_goes_on_in_its_old_order() {
    let db = Database::fresh().await;
    let (first, second) = (db.spawn().await, db.spawn().await);
    operate::pause_queue(&db.pool, "plain", Some("the provider is down"))
        .await
        .expect("pause");
    let worker = db.worker("w").await;
    assert_eq!(db.claim(worker, 10).await.len(), 0);
    assert_eq!(
        db.count("durable.ready").await,
        0,
        "what is blocked is not among what can be claimed"
    );
    let third = db.spawn().await;
    db.execute("select durable.promote()").await;
    assert_eq!(db.count("durable.parked").await, 3);
    operate::resume_queue(&db.pool, "plain")
        .await
        .expect("resume");
    db.execute("select durable.promote()").await;
    let claimed: Vec<_> = db
        .claim(worker, 10)
        .await
        .iter()
        .map(|run| run.task)
        .collect();
    assert_eq!(claimed, [first, second, third]);
}

#[tokio::test]
async fn what_runs_in_a_paused_queue_goes_on_and_its_retry_waits() {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('AT_ONCE', 'at_once')")
        .await;
    db.spawn().await;
    db.spawn().await;
    let worker = db.worker("w").await;
    let runs = db.claim(worker, 2).await;
    operate::pause_queue(&db.pool, "plain", None)
        .await
        .expect("pause");
    assert_eq!(db.complete(&runs[0], "{}").await, "succeeded");
    assert_eq!(db.fail(&runs[1], "AT_ONCE").await, "waiting");
    db.execute("select durable.promote()").await;
    assert_eq!(db.claim(worker, 10).await.len(), 0);
    operate::resume_queue(&db.pool, "plain")
        .await
        .expect("resume");
    db.execute("select durable.promote()").await;
    assert_eq!(db.claim(worker, 10).await[0].retries, 1);
}

#[tokio::test]
async fn a_paused_queue_gives_the_slots_of_the_total_to_other_queues() {
    let db = Database::fresh().await;
    db.execute("select durable.register_kind('other', 'other')")
        .await;
    operate::limit_queue(&db.pool, "*", Some(1), None)
        .await
        .expect("limit");
    db.spawn().await;
    db.execute("select durable.promote()").await;
    db.spawn_kind("other").await;
    db.execute("select durable.promote()").await;
    assert_eq!(db.text("select queue from durable.ready").await, "plain");
    operate::pause_queue(&db.pool, "plain", None)
        .await
        .expect("pause");
    db.execute("select durable.promote()").await;
    assert_eq!(db.text("select queue from durable.ready").await, "other");
}

#[tokio::test]
async fn a_task_that_became_ready_while_its_queue_was_being_paused_is_set_aside_by_the_duty() {
    let db = Database::fresh().await;
    // Spawned by a transaction that has looked at the queue before the pause and commits after it.
    let mut transaction = db.pool.begin().await.expect("begin");
    durable::spawn(
        &mut *transaction,
        uuid::Uuid::now_v7(),
        "plain",
        &serde_json::json!({}),
    )
    .await
    .expect("spawn");
    operate::pause_queue(&db.pool, "plain", None)
        .await
        .expect("pause");
    transaction.commit().await.expect("commit");
    let worker = db.worker("w").await;
    assert_eq!(db.count("durable.ready").await, 1);
    assert_eq!(db.claim(worker, 10).await.len(), 0);
    db.execute("select durable.settle_queues()").await;
    assert_eq!(db.count("durable.ready").await, 0);
    assert_eq!(db.count("durable.parked").await, 1);
}

#[tokio::test]
async fn a_task_of_a_paused_queue_can_be_cancelled() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    operate::pause_queue(&db.pool, "plain", None)
        .await
        .expect("pause");
    assert!(operate::cancel(&db.pool, task).await.expect("cancel"));
    operate::resume_queue(&db.pool, "plain")
        .await
        .expect("resume");
    db.execute("select durable.promote()").await;
    assert_eq!(db.count("durable.ready").await, 0);
}

#[tokio::test]
async fn a_queue_that_is_not_known_cannot_be_paused() {
    let db = Database::fresh().await;
    let refused = operate::pause_queue(&db.pool, "no such queue", None).await;
    let message = refused.expect_err("refused").to_string();
    assert!(
        message.contains("there is no queue \"no such queue\""),
        "{message}"
    );
}

#[tokio::test]
async fn limits_hold_through_a_pause() {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('AT_ONCE', 'at_once')")
        .await;
    for (queue, most) in [("plain", 2), ("*", 3)] {
        operate::limit_queue(&db.pool, queue, Some(most), None)
            .await
            .expect("limit");
    }
    for _ in 0..4 {
        db.spawn().await;
    }
    db.execute("select durable.promote()").await;
    let run = db.claim_one("w").await;
    operate::pause_queue(&db.pool, "plain", None)
        .await
        .expect("pause");
    assert_eq!(db.fail(&run, "AT_ONCE").await, "waiting");
    db.execute("select durable.promote()").await;
    db.slots_agree().await;
    assert_eq!(
        db.int("select coalesce(sum(used), 0)::int from durable.concurrency where name = 'total'")
            .await,
        0
    );
    operate::resume_queue(&db.pool, "plain")
        .await
        .expect("resume");
    for left in [4, 3, 2, 1] {
        db.execute("select durable.promote()").await;
        db.slots_agree().await;
        assert_eq!(db.count("durable.ready").await, left.min(2));
        let run = db.claim_one(&format!("w{left}")).await;
        assert_eq!(db.complete(&run, "{}").await, "succeeded");
    }
}
