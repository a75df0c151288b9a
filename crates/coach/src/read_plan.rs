//! The operation "show me that plan": a weekly plan's days, read as the caller.

use durable::Pool;
use serde_json::Value;
use uuid::Uuid;

use crate::caller::{Caller, begin};
use crate::refusal::CallError;

/// The contract's `days` of a weekly plan; none when there is no such plan or it is not the caller's.
///
/// # Errors
/// As of any call to the database.
pub async fn read_plan(
    pool: &Pool,
    caller: &Caller,
    plan: Uuid,
) -> Result<Option<Value>, CallError> {
    let mut transaction = begin(pool, caller).await?;
    let days = sqlx::query_file_scalar!("queries/weekly_plan_days.sql", plan)
        .fetch_optional(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(days)
}
