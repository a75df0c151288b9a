//! GET and HEAD of a table: the rows that the caller may see.

use axum::http::Method;
use axum::response::Response;

use super::answer::{aggregate, check_single, page};
use super::call::Call;
use super::catalogue::{Catalogue, Table};
use super::error::RestError;
use super::request::{AnswerForm, Part, Preferences, Query};
use super::run::{MAX_ROWS, begin, fetch, total};
use super::statement::{Parameters, qualified};
use super::tree::{Relation, grow};
use crate::State;

/// Answers the rows of `table`.
///
/// # Errors
/// As PostgREST's.
pub(super) async fn read(
    state: &State,
    catalogue: &Catalogue,
    table: &Table,
    call: &Call,
) -> Result<Response, RestError> {
    let form = AnswerForm::of(&call.headers)?;
    let preferences = Preferences::of(&call.headers);
    let mut query = Query::parse(&call.query, |_| false)?;
    if !query.has_limits() {
        query.parts.extend(range(call));
    }
    let node = grow(catalogue, Relation::of_table(table), query, Some(MAX_ROWS))?;
    let mut parameters = Parameters::default();
    let rows = parameters.rows(&node, &qualified(&table.name))?;
    let body = match call.method {
        Method::HEAD => "null".to_owned(),
        _ => aggregate(form, "page.*"),
    };
    let mut transaction = begin(state, call, true).await?;
    let total = total(&mut transaction, &parameters, "", &rows, preferences.count).await?;
    let sql = format!(
        "with page as ({}) select {body} as body, count(*) as rows, {total} as total from page",
        rows.page()
    );
    let outcome = fetch(&mut transaction, &parameters, sql).await?;
    transaction.commit().await?;
    check_single(form, outcome.rows)?;
    page(call, form, node.offset, outcome)
}

/// The header `Range: 0-9`, which older clients send instead of limit and offset.
pub(super) fn range(call: &Call) -> Vec<(Vec<String>, Part)> {
    let header = call
        .headers
        .get("range")
        .and_then(|value| value.to_str().ok());
    let Some((first, last)) = header.and_then(|header| header.split_once('-')) else {
        return Vec::new();
    };
    let Ok(first) = first.parse::<i64>() else {
        return Vec::new();
    };
    let mut parts = vec![(Vec::new(), Part::Offset(first.max(0)))];
    if let Ok(last) = last.parse::<i64>() {
        let count = last.saturating_sub(first).saturating_add(1).max(0);
        parts.push((Vec::new(), Part::Limit(count)));
    }
    parts
}
