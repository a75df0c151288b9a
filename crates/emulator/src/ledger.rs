//! What was accepted, and what it came in.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};

/// A message that was accepted. A client may not have learned of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// The receipt's id.
    pub id: String,
    /// The token.
    pub to: String,
    /// The heading.
    pub title: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// The collapse id.
    pub collapse_id: Option<String>,
    /// When, RFC 3339.
    pub at: String,
    /// The number of the request that brought it, from 0.
    pub request: usize,
}

/// A request to send.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    /// How many recipients it named.
    pub recipients: usize,
    /// Whether it came compressed.
    pub gzip: bool,
    /// The HTTP status it got.
    pub status: u16,
}

#[derive(Debug, Default)]
struct Book {
    requests: Vec<Request>,
    accepted: Vec<Accepted>,
    receipts_asked: usize,
}

/// The book of everything accepted.
#[derive(Debug, Default)]
pub struct Ledger {
    book: Mutex<Book>,
}

impl Ledger {
    /// Every accepted message, in the order of acceptance.
    #[must_use]
    pub fn accepted(&self) -> Vec<Accepted> {
        self.book().accepted.clone()
    }

    /// Every request to send, refused ones too, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.book().requests.clone()
    }

    /// How many requests asked for receipts.
    #[must_use]
    pub fn receipts_asked(&self) -> usize {
        self.book().receipts_asked
    }

    /// What `GET /ledger` answers. `calls` is for the models.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let book = self.book();
        json!({ "accepted": book.accepted, "requests": book.requests, "receipts_asked": book.receipts_asked, "calls": [] })
    }

    /// Opens a request and gives it its number.
    pub(crate) fn open(&self, recipients: usize, gzip: bool) -> usize {
        let mut book = self.book();
        book.requests.push(Request {
            recipients,
            gzip,
            status: 0,
        });
        book.requests.len() - 1
    }

    pub(crate) fn close(&self, request: usize, status: u16) {
        if let Some(request) = self.book().requests.get_mut(request) {
            request.status = status;
        }
    }

    pub(crate) fn accept(&self, message: Accepted) {
        self.book().accepted.push(message);
    }

    /// Whether the message with this receipt id is the first to its token with its collapse id.
    pub(crate) fn is_first(&self, to: &str, collapse_id: Option<&str>, id: &str) -> bool {
        let same =
            |message: &&Accepted| message.to == to && message.collapse_id.as_deref() == collapse_id;
        let book = self.book();
        book.accepted
            .iter()
            .find(same)
            .is_some_and(|first| first.id == id)
    }

    /// The accepted message with this receipt id.
    pub(crate) fn find(&self, id: &str) -> Option<Accepted> {
        let book = self.book();
        book.accepted
            .iter()
            .find(|message| message.id == id)
            .cloned()
    }

    /// Notes a question for receipts; whether it is the first.
    pub(crate) fn note_question(&self) -> bool {
        let mut book = self.book();
        book.receipts_asked += 1;
        book.receipts_asked == 1
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
