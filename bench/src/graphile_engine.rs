//! graphile_worker as a contestant, with the settings of its own throughput benchmark, which were the best of those tried.

use std::{sync::Arc, time::Duration};

use graphile_worker::{
    IntoTaskHandlerResult, JobSpec, LocalQueueConfig, RawJobSpec, TaskHandler, WorkerContext,
    WorkerOptions, WorkerUtils,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgPool;
use tokio::task::JoinHandle;

use crate::engine::{Handled, Pace};

const SCHEMA: &str = "graphile_worker";
/// Jobs that the worker takes from the database at once.
const LOCAL_QUEUE: usize = 5000;
const COMPLETE_BATCH: Duration = Duration::from_millis(5);
/// Jobs of one bulk enqueue.
const BULK: u32 = 1000;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct NoOp {
    number: u64,
}

impl TaskHandler for NoOp {
    const IDENTIFIER: &'static str = "no_op";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        if let Some(handled) = context.get_ext::<Handled>() {
            handled.note(self.number);
        }
    }
}

pub(crate) async fn migrate(pool: &PgPool) -> anyhow::Result<()> {
    utilities(pool).migrate().await?;
    Ok(())
}

fn utilities(pool: &PgPool) -> WorkerUtils {
    WorkerUtils::new(pool.clone(), SCHEMA)
}

/// Adds so many jobs by its bulk call.
pub(crate) async fn fill(pool: &PgPool, tasks: u32) -> anyhow::Result<()> {
    let numbers: Vec<u32> = (0..tasks).collect();
    for chunk in numbers.chunks(BULK as usize) {
        let jobs: Vec<_> = chunk.iter().map(|number| job(u64::from(*number))).collect();
        utilities(pool).add_raw_jobs(&jobs).await?;
    }
    Ok(())
}

fn job(number: u64) -> RawJobSpec {
    RawJobSpec {
        identifier: NoOp::IDENTIFIER.to_owned(),
        payload: json!({ "number": number }),
        spec: JobSpec::default(),
    }
}

/// Adds one job.
pub(crate) async fn add(pool: &PgPool, number: u64) -> anyhow::Result<()> {
    let job = job(number);
    utilities(pool)
        .add_raw_job(&job.identifier, job.payload, job.spec)
        .await?;
    Ok(())
}

/// A worker at work.
pub(crate) struct Running {
    worker: Arc<graphile_worker::Worker>,
    task: JoinHandle<anyhow::Result<()>>,
}

pub(crate) async fn start(pool: &PgPool, pace: Pace, handled: Handled) -> anyhow::Result<Running> {
    let options = WorkerOptions::default()
        .database(pool.clone())
        .schema(SCHEMA)
        .concurrency(pace.concurrency())
        .add_extension(handled)
        .define_job::<NoOp>();
    let options = match pace {
        Pace::Throughput => options
            .poll_interval(Duration::from_millis(5))
            .local_queue(LocalQueueConfig::default().with_size(LOCAL_QUEUE))
            .complete_job_batch_delay(COMPLETE_BATCH),
        Pace::Latency => options,
    };
    let worker = Arc::new(options.init().await?);
    let task = tokio::spawn({
        let worker = Arc::clone(&worker);
        async move { Ok(worker.run().await?) }
    });
    Ok(Running { worker, task })
}

impl Running {
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.worker.request_shutdown();
        self.task.await?
    }
}
