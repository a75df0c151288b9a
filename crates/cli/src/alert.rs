//! Carries alerts to the operator: to a webhook, if there is one, and to the log.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context;
use coach::watch::{Alert, Thresholds, Watch};
use durable::Pool;
use reqwest::{Client, Url};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;

/// How long the webhook may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// One who looks what is wrong and tells the operator. Every process that serves or works has one, since a fleet of workers that is dead
/// tells nothing; of all of them one looks at a time.
pub(crate) struct Lookout {
    pool: Pool,
    http: Client,
    webhook: Option<Url>,
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
        let webhook = settings.alert_webhook.as_deref();
        thresholds.day_cap = settings.providers.day_cap();
        Ok(Self {
            pool: pool.clone(),
            http: Client::builder().timeout(PATIENCE).build()?,
            webhook: webhook.map(Url::parse).transpose().context(
                "alert_webhook is no address; it should look like https://example.com/hook",
            )?,
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
            match self.tell(&body(&alert)).await {
                Ok(()) => {
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

    /// Posts an alert, if there is a webhook.
    async fn tell(&self, alert: &Value) -> Result<(), reqwest::Error> {
        let Some(webhook) = &self.webhook else {
            return Ok(());
        };
        let sent = self.http.post(webhook.clone()).json(alert).send().await;
        // The address may hold a secret.
        sent.and_then(reqwest::Response::error_for_status)
            .map(drop)
            .map_err(reqwest::Error::without_url)
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
