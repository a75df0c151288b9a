//! Watches over the service: providers that fail, too many failures, slow queues, queues without a worker, and money, each told when it
//! begins, when it lasts and when it is over. One of all processes looks at a time; which, the database says.

use durable::{MicroDollars, Pool};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sqlx::{query_file, query_file_as};
use uuid::Uuid;

/// When an operator is told. A threshold of 0 switches its alert off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Thresholds {
    /// Percent of a kind's tasks that failed, of those that ended in the window; what the athlete can mend alone counts as well done.
    pub failed_percent: u32,
    /// The least tasks of the kind that must have ended in the window.
    pub failed_least: u32,
    /// The window, in minutes.
    pub window_minutes: u32,
    /// How long the first in line of a queue may be ready, in seconds.
    pub queue_seconds: u32,
    /// How long a queue may have work and nobody alive to do it, in seconds.
    pub no_worker_seconds: u32,
    /// Percent of the day's cap that are spent.
    pub spend_percent: u32,
    /// When what lasts is said again, in minutes.
    pub repeat_minutes: u32,
    /// The most that may be spent in a day of UTC.
    pub day_cap: MicroDollars,
}

/// Something to be told to the operator. No alert names a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// `provider_out_of_credit`, `provider_misconfigured`, `provider_failing`, `failure_rate`, `queue_age`, `no_worker` or `spend`.
    pub name: String,
    /// The provider, the kind of task or the queue; empty: the whole service.
    pub about: String,
    /// Whether it is over.
    pub resolved: bool,
    /// Since when it was seen, in UTC (`2026-11-22T11:00:00.123456Z`).
    pub since: String,
    /// The same in a sentence.
    pub text: String,
}

/// One who looks. A process has one.
#[derive(Debug)]
pub struct Watch {
    holder: Uuid,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            holder: Uuid::now_v7(),
        }
    }
}

struct Row {
    alert: String,
    about: String,
    ended: bool,
    since: String,
    figures: Value,
}

impl Watch {
    /// Looks, unless another process does so just now, and returns what is to be told. Each is confirmed by [`Watch::told`], and
    /// comes again otherwise.
    ///
    /// # Errors
    /// The database's.
    pub async fn look(
        &self,
        pool: &Pool,
        thresholds: &Thresholds,
    ) -> Result<Vec<Alert>, sqlx::Error> {
        let terms = serde_json::to_value(thresholds)
            .map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        let rows = query_file_as!(Row, "queries/watch/look_after.sql", self.holder, terms)
            .fetch_all(pool)
            .await?;
        Ok(rows.into_iter().map(alert).collect())
    }

    /// Says that the operator was told; it is said again after [`Thresholds::repeat_minutes`].
    ///
    /// # Errors
    /// The database's.
    pub async fn told(&self, pool: &Pool, alert: &Alert) -> Result<(), sqlx::Error> {
        query_file!(
            "queries/watch/alert_told.sql",
            self.holder,
            alert.name,
            alert.about,
            alert.resolved
        )
        .fetch_one(pool)
        .await
        .map(drop)
    }

    /// Lets another process look at once.
    ///
    /// # Errors
    /// The database's.
    pub async fn stop(self, pool: &Pool) -> Result<(), sqlx::Error> {
        query_file!("queries/watch/stop_watching.sql", self.holder)
            .fetch_one(pool)
            .await
            .map(drop)
    }
}

fn alert(row: Row) -> Alert {
    let text = match row.ended {
        true => resolved(&row),
        false => firing(&row),
    };
    Alert {
        name: row.alert,
        about: row.about,
        resolved: row.ended,
        since: row.since,
        text,
    }
}

fn firing(row: &Row) -> String {
    let about = &row.about;
    let figure = |name: &str| row.figures[name].as_i64().unwrap_or_default();
    match row.alert.as_str() {
        "provider_out_of_credit" => {
            format!("{about} is out of credit: it makes no plans until its account has some.")
        }
        "provider_misconfigured" => format!(
            "{about} does not accept the key, the model or the request: its settings are to be looked at."
        ),
        "provider_failing" => format!(
            "{about} keeps failing ({}) and is not asked for a minute at a time.",
            row.figures["code"].as_str().unwrap_or("UNKNOWN")
        ),
        "failure_rate" => format!(
            "{} of the last {} tasks {about} failed, within {} minutes.",
            figure("failed"),
            figure("ended"),
            figure("minutes")
        ),
        "queue_age" => format!(
            "The queue {about} is slow: the first in line has waited for {}.",
            duration(figure("seconds"))
        ),
        "no_worker" => format!("The queue {about} has work to do and no worker is alive to do it."),
        "spend" => {
            let (used, cap) = (figure("used"), figure("cap"));
            format!(
                "Models have cost {} today (UTC), {} % of the day's cap of {}. At the cap plans are no longer made by models.",
                dollars(used),
                used.saturating_mul(100) / cap.max(1),
                dollars(cap)
            )
        }
        other => format!("{other} {about}"),
    }
}

fn resolved(row: &Row) -> String {
    let about = &row.about;
    let over = match row.alert.as_str() {
        "provider_out_of_credit" | "provider_misconfigured" | "provider_failing" => {
            format!("{about} answers again, or has not failed in this way for an hour")
        }
        "failure_rate" => format!("Tasks {about} fail no more often than usual"),
        "queue_age" => format!("The queue {about} is quick again"),
        "no_worker" => format!("The queue {about} is served again, or has nothing to do"),
        "spend" => "What models cost is well below the day's cap again".to_owned(),
        other => format!("{other} {about} is over"),
    };
    let since: Option<Timestamp> = row.since.parse().ok();
    match since {
        Some(since) => format!("{over}; the alert stood since {since:.0}."),
        None => format!("{over}."),
    }
}

fn duration(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} seconds"),
        120..7_200 => format!("{} minutes", seconds / 60),
        _ => format!("{} hours", seconds / 3_600),
    }
}

fn dollars(micros: i64) -> String {
    let cents = micros.saturating_add(5_000) / 10_000;
    format!("${}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(alert: &str, about: &str, ended: bool, figures: Value) -> String {
        let row = Row {
            alert: alert.to_owned(),
            about: about.to_owned(),
            ended,
            since: "2026-11-22T11:00:00.123456Z".to_owned(),
            figures,
        };
        super::alert(row).text
    }

    #[test]
    fn alerts_are_sentences_with_their_figures() {
        let rate = json!({ "failed": 7, "ended": 20, "minutes": 15 });
        assert_eq!(
            said("failure_rate", "generate_weekly_plan", false, rate),
            "7 of the last 20 tasks generate_weekly_plan failed, within 15 minutes."
        );
        for (seconds, words) in [(40, "40 seconds"), (300, "5 minutes"), (9_000, "2 hours")] {
            assert_eq!(
                said(
                    "queue_age",
                    "weekly_plan",
                    false,
                    json!({ "seconds": seconds })
                ),
                format!("The queue weekly_plan is slow: the first in line has waited for {words}.")
            );
        }
        let spend = json!({ "used": 16_204_999, "cap": 20_000_000 });
        assert_eq!(
            said("spend", "", false, spend),
            "Models have cost $16.20 today (UTC), 81 % of the day's cap of $20.00. At the cap plans are no longer made by models."
        );
        assert_eq!(
            said("no_worker", "weekly_plan", true, json!({})),
            "The queue weekly_plan is served again, or has nothing to do; the alert stood since 2026-11-22T11:00:00Z."
        );
    }
}
