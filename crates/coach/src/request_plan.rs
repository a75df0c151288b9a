//! The operation "make me a plan": one SQL function, called as the caller.

use serde_json::Value;
use sqlx::PgPool;

use crate::caller::{Caller, begin};
use crate::refusal::CallError;

/// Asks for a weekly plan and returns the contract's answer (`{"success", "status", "jobId"?, …}`) as it is.
///
/// `snapshot` is the `profileSnapshot` as the app sent it; `options` is an object of the body's other fields by their
/// own names (`redo` … `idempotencyKey`, `userId`). The job row and its task are made in one transaction, or neither.
///
/// # Errors
/// [`CallError::Refused`] for the contract's refusals (limits, a redo without a reason, a key used for another body).
pub async fn create_plan_job(
    pool: &PgPool,
    caller: &Caller,
    snapshot: &Value,
    options: &Value,
) -> Result<Value, CallError> {
    let mut transaction = begin(pool, caller).await?;
    let answer = sqlx::query_file_scalar!("queries/create_plan_job.sql", snapshot, options)
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(answer)
}
