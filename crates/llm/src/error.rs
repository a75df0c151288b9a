//! Why there is no answer: one error, told apart by what the caller can do, with what the provider said kept beside our own words.

use std::{fmt, time::Duration};

use crate::{Handle, RateLimits, Spent, Timer};

/// What kind of failure it is, by what the caller can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Class {
    /// The provider says slow down (429, 503, 529): ask again after the wait that it named, if it did.
    #[error("the provider asks to slow down")]
    RateLimit {
        /// The wait that the provider named.
        retry_after: Option<Duration>,
    },
    /// No connection, or it was lost before the answer ended, or the provider itself failed (5xx): ask again later.
    #[error("no answer came through")]
    Network,
    /// Nothing came for too long: resume, or ask again at once.
    #[error("{0}")]
    Timeout(Timer),
    /// The answer hit its limit of tokens; never parsed. Ask with a higher limit or for less.
    #[error("the answer hit its limit of tokens")]
    Truncated,
    /// The answer is blank.
    #[error("the answer is blank")]
    Empty,
    /// The model refused, or a filter took the answer: ask another model.
    #[error("the model refused")]
    Refused,
    /// The answer is no JSON of the schema; [`Facts::answer`] has its text.
    #[error("the answer is not of its schema{}", places(mismatches))]
    Validation {
        /// Where and how, at most [`Mismatch::MOST`].
        mismatches: Vec<Mismatch>,
    },
    /// It will not work until an operator acts.
    #[error("{0}")]
    Permanent(Permanent),
    /// The provider no longer knows the handle, or the work behind it was cancelled: ask anew.
    #[error("the provider no longer has the answer")]
    HandleGone,
    /// The journal said stop.
    #[error("stopped by the caller")]
    Stopped,
}

/// What an operator must mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Permanent {
    /// Out of credit.
    #[error("the provider's account is out of credit")]
    Quota,
    /// The key is missing, wrong, or may not do this.
    #[error("the provider does not accept the key")]
    Key,
    /// There is no such model, or no such address.
    #[error("the provider knows no such model or address")]
    UnknownModel,
    /// The request is not as the provider wants it.
    #[error("the provider does not accept the request")]
    BadRequest,
}

/// One place where an answer differs from its schema.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The place in the answer, as a JSON pointer such as `/days/1/slots/3/sets`; empty for the whole.
    pub path: String,
    /// What is wrong there. Names values of the schema, never of the answer; may name a property that should not be there.
    pub message: String,
}

impl Mismatch {
    /// The most that are listed: what a repair prompt can use.
    pub const MOST: usize = 12;
}

/// Shows the place alone.
impl fmt::Debug for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Mismatch({:?})", self.path)
    }
}

fn places(mismatches: &[Mismatch]) -> String {
    match mismatches {
        [] => String::new(),
        [one] if one.path.is_empty() => String::new(),
        [one] => format!(" at {:?}", one.path),
        [first, rest @ ..] => format!(" at {:?} and {} more", first.path, rest.len()),
    }
}

impl Class {
    /// The contract's error code (contract, section 4).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::RateLimit { .. } => "AI_RATE_LIMIT",
            Self::Network | Self::HandleGone => "NETWORK_ERROR",
            Self::Timeout(_) => "AI_TIMEOUT",
            Self::Truncated | Self::Empty | Self::Validation { .. } => "VALIDATION_FAILED",
            Self::Refused => "AI_REFUSED",
            Self::Permanent(Permanent::Quota) => "QUOTA_EXCEEDED",
            Self::Permanent(_) => "CONFIG_ERROR",
            Self::Stopped => "USER_CANCELLED",
        }
    }
}

/// A call that brought no answer.
#[derive(Debug)]
pub struct Error {
    /// What can be done.
    pub class: Class,
    /// What is known of it.
    pub facts: Box<Facts>,
}

/// What is known of a failed call.
#[derive(Clone, Default)]
pub struct Facts {
    /// The provider's name, as it was configured.
    pub provider: String,
    /// What happened, in our words, for the operator.
    pub reason: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The provider's id of the HTTP request, for its support.
    pub request_id: Option<String>,
    /// The provider's code or type of the error: letters, digits and `_.-`, at most 64.
    pub provider_code: Option<String>,
    /// The provider's own words, without our prompt and key, at most 500 characters; for an operator's eyes, not for a user's.
    pub provider_text: Option<String>,
    /// What the provider said it still allows.
    pub rate_limits: RateLimits,
    /// What it took nevertheless. `None`: nothing, or not yet known, because the work goes on behind `handle`.
    pub spent: Option<Spent>,
    /// Work that may go on at the provider: resume it, or cancel it.
    pub handle: Option<Handle>,
    /// The text of an answer that is not of its schema, for a repair round.
    pub answer: Option<String>,
}

impl Error {
    pub(crate) fn new(provider: &str, class: Class, reason: impl Into<String>) -> Self {
        let facts = Facts {
            provider: provider.to_owned(),
            reason: reason.into(),
            ..Facts::default()
        };
        Self {
            class,
            facts: Box::new(facts),
        }
    }

    /// The contract's error code (contract, section 4).
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.class.code()
    }
}

/// Our words, the status, the provider's code and request id. Neither the provider's words nor the answer.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &self.facts;
        write!(formatter, "{}: {}", facts.provider, self.class)?;
        if !facts.reason.is_empty() {
            write!(formatter, ": {}", facts.reason)?;
        }
        if let Some(status) = facts.status {
            write!(formatter, ", HTTP {status}")?;
        }
        if let Some(code) = &facts.provider_code {
            write!(formatter, ", {code}")?;
        }
        match &facts.request_id {
            Some(id) => write!(formatter, ", request {id}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// Shows neither the provider's words nor the answer.
impl fmt::Debug for Facts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Facts")
            .field("provider", &self.provider)
            .field("reason", &self.reason)
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("provider_code", &self.provider_code)
            .field("rate_limits", &self.rate_limits)
            .field("spent", &self.spent)
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}
