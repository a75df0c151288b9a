//! When a pattern fires where clocks are put forward and back, and over a whole year.

use durable::schedule::next_fires;
use jiff::{Timestamp, ToSpan, civil::DateTime, tz::TimeZone};

fn fires(cron: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    let after: Timestamp = after.parse().expect("a time");
    next_fires(cron, zone, after, count)
        .expect("fires")
        .into_iter()
        .map(|at| at.to_string())
        .collect()
}

#[test]
fn a_fixed_time_that_does_not_exist_fires_at_the_first_instant_after_the_gap() {
    // Berlin 2026-03-29: 02:00 CET is 03:00 CEST. New York 2026-03-08: 02:00 EST is 03:00 EDT.
    assert_eq!(
        fires("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2),
        ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
    );
    assert_eq!(
        fires("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2),
        ["2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]
    );
    // Lord Howe 2026-10-04: 02:00 +10:30 is 02:30 +11.
    assert_eq!(
        fires(
            "15 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-03T00:00:00Z",
            2
        ),
        ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]
    );
}

#[test]
fn a_fixed_time_that_occurs_twice_fires_at_the_first_of_the_two() {
    // Berlin 2026-10-25: 03:00 CEST is 02:00 CET. New York 2026-11-01: 02:00 EDT is 01:00 EST.
    assert_eq!(
        fires("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
        ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
    );
    assert_eq!(
        fires("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2),
        ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]
    );
    // Lord Howe 2026-04-05: 02:00 +11 is 01:30 +10:30.
    assert_eq!(
        fires(
            "45 1 * * *",
            "Australia/Lord_Howe",
            "2026-04-04T00:00:00Z",
            2
        ),
        ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]
    );
}

#[test]
fn an_interval_goes_on_through_both_by_the_clock_on_the_wall() {
    assert_eq!(
        fires("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:29:00Z", 3),
        [
            "2026-03-29T00:30:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-29T01:30:00Z"
        ]
    );
    assert_eq!(
        fires("0 * * * *", "America/New_York", "2026-11-01T04:30:00Z", 3),
        [
            "2026-11-01T05:00:00Z",
            "2026-11-01T06:00:00Z",
            "2026-11-01T07:00:00Z"
        ]
    );
    assert_eq!(
        fires(
            "*/15 * * * *",
            "Australia/Lord_Howe",
            "2026-04-04T14:40:00Z",
            4
        ),
        [
            "2026-04-04T14:45:00Z",
            "2026-04-04T15:00:00Z",
            "2026-04-04T15:15:00Z",
            "2026-04-04T15:30:00Z"
        ]
    );
    // Several fixed hours count as an interval: the one that does not exist is left out.
    assert_eq!(
        fires("30 2,14 * * *", "Europe/Berlin", "2026-03-28T14:00:00Z", 2),
        ["2026-03-29T12:30:00Z", "2026-03-30T00:30:00Z"]
    );
}

/// One field of a simple pattern: its text and what it matches.
struct Field {
    text: String,
    matches: Box<dyn Fn(i8) -> bool>,
    single: bool,
}

/// A small generator of numbers (xorshift), so that a seed tells all.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn number(&mut self, from: i8, to: i8) -> i8 {
        from + i8::try_from(self.below(u64::from(to.abs_diff(from)) + 1)).expect("small")
    }

    fn single(&mut self, from: i8, to: i8) -> Field {
        let number = self.number(from, to);
        Field {
            text: number.to_string(),
            matches: Box::new(move |value| value == number),
            single: true,
        }
    }

    fn any() -> Field {
        Field {
            text: "*".to_owned(),
            matches: Box::new(|_| true),
            single: false,
        }
    }

    fn field(&mut self, from: i8, to: i8) -> Field {
        let (one, other) = (self.number(from, to), self.number(from, to));
        let (low, high) = (one.min(other), one.max(other));
        let step = self.number(2, (to / 2).max(2));
        match self.below(5) {
            0 => Self::any(),
            1 if low < high => Field {
                text: format!("{low},{high}"),
                matches: Box::new(move |value| value == low || value == high),
                single: false,
            },
            2 if low < high => Field {
                text: format!("{low}-{high}"),
                matches: Box::new(move |value| low <= value && value <= high),
                single: false,
            },
            3 => Field {
                text: format!("*/{step}"),
                matches: Box::new(move |value| (value - from) % step == 0),
                single: false,
            },
            _ => self.single(from, to),
        }
    }
}

/// What a year's minutes say, one by one: no cleverness, no cron.
fn scan(
    zone: &TimeZone,
    year: &[(Timestamp, DateTime)],
    fields: &[Field; 5],
    both_days: bool,
) -> Vec<Timestamp> {
    let [minute, hour, day, month, weekday] = fields;
    let on_day = |at: DateTime| {
        let (by_day, by_weekday) = (
            (day.matches)(at.day()),
            (weekday.matches)(at.weekday().to_sunday_zero_offset()),
        );
        (month.matches)(at.month())
            && if both_days {
                by_day || by_weekday
            } else {
                by_day && by_weekday
            }
    };
    let matches =
        |at: DateTime| (minute.matches)(at.minute()) && (hour.matches)(at.hour()) && on_day(at);
    let fixed = minute.single && hour.single;
    let mut fires = Vec::new();
    for pair in year.windows(2) {
        let ((_, before), (at, now)) = (pair[0], pair[1]);
        // Minutes that the wall clock jumped over.
        let mut skipped = before + 1.minute();
        let mut from_gap = false;
        while skipped < now {
            from_gap |= fixed && matches(skipped);
            skipped += 1.minute();
        }
        let second_pass = fixed
            && zone
                .to_ambiguous_timestamp(now)
                .later()
                .is_ok_and(|later| later == at)
            && zone.to_ambiguous_timestamp(now).is_ambiguous();
        if (matches(now) && !second_pass) || (from_gap && on_day(now)) {
            fires.push(at);
        }
    }
    fires
}

#[test]
fn over_a_year_fires_are_what_a_look_at_every_minute_says() {
    let seed = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a clock")
        .as_nanos() as u64
        | 1;
    println!("seed {seed}");
    let mut random = Random(seed);
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    for name in [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "UTC",
    ] {
        let zone = TimeZone::get(name).expect("a zone");
        let year: Vec<_> = (0..365 * 24 * 60)
            .map(|minute| start + minute.minutes())
            .map(|at| (at, zone.to_datetime(at)))
            .collect();
        for round in 0..12 {
            let (minute, hour) = match round % 4 {
                // Fixed times about the hours in which clocks change.
                0 => (random.single(0, 59), random.single(1, 3)),
                _ => (random.field(0, 59), random.field(0, 23)),
            };
            let (day, weekday) = match random.below(4) {
                0 => (random.single(1, 28), Random::any()),
                1 => (Random::any(), random.single(0, 6)),
                2 => (random.single(1, 28), random.single(0, 6)),
                _ => (Random::any(), Random::any()),
            };
            let month = match random.below(3) {
                0 => random.field(1, 12),
                _ => Random::any(),
            };
            let both_days = day.single && weekday.single;
            let fields = [minute, hour, day, month, weekday];
            let pattern = fields
                .iter()
                .map(|field| field.text.as_str())
                .collect::<Vec<_>>()
                .join(" ");
            let expected = scan(&zone, &year, &fields, both_days);
            let found = next_fires(&pattern, name, start, expected.len() + 1).expect(&pattern);
            let first_difference = expected
                .iter()
                .zip(&found)
                .find(|(expected, found)| expected != found);
            assert_eq!(first_difference, None, "{pattern} in {name}, seed {seed}");
            let end = year[year.len() - 1].0;
            assert!(
                found.last().is_none_or(|last| *last > end),
                "{pattern} in {name}, seed {seed}: more than the scan"
            );
        }
    }
}
