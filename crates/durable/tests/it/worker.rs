//! The Rust worker: runs, retries, replays, cancels, drains.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use durable::{
    Attempt, Began, Done, Failure, Pool, RunningWorker, Task, Worker, WorkerOptions, operate,
};
use serde_json::{Value, json};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::support::Database;

const PATIENCE: Duration = Duration::from_secs(30);

fn start<T: Task>(db: &Database, task: T) -> RunningWorker {
    let mut options = WorkerOptions::named("test");
    options.beat = Duration::from_millis(200);
    Worker::new(db.pool.clone(), options)
        .serve("plain", task)
        .start()
}

async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what} did not happen"))
}

/// Fails its first attempts with the given code, journals one step, then succeeds.
struct Flaky {
    failures: u32,
    code: &'static str,
    work_done: Arc<AtomicU32>,
}

impl Task for Flaky {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, input: Value, attempt: Attempt) -> Result<Done, Failure> {
        let paid: u32 = attempt
            .step("pay", &input, async |began| {
                assert_eq!(began, Began::First);
                Ok(self.work_done.fetch_add(1, Ordering::SeqCst) + 1)
            })
            .await?;
        if attempt.retries() < self.failures {
            return Err(Failure::new(self.code, "not yet"));
        }
        Ok(Done::Output(json!({ "paid": paid })))
    }
}

#[tokio::test]
async fn a_task_that_fails_twice_succeeds_and_pays_its_step_once() {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('AT_ONCE', 'at_once')")
        .await;
    let work_done = Arc::new(AtomicU32::new(0));
    let worker = start(
        &db,
        Flaky {
            failures: 2,
            code: "AT_ONCE",
            work_done: Arc::clone(&work_done),
        },
    );
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(db.outcome(task).await.0, "succeeded");
    assert_eq!(work_done.load(Ordering::SeqCst), 1);
    assert_eq!(db.int("select retries from durable.task").await, 2);
    worker.drain(PATIENCE).await;
    assert_eq!(
        db.count("durable.worker").await,
        0,
        "a drained worker leaves no lease behind"
    );
}

/// Waits for ever, and says when it has begun and when it was dropped.
struct Endless {
    begun: Arc<Notify>,
    dropped: Arc<Notify>,
}

struct SayWhenDropped(Arc<Notify>);

impl Drop for SayWhenDropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Task for Endless {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, _: Attempt) -> Result<Done, Failure> {
        let _guard = SayWhenDropped(Arc::clone(&self.dropped));
        self.begun.notify_one();
        std::future::pending().await
    }
}

fn endless() -> (Endless, Arc<Notify>, Arc<Notify>) {
    let (begun, dropped) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    (
        Endless {
            begun: Arc::clone(&begun),
            dropped: Arc::clone(&dropped),
        },
        begun,
        dropped,
    )
}

#[tokio::test]
async fn a_cancelled_task_stops_running_by_the_next_heartbeat() {
    let db = Database::fresh().await;
    let (task, begun, dropped) = endless();
    let worker = start(&db, task);
    let task = db.spawn().await;
    within("the start", begun.notified()).await;
    assert!(db.finish(task, "cancelled").await);
    within("the drop", dropped.notified()).await;
    assert_eq!(db.outcome(task).await.0, "cancelled");
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_cancel_is_heard_long_before_the_next_heartbeat() {
    let db = Database::fresh().await;
    let (task, begun, dropped) = endless();
    let mut options = WorkerOptions::named("test");
    options.beat = Duration::from_secs(3600);
    options.lease = 4 * options.beat;
    let worker = Worker::new(db.pool.clone(), options)
        .serve("plain", task)
        .start();
    let task = db.spawn().await;
    within("the start", begun.notified()).await;
    assert!(operate::cancel(&db.pool, task).await.expect("cancel"));
    within("the drop", dropped.notified()).await;
    worker.drain(PATIENCE).await;
}

/// The goal for a cancel that no NOTIFY told of: a heartbeat, with room for a busy machine.
const UNHEARD_CANCEL: Duration = Duration::from_secs(6);

#[tokio::test]
async fn a_cancel_whose_notify_is_lost_stops_the_work_within_six_seconds() {
    let db = Database::fresh().await;
    let (task, begun, dropped) = endless();
    // As behind a transaction pooler: nothing is heard.
    let worker = Worker::new(Pool::pooled(db.pool.clone()), WorkerOptions::named("deaf"))
        .serve("plain", task)
        .start();
    let task = db.spawn().await;
    within("the start", begun.notified()).await;
    assert!(operate::cancel(&db.pool, task).await.expect("cancel"));
    let cancelled = tokio::time::Instant::now();
    within("the drop", dropped.notified()).await;
    let took = cancelled.elapsed();
    println!(
        "stopped {:.1} s after a cancel that was not heard",
        took.as_secs_f64()
    );
    assert!(took < UNHEARD_CANCEL, "it took {took:?}");
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_drain_whose_grace_runs_out_gives_the_task_back_without_a_charge() {
    let db = Database::fresh().await;
    let (task, begun, dropped) = endless();
    let worker = start(&db, task);
    db.spawn().await;
    within("the start", begun.notified()).await;
    worker.drain(Duration::ZERO).await;
    within("the drop", dropped.notified()).await;
    assert_eq!(
        db.int("select retries + losses from durable.ready").await,
        0
    );
    assert_eq!(db.count("durable.worker").await, 0);
}

#[tokio::test]
async fn a_worker_that_was_given_up_abandons_its_work_and_comes_back_under_a_new_name() {
    let db = Database::fresh().await;
    let (task, begun, dropped) = endless();
    let worker = start(&db, task);
    db.spawn().await;
    within("the start", begun.notified()).await;
    let before = db.text("select name from durable.worker").await;
    // A reaper passes over a worker that is claiming at this very moment.
    let reaped = db.until("select durable.reap(now() + interval '1 hour') = 1");
    within("the reaping", reaped).await;
    within("the drop", dropped.notified()).await;
    within("the second start", begun.notified()).await;
    assert_ne!(db.text("select name from durable.worker").await, before);
    worker.drain(Duration::ZERO).await;
}

/// Panics.
struct Clumsy;

impl Task for Clumsy {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, _: Attempt) -> Result<Done, Failure> {
        panic!("clumsy")
    }
}

#[tokio::test]
async fn a_panic_is_a_failed_attempt_and_the_worker_goes_on() {
    let db = Database::fresh().await;
    let worker = start(&db, Clumsy);
    db.spawn().await;
    within(
        "the retry",
        db.until("select count(*) = 1 from durable.timer"),
    )
    .await;
    assert_eq!(
        db.text("select reason from durable.timer").await,
        "retry after UNKNOWN"
    );
    assert!(worker.is_listening());
    worker.drain(PATIENCE).await;
}

/// Ends its task in a transaction of its own, together with what it made.
struct Settler(Arc<Mutex<Vec<Uuid>>>);

impl Task for Settler {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        let mut transaction = attempt.pool().begin().await?;
        sqlx::query("insert into public.made (task) values ($1)")
            .bind(attempt.task())
            .execute(&mut *transaction)
            .await?;
        attempt.complete(&mut transaction, &json!({})).await?;
        let cut = "select current_setting('idle_in_transaction_session_timeout')";
        let cut: String = sqlx::query_scalar(cut).fetch_one(&mut *transaction).await?;
        assert_eq!(cut, "15s", "a process that stops here is cut");
        transaction.commit().await?;
        self.0.lock().expect("lock").push(attempt.task());
        Ok(Done::Settled)
    }
}

#[tokio::test]
async fn a_task_may_end_in_the_transaction_that_stores_its_result() {
    let db = Database::fresh().await;
    db.execute("create table public.made (task uuid primary key)")
        .await;
    let settled = Arc::new(Mutex::new(Vec::new()));
    let worker = start(&db, Settler(Arc::clone(&settled)));
    let tasks = [db.spawn().await, db.spawn().await, db.spawn().await];
    for task in tasks {
        within("the end", db.ended(task)).await;
    }
    worker.drain(PATIENCE).await;
    assert_eq!(db.count("public.made").await, 3);
    assert_eq!(settled.lock().expect("lock").len(), 3);
}
