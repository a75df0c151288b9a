//! Keeping and losing the lease: one heartbeat for a worker and all its attempts, on a connection of its own,
//! so that neither a busy pool nor a connection whose other end fell silent can keep it from beating.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Pool, error::describe, pool::within, store};

/// The least time between two beats, however many cancels nudge.
const NUDGES: Duration = Duration::from_millis(100);

/// The attempts that a worker is running: what to prove at each heartbeat, and how to end one that was lost.
#[derive(Debug, Default)]
pub(crate) struct LiveAttempts(Mutex<HashMap<Uuid, (i64, CancellationToken)>>);

impl LiveAttempts {
    /// Enters an attempt; the token that comes back is cancelled when the attempt is lost.
    pub(crate) fn enter(&self, task: Uuid, token: i64) -> CancellationToken {
        let abandon = CancellationToken::new();
        self.with(|live| live.insert(task, (token, abandon.clone())));
        abandon
    }

    /// Takes an attempt out again, unless a newer one of the same task has come in meanwhile.
    pub(crate) fn leave(&self, task: Uuid, token: i64) {
        self.with(|live| {
            if live.get(&task).is_some_and(|(held, _)| *held == token) {
                live.remove(&task);
            }
        });
    }

    /// Abandons every attempt.
    pub(crate) fn abandon_all(&self) {
        self.with(|live| live.values().for_each(|(_, abandon)| abandon.cancel()));
    }

    /// Abandons one attempt.
    fn abandon(&self, task: Uuid) {
        self.with(|live| {
            if let Some((_, abandon)) = live.get(&task) {
                abandon.cancel();
            }
        });
    }

    fn held(&self) -> (Vec<Uuid>, Vec<i64>) {
        self.with(|live| {
            live.iter()
                .map(|(task, (token, _))| (*task, *token))
                .unzip()
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<Uuid, (i64, CancellationToken)>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Beats until the worker is given up by the database (returns) or the future is dropped. Where the lease cannot be
/// renewed in time, the running work is abandoned before others may take it over. `nudge` asks for a beat before its time.
pub(crate) async fn keep(
    pool: &Pool,
    worker: i64,
    live: &LiveAttempts,
    nudge: &Notify,
    beat: Duration,
    lease: Duration,
) {
    let mut connection = None;
    let mut renewed = Instant::now();
    loop {
        match beat_once(&mut connection, pool, worker, live, lease).await {
            Ok(()) => renewed = Instant::now(),
            Err(error) if store::is_worker_gone(&error) => return,
            Err(error) => {
                tracing::warn!(error = describe(&error), "heartbeat failed");
                connection = None;
            }
        }
        let overdue = renewed.elapsed() + beat >= lease;
        if overdue {
            live.abandon_all();
        }
        let wait = if connection.is_some() {
            beat
        } else {
            Duration::from_secs(1).min(beat)
        };
        tokio::time::sleep(NUDGES).await;
        tokio::select! {
            () = tokio::time::sleep(wait.saturating_sub(NUDGES)) => {}
            () = nudge.notified() => {}
        }
    }
}

async fn beat_once(
    connection: &mut Option<Pool>,
    pool: &Pool,
    worker: i64,
    live: &LiveAttempts,
    lease: Duration,
) -> Result<(), sqlx::Error> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(pool.single()),
    };
    let (tasks, tokens) = live.held();
    let beat = store::beat(&*connection, worker, &tasks, &tokens, lease);
    for attempt in within(lease / 3, beat).await? {
        tracing::info!(task = %attempt.task, reason = attempt.reason, "an attempt is abandoned");
        live.abandon(attempt.task);
    }
    Ok(())
}
