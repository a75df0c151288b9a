//! Running one statement as the caller, in one transaction that knows of the request.

use coach::caller;
use durable::Transaction;
use serde_json::{Map, Value};
use sqlx::Row;

use super::call::Call;
use super::error::RestError;
use super::request::Count;
use super::statement::{Parameters, Rows};
use crate::State;

/// No more rows than these come back of any resource, as Supabase has it.
pub(super) const MAX_ROWS: i64 = 1000;

/// What a statement answered.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The JSON to be sent, if there is any.
    pub(super) body: Option<String>,
    /// How many rows are in it.
    pub(super) rows: i64,
    /// How many there are in all, where that was asked for.
    pub(super) total: Option<i64>,
}

/// Opens the caller's transaction. SQL finds the request in `request.method`, `request.path` and `request.headers`.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn begin(
    state: &State,
    call: &Call,
    is_read_only: bool,
) -> Result<Transaction, RestError> {
    let mut transaction = caller::begin(&state.pool, &call.caller).await?;
    sqlx::query_file!(
        "queries/describe_request.sql",
        call.method.as_str(),
        call.path,
        headers(call).to_string(),
        if is_read_only { "on" } else { "off" },
    )
    .fetch_one(&mut *transaction)
    .await?;
    Ok(transaction)
}

fn headers(call: &Call) -> Value {
    let readable = call.headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), Value::from(value)))
    });
    Value::Object(readable.collect::<Map<_, _>>())
}

/// Runs a statement that answers one row of `body`, `rows` and `total`.
///
/// # Errors
/// What PostgreSQL says.
pub(super) async fn fetch(
    transaction: &mut Transaction,
    parameters: &Parameters,
    sql: String,
) -> Result<Outcome, RestError> {
    let row = parameters.query(sql).fetch_one(&mut **transaction).await?;
    Ok(Outcome {
        body: row.try_get("body")?,
        rows: row.try_get("rows")?,
        total: row.try_get("total")?,
    })
}

/// The number of all rows as an expression of the statement, by the way of counting that was asked for.
///
/// # Errors
/// What PostgreSQL says to the planner's question.
pub(super) async fn total(
    transaction: &mut Transaction,
    parameters: &Parameters,
    with: &str,
    rows: &Rows,
    count: Option<Count>,
) -> Result<String, RestError> {
    let exact = format!("({})", rows.all("count(*)"));
    match count {
        None => Ok("null::bigint".to_owned()),
        Some(Count::Exact) => Ok(exact),
        Some(kind) => {
            let explain = format!("explain (format json) {with}{}", rows.all("1"));
            let row = parameters
                .query(explain)
                .fetch_one(&mut **transaction)
                .await?;
            let plan: Value = row.try_get(0)?;
            let planned = plan.pointer("/0/Plan/Plan Rows").and_then(Value::as_f64);
            let planned = planned.unwrap_or_default() as i64;
            Ok(match kind {
                Count::Estimated if planned <= MAX_ROWS => exact,
                _ => format!("{planned}::bigint"),
            })
        }
    }
}
