//! When a cron pattern fires in a time zone.

use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};

use super::{Misfire, ScheduleError};

/// A fire time older than this was missed; one younger is only late, by a worker's round or restart.
const LATE: SignedDuration = SignedDuration::from_secs(60);

/// A cron pattern in a time zone.
pub(super) struct Pattern {
    cron: Cron,
    zone: TimeZone,
}

/// What is to be done about a schedule that is due.
#[derive(Debug, PartialEq)]
pub(super) struct Fires {
    /// The fire times to run, earliest first.
    pub(super) run: Vec<Timestamp>,
    /// How many more there were.
    pub(super) missed: i64,
    /// The first one that is not due.
    pub(super) next: Timestamp,
}

impl Pattern {
    pub(super) fn parse(pattern: &str, zone: &str) -> Result<Self, ScheduleError> {
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser
            .parse(pattern)
            .map_err(|error| wrong(pattern, format!("cannot be read ({error})")))?;
        let zone = TimeZone::get(zone).map_err(|_| ScheduleError::TimeZone {
            name: zone.to_owned(),
        })?;
        Ok(Self { cron, zone })
    }

    pub(super) fn next_after(&self, after: Timestamp) -> Result<Timestamp, ScheduleError> {
        self.after(after)
            .next()
            .ok_or_else(|| wrong(self.cron.as_str(), "never fires".to_owned()))
    }

    /// The fire times after a moment, without end unless the pattern has one.
    fn after(&self, after: Timestamp) -> impl Iterator<Item = Timestamp> {
        let after: Zoned = after.to_zoned(self.zone.clone());
        self.cron.iter_after(after).map(|at| at.timestamp())
    }

    /// Sorts what has come due since `first`, a fire time that was not run.
    pub(super) fn fires(
        &self,
        first: Timestamp,
        now: Timestamp,
        misfire: Misfire,
    ) -> Result<Fires, ScheduleError> {
        let mut due: Vec<Timestamp> = [first]
            .into_iter()
            .chain(self.after(first))
            .take_while(|at| *at <= now)
            .collect();
        let next = self.next_after(now.max(first))?;
        let old = due.partition_point(|at| now.duration_since(*at) > LATE);
        let late = due.len() - old;
        let made_up = match misfire {
            Misfire::Skip => 0,
            Misfire::One if late > 0 => 0,
            Misfire::One => 1,
            Misfire::All { cap } => usize::try_from(cap).unwrap_or(usize::MAX),
        };
        let missed = old.saturating_sub(made_up);
        Ok(Fires {
            run: due.split_off(missed),
            missed: i64::try_from(missed).unwrap_or(i64::MAX),
            next,
        })
    }
}

/// The next `count` fire times of a pattern after a moment.
///
/// # Errors
/// Says what is wrong with the pattern or the time zone, and what would be right.
pub fn next_fires(
    cron: &str,
    time_zone: &str,
    after: Timestamp,
    count: usize,
) -> Result<Vec<Timestamp>, ScheduleError> {
    let pattern = Pattern::parse(cron, time_zone)?;
    pattern.next_after(after)?;
    Ok(pattern.after(after).take(count).collect())
}

fn wrong(pattern: &str, problem: String) -> ScheduleError {
    ScheduleError::Cron {
        pattern: pattern.to_owned(),
        problem,
    }
}
