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
/// The texts of the two failures name SQLSTATE, constraint and routine but never a message of the database, because
/// those quote values (`invalid input syntax for type uuid: "…"`): they may be logged, and must not be sent.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The database refuses; the answer may be shown.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// The database cannot be reached, is full, or asks to try again.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Anything else: a defect, here or in the schema.
    #[error("the database failed: {0}")]
    Internal(String),
}

impl From<sqlx::Error> for CallError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Database(database) => match database.try_downcast_ref::<PgDatabaseError>() {
                Some(postgres) => from_postgres(postgres),
                None => Self::Internal("an error of another database".into()),
            },
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable(error.to_string())
            }
            E::Decode(_) | E::Encode(_) => {
                Self::Internal("a value of another type than expected".into())
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

fn from_postgres(error: &PgDatabaseError) -> CallError {
    if let Some(status) = refused_status(error.code()) {
        return CallError::Refused(Refusal {
            status,
            code: error.detail().unwrap_or("REFUSED").to_owned(),
            message: error.message().to_owned(),
        });
    }
    if names_no_account(error) {
        return CallError::Refused(Refusal {
            status: 400,
            code: "INVALID_REQUEST".into(),
            message: "There is no account for this user.".into(),
        });
    }
    let description = format!(
        "SQLSTATE {}, constraint {}, routine {}",
        error.code(),
        error.constraint().unwrap_or("none"),
        error.routine().unwrap_or("unknown"),
    );
    if is_transient(error.code()) {
        CallError::Unavailable(description)
    } else {
        CallError::Internal(description)
    }
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
