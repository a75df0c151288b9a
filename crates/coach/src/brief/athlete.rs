//! The athlete's own facts and wishes: level, intensity, split, days, sleep.

use std::collections::BTreeSet;
use std::fmt;

use super::DEFAULT_INTENSITY;
use super::limits::Limit;
use crate::profile::{Level, ProfileSnapshot};
use crate::words::{self, names};

names! {
    /// A day of the week, written as the keys of `days`.
    pub enum Weekday {
        Monday = "monday", Tuesday = "tuesday", Wednesday = "wednesday", Thursday = "thursday",
        Friday = "friday", Saturday = "saturday", Sunday = "sunday",
    }
}

names! {
    /// A split that the athlete asks for; followed where the number of days holds it.
    pub enum SplitWish { FullBody = "full body", UpperLower = "upper/lower", PushPullLegs = "push/pull/legs" }
}

names! {
    /// The unit that weights are written in.
    pub enum LoadUnit { Kilograms = "kg", Pounds = "lb" }
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Minutes after midnight, 0–1439.
    pub minutes: u32,
}

impl Clock {
    /// Reads `HH:MM` (or `H`, with `am` or `pm`).
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let afternoon = text.ends_with("pm");
        let morning = text.ends_with("am");
        let mut numbers = text
            .trim_end_matches(|c: char| !c.is_ascii_digit())
            .splitn(3, ':')
            .map(|part| part.parse::<u32>());
        let hour = numbers.next()?.ok()?;
        let minute = numbers.next().unwrap_or(Ok(0)).ok()?;
        let hour = match hour {
            12 if morning => 0,
            1..=11 if afternoon => hour + 12,
            _ => hour,
        };
        (hour < 24 && minute < 60).then_some(Self {
            minutes: hour * 60 + minute,
        })
    }

    /// This time, `minutes` earlier.
    pub fn before(self, minutes: u32) -> Self {
        Self {
            minutes: (self.minutes + 1_440 - minutes % 1_440) % 1_440,
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:02}:{:02}",
            self.minutes / 60,
            self.minutes % 60
        )
    }
}

pub(super) fn level(profile: &ProfileSnapshot, limits: &BTreeSet<Limit>) -> Level {
    if limits.contains(&Limit::Minor) {
        Level::Beginner
    } else {
        profile.training_level.unwrap_or(Level::Intermediate)
    }
}

/// `workoutIntensityLevel`, else the word in `workoutIntensity`, else 5.
pub(super) fn intensity(profile: &ProfileSnapshot) -> u8 {
    let text = profile.workout_intensity.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match profile.workout_intensity_level {
        Some(level) => level.round() as u8,
        None if says(&["low", "light", "easy", "gentle"]) => 3,
        None if says(&["high", "hard", "intense", "max"]) => 8,
        None => DEFAULT_INTENSITY,
    }
}

pub(super) fn split(text: &str) -> Option<SplitWish> {
    let words = words::tokens(text).join(" ");
    if words.contains("full body") || words.contains("fullbody") || words.contains("whole body") {
        Some(SplitWish::FullBody)
    } else if words.contains("upper") && words.contains("lower") {
        Some(SplitWish::UpperLower)
    } else if words.contains("ppl") || words.contains("push") && words.contains("pull") {
        Some(SplitWish::PushPullLegs)
    } else {
        None
    }
}

/// Cardio that goals and styles name, and that is not denied there.
pub(super) fn cardio_wishes(profile: &ProfileSnapshot) -> BTreeSet<&'static str> {
    const WORDS: &[(&[&str], &[&str])] = &[
        (
            &["run", "running", "marathon", "jog", "jogging", "5k", "10k"],
            &["easy-run", "running-intervals"],
        ),
        (
            &["bike", "cycling", "cycle", "bicycle", "spinning"],
            &["stationary-bike", "bike-intervals"],
        ),
        (&["rowing", "rower"], &["rowing-machine"]),
        (
            &["walk", "walking", "hiking", "hike"],
            &["brisk-walk", "treadmill-incline-walk"],
        ),
        (&["boxing"], &["shadow-boxing"]),
    ];
    let texts = profile
        .personal_goals
        .iter()
        .chain(&profile.training_style_preferences)
        .chain([&profile.special_requests]);
    let mut wishes = BTreeSet::new();
    for clause in texts.flat_map(|text| words::clauses(text)) {
        let said = |word: &&str| {
            clause
                .words
                .iter()
                .position(|one| one == word)
                .is_some_and(|place| !clause.denies(place))
        };
        let meant = WORDS.iter().filter(|(words, _)| words.iter().any(&said));
        wishes.extend(meant.flat_map(|(_, slugs)| slugs.iter().copied()));
    }
    wishes
}

/// The weekdays named in a list: `Tuesday`, `tue`, `Mon/Thu`; "weekend" is both of its days.
pub(super) fn weekdays(list: &[String]) -> BTreeSet<Weekday> {
    let said = words::tokens(&list.join(" ")).join(" ");
    let weekend = said.contains("weekend");
    Weekday::ALL
        .iter()
        .copied()
        .filter(|day| {
            let short = &day.name()[..3];
            let named = said.split(' ').any(|word| {
                word.len() >= 3
                    && word.starts_with(short)
                    && (word.len() <= 5 || word.ends_with("day"))
            });
            named || weekend && matches!(day, Weekday::Saturday | Weekday::Sunday)
        })
        .collect()
}

pub(super) fn strained(profile: &ProfileSnapshot) -> bool {
    let text = format!("{} ", profile.stress_baseline).to_lowercase();
    let stressed = text.contains("high")
        || profile
            .stress_baseline
            .parse::<f64>()
            .is_ok_and(|level| level >= 7.0);
    let sleep = profile.sleep_quality_baseline.to_lowercase();
    let sleepless = ["poor", "bad", "low"]
        .iter()
        .any(|word| sleep.contains(word));
    stressed
        || sleepless
        || profile
            .sleep_quality_baseline
            .parse::<f64>()
            .is_ok_and(|quality| quality <= 3.0)
}

pub(super) fn drinks_caffeine(profile: &ProfileSnapshot) -> bool {
    let said = words::tokens(&profile.caffeine_frequency);
    !said.is_empty()
        && !said
            .iter()
            .any(|word| ["no", "none", "never", "0"].contains(&word.as_str()))
}

/// At most twelve short plain texts: links, markup and what is too long are the app's, not the plan's.
pub(super) fn short_list(list: &[String]) -> Vec<String> {
    let plain = |text: &String| -> bool { text.chars().count() <= 60 && words::is_plain(text) };
    let none = |text: &String| {
        ["none", "no", "nothing", "n/a", "na"].contains(&text.to_lowercase().as_str())
    };
    list.iter()
        .filter(|text| plain(text) && !none(text))
        .take(12)
        .cloned()
        .collect()
}
