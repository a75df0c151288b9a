//! Expo's push service: tickets and receipts, in the forms and with the limits of its documentation
//! ("Send notifications with the Expo Push Service").

mod receipts;
mod send;
mod token;

use std::{
    collections::BTreeSet,
    io::Read,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::{Ledger, Options, Scenario};

/// Where Expo's paths begin, as at its own host.
pub const PATH: &str = "/expo/--/api/v2/push";

/// No request within the documented limits is larger.
const LARGEST_BODY: u64 = 4 << 20;

pub(crate) struct Expo {
    ledger: Arc<Ledger>,
    scenario: Scenario,
    seed: u64,
    access_token: Option<String>,
    /// Receipts that were asked for before and then were late.
    asked_before: Mutex<BTreeSet<String>>,
}

pub(crate) fn router(ledger: Arc<Ledger>, options: &Options) -> Router {
    Router::new()
        .route("/send", post(send::send))
        .route("/getReceipts", post(receipts::get_receipts))
        .with_state(Arc::new(Expo {
            ledger,
            scenario: options.scenario,
            seed: options.seed,
            access_token: options.access_token.clone(),
            asked_before: Mutex::default(),
        }))
}

impl Expo {
    fn check_access(&self, headers: &HeaderMap) -> Result<(), RequestError> {
        let Some(wanted) = &self.access_token else {
            return Ok(());
        };
        let given = headers.get(header::AUTHORIZATION);
        match given.is_some_and(|given| given.as_bytes() == format!("Bearer {wanted}").as_bytes()) {
            true => Ok(()),
            false => Err(RequestError::new(
                StatusCode::UNAUTHORIZED,
                "UNAUTHORIZED",
                "Insufficient permissions to send push notifications to this project.",
            )),
        }
    }
}

/// The JSON of a body that may be compressed, and whether it was.
fn read_body(headers: &HeaderMap, body: &[u8]) -> Result<(Value, bool), RequestError> {
    let gzip = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding == "gzip");
    let mut plain = Vec::new();
    let read = match gzip {
        true => GzDecoder::new(body)
            .take(LARGEST_BODY)
            .read_to_end(&mut plain),
        false => body.take(LARGEST_BODY).read_to_end(&mut plain),
    };
    read.map_err(|error| error.to_string())
        .and_then(|_| serde_json::from_slice(&plain).map_err(|error| error.to_string()))
        .map(|body| (body, gzip))
        .map_err(|error| RequestError::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", &error))
}

/// An error of a whole request.
struct RequestError {
    status: StatusCode,
    code: &'static str,
    message: String,
    details: Option<Value>,
}

impl RequestError {
    fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self {
            status,
            code,
            message: message.to_owned(),
            details: None,
        }
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        let mut error = json!({ "code": self.code, "message": self.message, "isTransient": self.status.as_u16() >= 429 });
        if let Some(details) = self.details {
            error["details"] = details;
        }
        let mut response = (self.status, Json(json!({ "errors": [error] }))).into_response();
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            let wait = header::HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        response
    }
}

/// An error of one message, as a ticket or a receipt.
fn message_error(token: &str, code: &str) -> Value {
    let message = match code {
        "DeviceNotRegistered" => {
            format!("\"{token}\" is not a registered push notification recipient")
        }
        _ => format!("the message to \"{token}\" met {code}"),
    };
    match code {
        "" => json!({ "status": "error", "message": message }),
        _ => json!({ "status": "error", "message": message,
            "details": { "error": code, "expoPushToken": token } }),
    }
}
