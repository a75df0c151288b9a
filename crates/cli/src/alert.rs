//! Carries alerts to the operator: to a webhook, if there is one, and to the log.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context;
use coach::alert;
use coach::watch::{Alert, Thresholds, Watch};
use durable::{Attempt, Done, Failure, Pool, Task};
use reqwest::{Client, Url};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;

/// How long the webhook may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the operator is reached.
pub(crate) struct Operator {
    http: Client,
    webhook: Option<Url>,
}

impl Operator {
    /// Reached at this address.
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

    /// Posts an alert; false: there is no webhook.
    async fn tell(&self, alert: &Value) -> Result<bool, reqwest::Error> {
        let Some(webhook) = &self.webhook else {
            return Ok(false);
        };
        let sent = self.http.post(webhook.clone()).json(alert).send().await;
        // The address may hold a secret.
        sent.and_then(reqwest::Response::error_for_status)
            .map_err(reqwest::Error::without_url)?;
        Ok(true)
    }
}

/// Kind `alert_operator`: posts the alert as it is. Without a webhook the log alone has it.
pub(crate) struct AlertOperator(pub(crate) Operator);

impl Task for AlertOperator {
    const KIND: &'static str = alert::KIND;
    type Input = Value;

    async fn run(&self, input: Value, _: Attempt) -> Result<Done, Failure> {
        let sent = self.0.tell(&input).await;
        let sent = sent.map_err(|error| Failure::new("NETWORK_ERROR", error.to_string()))?;
        Ok(Done::Output(json!({ "sent": sent })))
    }
}

/// What is said of the service as a whole. Every process that serves or works runs one, since a fleet of workers that is dead tells nothing.
pub(crate) struct Lookout {
    pool: Pool,
    operator: Operator,
    thresholds: Thresholds,
    every: Duration,
    watch: Watch,
    /// What stands in the log already and was not told yet.
    logged: BTreeSet<String>,
}

impl Lookout {
    /// As the settings say.
    ///
    /// # Errors
    /// When the webhook's address is none.
    pub(crate) fn new(pool: &Pool, settings: &Settings) -> anyhow::Result<Self> {
        let mut thresholds = settings.alerts.thresholds;
        thresholds.day_cap = settings.providers.day_cap();
        Ok(Self {
            pool: pool.clone(),
            operator: Operator::new(settings.alert_webhook.as_deref())?,
            thresholds,
            every: settings.alerts.every,
            watch: Watch::default(),
            logged: BTreeSet::new(),
        })
    }

    /// Looks until told to stop.
    pub(crate) async fn keep(mut self, stop: CancellationToken) {
        while let Some(looked) = stop.run_until_cancelled(self.look()).await {
            if let Err(error) = looked {
                tracing::warn!(
                    error = durable::describe(&error),
                    "nobody could look whether something is wrong"
                );
            }
            let pause = tokio::time::sleep(self.every);
            if stop.run_until_cancelled(pause).await.is_none() {
                break;
            }
        }
        // Else another process looks a minute later.
        let _ = tokio::time::timeout(Duration::from_secs(2), self.watch.stop(&self.pool)).await;
    }

    async fn look(&mut self) -> Result<(), sqlx::Error> {
        for alert in self.watch.look(&self.pool, &self.thresholds).await? {
            let key = format!(
                "{} {} {} {}",
                alert.name, alert.about, alert.since, alert.resolved
            );
            let is_new = self.logged.insert(key.clone());
            if is_new {
                log(&alert);
            }
            match self.operator.tell(&body(&alert)).await {
                Ok(_) => {
                    self.watch.told(&self.pool, &alert).await?;
                    self.logged.remove(&key);
                }
                Err(error) if is_new => tracing::warn!(
                    alert = alert.name,
                    about = alert.about,
                    %error,
                    "an alert could not be posted; it is tried until it is"
                ),
                Err(_) => {}
            }
        }
        Ok(())
    }
}

fn log(alert: &Alert) {
    let Alert {
        name,
        about,
        since,
        text,
        ..
    } = alert;
    match alert.resolved {
        false => tracing::error!(alert = name, about, since, "{text}"),
        true => tracing::info!(alert = name, about, since, "{text}"),
    }
}

fn body(alert: &Alert) -> Value {
    let state = if alert.resolved { "resolved" } else { "firing" };
    json!({ "alert": alert.name, "state": state, "about": alert.about, "since": alert.since, "text": alert.text })
}
