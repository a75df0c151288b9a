//! Tells the operator of a provider that needs somebody to act: a line in the log at once, and one task an hour that carries it further.

use durable::NewTask;
use jiff::Timestamp;
use serde_json::json;
use sqlx::PgExecutor;

/// The kind of task that carries an alert to wherever the operator wants it, and its queue. Its input is the alert:
/// `{"alert", "provider", "code", "text"}`, without any word of the provider's.
pub const KIND: &str = "alert_operator";
/// Where such tasks wait.
pub const QUEUE: &str = "alert";

/// Raises an alert if a failed call is worth one: the provider is out of credit (`QUOTA_EXCEEDED`), does not accept how it is asked
/// (`CONFIG_ERROR`), or has just been shut out for a while (`opened`). One task for each provider and code in an hour, however many
/// processes ask.
pub async fn raise(
    executor: impl PgExecutor<'_>,
    provider: &str,
    code: &str,
    opened: bool,
    now: Timestamp,
) {
    let (alert, text) = match code {
        "QUOTA_EXCEEDED" => (
            "provider_out_of_credit",
            format!("{provider} is out of credit: it makes no plans until its account has some."),
        ),
        "CONFIG_ERROR" => (
            "provider_misconfigured",
            format!(
                "{provider} does not accept the key, the model or the request: its settings are to be looked at."
            ),
        ),
        _ if opened => (
            "provider_failing",
            format!("{provider} keeps failing ({code}) and is not asked for a minute at a time."),
        ),
        _ => return,
    };
    tracing::error!(alert, provider, code, "{text}");
    let hour = now.as_second().div_euclid(3_600);
    let input = json!({ "alert": alert, "provider": provider, "code": code, "text": text });
    let task = NewTask::new(KIND, input);
    if let Err(error) = task
        .spawn_once(&format!("{provider} {code} {hour}"), executor)
        .await
    {
        tracing::warn!(
            error = durable::describe(&error),
            "an alert was logged and goes no further"
        );
    }
}
