//! Expo's answers as they come over the wire, read leniently: one entry beyond understanding spoils no other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::token;
use crate::{Code, Receipt, Refusal, RequestFailure, Sent};

/// The answer to `/send`.
#[derive(Deserialize)]
pub(super) struct Tickets {
    pub(super) data: Vec<Ticket>,
}

/// The question to `/getReceipts`.
#[derive(Serialize)]
pub(super) struct GetReceipts<'a> {
    pub(super) ids: &'a [String],
}

/// The answer to `/getReceipts`, by receipt id.
#[derive(Deserialize)]
pub(super) struct Receipts {
    pub(super) data: BTreeMap<String, Ticket>,
}

/// A ticket; a receipt has the same form without the id.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Ticket {
    Readable {
        status: String,
        #[serde(default)]
        id: Option<String>,
        #[serde(default)]
        message: Option<String>,
        #[serde(default)]
        details: Option<Details>,
    },
    Unreadable(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
pub(super) struct Details {
    #[serde(default)]
    error: Option<String>,
}

impl Ticket {
    pub(super) fn into_sent(self) -> Sent {
        match self {
            Self::Readable {
                status,
                id: Some(receipt_id),
                ..
            } if status == "ok" => Sent::Accepted { receipt_id },
            Self::Readable {
                status,
                message,
                details,
                ..
            } if status == "error" => Sent::Refused(refusal(message, details)),
            _ => Sent::Failed(unreadable("ticket")),
        }
    }

    pub(super) fn into_receipt(self) -> Receipt {
        match self {
            Self::Readable { status, .. } if status == "ok" => Receipt::Delivered,
            Self::Readable {
                status,
                message,
                details,
                ..
            } if status == "error" => Receipt::Refused(refusal(message, details)),
            _ => Receipt::Unknown(unreadable("receipt")),
        }
    }
}

fn refusal(message: Option<String>, details: Option<Details>) -> Refusal {
    let code = details.and_then(|details| details.error);
    Refusal {
        code: Code::from(code.as_deref().unwrap_or_default()),
        message: token::hidden(&message.unwrap_or_default()),
    }
}

fn unreadable(what: &str) -> RequestFailure {
    RequestFailure::Ambiguous {
        reason: format!("a {what} in a form that is not known"),
    }
}

/// An error of a whole request.
#[derive(Deserialize)]
pub(super) struct RequestErrors {
    pub(super) errors: Vec<RequestError>,
}

#[derive(Deserialize)]
pub(super) struct RequestError {
    #[serde(default)]
    pub(super) code: String,
    /// Of `PUSH_TOO_MANY_EXPERIENCE_IDS`: tokens by project.
    #[serde(default)]
    pub(super) details: serde_json::Value,
}

impl RequestError {
    /// The tokens by project, if this is the error that tells them.
    pub(super) fn projects(&self) -> Option<BTreeMap<String, Vec<String>>> {
        (self.code == "PUSH_TOO_MANY_EXPERIENCE_IDS")
            .then(|| serde_json::from_value(self.details.clone()).ok())
            .flatten()
    }
}
