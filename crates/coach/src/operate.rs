//! What an operator may do to a task, so that the contract's row goes with it.

use durable::Pool;
use serde_json::Value;
use sqlx::query_file_scalar;
use uuid::Uuid;

use crate::refusal::{CallError, Refusal};

/// Cancels a task wherever it is; its job row ends in the same transaction.
///
/// # Errors
/// [`CallError::Refused`] with 404 when there is none, 409 when it has ended.
pub async fn cancel(pool: &Pool, task: Uuid) -> Result<(), CallError> {
    query_file_scalar!("queries/operate/cancel_task.sql", task)
        .fetch_one(pool)
        .await?;
    Ok(())
}

/// Tries a task now: one that waits for its time or a person goes on, one that failed or was cancelled is run again, once.
/// Returns the task that goes on, itself or a new one.
///
/// # Errors
/// [`CallError::Refused`] with 404 when there is none, 409 when there is nothing to try or the contract forbids it.
pub async fn retry(pool: &Pool, task: Uuid) -> Result<Uuid, CallError> {
    Ok(query_file_scalar!("queries/operate/retry_task.sql", task)
        .fetch_one(pool)
        .await?)
}

/// Runs an ended task again and returns the new one. A plan is asked for anew, with a job row of its own; any other task
/// keeps the steps that were done before `from_step`.
///
/// # Errors
/// [`CallError::Refused`] with 404 when there is none, 409 when it has not ended or the contract forbids it, 400 for a step that is none.
pub async fn replay(pool: &Pool, task: Uuid, from_step: Option<&str>) -> Result<Uuid, CallError> {
    Ok(
        query_file_scalar!("queries/operate/replay_task.sql", task, from_step)
            .fetch_one(pool)
            .await?,
    )
}

/// Erases a user: every row, and what the engine keeps of their jobs. Returns `{"tasks", "rows"}`, how many went.
///
/// # Errors
/// The database's.
pub async fn erase_user(pool: &Pool, user: Uuid) -> Result<Value, CallError> {
    Ok(query_file_scalar!("queries/operate/erase_user.sql", user)
        .fetch_one(pool)
        .await?)
}

/// Stops a queue: what runs goes on, nothing new of it is claimed.
///
/// # Errors
/// [`CallError::Refused`] with 404 when there is none.
pub async fn pause_queue(pool: &Pool, queue: &str, because: Option<&str>) -> Result<(), CallError> {
    durable::operate::pause_queue(pool, queue, because)
        .await
        .map_err(|error| worded(error, "There is no queue of this name."))
}

/// Lets a queue go on.
///
/// # Errors
/// The database's.
pub async fn resume_queue(pool: &Pool, queue: &str) -> Result<(), CallError> {
    Ok(durable::operate::resume_queue(pool, queue).await?)
}

/// Sets how many attempts of a queue, and of each key in it, may be under way at once; none for no limit. The queue `*`
/// stands for all together and has no keys.
///
/// # Errors
/// [`CallError::Refused`] with 404 when there is none, 400 for a limit below 1.
pub async fn limit_queue(
    pool: &Pool,
    queue: &str,
    max_running: Option<i32>,
    max_per_key: Option<i32>,
) -> Result<(), CallError> {
    durable::operate::limit_queue(pool, queue, max_running, max_per_key)
        .await
        .map_err(|error| worded(error, "There is no queue of this name, or it has no keys."))
}

/// Spawns a task of a schedule now, beside its fire times. Returns the task; none when there is no such schedule.
///
/// # Errors
/// The database's.
pub async fn run_schedule(pool: &Pool, name: &str) -> Result<Option<Uuid>, CallError> {
    let found = durable::schedule::list(pool).await?.into_iter();
    let Some(entry) = found.into_iter().find(|entry| entry.schedule.name == name) else {
        return Ok(None);
    };
    let task = durable::NewTask::new(entry.schedule.kind, entry.schedule.input);
    Ok(Some(task.spawn(pool).await?))
}

/// What the engine refuses, in words for the operator.
fn worded(error: sqlx::Error, unknown: &str) -> CallError {
    let code = error
        .as_database_error()
        .and_then(|error| error.code().map(|code| code.into_owned()));
    let (status, code, message) = match code.as_deref() {
        Some("22023") => (404, "NOT_FOUND", unknown),
        Some("23514" | "22003") => (
            400,
            "INVALID_REQUEST",
            "A limit must be a whole number from 1, or null for none.",
        ),
        _ => return error.into(),
    };
    CallError::Refused(Refusal {
        status,
        code: code.to_owned(),
        message: message.to_owned(),
    })
}
