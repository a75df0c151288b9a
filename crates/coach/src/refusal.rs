//! Telling a refusal that the database words for a person from a failure that nobody outside may read.

use sqlx::postgres::PgDatabaseError;

/// A request that the database understood and refuses, in words for the person who asked.
///
/// The SQL functions raise it with PostgREST's convention: SQLSTATE `PT<status>`, the sentence as the message and the
/// code as the detail, so that a call through a REST gateway is answered with the same status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status, 400 to 599.
    pub status: u16,
    /// Stable code such as `TOO_MANY_REQUESTS`.
    pub code: String,
    /// A sentence for a person.
    pub message: String,
}

/// Why a call as the caller gave no answer.
///
/// The texts of the two failures are [`durable::describe`]'s: they may be logged, since they quote no values, and must
/// not be sent.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The database refuses; the answer may be shown.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// The database cannot be reached, is full, or asks to try again.
    #[error("{0}")]
    Unavailable(String),
    /// Anything else: a defect, here or in the schema.
    #[error("{0}")]
    Internal(String),
}

impl From<sqlx::Error> for CallError {
    fn from(error: sqlx::Error) -> Self {
        let postgres = error
            .as_database_error()
            .and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
        if let Some(refusal) = postgres.and_then(refusal) {
            return Self::Refused(refusal);
        }
        let description = durable::describe(&error);
        match postgres {
            Some(postgres) if is_transient(postgres.code()) => Self::Unavailable(description),
            None if is_unreachable(&error) => Self::Unavailable(description),
            _ => Self::Internal(description),
        }
    }
}

fn refusal(error: &PgDatabaseError) -> Option<Refusal> {
    if names_no_account(error) {
        return Some(Refusal {
            status: 400,
            code: "INVALID_REQUEST".into(),
            message: "There is no account for this user.".into(),
        });
    }
    Some(Refusal {
        status: refused_status(error.code())?,
        code: error.detail().unwrap_or("REFUSED").to_owned(),
        message: error.message().to_owned(),
    })
}

/// Beside Supabase `user_id` references the accounts, and a token may outlive its account.
fn names_no_account(error: &PgDatabaseError) -> bool {
    let constraint = error.constraint().unwrap_or_default();
    error.code() == "23503" && constraint.ends_with("_user_id_fkey")
}

/// `PT429` → 429; anything that is no HTTP error status is no refusal.
fn refused_status(sqlstate: &str) -> Option<u16> {
    let status = sqlstate.strip_prefix("PT")?.parse().ok()?;
    (400..=599).contains(&status).then_some(status)
}

fn is_unreachable(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    matches!(
        error,
        E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed
    )
}

/// Connection lost (08), resources used up (53), shutting down or statement timeout (57), lock timeout, deadlock and
/// serialization failure: the same call may pass in a moment.
fn is_transient(sqlstate: &str) -> bool {
    ["08", "53", "57"]
        .iter()
        .any(|class| sqlstate.starts_with(class))
        || ["40001", "40P01", "55P03"].contains(&sqlstate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_http_error_status_is_a_refusal() {
        for (sqlstate, expected) in [
            ("PT400", Some(400)),
            ("PT429", Some(429)),
            ("PT503", Some(503)),
            ("PT200", None),
            ("PT999", None),
            ("PTabc", None),
            ("P0001", None),
            ("23505", None),
        ] {
            assert_eq!(refused_status(sqlstate), expected, "{sqlstate}");
        }
    }

    #[test]
    fn a_lost_database_is_unavailable_and_a_broken_one_is_internal() {
        assert!(matches!(
            CallError::from(sqlx::Error::PoolTimedOut),
            CallError::Unavailable(_)
        ));
        assert!(matches!(
            CallError::from(sqlx::Error::RowNotFound),
            CallError::Internal(_)
        ));
        assert!(
            is_transient("57P01")
                && is_transient("53300")
                && is_transient("40P01")
                && !is_transient("22P02")
        );
    }
}
