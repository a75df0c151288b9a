//! Queues, workers and what they share, as they are now.

use serde::{Deserialize, Serialize};
use sqlx::{query_file_as, query_file_scalar};

use crate::Pool;

/// A queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueRow {
    /// Its name.
    pub name: String,
    /// The most that may be under way at once over all workers; none: no limit.
    pub max_running: Option<i32>,
    /// The same for each key, such as a user.
    pub max_per_key: Option<i32>,
    /// Since when nothing of it is claimed.
    pub paused_at: Option<String>,
    /// Why it was paused.
    pub paused_because: Option<String>,
    /// Tasks that may be claimed; 100,000 stands for as many or more.
    pub ready: i64,
    /// Tasks that wait for their time, a limit, children or a pause. Here and below the first 5,000 timers, 20,000 parked tasks
    /// and 5,000 runs of all queues together are counted.
    pub waiting: i64,
    /// Tasks that wait for a person.
    pub parked: i64,
    /// Attempts under way.
    pub running: i64,
    /// How long ago the first in line was accepted.
    pub oldest_seconds: Option<f64>,
    /// Whether a live worker listens to it.
    pub has_worker: bool,
}

/// A worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkerRow {
    /// Its name.
    pub name: String,
    /// What it listens to.
    pub queues: Vec<String>,
    /// Whether it works through SQL functions, from outside.
    pub external: bool,
    /// Since when.
    pub started_at: String,
    /// Until when its word holds.
    pub lease_until: String,
    /// Whether its word holds now.
    pub alive: bool,
    /// Attempts in its hands.
    pub running: i64,
}

/// A budget that all workers share. Limits are a minute's; none: no limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BudgetRow {
    /// Its name.
    pub name: String,
    /// Calls.
    pub requests: Option<i64>,
    /// Tokens sent.
    pub input_tokens: Option<i64>,
    /// Tokens received.
    pub output_tokens: Option<i64>,
    /// Calls at once.
    pub concurrent: Option<i32>,
    /// Calls at work now.
    pub at_work: i64,
    /// Until when the provider itself has asked for quiet.
    pub blocked_until: Option<String>,
    /// When the next call may go, if not now.
    pub free_at: Option<String>,
}

/// What was spent on a scope today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpendRow {
    /// What it was spent on, such as `everybody`.
    pub scope: String,
    /// Micro-dollars.
    pub used: i64,
}

/// Every queue, and the limit of all together.
///
/// # Errors
/// The database's.
pub async fn queues(pool: &Pool) -> Result<(Vec<QueueRow>, Option<i32>), sqlx::Error> {
    let queues = query_file_as!(QueueRow, "queries/inspect/queues.sql")
        .fetch_all(pool)
        .await?;
    let all = query_file_scalar!("queries/inspect/all_queues.sql")
        .fetch_optional(pool)
        .await?;
    Ok((queues, all.flatten()))
}

/// Every worker, the living first.
///
/// # Errors
/// The database's.
pub async fn workers(pool: &Pool) -> Result<Vec<WorkerRow>, sqlx::Error> {
    query_file_as!(WorkerRow, "queries/inspect/workers.sql")
        .fetch_all(pool)
        .await
}

/// Every budget.
///
/// # Errors
/// The database's.
pub async fn budgets(pool: &Pool) -> Result<Vec<BudgetRow>, sqlx::Error> {
    query_file_as!(BudgetRow, "queries/inspect/budgets.sql")
        .fetch_all(pool)
        .await
}

/// What was spent today (UTC) on the scopes that are nobody's in particular.
///
/// # Errors
/// The database's.
pub async fn spend_today(pool: &Pool) -> Result<Vec<SpendRow>, sqlx::Error> {
    query_file_as!(SpendRow, "queries/inspect/spend_today.sql")
        .fetch_all(pool)
        .await
}
