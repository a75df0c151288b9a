//! Notes a provider that needs somebody to act, and that it no longer does; [`watch`](crate::watch) tells the operator.

use serde_json::json;
use sqlx::{PgExecutor, query_file};

/// Notes an alert if a failed call is worth one: the provider is out of credit (`QUOTA_EXCEEDED`), does not accept how it is asked
/// (`CONFIG_ERROR`), or has just been shut out for a while (`opened`). However many processes note it, it is one.
pub async fn raise(executor: impl PgExecutor<'_>, provider: &str, code: &str, opened: bool) {
    let alert = match code {
        "QUOTA_EXCEEDED" => "provider_out_of_credit",
        "CONFIG_ERROR" => "provider_misconfigured",
        _ if opened => "provider_failing",
        _ => return,
    };
    let figures = json!({ "code": code });
    let noted = query_file!("queries/watch/note_trouble.sql", alert, provider, figures)
        .fetch_one(executor)
        .await;
    complain(provider, noted);
}

/// Notes that a provider that was shut out answers again.
pub async fn settle(executor: impl PgExecutor<'_>, provider: &str) {
    let noted = query_file!("queries/watch/settle_trouble.sql", provider)
        .fetch_one(executor)
        .await;
    complain(provider, noted);
}

fn complain<T>(provider: &str, noted: Result<T, sqlx::Error>) {
    if let Err(error) = noted {
        tracing::error!(
            provider,
            error = durable::describe(&error),
            "nobody is told how a provider does"
        );
    }
}
