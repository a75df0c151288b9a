//! What the models were asked, and what a provider would have billed for it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::models::Provider;

/// How far a billed call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStatus {
    /// It is being answered.
    InProgress,
    /// Answered to the end.
    Completed,
    /// Ended early by the model: length, content filter, no resources.
    Incomplete,
    /// Cancelled by the client.
    Cancelled,
    /// The connection of a foreground call ended before the answer did.
    Cut,
}

/// A call that a provider would have billed.
#[derive(Debug, Clone, Serialize)]
pub struct Call {
    /// The answer's id, as the client got it.
    pub id: String,
    /// Whose dialect.
    pub provider: Provider,
    /// The model, without the part that names a scenario.
    pub model: String,
    /// SHA-256, in hex, of model, turns and schema: the same for the same question however it is transported.
    pub request_hash: String,
    /// Tokens of the question.
    pub input_tokens: usize,
    /// Those of them that were cached.
    pub cached_tokens: usize,
    /// Tokens of the answer so far, reasoning included.
    pub output_tokens: usize,
    /// How far it came.
    pub status: CallStatus,
    /// How many streams were resumed on it.
    pub resumed: usize,
    /// When it was accepted, RFC 3339.
    pub at: String,
}

/// Billed calls in the order of acceptance, and how many were not billed by what they met.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) billed: Vec<Call>,
    pub(super) refused: BTreeMap<String, usize>,
}

impl Calls {
    /// The call with this id; none if the ledger was reset since.
    pub(super) fn find(&mut self, id: &str) -> Option<&mut Call> {
        self.billed.iter_mut().rev().find(|call| call.id == id)
    }

    pub(super) fn refuse(&mut self, why: &str) {
        *self.refused.entry(why.to_owned()).or_default() += 1;
    }
}
