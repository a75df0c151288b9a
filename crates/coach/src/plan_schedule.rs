//! The operation "a new week every Sunday at 18:00": an athlete's schedule, and the duty that fires those that are due.

use durable::Pool;
use serde_json::Value;
use sqlx::query_file_scalar;
use uuid::Uuid;

use crate::caller::{Caller, begin};
use crate::refusal::CallError;

/// Schedules fired in one transaction: some hundred milliseconds at most.
const BATCH: i32 = 50;
/// Transactions in one round, which is to end within the 30 s of a duty; what is still due is the next round's.
const BATCHES: usize = 20;

/// What an app asks for; all of it may be missing or wrong, the database says so.
#[derive(Clone, Copy, Default)]
pub struct ScheduleRequest<'a> {
    /// Five fields such as `0 18 * * SUN`.
    pub cron: Option<&'a str>,
    /// An IANA name.
    pub time_zone: Option<&'a str>,
    /// Whether it fires; none counts as true.
    pub enabled: Option<bool>,
    /// Whose schedule it is, from the service role alone.
    pub user_id: Option<Uuid>,
}

/// Sets the caller's schedule and returns the contract's answer (`{"success", "status", "next_at"}`) as it is.
///
/// # Errors
/// [`CallError::Refused`] for a pattern or a zone that is none, and where there is no profile to make plans of.
pub async fn schedule_regeneration(
    pool: &Pool,
    caller: &Caller,
    request: ScheduleRequest<'_>,
) -> Result<Value, CallError> {
    let mut transaction = begin(pool, caller).await?;
    let answer = query_file_scalar!(
        "queries/schedule_regeneration.sql",
        request.cron,
        request.time_zone,
        request.enabled,
        request.user_id
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(answer)
}

/// Duty of any worker: fires the schedules that are due. Answers how many were seen to.
///
/// # Errors
/// The database's. What goes wrong with one schedule is noted on it, and keeps no other from its turn.
pub async fn fire_due(pool: Pool) -> Result<i32, sqlx::Error> {
    let mut all = 0;
    for _ in 0..BATCHES {
        let fired = query_file_scalar!("queries/fire_plan_schedules.sql", BATCH)
            .fetch_one(&pool)
            .await?;
        all += fired;
        if fired < BATCH {
            break;
        }
    }
    Ok(all)
}
