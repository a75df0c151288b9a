//! The settings of alerts: when the operator is told of what.

use std::time::Duration;

use coach::watch::Thresholds;
use durable::MicroDollars;

use super::settings::{list, wrong};
use super::source::Values;

/// When the operator is told, and how often somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alerts {
    /// Without the day's cap, which is the verb's.
    pub(crate) thresholds: Thresholds,
    /// The time between two looks.
    pub(crate) every: Duration,
}

impl Alerts {
    /// Reads what differs from the defaults.
    ///
    /// # Errors
    /// Says which numbers there are.
    pub(super) fn from(values: &Values) -> anyhow::Result<Alerts> {
        const NAME: &str = "alert_thresholds";
        const EXPECTED: &str = "whole numbers from 0, such as queue_seconds=600,spend_percent=0; there are failed_percent, failed_least, window_minutes, queue_seconds, no_worker_seconds, spend_percent, repeat_minutes and, from 1, look_seconds";
        let mut alerts = Alerts::default();
        for item in list(values, NAME) {
            let read = item.split_once('=').and_then(|(word, number)| {
                let number = number.trim().parse::<u32>().ok();
                Some((word.trim(), number.filter(|number| *number <= MOST)?))
            });
            let Some((word, number)) = read else {
                return Err(wrong(values, NAME, EXPECTED));
            };
            let thresholds = &mut alerts.thresholds;
            let place = match word {
                "failed_percent" => &mut thresholds.failed_percent,
                "failed_least" => &mut thresholds.failed_least,
                "window_minutes" => &mut thresholds.window_minutes,
                "queue_seconds" => &mut thresholds.queue_seconds,
                "no_worker_seconds" => &mut thresholds.no_worker_seconds,
                "spend_percent" => &mut thresholds.spend_percent,
                "repeat_minutes" => &mut thresholds.repeat_minutes,
                "look_seconds" if number > 0 => {
                    alerts.every = Duration::from_secs(number.into());
                    continue;
                }
                _ => return Err(wrong(values, NAME, EXPECTED)),
            };
            *place = number;
        }
        Ok(alerts)
    }
}

/// Nobody wants to wait for longer, and sums of it stay small: a month in seconds.
const MOST: u32 = 30 * 24 * 60 * 60;

impl Default for Alerts {
    fn default() -> Self {
        Self {
            thresholds: Thresholds {
                failed_percent: 20,
                failed_least: 10,
                window_minutes: 15,
                queue_seconds: 300,
                no_worker_seconds: 60,
                spend_percent: 80,
                repeat_minutes: 240,
                day_cap: MicroDollars(0),
            },
            every: Duration::from_secs(30),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(said: &str) -> anyhow::Result<Alerts> {
        Alerts::from(&Values {
            flags: BTreeMap::new(),
            environment: BTreeMap::from([(
                "MESOCYCLE_ALERT_THRESHOLDS".to_owned(),
                said.to_owned(),
            )]),
            file: BTreeMap::new(),
        })
    }

    #[test]
    fn what_is_not_named_stays_as_it_is() {
        let alerts = read("queue_seconds=7, spend_percent=0,look_seconds=1").unwrap();
        let mut expected = Alerts::default();
        expected.thresholds.queue_seconds = 7;
        expected.thresholds.spend_percent = 0;
        expected.every = Duration::from_secs(1);
        assert_eq!(alerts, expected);
        assert_eq!(read("").unwrap(), Alerts::default());
    }

    #[test]
    fn a_wrong_threshold_is_told_with_what_there_is() {
        for wrong in [
            "queue=7",
            "queue_seconds",
            "queue_seconds=-1",
            "look_seconds=0",
            "repeat_minutes=99999999",
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains("there are failed_percent"), "{error}");
        }
    }
}
