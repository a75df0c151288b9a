//! `/rest/v1/rpc/<function>`: a call with named arguments, its result like the rows of a table.

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::answer::{aggregate, check_single, page};
use super::call::Call;
use super::catalogue::{Catalogue, Function};
use super::error::RestError;
use super::read::range;
use super::request::{AnswerForm, Preferences, Query, check_content_type};
use super::run::{MAX_ROWS, begin, fetch, total};
use super::statement::{Parameters, qualified, quoted};
use super::tree::{Relation, grow};
use crate::State;

/// What a scalar result is called within the statement.
const VALUE: &str = "value";

/// Calls the function of that name whose parameters the arguments fit.
///
/// # Errors
/// As PostgREST's.
pub(super) async fn call(
    state: &State,
    catalogue: &Catalogue,
    name: &str,
    call: &Call,
) -> Result<Response, RestError> {
    let form = AnswerForm::of(&call.headers)?;
    let preferences = Preferences::of(&call.headers);
    let overloads = catalogue.functions(name);
    let is_argument = |key: &str| {
        let parameters = || overloads.iter().flat_map(|function| &function.parameters);
        call.is_read() && parameters().any(|parameter| parameter.name == key)
    };
    let mut query = Query::parse(&call.query, is_argument)?;
    let arguments = match call.is_read() {
        true => Arguments::of_query(std::mem::take(&mut query.arguments)),
        false => Arguments::of_body(call)?,
    };
    let function = choose(catalogue, name, &arguments.names)?;
    if !query.has_limits() && call.is_read() {
        query.parts.extend(range(call));
    }
    let mut parameters = Parameters::default();
    let source = invocation(&mut parameters, function, &arguments);
    let is_read_only = call.is_read() || !function.is_volatile;
    if function.returns_nothing {
        let mut transaction = begin(state, call, is_read_only).await?;
        let sql = format!(
            "with source as materialized ({source}) select null::text as body, count(*) as rows, null::bigint as total from source"
        );
        fetch(&mut transaction, &parameters, sql).await?;
        transaction.commit().await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let node = grow(
        catalogue,
        relation_of(catalogue, function),
        query,
        Some(MAX_ROWS),
    )?;
    let rows = parameters.rows(&node, "source")?;
    let row = match function.returns_columns {
        Some(_) => "page.*".to_owned(),
        None => format!("page.{VALUE}"),
    };
    let form_of_body = AnswerForm {
        is_single: form.is_single || !function.returns_set,
        ..form
    };
    let body = aggregate(form_of_body, &row);
    let mut transaction = begin(state, call, is_read_only).await?;
    let with = format!("with source as materialized ({source})");
    let total = total(
        &mut transaction,
        &parameters,
        &with,
        &rows,
        preferences.count,
    )
    .await?;
    let sql = format!(
        "{with}, page as ({}) select {body} as body, count(*) as rows, {total} as total from page",
        rows.page()
    );
    let outcome = fetch(&mut transaction, &parameters, sql).await?;
    check_single(form, outcome.rows)?;
    transaction.commit().await?;
    page(call, form, node.offset, outcome)
}

/// What a function is called with, as one JSON object.
struct Arguments {
    names: Vec<String>,
    json: Text,
}

/// The object as it came, or as it has still to be written: values from a query string are texts, except for JSON.
enum Text {
    Body(String),
    Query(Map<String, Value>),
}

impl Arguments {
    fn of_body(call: &Call) -> Result<Self, RestError> {
        check_content_type(&call.headers)?;
        let invalid = || RestError::invalid_body("Empty or invalid json");
        let text = str::from_utf8(&call.body).map_err(|_| invalid())?;
        let text = if text.trim().is_empty() { "{}" } else { text };
        let object: Map<String, Value> = serde_json::from_str(text).map_err(|_| invalid())?;
        Ok(Self {
            names: object.keys().cloned().collect(),
            json: Text::Body(text.to_owned()),
        })
    }

    fn of_query(pairs: Vec<(String, String)>) -> Self {
        let object: Map<String, Value> = pairs
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        Self {
            names: object.keys().cloned().collect(),
            json: Text::Query(object),
        }
    }

    fn json_for(&self, function: &Function) -> String {
        match &self.json {
            Text::Body(text) => text.clone(),
            Text::Query(object) => {
                let mut object = object.clone();
                for (name, value) in &mut object {
                    let is_json = function.parameters.iter().any(|parameter| {
                        parameter.name == *name
                            && ["json", "jsonb"].contains(&parameter.data_type.as_str())
                    });
                    let parsed = value.as_str().filter(|_| is_json).map(serde_json::from_str);
                    if let Some(Ok(parsed)) = parsed {
                        *value = parsed;
                    }
                }
                Value::Object(object).to_string()
            }
        }
    }
}

/// The overload that has all these parameters and needs no others.
fn choose<'c>(
    catalogue: &'c Catalogue,
    name: &str,
    arguments: &[String],
) -> Result<&'c Function, RestError> {
    let fits = |function: &&Function| {
        let knows = |argument: &String| {
            function
                .parameters
                .iter()
                .any(|parameter| parameter.name == *argument)
        };
        arguments.iter().all(knows)
            && function
                .parameters
                .iter()
                .all(|parameter| parameter.has_default || arguments.contains(&parameter.name))
    };
    let mut fitting = catalogue.functions(name).iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(RestError::new(
            300,
            "PGRST203",
            format!("Could not choose the best candidate function between the overloads of public.{name}"),
        )
        .hint("Try renaming the parameters or the function itself in the database so function overloading can be resolved")),
        (None, _) => Err(RestError::unknown_function(catalogue, name, arguments)),
    }
}

fn relation_of<'c>(catalogue: &'c Catalogue, function: &'c Function) -> Relation<'c> {
    Relation {
        name: &function.name,
        columns: function.returns_columns.as_deref().unwrap_or_default(),
        table: function
            .returns_table
            .as_deref()
            .and_then(|table| catalogue.table(table)),
    }
}

/// The call as a SELECT of its rows. PostgreSQL reads the arguments out of their JSON, each as its parameter's type.
fn invocation(parameters: &mut Parameters, function: &Function, arguments: &Arguments) -> String {
    let given: Vec<_> = function
        .parameters
        .iter()
        .filter(|parameter| arguments.names.contains(&parameter.name))
        .collect();
    let passed: Vec<_> = given
        .iter()
        .map(|parameter| {
            let variadic = if parameter.is_variadic {
                "variadic "
            } else {
                ""
            };
            format!("{variadic}{0} => a.{0}", quoted(&parameter.name))
        })
        .collect();
    let from = match given.is_empty() {
        true => String::new(),
        false => {
            let definitions: Vec<_> = given
                .iter()
                .map(|parameter| format!("{} {}", quoted(&parameter.name), parameter.data_type))
                .collect();
            let json = parameters.text(arguments.json_for(function));
            format!(
                "pg_catalog.json_to_record({json}::json) as a({}), lateral ",
                definitions.join(", ")
            )
        }
    };
    let alias = match function.returns_columns {
        Some(_) => "r".to_owned(),
        None => format!("r({VALUE})"),
    };
    format!(
        "select r.* from {from}{}({}) as {alias}",
        qualified(&function.name),
        passed.join(", ")
    )
}

/// Which methods call a function.
///
/// # Errors
/// 405 PGRST101 for any other.
pub(super) fn check_method(method: &Method) -> Result<(), RestError> {
    match *method {
        Method::GET | Method::HEAD | Method::POST => Ok(()),
        _ => Err(RestError::new(
            405,
            "PGRST101",
            format!("Cannot use the {method} method on RPC"),
        )),
    }
}
