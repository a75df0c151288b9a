//! What was spent, for whoever pays: by day, kind of task and budget for ever; by scope and by task as long as tasks are kept.
//!
//! It is written in the transactions that begin, settle and take back a step's sending, and so never counts one twice.

use sqlx::{PgExecutor, query_file_as};
use uuid::Uuid;

/// What tasks of a kind used of a budget on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// A day of UTC, such as `2026-11-22`.
    pub day: String,
    /// The kind of task.
    pub kind: String,
    /// The budget's name.
    pub budget: String,
    /// Sendings but those that were taken back.
    pub calls: i64,
    /// In millionths of a US dollar.
    pub cost: i64,
    /// The part of it that nobody stated: of what is under way or lost, and of what the caller counted itself.
    pub estimated_cost: i64,
    /// Tokens sent.
    pub input_tokens: i64,
    /// Those of them that the provider's cache knew.
    pub cached_input_tokens: i64,
    /// Tokens received.
    pub output_tokens: i64,
    /// Those of them that were thought and not said.
    pub reasoning_tokens: i64,
}

/// What was spent on a scope of a cap on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The cap's scope.
    pub scope: String,
    /// A day of UTC, such as `2026-11-22`.
    pub day: String,
    /// In millionths of a US dollar.
    pub used: i64,
}

/// What the steps of a task cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCost {
    /// The task.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// The day of UTC of its first costly step, such as `2026-11-22`.
    pub day: String,
    /// In millionths of a US dollar.
    pub cost: i64,
}

/// The use of all budgets on the last `days` days of UTC, today's included, oldest first.
///
/// # Errors
/// The connection's own.
pub async fn uses(executor: impl PgExecutor<'_>, days: i32) -> Result<Vec<Use>, sqlx::Error> {
    query_file_as!(Use, "queries/budget_use.sql", days)
        .fetch_all(executor)
        .await
}

/// What was spent on each scope that has a daily cap, for as long as tasks are kept.
///
/// # Errors
/// The connection's own.
pub async fn totals(executor: impl PgExecutor<'_>, days: i32) -> Result<Vec<Total>, sqlx::Error> {
    query_file_as!(Total, "queries/spend_totals.sql", days)
        .fetch_all(executor)
        .await
}

/// What each task that is still kept cost, the dearest first.
///
/// # Errors
/// The connection's own.
pub async fn tasks(executor: impl PgExecutor<'_>, days: i32) -> Result<Vec<TaskCost>, sqlx::Error> {
    query_file_as!(TaskCost, "queries/task_costs.sql", days)
        .fetch_all(executor)
        .await
}
