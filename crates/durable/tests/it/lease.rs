//! Keeping and losing a lease, by a hand-held clock.

use crate::support::Database;

#[tokio::test]
async fn a_heartbeat_keeps_the_lease_and_names_what_was_cancelled() {
    let db = Database::fresh().await;
    let (kept, cancelled) = (db.spawn().await, db.spawn().await);
    let worker = db.worker("w").await;
    let runs = db.claim(worker, 2).await;
    assert!(db.finish(cancelled, "cancelled").await);
    let (tasks, tokens): (Vec<_>, Vec<_>) = runs.iter().map(|run| (run.task, run.token)).unzip();
    let lost: Vec<uuid::Uuid> = sqlx::query_scalar(
        "select task from durable.beat($1, $2, $3, interval '15 seconds', now() + interval '10 seconds')",
    )
    .bind(worker)
    .bind(tasks)
    .bind(tokens)
    .fetch_all(&db.pool)
    .await
    .expect("beat");
    assert_eq!(lost, [cancelled]);
    assert_eq!(
        db.int("select durable.reap(now() + interval '20 seconds')")
            .await,
        0,
        "the lease lasts to second 25"
    );
    assert_eq!(
        db.int("select durable.reap(now() + interval '26 seconds')")
            .await,
        1
    );
    assert_eq!(
        db.text("select task::text from durable.ready").await,
        kept.to_string()
    );
}

#[tokio::test]
async fn a_loss_is_no_retry_and_the_fourth_one_fails_the_task() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    for loss in 1..=3 {
        let run = db.claim_one(&format!("w{loss}")).await;
        assert_eq!((run.retries, run.losses), (0, loss - 1));
        db.execute("select durable.reap(now() + interval '1 minute')")
            .await;
    }
    let last = db.claim_one("w4").await;
    assert_eq!((last.task, last.losses), (task, 3));
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    assert_eq!(
        db.outcome(task).await,
        ("failed".into(), Some("WORKER_LOST".into()))
    );
    assert_eq!(db.count("durable.ready").await, 0);
}

#[tokio::test]
async fn nobody_is_reaped_before_a_full_lease_has_passed_since_the_database_started() {
    let db = Database::fresh().await;
    db.spawn().await;
    db.claim_one("w").await;
    db.execute(
        "update durable.worker set lease_until = pg_postmaster_start_time() - interval '1 hour'",
    )
    .await;
    assert_eq!(
        db.int("select durable.reap(pg_postmaster_start_time() + interval '14 seconds')")
            .await,
        0
    );
    assert_eq!(
        db.int("select durable.reap(pg_postmaster_start_time() + interval '16 seconds')")
            .await,
        1
    );
}

#[tokio::test]
async fn a_run_past_its_limit_fails_with_its_code_though_the_worker_beats() {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('DEADLINE_EXCEEDED', 'at_once')")
        .await;
    db.spawn().await;
    db.claim_one("w").await;
    assert_eq!(
        db.int("select durable.expire(now() + interval '15 minutes')")
            .await,
        0
    );
    assert_eq!(
        db.int("select durable.expire(now() + interval '16 minutes')")
            .await,
        1
    );
    assert_eq!(db.int("select retries from durable.ready").await, 1);
}

#[tokio::test]
async fn a_worker_that_leaves_gives_its_tasks_back_without_a_charge() {
    let db = Database::fresh().await;
    db.spawn().await;
    let worker = db.worker("w").await;
    db.claim(worker, 1).await;
    db.execute(&format!("select durable.stop_worker({worker})"))
        .await;
    assert_eq!(
        db.int("select retries + losses from durable.ready").await,
        0
    );
    assert_eq!(db.count("durable.worker").await, 0);
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_given_back_by_a_later_heartbeat() {
    let db = Database::fresh().await;
    db.spawn().await;
    let worker = db.worker("w").await;
    db.claim(worker, 1).await;
    let beat = |seconds: i32| {
        format!(
            "select count(*)::int from durable.beat({worker}, '{{}}', '{{}}', '15 seconds', now() + interval '{seconds} seconds')"
        )
    };
    db.int(&beat(14)).await;
    assert_eq!(
        db.count("durable.run").await,
        1,
        "the answer may still be on its way"
    );
    db.int(&beat(16)).await;
    assert_eq!(
        db.int("select retries + losses from durable.ready").await,
        0
    );
}
