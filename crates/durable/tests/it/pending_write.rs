//! A result on its way to the journal: the task is kept for it although the attempt was abandoned.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use durable::{Attempt, MicroDollars, Policy, Worker, WorkerOptions};
use serde_json::json;
use sqlx::postgres::PgPoolOptions;
use tokio::sync::{Notify, Semaphore};

use crate::{
    support::Database,
    work::{PATIENCE, Work, within},
};

struct SayWhenDropped(Arc<Notify>);

impl Drop for SayWhenDropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn an_abandoned_attempt_holds_its_task_until_its_result_has_arrived() {
    let db = Database::fresh().await;
    let pool = PgPoolOptions::new()
        .max_connections(3)
        .connect(db.url())
        .await
        .expect("connect");
    let (work_done, working, go_on, dropped) = (
        Arc::new(AtomicU32::new(0)),
        Arc::new(Notify::new()),
        Arc::new(Semaphore::new(0)),
        Arc::new(Notify::new()),
    );
    let (counted, begun, gate, gone) = (
        Arc::clone(&work_done),
        Arc::clone(&working),
        Arc::clone(&go_on),
        Arc::clone(&dropped),
    );
    let run = move |attempt: Attempt| {
        let guard = SayWhenDropped(Arc::clone(&gone));
        let (counted, begun, gate) = (Arc::clone(&counted), Arc::clone(&begun), Arc::clone(&gate));
        async move {
            let _guard = guard;
            let work = async |_| {
                begun.notify_one();
                gate.acquire().await.expect("open").forget();
                counted.fetch_add(1, Ordering::SeqCst);
                Ok(json!("paid").into())
            };
            attempt
                .call("pay", &(), Policy::park(MicroDollars(1)), work)
                .await
        }
    };
    let work = Work {
        run,
        cancelled: None,
    };
    let mut options = WorkerOptions::named("short");
    options.lease = Duration::from_secs(2);
    options.beat = Duration::from_millis(500);
    let worker = Worker::new(pool.clone(), options)
        .serve("plain", work)
        .start();
    let task = db.spawn().await;
    within("the work", working.notified()).await;
    let token = db.text("select token::text from durable.run").await;

    // No way to the database for the result, and none for the heartbeat.
    let mut connections = Vec::new();
    for _ in 0..3 {
        connections.push(within("a connection", pool.acquire()).await.expect("one"));
    }
    let mut lock = db.pool.begin().await.expect("begin");
    sqlx::query("select from durable.worker for update")
        .execute(&mut *lock)
        .await
        .expect("lock");
    go_on.add_permits(1);
    within("the abandoning", dropped.notified()).await;

    // The heartbeat comes through again, and would give back what the worker does not hold.
    let lease = "update durable.worker set lease_until = clock_timestamp() + interval '3 seconds' returning lease_until::text";
    let lease: String = sqlx::query_scalar(lease)
        .fetch_one(&mut *lock)
        .await
        .expect("lease");
    lock.commit().await.expect("commit");
    let beat = format!("select lease_until > '{lease}' from durable.worker");
    within("a heartbeat", db.until(&beat)).await;
    assert_eq!(
        db.text("select coalesce((select token::text from durable.run), 'given back')")
            .await,
        token
    );

    drop(connections);
    within("the end", db.ended(task)).await;
    assert_eq!(
        db.text("select concat_ws(' ', outcome, retries, losses, output) from durable.task")
            .await,
        "succeeded 0 0 \"paid\""
    );
    assert_eq!(work_done.load(Ordering::SeqCst), 1);
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_drain_whose_grace_runs_out_waits_for_a_result_that_is_being_written() {
    let db = Database::fresh().await;
    let [working, returned, dropped] = std::array::from_fn(|_| Arc::new(Notify::new()));
    let (begun, go_on, gone) = (
        Arc::clone(&working),
        Arc::clone(&returned),
        Arc::clone(&dropped),
    );
    let run = move |attempt: Attempt| {
        let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
        let guard = SayWhenDropped(Arc::clone(&gone));
        async move {
            let _guard = guard;
            let work = async |_| {
                begun.notify_one();
                go_on.notified().await;
                Ok(json!("paid").into())
            };
            attempt
                .call("pay", &(), Policy::park(MicroDollars(1)), work)
                .await
        }
    };
    let worker = crate::work::start(&db.pool, run);
    db.spawn().await;
    within("the work", working.notified()).await;
    let mut lock = db.pool.begin().await.expect("begin");
    sqlx::query("select from durable.step for update")
        .execute(&mut *lock)
        .await
        .expect("lock");
    returned.notify_one();
    let waits = "select exists (select from pg_stat_activity where datname = current_database()
        and query like '%finish_step%' and wait_event_type = 'Lock')";
    within("the write", db.until(waits)).await;
    let drain = tokio::spawn(worker.drain(Duration::ZERO));
    within("the abandoning", dropped.notified()).await;
    lock.commit().await.expect("commit");
    within("the drain", drain).await.expect("drain");
    assert_eq!(
        db.text("select state from durable.step").await,
        "done",
        "paid for, and kept"
    );
}
