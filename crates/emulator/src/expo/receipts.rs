//! `POST /getReceipts`: what became of accepted messages.

use std::sync::{Arc, PoisonError};

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Expo, RequestError, message_error, read_body, send,
    token::{Behaviour, Token},
};
use crate::{Scenario, scenario::Fate};

const MOST_RECEIPTS: usize = 1000;

#[derive(Deserialize)]
struct Question {
    ids: Vec<String>,
}

pub(super) async fn get_receipts(
    State(expo): State<Arc<Expo>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if expo.ledger.note_question() && expo.scenario == Scenario::ReceiptsErrorOnce {
        return send::refusal(Fate::Error).into_response();
    }
    let question = expo
        .check_access(&headers)
        .and_then(|()| read_body(&headers, &body))
        .and_then(|(body, _)| read(body));
    match question {
        Err(error) => error.into_response(),
        Ok(question) => {
            let receipts: Map<String, Value> = question
                .ids
                .into_iter()
                .filter_map(|id| expo.receipt(&id).map(|receipt| (id, receipt)))
                .collect();
            Json(json!({ "data": receipts })).into_response()
        }
    }
}

fn read(body: Value) -> Result<Question, RequestError> {
    let question: Question = serde_json::from_value(body).map_err(|error| {
        RequestError::new(
            StatusCode::BAD_REQUEST,
            "VALIDATION_ERROR",
            &error.to_string(),
        )
    })?;
    match question.ids.len() {
        0..=MOST_RECEIPTS => Ok(question),
        count => Err(RequestError::new(
            StatusCode::BAD_REQUEST,
            "PUSH_TOO_MANY_RECEIPTS",
            &format!("at most {MOST_RECEIPTS} receipts in a request, not {count}"),
        )),
    }
}

impl Expo {
    /// The receipt, if there is one now.
    fn receipt(&self, id: &str) -> Option<Value> {
        let message = self.ledger.find(id)?;
        let collapse_id = message.collapse_id.as_deref();
        match Token::parse(&message.to)?.behaviour {
            Behaviour::ReceiptError { code, once }
                if !once || self.ledger.is_first(&message.to, collapse_id, id) =>
            {
                Some(message_error(&message.to, &code))
            }
            Behaviour::MissingReceipt => None,
            Behaviour::LateReceipt if self.asks_first(id) => None,
            _ => Some(json!({ "status": "ok" })),
        }
    }

    fn asks_first(&self, id: &str) -> bool {
        let mut asked = self
            .asked_before
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        asked.insert(id.to_owned())
    }
}
