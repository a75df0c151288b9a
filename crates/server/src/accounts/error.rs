//! Refusals in the words and the two forms of Supabase's service: by the version that the client names in a header.

use std::borrow::Cow;

use axum::Json;
use axum::extract::Request;
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::auth::AuthError;

const API_VERSION: HeaderName = HeaderName::from_static("x-supabase-api-version");
/// The first version that words a refusal as `{"code": "<code>", "message"}`; before it, that is `{"code": <status>, "error_code", "msg"}`.
const NAMED_CODES: &str = "2024-01-01";

/// The one refusal that OAuth (RFC 6749, 5.2) words.
const INVALID_REQUEST: &str = "invalid_request";

/// A refusal: the status, the code that clients branch on, a sentence for a person.
#[derive(Debug, Clone)]
pub(super) struct AccountError {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
}

impl AccountError {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// 400 `validation_failed`: the request lacks something or says what cannot be.
    pub(super) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "validation_failed", message)
    }

    /// 422: the request is well formed and cannot be done.
    pub(super) fn unprocessable(code: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    /// 403: the token is nobody's, or somebody's who is gone.
    pub(super) fn forbidden(code: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// 500, and nothing more to say outside.
    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "unexpected_failure",
            "Something went wrong here. Try again later.",
        )
    }

    /// 400 in the form of OAuth: what a token is asked with is not there.
    pub(super) fn invalid_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, INVALID_REQUEST, message)
    }

    fn body(&self, named_codes: bool) -> Value {
        if self.code == INVALID_REQUEST {
            return json!({ "error": self.code, "error_description": self.message });
        }
        let mut body = if named_codes {
            json!({ "code": self.code, "message": self.message })
        } else {
            json!({ "code": self.status.as_u16(), "error_code": self.code, "msg": self.message })
        };
        if self.code == "weak_password" {
            body["weak_password"] = json!({ "reasons": ["length"] });
        }
        body
    }
}

impl IntoResponse for AccountError {
    /// Leaves the words to [`word`], which knows what the client asked for.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Words a refusal in the form of the version that the request names.
pub(super) async fn word(request: Request, next: Next) -> Response {
    let named_codes = asks_for_named_codes(request.headers());
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<AccountError>() else {
        return response;
    };
    let mut worded = (error.status, Json(error.body(named_codes))).into_response();
    let headers = worded.headers_mut();
    headers.insert("x-sb-error-code", HeaderValue::from_static(error.code));
    if named_codes {
        headers.insert(API_VERSION, HeaderValue::from_static(NAMED_CODES));
    }
    worded
}

/// Versions are dates, so that text orders them.
fn asks_for_named_codes(headers: &HeaderMap) -> bool {
    headers
        .get(API_VERSION)
        .and_then(|version| version.to_str().ok())
        .is_some_and(|version| version.len() == NAMED_CODES.len() && version >= NAMED_CODES)
}

impl From<AuthError> for AccountError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Missing => Self::new(
                StatusCode::UNAUTHORIZED,
                "no_authorization",
                "This endpoint requires a valid Bearer token",
            ),
            AuthError::Expired => Self::forbidden(
                "bad_jwt",
                "invalid JWT: unable to parse or verify signature, token has invalid claims: token is expired",
            ),
            AuthError::NoUser => Self::forbidden("bad_jwt", "invalid claim: missing sub claim"),
            AuthError::KeysUnavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unexpected_failure",
                error.to_string(),
            ),
            AuthError::Invalid | AuthError::NotYetValid | AuthError::UnknownApiKey => {
                Self::forbidden(
                    "bad_jwt",
                    "invalid JWT: unable to parse or verify signature",
                )
            }
        }
    }
}

impl From<sqlx::Error> for AccountError {
    /// The border to the database: what went wrong is logged here, without values.
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(error = %coach::refusal::CallError::from(error), "an account could not be read or written");
        Self::internal()
    }
}
