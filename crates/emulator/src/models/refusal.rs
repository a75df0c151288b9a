//! Answers that are an HTTP error, in the forms of the providers.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{Provider, limits::Passed};

/// An HTTP error: `{"error": {"message", "type", "param", "code"}}`.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) status: u16,
    kind: &'static str,
    code: Option<&'static str>,
    param: Option<String>,
    message: String,
    wait: Wait,
}

/// How a 429 or 503 says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Not at all.
    Unsaid,
    /// `Retry-After`, in seconds.
    Seconds(u64),
    /// `retry-after-ms`.
    Milliseconds(u64),
}

/// Why a provider answers with an HTTP error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// 429, too much in a short time.
    RateLimit(Wait),
    /// `OpenAI`'s 429 `insufficient_quota`, `DeepSeek`'s 402: no credit.
    NoCredit,
    /// 401.
    BadKey,
    /// 404 `model_not_found`; `DeepSeek`'s 400 "Model Not Exist".
    UnknownModel,
    /// 400 `context_length_exceeded`.
    TooLong,
    /// 500.
    Broken,
    /// 503.
    Overloaded,
    /// 502 from a proxy before the provider: HTML.
    BadGateway,
}

impl Refusal {
    /// A 400 that names a field.
    pub(super) fn invalid(param: Option<&str>, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            kind: "invalid_request_error",
            code: None,
            param: param.map(str::to_owned),
            message: message.into(),
            wait: Wait::Unsaid,
        }
    }

    pub(super) fn unsupported(param: &str, message: impl Into<String>) -> Self {
        Self {
            code: Some("unsupported_parameter"),
            ..Self::invalid(Some(param), message)
        }
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self {
            status: 404,
            ..Self::invalid(None, message)
        }
    }

    pub(super) fn for_reason(reason: Reason, provider: Provider, model: &str) -> Self {
        let (status, kind, code, message) = match provider {
            Provider::Openai => openai(reason),
            Provider::Deepseek => deepseek(reason),
        };
        Self {
            status,
            kind,
            code,
            param: None,
            message: message.replace("MODEL", model),
            wait: match reason {
                Reason::RateLimit(wait) => wait,
                _ => Wait::Unsaid,
            },
        }
    }

    /// A limit of the emulator's options was passed. `DeepSeek` names no wait.
    pub(super) fn for_limit(passed: Passed, provider: Provider, model: &str) -> Self {
        if provider == Provider::Deepseek {
            return Self::for_reason(Reason::RateLimit(Wait::Unsaid), provider, model);
        }
        let Passed {
            what,
            limit,
            wanted,
            wait,
        } = passed;
        let short = if what == "requests" { "RPM" } else { "TPM" };
        let message = match wait {
            Some(wait) => format!(
                "Rate limit reached for {model} in organization org-emulator on {what} per min ({short}): Limit {limit}, Requested {wanted}. Please try again in {}.",
                duration(wait)
            ),
            None => format!(
                "Request too large for {model} in organization org-emulator on {what} per min ({short}): Limit {limit}, Requested {wanted}."
            ),
        };
        Self {
            status: 429,
            kind: what,
            code: Some("rate_limit_exceeded"),
            param: None,
            message,
            wait: wait.map_or(Wait::Unsaid, |wait| {
                Wait::Seconds(wait.as_secs_f64().ceil() as u64)
            }),
        }
    }
}

/// Status, type, code and message, where `MODEL` is the model's name.
type Form = (u16, &'static str, Option<&'static str>, &'static str);

/// The kind is for `into_response`: this one is no JSON.
const BAD_GATEWAY: Form = (
    502,
    "text/html",
    None,
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
);

fn openai(reason: Reason) -> Form {
    match reason {
        Reason::RateLimit(_) => (
            429,
            "tokens",
            Some("rate_limit_exceeded"),
            "Rate limit reached for MODEL in organization org-emulator on tokens per min (TPM): Limit 30000, Used 30000, Requested 800.",
        ),
        Reason::NoCredit => (
            429,
            "insufficient_quota",
            Some("insufficient_quota"),
            "You exceeded your current quota, please check your plan and billing details.",
        ),
        Reason::BadKey => (
            401,
            "invalid_request_error",
            Some("invalid_api_key"),
            "Incorrect API key provided.",
        ),
        Reason::UnknownModel => (
            404,
            "invalid_request_error",
            Some("model_not_found"),
            "The model `MODEL` does not exist or you do not have access to it.",
        ),
        Reason::TooLong => (
            400,
            "invalid_request_error",
            Some("context_length_exceeded"),
            "Your input exceeds the context window of this model. Please adjust your input and try again.",
        ),
        Reason::Broken => (
            500,
            "server_error",
            Some("server_error"),
            "The server had an error while processing your request.",
        ),
        Reason::Overloaded => (
            503,
            "service_unavailable_error",
            Some("server_is_overloaded"),
            "The engine is currently overloaded, please try again later.",
        ),
        Reason::BadGateway => BAD_GATEWAY,
    }
}

/// Its code is the same for all that the caller did.
fn deepseek(reason: Reason) -> Form {
    let code = Some("invalid_request_error");
    match reason {
        Reason::RateLimit(_) => (
            429,
            "rate_limit_error",
            Some("rate_limit_exceeded"),
            "Rate limit reached: too many requests under way.",
        ),
        Reason::NoCredit => (402, "unknown_error", code, "Insufficient Balance"),
        Reason::BadKey => (
            401,
            "authentication_error",
            code,
            "Authentication Fails, Your api key is invalid",
        ),
        Reason::UnknownModel => (400, "invalid_request_error", code, "Model Not Exist"),
        Reason::TooLong => (
            400,
            "invalid_request_error",
            code,
            "This model's maximum context length is exceeded by your messages.",
        ),
        Reason::Broken => (500, "server_error", None, "Internal Server Error"),
        Reason::Overloaded => (
            503,
            "service_unavailable_error",
            None,
            "Service is too busy. Please try again later.",
        ),
        Reason::BadGateway => BAD_GATEWAY,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if self.kind == "text/html" {
            return (status, [(header::CONTENT_TYPE, self.kind)], self.message).into_response();
        }
        let error = json!({
            "message": self.message, "type": self.kind, "param": self.param, "code": self.code,
        });
        let mut response = (status, Json(json!({ "error": error }))).into_response();
        let headers = response.headers_mut();
        match self.wait {
            Wait::Unsaid => None,
            Wait::Seconds(wait) => headers.insert(header::RETRY_AFTER, HeaderValue::from(wait)),
            Wait::Milliseconds(wait) => headers.insert("retry-after-ms", HeaderValue::from(wait)),
        };
        response
    }
}

/// A duration in `OpenAI`'s form: `6m0s`, `1.5s`, `120ms`.
pub(super) fn duration(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    match milliseconds {
        0..1_000 => format!("{milliseconds}ms"),
        1_000..60_000 => format!("{}s", milliseconds as f64 / 1_000.0),
        _ => format!(
            "{}m{}s",
            milliseconds / 60_000,
            milliseconds % 60_000 / 1_000
        ),
    }
}
