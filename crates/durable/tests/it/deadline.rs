//! A task's own deadline, wall clock, wherever it is.

use std::{sync::Arc, time::Duration};

use durable::{Attempt, Done, Failure, NewTask, Task, Worker, WorkerOptions};
use serde_json::{Value, json};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::support::Database;

impl Database {
    async fn spawn_until(&self, deadline: Duration) -> Uuid {
        NewTask::new("plain", json!({}))
            .deadline(deadline)
            .spawn(&self.pool)
            .await
            .expect("spawn")
    }
}

const EXCEEDED: Option<&str> = Some("TASK_DEADLINE_EXCEEDED");

#[tokio::test]
async fn a_task_that_nobody_claimed_in_time_fails_with_the_code_of_its_deadline() {
    let db = Database::fresh().await;
    let (late, free) = (
        db.spawn_until(Duration::from_secs(60)).await,
        db.spawn().await,
    );
    assert_eq!(
        db.int("select durable.expire(now() + interval '50 seconds')")
            .await,
        0
    );
    assert_eq!(
        db.int("select durable.expire(now() + interval '61 seconds')")
            .await,
        1
    );
    let (outcome, code) = db.outcome(late).await;
    assert_eq!((outcome.as_str(), code.as_deref()), ("failed", EXCEEDED));
    assert_eq!(
        db.text("select task::text from durable.ready").await,
        free.to_string()
    );
}

#[tokio::test]
async fn a_deadline_that_was_met_does_nothing() {
    let db = Database::fresh().await;
    let task = db.spawn_until(Duration::from_secs(60)).await;
    let run = db.claim_one("w").await;
    db.complete(&run, "{}").await;
    assert_eq!(
        db.int("select durable.expire(now() + interval '61 seconds')")
            .await,
        0
    );
    assert_eq!(db.outcome(task).await.0, "succeeded");
    assert_eq!(db.count("durable.deadline").await, 0);
}

/// Waits for ever and says when it was dropped.
struct Endless(Arc<Notify>);

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
        let _guard = SayWhenDropped(Arc::clone(&self.0));
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_running_task_past_its_deadline_is_stopped_and_fails() {
    let db = Database::fresh().await;
    let dropped = Arc::new(Notify::new());
    let mut options = WorkerOptions::named("test");
    options.beat = Duration::from_millis(200);
    let worker = Worker::new(db.pool.clone(), options)
        .serve("plain", Endless(Arc::clone(&dropped)))
        .start();
    let task = db.spawn_until(Duration::from_secs(1)).await;
    tokio::time::timeout(Duration::from_secs(30), dropped.notified())
        .await
        .expect("the work is dropped");
    assert_eq!(db.outcome(task).await.1.as_deref(), EXCEEDED);
    worker.drain(Duration::from_secs(10)).await;
}

#[tokio::test]
async fn the_heartbeat_itself_ends_and_names_what_is_past_its_deadline() {
    let db = Database::fresh().await;
    let task = db.spawn_until(Duration::from_secs(5)).await;
    let worker = db.worker("w").await;
    let run = db.claim(worker, 1).await.pop().expect("claimed");
    let beat =
        "select reason from durable.beat($1, $2, $3, '15 seconds', now() + interval '6 seconds')";
    let reason: String = sqlx::query_scalar(beat)
        .bind(worker)
        .bind([run.task])
        .bind([run.token])
        .fetch_one(&db.pool)
        .await
        .expect("beat");
    assert_eq!(reason, "deadline");
    assert_eq!(db.outcome(task).await.1.as_deref(), EXCEEDED);
}
