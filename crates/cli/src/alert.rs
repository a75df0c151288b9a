//! Carries alerts to the operator's webhook.

use std::time::Duration;

use anyhow::Context;
use coach::alert;
use durable::{Attempt, Done, Failure, Task};
use reqwest::{Client, Url};
use serde_json::{Value, json};

/// How long the webhook may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Kind `alert_operator`: posts the alert as it is. Without a webhook the log alone has it.
pub(crate) struct AlertOperator {
    http: Client,
    webhook: Option<Url>,
}

impl AlertOperator {
    /// The kind, with this address.
    ///
    /// # Errors
    /// When it is no address.
    pub(crate) fn new(webhook: Option<&str>) -> anyhow::Result<Self> {
        Ok(Self {
            http: Client::builder().timeout(PATIENCE).build()?,
            webhook: webhook.map(Url::parse).transpose().context(
                "alert_webhook is no address; it should look like https://example.com/hook",
            )?,
        })
    }
}

impl Task for AlertOperator {
    const KIND: &'static str = alert::KIND;
    type Input = Value;

    async fn run(&self, input: Value, _: Attempt) -> Result<Done, Failure> {
        let Some(webhook) = &self.webhook else {
            return Ok(Done::Output(json!({ "sent": false })));
        };
        let sent = self.http.post(webhook.clone()).json(&input).send().await;
        // The address may hold a secret.
        sent.and_then(reqwest::Response::error_for_status)
            .map_err(|error| Failure::new("NETWORK_ERROR", error.without_url().to_string()))?;
        Ok(Done::Output(json!({ "sent": true })))
    }
}
