//! The operation "make me a workout plan of this text": one SQL function, called as the caller.

use durable::Pool;
use serde_json::Value;
use uuid::Uuid;

use crate::caller::{Caller, begin};
use crate::refusal::CallError;

/// What an app asks for; all of it may be missing or wrong, the database says so.
#[derive(Clone, Copy, Default)]
pub struct WorkoutPlanRequest<'a> {
    /// The profile in the athlete's own words, at most 20,000 characters.
    pub user_profile: Option<&'a str>,
    /// A style note; what is over 4,000 characters is cut.
    pub system_prompt: Option<&'a str>,
    /// An IANA name; one that is not known counts as none.
    pub time_zone: Option<&'a str>,
    /// 1 to 255 characters.
    pub idempotency_key: Option<&'a str>,
    /// Whom the plan is for, from the service role alone.
    pub user_id: Option<Uuid>,
}

/// Asks for a workout plan and returns the contract's answer (`{"request_id", "status", "message"}`) as it is: a new
/// request's, or the one's that is being worked on for this user. The request and its task are made in one transaction,
/// or neither.
///
/// # Errors
/// [`CallError::Refused`] for the contract's refusals (no text, too long a text, limits, a key used for another body).
pub async fn request_workout_plan(
    pool: &Pool,
    caller: &Caller,
    request: WorkoutPlanRequest<'_>,
) -> Result<Value, CallError> {
    let mut transaction = begin(pool, caller).await?;
    let answer = sqlx::query_file_scalar!(
        "queries/request_workout_plan.sql",
        request.user_profile,
        request.system_prompt,
        request.time_zone,
        request.idempotency_key,
        request.user_id
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(answer)
}
