//! What was accepted and would have been billed, and what it came in.

mod calls;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use calls::Calls;
pub use calls::{Call, CallStatus};

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
    calls: Calls,
}

/// The book of everything accepted.
#[derive(Debug, Default)]
pub struct Ledger {
    book: Mutex<Book>,
    changes: watch::Sender<()>,
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

    /// Every call of a model that a provider would have billed, in the order of acceptance.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.book().calls.billed.clone()
    }

    /// How many calls of a model were not billed, by what they met: the HTTP status, `reset` (the connection), `failed` (after 200).
    #[must_use]
    pub fn refused(&self) -> BTreeMap<String, usize> {
        self.book().calls.refused.clone()
    }

    /// Forgets everything.
    pub fn reset(&self) {
        self.change(|book| *book = Book::default());
    }

    /// Waits until something is so of the ledger; it is asked at each change.
    pub async fn until(&self, is_so: impl Fn(&Self) -> bool) {
        let mut changes = self.changes.subscribe();
        while !is_so(self) {
            // The sender lives as long as this ledger.
            let _ = changes.changed().await;
        }
    }

    /// What `GET /ledger` answers.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let book = self.book();
        let refused = &book.calls.refused;
        json!({
            "accepted": book.accepted, "requests": book.requests, "receipts_asked": book.receipts_asked,
            "calls": book.calls.billed, "refused": refused.values().sum::<usize>(), "refused_by": refused,
        })
    }

    pub(crate) fn bill(&self, call: Call) {
        self.change(|book| book.calls.billed.push(call));
    }

    /// Notes that the answer grew to so many tokens.
    pub(crate) fn progress(&self, id: &str, output_tokens: usize) {
        self.change_call(id, |call| {
            call.output_tokens = call.output_tokens.max(output_tokens);
        });
    }

    /// Notes how a call ended, once.
    pub(crate) fn end(&self, id: &str, status: CallStatus) {
        self.change_call(id, |call| {
            if call.status == CallStatus::InProgress {
                call.status = status;
            }
        });
    }

    pub(crate) fn resume(&self, id: &str) {
        self.change_call(id, |call| call.resumed += 1);
    }

    /// A call that failed at the provider after it was accepted is not billed.
    pub(crate) fn withdraw(&self, id: &str) {
        self.change(|book| {
            book.calls.billed.retain(|call| call.id != id);
            book.calls.refuse("failed");
        });
    }

    /// Counts a call that met this in the place of an answer.
    pub(crate) fn refuse(&self, why: &str) {
        self.change(|book| book.calls.refuse(why));
    }

    /// Opens a request and gives it its number.
    pub(crate) fn open(&self, recipients: usize, gzip: bool) -> usize {
        self.change(|book| {
            book.requests.push(Request {
                recipients,
                gzip,
                status: 0,
            });
            book.requests.len() - 1
        })
    }

    pub(crate) fn close(&self, request: usize, status: u16) {
        self.change(|book| {
            if let Some(request) = book.requests.get_mut(request) {
                request.status = status;
            }
        });
    }

    pub(crate) fn accept(&self, message: Accepted) {
        self.change(|book| book.accepted.push(message));
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
        self.change(|book| {
            book.receipts_asked += 1;
            book.receipts_asked == 1
        })
    }

    fn change_call(&self, id: &str, change: impl FnOnce(&mut Call)) {
        self.change(|book| {
            if let Some(call) = book.calls.find(id) {
                change(call);
            }
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        let result = change(&mut self.book());
        self.changes.send_replace(());
        result
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
