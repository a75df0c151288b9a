//! Which workers do not ask a provider for a while: each breaker is its own process's, and this tells the others of it.

use std::time::Duration;

use durable::Pool;
use serde::{Deserialize, Serialize};
use sqlx::{query_file, query_file_as};
use uuid::Uuid;

/// A breaker that a provider's failures have opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenBreaker {
    /// Who is not asked.
    pub provider: String,
    /// By which worker.
    pub worker: String,
    /// The failure that opened it, by section 4 of the contract.
    pub code: String,
    /// Since when.
    pub opened_at: String,
    /// Until when.
    pub open_until: String,
    /// Whether that time is over: the next call tries, and decides.
    pub is_probing: bool,
}

/// The open breakers of all living workers.
///
/// # Errors
/// The database's.
pub async fn open_breakers(pool: &Pool) -> Result<Vec<OpenBreaker>, sqlx::Error> {
    query_file_as!(OpenBreaker, "queries/provider_health/open_breakers.sql")
        .fetch_all(pool)
        .await
}

/// Notes that the worker of `task` does not ask `provider` for a time. Where it cannot be noted, nothing but the note is missing.
pub async fn opened(pool: &Pool, provider: &str, task: Uuid, code: &str, time: Duration) {
    let seconds = time.as_secs_f64();
    let noted = query_file!(
        "queries/provider_health/open.sql",
        provider,
        task,
        code,
        seconds
    )
    .execute(pool)
    .await;
    warn(provider, noted);
}

/// Notes that the worker of `task` asks `provider` again.
pub async fn closed(pool: &Pool, provider: &str, task: Uuid) {
    let noted = query_file!("queries/provider_health/close.sql", provider, task)
        .execute(pool)
        .await;
    warn(provider, noted);
}

fn warn<T>(provider: &str, noted: Result<T, sqlx::Error>) {
    if let Err(error) = noted {
        tracing::warn!(
            provider,
            error = durable::describe(&error),
            "a breaker's turn was not noted"
        );
    }
}
