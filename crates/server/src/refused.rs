//! The envelope of every refusal: `{"success": false, "error": "<sentence>", "code": "<CODE>"}`, without `success` for the
//! workout plan.

use std::any::Any;
use std::borrow::Cow;

use axum::Json;
use axum::body::Body;
use axum::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use coach::refusal::CallError;
use serde_json::{Value, json};

use crate::auth::AuthError;

/// An answer that is not what was asked for, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    status: StatusCode,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
}

impl Refused {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    /// 400 `INVALID_REQUEST`: a field is not what it should be.
    pub(crate) fn invalid_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
    }

    /// 401 `UNAUTHORIZED`.
    pub(crate) fn unauthorized(reason: AuthError) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", reason.to_string())
    }

    /// 503 `UNAVAILABLE`: the same request may pass in a moment.
    pub(crate) fn unavailable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
    }

    /// 500 `INTERNAL_ERROR`: ours to mend, and nothing more to say outside.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_ERROR",
            "Something went wrong here. Try again later.",
        )
    }
}

/// A refusal in the form that the workout plan's clients know: `{"error", "code"}`.
#[derive(Debug)]
pub(crate) struct Bare(pub(crate) Refused);

impl IntoResponse for Bare {
    fn into_response(self) -> Response<Body> {
        let envelope = json!({ "error": self.0.message, "code": self.0.code });
        self.0.respond(envelope)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response<Body> {
        let envelope = json!({ "success": false, "error": self.message, "code": self.code });
        self.respond(envelope)
    }
}

impl Refused {
    /// Status, code and sentence, for an address that words its refusals in another way.
    pub(crate) fn into_parts(self) -> (StatusCode, Cow<'static, str>, Cow<'static, str>) {
        (self.status, self.code, self.message)
    }

    fn respond(&self, envelope: Value) -> Response<Body> {
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

impl From<AuthError> for Refused {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::KeysUnavailable => Self::unavailable(error.to_string()),
            _ => Self::unauthorized(error),
        }
    }
}

impl From<CallError> for Refused {
    /// The border between the database and the wire: what went wrong is logged here, and only a refusal is passed on.
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(refusal) => match StatusCode::from_u16(refusal.status) {
                Ok(status) => Self {
                    status,
                    code: refusal.code.into(),
                    message: refusal.message.into(),
                },
                Err(_) => Self::internal(),
            },
            CallError::Unavailable(_) => {
                tracing::error!(%error, "a call to the database could not be made");
                Self::unavailable("The service is busy. Try again in a moment.")
            }
            CallError::Internal(_) => {
                tracing::error!(%error, "a call to the database failed");
                Self::internal()
            }
        }
    }
}

/// The answer of every URL that is not in the router.
pub(crate) async fn not_found() -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "There is nothing at this address.",
    )
}

/// The answer of a URL that exists to another method; the header `Allow` says which ones it takes.
pub(crate) async fn method_not_allowed() -> Refused {
    Refused::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "This address does not take that method. The Allow header names those that it takes.",
    )
}

/// The same in the workout plan's form.
pub(crate) async fn method_not_allowed_bare() -> Bare {
    Bare(method_not_allowed().await)
}

/// The answer of a handler that panicked. The panic's own text may quote anything, so it is not repeated.
pub(crate) fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    tracing::error!("a handler panicked");
    Refused::internal().into_response()
}
