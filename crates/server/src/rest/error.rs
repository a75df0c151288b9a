//! Every refusal of `/rest/v1` in PostgREST's form, `{"code", "details", "hint", "message"}`, with its codes and statuses.

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use coach::caller::Role;
use coach::refusal::CallError;
use serde_json::{Value, json};
use sqlx::postgres::PgDatabaseError;

use super::catalogue::Catalogue;
use crate::auth::AuthError;
use crate::refused::Refused;

/// An answer that is not what was asked for.
#[derive(Debug)]
pub(super) struct RestError {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    details: Value,
    hint: Option<String>,
}

impl RestError {
    pub(super) fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: code.into(),
            message: message.into(),
            details: Value::Null,
            hint: None,
        }
    }

    pub(super) fn details(self, details: impl Into<Value>) -> Self {
        Self {
            details: details.into(),
            ..self
        }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// A part of the query string that cannot be read.
    pub(super) fn unreadable(what: &str, text: &str, expected: &str) -> Self {
        Self::new(
            400,
            "PGRST100",
            format!("\"failed to parse {what} ({text})\""),
        )
        .details(format!("expecting {expected}"))
    }

    /// A body that is not what the request needs.
    pub(super) fn invalid_body(message: impl Into<String>) -> Self {
        Self::new(400, "PGRST102", message)
    }

    pub(super) fn unknown_column(table: &str, column: &str) -> Self {
        Self::new(
            400,
            "42703",
            format!("column {table}.{column} does not exist"),
        )
    }

    pub(super) fn unknown_table(catalogue: &Catalogue, name: &str) -> Self {
        let error = Self::new(
            404,
            "PGRST205",
            format!("Could not find the table 'public.{name}' in the schema cache"),
        );
        match most_alike(name, catalogue.table_names()) {
            Some(alike) => error.hint(format!("Perhaps you meant the table 'public.{alike}'")),
            None => error,
        }
    }

    pub(super) fn unknown_function(
        catalogue: &Catalogue,
        name: &str,
        arguments: &[String],
    ) -> Self {
        let (called, searched) = match arguments.is_empty() {
            true => (
                format!("public.{name} without parameters"),
                "without parameters".to_owned(),
            ),
            false => {
                let names = arguments.join(", ");
                (
                    format!("public.{name}({names})"),
                    format!("with parameters {names}"),
                )
            }
        };
        let error = Self::new(
            404,
            "PGRST202",
            format!("Could not find the function {called} in the schema cache"),
        )
        .details(format!(
            "Searched for the function public.{name} {searched}, but no matches were found in the schema cache."
        ));
        match most_alike(name, catalogue.function_names()) {
            Some(alike) => error.hint(format!(
                "Perhaps you meant to call the function public.{alike}"
            )),
            None => error,
        }
    }

    pub(super) fn no_relationship(origin: &str, name: &str, hint: Option<&str>) -> Self {
        let using = hint.map_or_else(String::new, |hint| format!(" using the hint '{hint}'"));
        Self::new(
            400,
            "PGRST200",
            format!("Could not find a relationship between '{origin}' and '{name}' in the schema cache"),
        )
        .details(format!(
            "Searched for a foreign key relationship between '{origin}' and '{name}'{using} in the schema 'public', but no matches were found."
        ))
    }

    pub(super) fn not_embedded(name: &str) -> Self {
        Self::new(
            400,
            "PGRST108",
            format!("'{name}' is not an embedded resource in this request"),
        )
        .hint(format!(
            "Verify that '{name}' is included in the 'select' query parameter."
        ))
    }

    pub(super) fn not_one_row(rows: i64) -> Self {
        Self::new(
            406,
            "PGRST116",
            "Cannot coerce the result to a single JSON object",
        )
        .details(format!("The result contains {rows} rows"))
    }

    pub(super) fn unsatisfiable(details: String) -> Self {
        Self::new(416, "PGRST103", "Requested range not satisfiable").details(details)
    }

    pub(super) fn internal() -> Self {
        Self::new(500, "XX000", "Something went wrong here. Try again later.")
    }

    fn unavailable() -> Self {
        Self::new(
            503,
            "PGRST001",
            "The database does not answer. Try again in a moment.",
        )
    }

    /// Whether a catalogue that is out of date may be the reason.
    pub(super) fn may_be_out_of_date(&self) -> bool {
        matches!(
            &*self.code,
            "PGRST200" | "PGRST202" | "PGRST204" | "PGRST205" | "42703" | "42P01" | "42883"
        )
    }

    /// PostgREST answers 401 instead of 403 to who has not signed in.
    pub(super) fn seen_by(mut self, role: Role) -> Self {
        if self.code == "42501" && role == Role::Anon {
            self.status = StatusCode::UNAUTHORIZED;
        }
        self
    }
}

impl From<AuthError> for RestError {
    /// PostgREST's words, which apps compare with, and ours as the hint.
    fn from(error: AuthError) -> Self {
        let (code, message) = match error {
            AuthError::KeysUnavailable => return Self::new(503, "PGRST001", error.to_string()),
            AuthError::Missing => ("PGRST302", "Anonymous access is disabled"),
            AuthError::Expired => ("PGRST303", "JWT expired"),
            AuthError::NotYetValid => ("PGRST303", "JWT not yet valid"),
            AuthError::NoUser => ("PGRST303", "JWT names no user"),
            AuthError::Invalid => ("PGRST301", "JWT cannot be verified"),
            AuthError::UnknownApiKey => ("PGRST301", "API key is not known"),
        };
        Self::new(401, code, message).hint(error.to_string())
    }
}

impl From<Refused> for RestError {
    fn from(refused: Refused) -> Self {
        let (status, code, message) = refused.into_parts();
        Self {
            status,
            ..Self::new(500, code, message)
        }
    }
}

impl From<CallError> for RestError {
    fn from(error: CallError) -> Self {
        tracing::error!(%error, "the database could not be asked as the caller");
        match error {
            CallError::Unavailable(_) => Self::unavailable(),
            CallError::Refused(_) | CallError::Internal(_) => Self::internal(),
        }
    }
}

impl From<sqlx::Error> for RestError {
    /// What PostgreSQL says goes out as it is, as PostgREST does it: who asks is told nothing that their role may not read.
    fn from(error: sqlx::Error) -> Self {
        let Some(said) = error
            .as_database_error()
            .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        else {
            return Self::from(CallError::from(error));
        };
        let status = status_of(said.code(), said.message());
        if status >= 500 {
            tracing::error!(sqlstate = said.code(), "a statement of /rest/v1 failed");
        }
        Self {
            details: said.detail().into(),
            hint: said.hint().map(str::to_owned),
            ..Self::new(status, said.code().to_owned(), said.message())
        }
    }
}

/// The known name that a wrong one may have been meant to be.
fn most_alike<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const CLOSE: f64 = 0.85;
    known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= CLOSE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

/// The HTTP status of an SQLSTATE, from PostgREST's table.
fn status_of(sqlstate: &str, message: &str) -> u16 {
    if let Some(status) = sqlstate.strip_prefix("PT") {
        let status = status.parse().ok();
        return status
            .filter(|status| (200..600).contains(status))
            .unwrap_or(500);
    }
    match sqlstate {
        "23503" | "23505" => 409,
        "25006" => 405,
        "21000" if message.ends_with("requires a WHERE clause") => 400,
        "42883" | "42P01" => 404,
        "42501" => 403,
        "42P17" | "53400" | "21000" => 500,
        "57P01" => 503,
        "P0001" => 400,
        _ => match sqlstate.get(..2).unwrap_or_default() {
            "08" | "53" => 503,
            "0L" | "0P" | "28" => 403,
            "09" | "25" | "2D" | "38" | "39" | "3B" | "40" | "54" | "55" | "57" | "58" | "F0"
            | "HV" | "P0" | "XX" => 500,
            _ => 400,
        },
    }
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        let envelope = json!({ "code": self.code, "details": self.details, "hint": self.hint, "message": self.message });
        let mut response = (self.status, Json(envelope)).into_response();
        match self.status {
            StatusCode::UNAUTHORIZED => {
                response
                    .headers_mut()
                    .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                response
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }
}
