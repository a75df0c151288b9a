//! The operation "make me a plan": one SQL function, called as the caller.

use durable::Pool;
use serde_json::Value;

use crate::caller::{Caller, begin};
use crate::profile::ProfileSnapshot;
use crate::refusal::{CallError, Refusal};

/// Asks for a weekly plan and returns the contract's answer (`{"success", "status", "jobId"?, …}`) as it is.
///
/// `snapshot` is the `profileSnapshot` as the app sent it; `options` is an object of the body's other fields by their
/// own names (`redo` … `idempotencyKey`, `userId`). The job row and its task are made in one transaction, or neither.
///
/// # Errors
/// [`CallError::Refused`] for the contract's refusals (limits, a redo without a reason, a key used for another body), and
/// with 400 `INVALID_PROFILE` where a job would have been made for a profile that no plan can be made from.
pub async fn create_plan_job(
    pool: &Pool,
    caller: &Caller,
    snapshot: &Value,
    options: &Value,
) -> Result<Value, CallError> {
    let mut transaction = begin(pool, caller).await?;
    let answer = sqlx::query_file_scalar!("queries/create_plan_job.sql", snapshot, options)
        .fetch_one(&mut *transaction)
        .await?;
    // An active job and a known idempotency key come before the profile: only a job that would be new is refused, by
    // rolling it back.
    if started_job(&answer).is_some() {
        refuse_invalid(snapshot)?;
    }
    transaction.commit().await?;
    Ok(answer)
}

/// The job that the call with this answer has made.
#[must_use]
pub fn started_job(answer: &Value) -> Option<&str> {
    let started = matches!(answer.get("status")?.as_str()?, "created" | "redo_started");
    answer.get("jobId")?.as_str().filter(|_| started)
}

fn refuse_invalid(snapshot: &Value) -> Result<(), CallError> {
    ProfileSnapshot::parse(snapshot)
        .map(drop)
        .map_err(|invalid| {
            CallError::Refused(Refusal {
                status: 400,
                code: "INVALID_PROFILE".to_owned(),
                message: invalid.message,
            })
        })
}
