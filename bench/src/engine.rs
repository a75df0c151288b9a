//! What the contestants of a measure are asked to do alike.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::PgPool;
use tokio::sync::mpsc::UnboundedSender;

use crate::{durable_engine, graphile_engine};

/// A queue with its worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// durable, with a task of this kind.
    Durable(durable_engine::Kind),
    Graphile,
}

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Durable(kind) => kind.title(),
            Self::Graphile => "graphile_worker",
        }
    }

    /// Enqueues so many tasks in one statement or a few.
    pub(crate) async fn fill(self, pool: &PgPool, tasks: u32) -> anyhow::Result<()> {
        match self {
            Self::Durable(kind) => durable_engine::fill(pool, kind, tasks).await,
            Self::Graphile => graphile_engine::fill(pool, tasks).await,
        }
    }

    /// Starts a worker in this process, on a pool of its own; it may fetch from the moment at which this returns, or a
    /// little before.
    pub(crate) async fn start(
        self,
        pool: &PgPool,
        pace: Pace,
        handled: Handled,
    ) -> anyhow::Result<Running> {
        match self {
            Self::Durable(kind) => Ok(Running::Durable(durable_engine::start(
                pool, kind, pace, handled,
            ))),
            Self::Graphile => Ok(Running::Graphile(
                graphile_engine::start(pool, pace, handled).await?,
            )),
        }
    }

    /// Whether the database holds nothing that is not done.
    pub(crate) async fn is_done(self, pool: &PgPool) -> anyhow::Result<bool> {
        let statement = match self {
            Self::Durable(_) => include_str!("../sql/durable_is_done.sql"),
            Self::Graphile => include_str!("../sql/graphile_is_done.sql"),
        };
        Ok(sqlx::query_scalar(statement).fetch_one(pool).await?)
    }
}

/// What a worker is tuned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    Throughput,
    Latency,
}

impl Pace {
    /// Tasks at once in the worker.
    pub(crate) fn concurrency(self) -> usize {
        match self {
            Self::Throughput => 500,
            Self::Latency => 4,
        }
    }
}

/// What a handler tells of its calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handled {
    count: Arc<AtomicU64>,
    starts: Option<UnboundedSender<(u64, Instant)>>,
}

impl Handled {
    /// One that tells each start, by the number in the task's input.
    pub(crate) fn telling(starts: UnboundedSender<(u64, Instant)>) -> Self {
        Self {
            count: Arc::default(),
            starts: Some(starts),
        }
    }

    pub(crate) fn note(&self, number: u64) {
        if let Some(starts) = &self.starts {
            // Whoever has heard enough is gone.
            let _ = starts.send((number, Instant::now()));
        }
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

/// A worker at work.
pub(crate) enum Running {
    Durable(durable::RunningWorker),
    Graphile(graphile_engine::Running),
}

impl Running {
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        match self {
            Self::Durable(worker) => {
                worker.drain(Duration::from_secs(30)).await;
                Ok(())
            }
            Self::Graphile(worker) => worker.stop().await,
        }
    }
}
