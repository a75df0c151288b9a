//! Why an attempt did not succeed, as far as the engine must tell one cause from another.

use std::time::Duration;

/// Why an attempt did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The attempt failed. Whether it is tried again follows from the code's registered class.
    #[error("{code}: {message}")]
    Failed {
        /// A code such as `AI_TIMEOUT`; one that is not registered is retried after a wait.
        code: String,
        /// What happened, for an operator; kept on the task. Never a prompt, a key or health data.
        message: String,
        /// A wait that the outside asked for; it takes the place of the engine's own.
        retry_after: Option<Duration>,
    },
    /// The task is to leave its worker and come back after a wait, without a charge: a shared budget is used up, say.
    #[error("later, in {after:?}: {reason}")]
    Later {
        /// How long from now.
        after: Duration,
        /// Why, for an operator, as the end of "it is due in 4 min: …".
        reason: String,
    },
    /// The task has left its worker already (it sleeps, or waits for children) and goes on in a later attempt. To be passed on.
    #[error("the attempt ended here; the task goes on later")]
    Suspended,
    /// The task was cancelled, ended or taken over while this attempt ran; whatever it does now changes nothing.
    #[error("the attempt no longer holds its task")]
    Lost,
}

impl Failure {
    /// A failure with a code and a message for the operator.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Failed {
            code: code.into(),
            message: message.into(),
            retry_after: None,
        }
    }

    /// The same name was used in one task for two different things: a mistake in the task's code.
    pub(crate) fn changed(name: &str) -> Self {
        Self::new(
            "UNKNOWN",
            format!("step {name} was begun with another request; give the new request a new name"),
        )
    }
}

impl From<sqlx::Error> for Failure {
    /// The database could not be reached or refused; tried again after a wait.
    fn from(error: sqlx::Error) -> Self {
        Self::new("NETWORK_ERROR", describe(&error))
    }
}

/// What a log may say of a database error. Its own message may quote values, and values may be health data, so of a
/// refusal only the SQLSTATE and the names involved are told.
#[must_use]
pub fn describe(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(refusal) => format!(
            "the database refused: SQLSTATE {}, table {}, constraint {}",
            refusal.code().as_deref().unwrap_or("unknown"),
            refusal.table().unwrap_or("none"),
            refusal.constraint().unwrap_or("none"),
        ),
        None => format!("the database was not reached: {error}"),
    }
}
