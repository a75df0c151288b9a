//! `POST /send`: messages in, a ticket a recipient out.

use std::{collections::BTreeMap, io, sync::Arc};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    Expo, RequestError, message_error, read_body,
    token::{Behaviour, Token},
};
use crate::{
    Accepted,
    scenario::{Fate, Then},
};

const MOST_RECIPIENTS: usize = 100;
/// Bytes of title, body and data as JSON.
const LARGEST_PAYLOAD: usize = 4096;

pub(super) async fn send(
    State(expo): State<Arc<Expo>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (body, gzip) = match read_body(&headers, &body) {
        Ok(read) => read,
        Err(error) => return error.into_response(),
    };
    let recipients = recipients(&body);
    let count = recipients.as_ref().map_or(0, Vec::len);
    let number = expo.ledger.open(count, gzip);
    let response = answer(&expo, &headers, &body, recipients, number).await;
    expo.ledger.close(number, response.status().as_u16());
    response
}

async fn answer(
    expo: &Expo,
    headers: &HeaderMap,
    body: &Value,
    recipients: Result<Vec<Recipient<'_>>, RequestError>,
    number: usize,
) -> Response {
    let checked = expo
        .check_access(headers)
        .and(recipients)
        .and_then(|recipients| check(&recipients).map(|()| recipients));
    let recipients = match checked {
        Ok(recipients) => recipients,
        Err(error) => return error.into_response(),
    };
    let (then, after) = match expo.scenario.fate(number, expo.seed) {
        Fate::Accept { then, after } => (then, after),
        fate => return refusal(fate).into_response(),
    };
    let tickets: Vec<Value> = recipients
        .iter()
        .map(|recipient| recipient.ticket(expo, number))
        .collect();
    tokio::time::sleep(after).await;
    match then {
        Then::Cut => cut(),
        Then::Answer if body.is_object() && body["to"].is_string() => {
            Json(json!({ "data": tickets.first() })).into_response()
        }
        Then::Answer => Json(json!({ "data": tickets })).into_response(),
    }
}

/// One recipient of one message.
struct Recipient<'a> {
    to: &'a str,
    token: Token,
    message: &'a Map<String, Value>,
}

impl Recipient<'_> {
    /// Accepts it, or says why not.
    fn ticket(&self, expo: &Expo, request: usize) -> Value {
        if let Behaviour::TicketError(code) = &self.token.behaviour {
            return message_error(self.to, code);
        }
        if self.payload_size() > LARGEST_PAYLOAD {
            return message_error(self.to, "MessageTooBig");
        }
        let text = |field: &str| self.message.get(field)?.as_str().map(str::to_owned);
        let id = uuid::Uuid::now_v7().to_string();
        expo.ledger.accept(Accepted {
            id: id.clone(),
            to: self.to.to_owned(),
            title: text("title"),
            body: text("body"),
            collapse_id: text("collapseId"),
            at: jiff::Timestamp::now().to_string(),
            request,
        });
        json!({ "status": "ok", "id": id })
    }

    fn payload_size(&self) -> usize {
        let payload: Map<String, Value> = ["title", "body", "data"]
            .iter()
            .filter_map(|field| Some(((*field).to_owned(), self.message.get(*field)?.clone())))
            .collect();
        Value::Object(payload).to_string().len()
    }
}

/// Every recipient of every message, in order: `to` is a token or a list of them, the body a message or a list of them.
fn recipients(body: &Value) -> Result<Vec<Recipient<'_>>, RequestError> {
    let messages: Vec<&Value> = match body {
        Value::Array(messages) => messages.iter().collect(),
        one => vec![one],
    };
    let mut recipients = Vec::new();
    for (index, message) in messages.into_iter().enumerate() {
        let fields = message
            .as_object()
            .ok_or_else(|| invalid(index, "must be an object"))?;
        let tokens: Vec<&Value> = match fields.get("to") {
            Some(Value::Array(tokens)) => tokens.iter().collect(),
            Some(token) => vec![token],
            None => return Err(invalid(index, "needs \"to\"")),
        };
        for token in tokens {
            let to = token.as_str().unwrap_or_default();
            recipients.push(Recipient {
                to,
                token: Token::parse(to)
                    .ok_or_else(|| invalid(index, "\"to\" must be a valid Expo push token"))?,
                message: fields,
            });
        }
    }
    Ok(recipients)
}

fn invalid(index: usize, what: &str) -> RequestError {
    let message = format!("\"[{index}]\" {what}");
    RequestError::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", &message)
}

/// The limits of a whole request.
fn check(recipients: &[Recipient<'_>]) -> Result<(), RequestError> {
    if recipients.len() > MOST_RECIPIENTS {
        return Err(RequestError::new(
            StatusCode::BAD_REQUEST,
            "PUSH_TOO_MANY_NOTIFICATIONS",
            &format!(
                "at most {MOST_RECIPIENTS} recipients in a request, not {}",
                recipients.len()
            ),
        ));
    }
    let mut projects: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for recipient in recipients {
        let project = projects.entry(&recipient.token.project).or_default();
        project.push(recipient.to);
    }
    match projects.len() {
        0 | 1 => Ok(()),
        _ => Err(RequestError {
            details: Some(json!(projects)),
            ..RequestError::new(
                StatusCode::BAD_REQUEST,
                "PUSH_TOO_MANY_EXPERIENCE_IDS",
                "All push notification messages in the same request must be for the same project.",
            )
        }),
    }
}

pub(super) fn refusal(fate: Fate) -> RequestError {
    match fate {
        Fate::TooManyRequests => RequestError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_REQUESTS",
            "Too many requests.",
        ),
        Fate::Busy => RequestError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "SERVICE_UNAVAILABLE",
            "Try again later.",
        ),
        _ => RequestError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_SERVER_ERROR",
            "An unknown error occurred.",
        ),
    }
}

/// An answer whose body breaks off: headers come, then the connection is gone.
fn cut() -> Response {
    let broken = futures_util::stream::once(async {
        Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Response::new(Body::from_stream(broken))
}
