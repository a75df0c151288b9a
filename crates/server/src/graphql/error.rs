//! What went wrong, in the forms that clients of pg_graphql know: HTTP 200 and a list of sentences.

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use coach::refusal::CallError;
use serde_json::{Value, json};
use sqlx::postgres::PgDatabaseError;

use crate::auth::AuthError;

/// Why there is no answer to a request or to one of its fields, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GraphqlError(Cow<'static, str>);

impl GraphqlError {
    pub(super) fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(message.into())
    }

    pub(super) fn unknown_field(field: &str, type_name: &str) -> Self {
        Self::new(format!("Unknown field {field:?} on type {type_name}"))
    }

    /// The request asks for more than a server answers at once.
    pub(super) fn too_large(what: &str) -> Self {
        Self::new(format!("The query is too large: {what}"))
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "message": self.0 })
    }
}

/// Why a request ends without data.
#[derive(Debug)]
pub(super) enum Failure {
    /// 200: the request is at fault, or the database refuses.
    Errors(GraphqlError),
    /// 401: the credential is.
    Unauthorized(AuthError),
    /// 503: the same request may pass in a moment.
    Unavailable,
}

impl From<GraphqlError> for Failure {
    fn from(error: GraphqlError) -> Self {
        Self::Errors(error)
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::KeysUnavailable => Self::Unavailable,
            _ => Self::Unauthorized(error),
        }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        tracing::error!(%error, "a transaction for GraphQL could not be opened");
        match error {
            CallError::Internal(_) => Self::Errors(internal()),
            CallError::Refused(_) | CallError::Unavailable(_) => Self::Unavailable,
        }
    }
}

impl From<sqlx::Error> for Failure {
    /// The border to the database. What it says of the caller's own values and rights is passed on as pg_graphql does; what
    /// would be a defect of ours is logged and not told.
    fn from(error: sqlx::Error) -> Self {
        let refused = error
            .as_database_error()
            .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
            .filter(|error| is_the_callers(error.code()))
            .map(|error| GraphqlError::new(error.message().to_owned()));
        match refused {
            Some(refused) => Self::Errors(refused),
            None => Self::from(CallError::from(error)),
        }
    }
}

/// Data (22), integrity (23) and check option (44) violations, missing rights, what a policy, a trigger or a function of the
/// contract raises, writes in a query, and a statement that took too long or was too complex.
fn is_the_callers(sqlstate: &str) -> bool {
    [
        "22", "23", "44", "PT", "P0001", "42501", "25006", "57014", "54",
    ]
    .iter()
    .any(|class| sqlstate.starts_with(class))
}

pub(super) fn internal() -> GraphqlError {
    GraphqlError::new("Something went wrong here. Try again later.")
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Errors(error) => (
                StatusCode::OK,
                json!({ "data": null, "errors": [error.to_json()] }),
            ),
            Self::Unauthorized(error) => (StatusCode::UNAUTHORIZED, unauthorized(error)),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                outside("PGRST002", "The service is busy. Try again in a moment."),
            ),
        };
        (status, Json(body)).into_response()
    }
}

/// The credential is refused before GraphQL begins, so the words are PostgREST's.
fn unauthorized(error: AuthError) -> Value {
    let code = match error {
        AuthError::Expired | AuthError::NotYetValid => "PGRST303",
        _ => "PGRST301",
    };
    outside(code, &error.to_string())
}

fn outside(code: &str, message: &str) -> Value {
    json!({ "code": code, "message": message, "details": null, "hint": null })
}
