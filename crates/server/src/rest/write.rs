//! POST, PATCH and DELETE of a table.

use axum::http::header::{HeaderValue, LOCATION};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value};

use super::answer::{aggregate, check_single, content_range, written};
use super::call::Call;
use super::catalogue::{Catalogue, Table};
use super::error::RestError;
use super::request::{AnswerForm, Count, Field, Payload, Preferences, Query, Return, SelectItem};
use super::run::{Outcome, begin, fetch};
use super::statement::{Conflict, Parameters, qualified, quoted};
use super::tree::{Item, Node, Relation, grow};
use crate::State;

/// Writes rows of `table` and answers with as much of them as the request prefers.
///
/// # Errors
/// As PostgREST's.
pub(super) async fn write(
    state: &State,
    catalogue: &Catalogue,
    table: &Table,
    call: &Call,
) -> Result<Response, RestError> {
    let form = AnswerForm::of(&call.headers)?;
    let preferences = Preferences::of(&call.headers);
    let mut query = Query::parse(&call.query, |_| false)?;
    check_scope(&call.method, &query)?;
    let returned = preferences.returned.unwrap_or(Return::Minimal);
    if returned == Return::HeadersOnly {
        query.select = key_of(table);
    }
    let (columns, on_conflict) = (query.columns.take(), query.on_conflict.take());
    let node = grow(catalogue, Relation::of_table(table), query, None)?;
    let returning = match returned {
        Return::Minimal => "1".to_owned(),
        Return::HeadersOnly | Return::Representation => returning(&node),
    };
    let mut parameters = Parameters::default();
    let payload = || Payload::parse(&call.headers, &call.body, columns.as_deref());
    let statement = match call.method {
        Method::DELETE => parameters.delete(table, &node, &returning)?,
        Method::PATCH => update(&mut parameters, table, &node, &payload()?, &returning)?,
        _ => {
            let conflict = conflict(table, &preferences, on_conflict);
            let defaults = preferences.missing_is_default;
            parameters.insert(table, &payload()?, defaults, conflict.as_ref(), &returning)?
        }
    };
    let sql = match returned {
        Return::Minimal => format!(
            "with source as ({statement}) select null::text as body, count(*) as rows, count(*) as total from source"
        ),
        Return::HeadersOnly | Return::Representation => {
            let rows = after_write(&mut parameters, node)?;
            let body = aggregate(form, "page.*");
            format!(
                "with source as ({statement}), page as ({rows}) select {body} as body, count(*) as rows,
                    (select count(*) from source) as total from page"
            )
        }
    };
    let mut transaction = begin(state, call, false).await?;
    let outcome = fetch(&mut transaction, &parameters, sql).await?;
    check_single(form, outcome.rows)?;
    check_affected(&preferences, &outcome)?;
    transaction.commit().await?;
    Ok(answer(table, call, form, &preferences, outcome))
}

fn update(
    parameters: &mut Parameters,
    table: &Table,
    node: &Node<'_>,
    payload: &Payload,
    returning: &str,
) -> Result<String, RestError> {
    match (payload.rows, payload.columns.is_empty()) {
        (1, false) => parameters.update(table, node, payload, returning),
        (1, true) => {
            let source = qualified(&table.name);
            Ok(format!("select t0.* from {source} as t0 where false"))
        }
        _ => Err(RestError::invalid_body("An update takes one JSON object")),
    }
}

/// An UPDATE or DELETE says which rows, and one with a limit is not meant for all that its conditions let pass.
fn check_scope(method: &Method, query: &Query) -> Result<(), RestError> {
    let verb = match *method {
        Method::PATCH => "UPDATE",
        Method::DELETE => "DELETE",
        _ => return Ok(()),
    };
    if query.has_limits() {
        let message = format!("{verb} takes no limit or offset: say which rows by their columns");
        return Err(RestError::new(400, "PGRST100", message));
    }
    match query.has_filters() {
        true => Ok(()),
        false => Err(RestError::new(
            400,
            "21000",
            format!("{verb} requires a WHERE clause"),
        )),
    }
}

fn key_of(table: &Table) -> Vec<SelectItem> {
    let key = table.primary_key.iter().map(Field::of_column);
    key.map(|field| SelectItem::Field {
        field,
        alias: None,
        cast: None,
    })
    .collect()
}

/// A rule for rows that are there already, if the request has one and the table has a key for it.
fn conflict(
    table: &Table,
    preferences: &Preferences,
    on_conflict: Option<Vec<String>>,
) -> Option<Conflict> {
    let resolution = preferences.resolution?;
    let columns = on_conflict.unwrap_or_else(|| table.primary_key.clone());
    (!columns.is_empty()).then_some(Conflict {
        resolution,
        columns,
    })
}

/// Those columns of the written rows that the answer is made of: the caller needs the right to read no others.
fn returning(node: &Node<'_>) -> String {
    let mut columns: Vec<&str> = Vec::new();
    for item in &node.items {
        match item {
            Item::All => return "t0.*".to_owned(),
            Item::Field { field, .. } => columns.push(&field.column),
            Item::Embedded(_) => {}
        }
    }
    columns.extend(
        node.order
            .iter()
            .filter(|term| term.of.is_none())
            .map(|term| term.field.column.as_str()),
    );
    let keys = node
        .embedded
        .iter()
        .flat_map(|embedded| &embedded.relationship.columns);
    columns.extend(keys.map(|(here, _)| here));
    columns.sort_unstable();
    columns.dedup();
    match columns.is_empty() {
        true => "1".to_owned(),
        false => columns
            .iter()
            .map(|name| format!("t0.{}", quoted(name)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// The written rows; the conditions said which to write and are not asked again.
fn after_write(parameters: &mut Parameters, mut node: Node<'_>) -> Result<String, RestError> {
    node.filters.clear();
    Ok(parameters.rows(&node, "source")?.page())
}

fn check_affected(preferences: &Preferences, outcome: &Outcome) -> Result<(), RestError> {
    let affected = outcome.total.unwrap_or_default();
    match preferences.max_affected {
        Some(limit) if affected > limit => Err(RestError::new(
            400,
            "PGRST124",
            "Query result exceeds max-affected preference constraint",
        )
        .details(format!("The query affects {affected} rows"))),
        _ => Ok(()),
    }
}

fn answer(
    table: &Table,
    call: &Call,
    form: AnswerForm,
    preferences: &Preferences,
    outcome: Outcome,
) -> Response {
    let returned = preferences.returned.unwrap_or(Return::Minimal);
    let status = match (&call.method, returned) {
        (&Method::POST, _) => StatusCode::CREATED,
        (_, Return::Representation) => StatusCode::OK,
        _ => StatusCode::NO_CONTENT,
    };
    let total = outcome
        .total
        .filter(|_| preferences.count == Some(Count::Exact));
    let shown = match call.method {
        Method::PATCH => outcome.total.unwrap_or_default(),
        _ => 0,
    };
    let range = content_range(0, shown, total);
    let location = match returned {
        Return::HeadersOnly => location(table, outcome.body.as_deref()),
        Return::Minimal | Return::Representation => None,
    };
    let body = outcome.body.filter(|_| returned == Return::Representation);
    let mut response = written(status, form, &range, preferences, body);
    if let Some(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Where the only written row is found: `/exercises?id=eq.…`.
fn location(table: &Table, body: Option<&str>) -> Option<HeaderValue> {
    let rows: Vec<Map<String, Value>> = serde_json::from_str(body?).ok()?;
    let [row] = rows.as_slice() else {
        return None;
    };
    let mut key = form_urlencoded::Serializer::new(String::new());
    for (name, value) in row {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        key.append_pair(name, &format!("eq.{value}"));
    }
    HeaderValue::from_str(&format!("/{}?{}", table.name, key.finish())).ok()
}
