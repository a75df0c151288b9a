//! What an operator's tracing is fed with: tasks that have ended, and the trace that each belongs to. A trace has its job's id; nothing is
//! stored for it, since what a trace tells stands in the engine's record already.

use durable::Pool;
use sqlx::{query_file, query_file_as};
use uuid::Uuid;

/// A task that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Its id.
    pub task: Uuid,
    /// The job at the beginning, whose id is the trace's.
    pub trace: Uuid,
    /// The task that it came from; none: it is that job itself.
    pub origin: Option<Uuid>,
}

/// Ended tasks, and how far they reach.
#[derive(Debug)]
pub struct Batch {
    /// To be confirmed by [`Feed::sent`].
    pub up_to: i64,
    /// In the order in which they ended.
    pub ended: Vec<Ended>,
}

/// One who sends traces. A process has one; of all of them one sends at a time.
#[derive(Debug)]
pub struct Feed {
    holder: Uuid,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            holder: Uuid::now_v7(),
        }
    }
}

struct Row {
    up_to: i64,
    task: Option<Uuid>,
    trace: Option<Uuid>,
    origin: Option<Uuid>,
}

impl Feed {
    /// What ended since the last confirmed batch, from a look at `events` events at most; none where another process sends just now. Where
    /// nobody has sent for an hour it begins with what ends now.
    ///
    /// # Errors
    /// The database's.
    pub async fn next(&self, pool: &Pool, events: i32) -> Result<Option<Batch>, sqlx::Error> {
        let rows = query_file_as!(Row, "queries/trace/take_ended.sql", self.holder, events)
            .fetch_all(pool)
            .await?;
        let Some(up_to) = rows.iter().map(|row| row.up_to).max() else {
            return Ok(None);
        };
        let ended = rows.iter().filter_map(|row| {
            Some(Ended {
                task: row.task?,
                trace: row.trace?,
                origin: row.origin,
            })
        });
        Ok(Some(Batch {
            up_to,
            ended: ended.collect(),
        }))
    }

    /// Says that a batch was sent. With `stop`, another process may go on at once.
    ///
    /// # Errors
    /// The database's.
    pub async fn sent(&self, pool: &Pool, up_to: i64, stop: bool) -> Result<(), sqlx::Error> {
        query_file!("queries/trace/traces_sent.sql", self.holder, up_to, stop)
            .fetch_one(pool)
            .await
            .map(drop)
    }
}
