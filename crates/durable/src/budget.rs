//! Budgets: what all workers together may ask of a provider in a minute, by a name of the caller's choice.
//!
//! A twentieth of a minute's limit may be taken at once, the rest flows in evenly: no 60 seconds see more than the limit,
//! however many workers ask (or than 95 % of it and one call, where a single call is larger than that twentieth). A call is
//! debited by estimate before it is made, in all dimensions or not at all, and settled by what it used. [`Attempt::call`]
//! does both by its [`Policy`]; the functions here are for calls outside of a step, and for what a provider answers.
//!
//! [`Attempt::call`]: crate::Attempt::call
//! [`Policy`]: crate::Policy

use std::time::Duration;

use sqlx::{PgExecutor, query_file, query_file_scalar};
use uuid::Uuid;

/// Limits a minute; none: no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Calls.
    pub requests: Option<i64>,
    /// Tokens sent.
    pub input_tokens: Option<i64>,
    /// Tokens received.
    pub output_tokens: Option<i64>,
    /// Calls at once, at any moment.
    pub concurrent: Option<i32>,
}

/// Whether a call may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// It may, and was debited.
    Yes,
    /// Not before this time has passed; nothing was debited.
    Wait(Duration),
    /// Never: it is larger than a minute's limit.
    Never,
}

/// What a provider's headers say of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// What is left.
    pub remaining: i64,
    /// In what time the limit stands at its full height again.
    pub resets_in: Duration,
}

/// Makes a budget known, or changes its limits; what is left of it stays.
///
/// # Errors
/// SQLSTATE 23514 for a limit below 1, or the connection's own error.
pub async fn set(
    executor: impl PgExecutor<'_>,
    name: &str,
    limits: Limits,
) -> Result<(), sqlx::Error> {
    query_file!(
        "queries/set_budget.sql",
        name,
        limits.requests,
        limits.input_tokens,
        limits.output_tokens,
        limits.concurrent
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Asks for one call of this size. `id` names the call: asked again, it is not debited twice. A call that is not settled
/// within `hold` no longer counts as one at work.
///
/// # Errors
/// SQLSTATE 22023 when the budget is not set, or the connection's own error.
pub async fn reserve(
    executor: impl PgExecutor<'_>,
    id: Uuid,
    name: &str,
    input_tokens: i64,
    output_tokens: i64,
    hold: Duration,
) -> Result<Reserved, sqlx::Error> {
    let wait = query_file_scalar!(
        "queries/reserve_budget.sql",
        id,
        name,
        input_tokens,
        output_tokens,
        hold.as_secs_f64()
    )
    .fetch_one(executor)
    .await?;
    Ok(match wait.map(Duration::try_from_secs_f64) {
        None => Reserved::Yes,
        Some(Ok(wait)) => Reserved::Wait(wait),
        Some(Err(_)) => Reserved::Never,
    })
}

/// Ends a reserved call by what it used; none: as estimated. False when it was settled before, or its hold ran out.
///
/// # Errors
/// The connection's own.
pub async fn settle(
    executor: impl PgExecutor<'_>,
    id: Uuid,
    input_tokens: Option<i64>,
    output_tokens: Option<i64>,
) -> Result<bool, sqlx::Error> {
    query_file_scalar!(
        "queries/settle_budget.sql",
        id,
        1,
        input_tokens,
        output_tokens
    )
    .fetch_one(executor)
    .await
}

/// Gives back a reserved call that never reached the provider.
///
/// # Errors
/// The connection's own.
pub async fn release(executor: impl PgExecutor<'_>, id: Uuid) -> Result<bool, sqlx::Error> {
    query_file_scalar!("queries/settle_budget.sql", id, 0, 0, 0)
        .fetch_one(executor)
        .await
}

/// Heeds a provider's headers: less than the budget thought is believed, more is not; where nothing remains, nothing goes
/// before the reset.
///
/// # Errors
/// SQLSTATE 22023 when the budget is not set, or the connection's own error.
pub async fn lower(
    executor: impl PgExecutor<'_>,
    name: &str,
    requests: Option<Left>,
    input_tokens: Option<Left>,
    output_tokens: Option<Left>,
) -> Result<(), sqlx::Error> {
    let remaining = |left: Option<Left>| left.map(|left| left.remaining);
    let seconds = |left: Option<Left>| left.map(|left| left.resets_in.as_secs_f64());
    query_file!(
        "queries/lower_budget.sql",
        name,
        remaining(requests),
        seconds(requests),
        remaining(input_tokens),
        seconds(input_tokens),
        remaining(output_tokens),
        seconds(output_tokens)
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Lets no call go for a while: a provider's `Retry-After`. An earlier block that lasts longer stands.
///
/// # Errors
/// SQLSTATE 22023 when the budget is not set, or the connection's own error.
pub async fn block(
    executor: impl PgExecutor<'_>,
    name: &str,
    time: Duration,
) -> Result<(), sqlx::Error> {
    query_file!("queries/block_budget.sql", name, time.as_secs_f64())
        .execute(executor)
        .await
        .map(drop)
}
