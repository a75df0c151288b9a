//! Transactions that are open while another moves the same tasks: nobody waits for a process that has stopped in the middle
//! of one, and nothing falls between two that overlap.

use std::{sync::Arc, time::Duration};

use durable::operate;
use tokio::time::timeout;

use crate::support::{Database, Run};

const PATIENCE: Duration = Duration::from_secs(10);

async fn wait_for_one_who_waits(db: &Database) {
    let waits = db.until("select exists (select from pg_locks where not granted)");
    timeout(PATIENCE, waits)
        .await
        .expect("a session that waits");
}

#[tokio::test]
async fn an_attempt_that_sleeps_in_its_own_transaction_keeps_no_other_from_being_reaped() {
    let db = Database::fresh().await;
    db.spawn().await;
    let sleeper = db.claim_one("sleeper").await;
    let other = db.spawn().await;
    let worker = db.worker("other").await;
    assert_eq!(db.claim(worker, 1).await[0].task, other);

    let mut transaction = db.pool.begin().await.expect("begin");
    let held: (bool, String) = sqlx::query_as(
        "select durable.holds($1, $2), current_setting('idle_in_transaction_session_timeout')",
    )
    .bind(sleeper.task)
    .bind(sleeper.token)
    .fetch_one(&mut *transaction)
    .await
    .expect("holds");
    assert_eq!(
        held,
        (true, "15s".to_owned()),
        "one that never wakes is cut"
    );
    let reap = "select durable.reap(now() + interval '1 minute')";
    let reaped = timeout(PATIENCE, db.int(reap)).await.expect("no wait");
    assert_eq!(
        reaped, 1,
        "the worker whose attempt is locked is left for later"
    );
    assert_eq!(
        db.text("select task::text from durable.ready").await,
        other.to_string()
    );

    transaction.rollback().await.expect("rollback");
    assert_eq!(db.int(reap).await, 1);
    assert_eq!(db.count("durable.ready").await, 2);
    let timeout_after = "select current_setting('idle_in_transaction_session_timeout')";
    assert_eq!(db.text(timeout_after).await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_ends_while_its_parent_is_replayed_is_not_waited_for() {
    let db = Arc::new(Database::fresh().await);
    let parent = db.spawn().await;
    let run = db.claim_one("w").await;
    let spawned = "select durable.spawn_children($1, $2, 's', 'h', '[{\"kind\": \"plain\"}]')";
    assert_eq!(db.of_run(&run, spawned).await, "spawned");
    assert!(db.finish(parent, "failed").await);
    let child = db.claim_one("v").await;

    let mut transaction = db.pool.begin().await.expect("begin");
    operate::replay(&mut *transaction, parent, None)
        .await
        .expect("replay");
    let ending = {
        let (db, child) = (Arc::clone(&db), child.clone());
        tokio::spawn(async move { db.complete(&child, "{}").await })
    };
    wait_for_one_who_waits(&db).await;
    transaction.commit().await.expect("commit");
    assert_eq!(ending.await.expect("the end"), "succeeded");

    let again: Run = db.claim_one("u").await;
    assert_eq!(db.of_run(&again, spawned).await, "done");
    let wait = "select durable.wait_children($1, $2, 's')";
    assert_eq!(db.of_run(&again, wait).await, "done", "the child has ended");
}
