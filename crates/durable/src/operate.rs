//! What an operator may do to tasks and queues, and the question why a task is where it is.

use sqlx::{PgExecutor, query_file, query_file_scalar};
use uuid::Uuid;

/// Cancels a task wherever it is, in the executor's own transaction if it is one; its children follow unless another
/// parent wants them. False when it had ended before.
///
/// # Errors
/// What the kind's hook raised, or the connection's own error.
pub async fn cancel(executor: impl PgExecutor<'_>, task: Uuid) -> Result<bool, sqlx::Error> {
    query_file_scalar!("queries/cancel.sql", task)
        .fetch_one(executor)
        .await
}

/// Runs an ended task again as a new one, whose id is returned. What was done before `from_step` (all of it where that is
/// none) is not done again.
///
/// # Errors
/// SQLSTATE 22023 when the task is live or unknown or never began that step, or the connection's own error.
pub async fn replay(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    from_step: Option<&str>,
) -> Result<Uuid, sqlx::Error> {
    query_file_scalar!("queries/replay.sql", task, from_step)
        .fetch_one(executor)
        .await
}

/// Lets a task go on that was set aside for a person. False when it is not.
///
/// # Errors
/// The connection's own error.
pub async fn unpark(executor: impl PgExecutor<'_>, task: Uuid) -> Result<bool, sqlx::Error> {
    query_file_scalar!("queries/unpark.sql", task)
        .fetch_one(executor)
        .await
}

/// Lets a task that waits for its time try now, within about a second. False when it does not wait for a time.
///
/// # Errors
/// The connection's own error.
pub async fn hasten(executor: impl PgExecutor<'_>, task: Uuid) -> Result<bool, sqlx::Error> {
    query_file_scalar!("queries/hasten.sql", task)
        .fetch_one(executor)
        .await
}

/// Why a task is where it is, in one sentence; none when there is no such task.
///
/// # Errors
/// The connection's own error.
pub async fn why(executor: impl PgExecutor<'_>, task: Uuid) -> Result<Option<String>, sqlx::Error> {
    query_file_scalar!("queries/why.sql", task)
        .fetch_one(executor)
        .await
}

/// Stops a queue: what runs goes on, nothing new of it is claimed.
///
/// # Errors
/// SQLSTATE 22023 when there is no such queue, or the connection's own error.
pub async fn pause_queue(
    executor: impl PgExecutor<'_>,
    queue: &str,
    because: Option<&str>,
) -> Result<(), sqlx::Error> {
    query_file!("queries/pause_queue.sql", queue, because)
        .execute(executor)
        .await
        .map(drop)
}

/// Lets a paused queue go on.
///
/// # Errors
/// The connection's own error.
pub async fn resume_queue(executor: impl PgExecutor<'_>, queue: &str) -> Result<(), sqlx::Error> {
    query_file!("queries/resume_queue.sql", queue)
        .execute(executor)
        .await
        .map(drop)
}

/// Sets how many attempts of a queue, and of each key in it, may be under way at once over all workers; none for no limit.
/// The queue `*` stands for all together and has no keys.
///
/// # Errors
/// SQLSTATE 22023 when there is no such queue, 23514 for a limit below 1, or the connection's own error.
pub async fn limit_queue(
    executor: impl PgExecutor<'_>,
    queue: &str,
    max_running: Option<i32>,
    max_per_key: Option<i32>,
) -> Result<(), sqlx::Error> {
    query_file!("queries/limit_queue.sql", queue, max_running, max_per_key)
        .execute(executor)
        .await
        .map(drop)
}
