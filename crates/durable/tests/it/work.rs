//! Tasks whose code is a closure of the test, and a worker that runs them.

use std::{future::Future, time::Duration};

use durable::{Attempt, Done, Failure, RunningWorker, Task, Worker, WorkerOptions};
use serde_json::Value;
use sqlx::PgPool;
use tokio::sync::mpsc::UnboundedSender;

/// Nothing here takes that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The kind `plain`, whose code is `run`; the handles that its cancel hook is given go to `cancelled`.
pub(crate) struct Work<Run> {
    pub(crate) run: Run,
    pub(crate) cancelled: Option<UnboundedSender<Value>>,
}

impl<Run, Running> Task for Work<Run>
where
    Run: Fn(Attempt) -> Running + Send + Sync + 'static,
    Running: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        (self.run)(attempt).await.map(Done::Output)
    }

    async fn cancel(&self, handle: Value) -> Result<(), Failure> {
        if let Some(cancelled) = &self.cancelled {
            cancelled.send(handle).expect("the test listens");
        }
        Ok(())
    }
}

/// A worker with a quick heartbeat that does `run` for every task.
pub(crate) fn start<Run, Running>(pool: &PgPool, run: Run) -> RunningWorker
where
    Run: Fn(Attempt) -> Running + Send + Sync + 'static,
    Running: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    start_task(
        pool,
        Work {
            run,
            cancelled: None,
        },
    )
}

pub(crate) fn start_task<T: Task>(pool: &PgPool, task: T) -> RunningWorker {
    let mut options = WorkerOptions::named("test");
    options.beat = Duration::from_millis(200);
    Worker::new(pool.clone(), options)
        .serve("plain", task)
        .start()
}

pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what} did not happen"))
}
