//! The nudge of old clients and crons: which job is next, and, when asked to, how it ended.

use std::time::Duration;

use durable::Pool;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use crate::caller::{Caller, begin};
use crate::refusal::CallError;

/// Answers at once with the caller's next due job (`{"success", "status", "jobId"?, …}`); claims nothing.
///
/// # Errors
/// [`CallError::Refused`] with 503 `NO_WORKER` when no worker would take it.
pub async fn process_plan_queue(pool: &Pool, caller: &Caller) -> Result<Value, CallError> {
    let mut transaction = begin(pool, caller).await?;
    let answer = sqlx::query_file_scalar!("queries/process_plan_queue.sql")
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(answer)
}

/// Answers when `job` has ended, or with `None` once `limit` is over. Dropping the future ends the waiting.
///
/// The row is read as the caller, at first four times a second, later once: a plan takes from a second to minutes,
/// and a hundred waiting calls must not be felt by the database.
///
/// # Errors
/// As of any call to the database; a failed job is an answer, not an error.
pub async fn wait_for_end(
    pool: &Pool,
    caller: &Caller,
    job: Uuid,
    limit: Duration,
) -> Result<Option<Value>, CallError> {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(1);
    let deadline = Instant::now() + limit;
    let mut interval = FIRST;
    loop {
        match timeout_at(deadline, read_end(pool, caller, job)).await {
            Ok(Ok(None)) => {}
            Ok(answer) => return answer,
            Err(_over) => return Ok(None),
        }
        let next = Instant::now() + interval;
        if next >= deadline {
            sleep_until(deadline).await;
            return Ok(None);
        }
        sleep_until(next).await;
        interval = (interval * 2).min(LONGEST);
    }
}

/// The answer of a job that has ended; `None` while it is pending or processing.
async fn read_end(pool: &Pool, caller: &Caller, job: Uuid) -> Result<Option<Value>, CallError> {
    let mut transaction = begin(pool, caller).await?;
    let row = sqlx::query_file!("queries/weekly_job_end.sql", job)
        .fetch_optional(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(match row {
        None => Some(failed(
            job,
            "This job does not exist any more.",
            "JOB_NOT_FOUND",
        )),
        Some(end) => match end.status.as_str() {
            "completed" => Some(
                json!({ "success": true, "jobId": job, "status": "completed", "planId": end.plan }),
            ),
            "failed" => Some(failed(
                job,
                end.message
                    .as_deref()
                    .unwrap_or("The plan could not be made."),
                end.code.as_deref().unwrap_or("UNKNOWN"),
            )),
            _ => None,
        },
    })
}

fn failed(job: Uuid, message: &str, code: &str) -> Value {
    json!({ "success": false, "jobId": job, "status": "failed", "error": message, "code": code })
}
