//! Which session falls on which day of the week, and what each session is made of.

use super::session::Session;
use crate::brief::{Brief, SplitWish, Weekday};
use crate::exercise::{Mechanic, Pattern};
use crate::profile::Goal;

/// A place in a session: the patterns that may fill it, the first that the athlete can do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub patterns: &'static [Pattern],
    pub mechanic: Mechanic,
}

const fn compound(patterns: &'static [Pattern]) -> Slot {
    Slot {
        patterns,
        mechanic: Mechanic::Compound,
    }
}

const fn isolation(patterns: &'static [Pattern]) -> Slot {
    Slot {
        patterns,
        mechanic: Mechanic::Isolation,
    }
}

const SQUAT: Slot = compound(&[Pattern::Squat, Pattern::Lunge, Pattern::KneeExtension]);
const LUNGE: Slot = compound(&[Pattern::Lunge, Pattern::Squat, Pattern::KneeExtension]);
const HINGE: Slot = compound(&[Pattern::Hinge, Pattern::KneeFlexion]);
const PUSH: Slot = compound(&[Pattern::HorizontalPush, Pattern::VerticalPush]);
const PRESS: Slot = compound(&[
    Pattern::VerticalPush,
    Pattern::ShoulderAbduction,
    Pattern::HorizontalPush,
]);
const ROW: Slot = compound(&[Pattern::HorizontalPull, Pattern::VerticalPull]);
const PULL: Slot = compound(&[Pattern::VerticalPull, Pattern::HorizontalPull]);
const FLY: Slot = isolation(&[Pattern::HorizontalPush]);
const REAR: Slot = isolation(&[Pattern::HorizontalPull]);
const LEG_CURL: Slot = isolation(&[Pattern::KneeFlexion, Pattern::Hinge]);
const LEG_EXTENSION: Slot = isolation(&[Pattern::KneeExtension, Pattern::Squat]);
const CURL: Slot = isolation(&[Pattern::ElbowFlexion]);
const TRICEPS: Slot = isolation(&[Pattern::ElbowExtension]);
const RAISE: Slot = isolation(&[Pattern::ShoulderAbduction]);
const CALF: Slot = isolation(&[Pattern::Calf]);
const BRACE: Slot = isolation(&[Pattern::CoreStability, Pattern::CoreFlexion]);
const CRUNCH: Slot = isolation(&[Pattern::CoreFlexion, Pattern::CoreStability]);
const CARRY: Slot = compound(&[Pattern::Carry, Pattern::CoreStability]);

/// What a session is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    FullBody(usize),
    Upper(usize),
    Lower(usize),
    Push(usize),
    Pull(usize),
    Legs(usize),
    /// Intervals of cardio and a little core work.
    Intervals,
    /// One long, steady piece of cardio.
    Steady,
    /// Strength of the whole body, then steady cardio.
    Mixed(usize),
    /// A flow of mobility and stretches, with some strength.
    Mobility(usize),
}

impl Focus {
    /// The words of `focus`.
    pub(super) fn words(self) -> Vec<&'static str> {
        match self {
            Self::FullBody(_) => vec!["Full body"],
            Self::Upper(_) => vec!["Upper body"],
            Self::Lower(_) => vec!["Lower body"],
            Self::Push(_) => vec!["Push", "Chest, shoulders and triceps"],
            Self::Pull(_) => vec!["Pull", "Back and biceps"],
            Self::Legs(_) => vec!["Legs", "Quads, hamstrings and glutes"],
            Self::Intervals => vec!["Cardio intervals", "Core"],
            Self::Steady => vec!["Steady cardio"],
            Self::Mixed(_) => vec!["Full-body strength endurance", "Cardio"],
            Self::Mobility(_) => vec!["Mobility", "Flexibility"],
        }
    }

    /// What the day is called in an 8-week block.
    pub(crate) fn day_name(self) -> &'static str {
        match self {
            Self::FullBody(_) => "Full-Body",
            Self::Upper(_) => "Upper",
            Self::Lower(_) => "Lower",
            Self::Push(_) => "Push",
            Self::Pull(_) => "Pull",
            Self::Legs(_) => "Legs",
            Self::Intervals => "Intervals",
            Self::Steady => "Cardio",
            Self::Mixed(_) => "Strength and Cardio",
            Self::Mobility(_) => "Mobility",
        }
    }

    /// The places to fill, the most important first. The number of a session gives variants their own order.
    pub(super) fn slots(self) -> &'static [Slot] {
        match self {
            Self::FullBody(n) | Self::Mixed(n) => match n % 3 {
                0 => &[SQUAT, PUSH, ROW, HINGE, PRESS, BRACE, CURL, CALF, RAISE],
                1 => &[HINGE, PRESS, PULL, LUNGE, PUSH, CRUNCH, TRICEPS, REAR, CALF],
                _ => &[
                    LUNGE, PUSH, ROW, HINGE, PRESS, CARRY, LEG_CURL, CURL, TRICEPS,
                ],
            },
            Self::Upper(n) => match n % 2 {
                0 => &[PUSH, ROW, PRESS, PULL, FLY, CURL, TRICEPS, RAISE, BRACE],
                _ => &[PULL, PUSH, ROW, PUSH, RAISE, TRICEPS, CURL, REAR, CRUNCH],
            },
            Self::Lower(n) | Self::Legs(n) => match n % 2 {
                0 => &[
                    SQUAT,
                    HINGE,
                    LUNGE,
                    LEG_CURL,
                    CALF,
                    BRACE,
                    LEG_EXTENSION,
                    CRUNCH,
                ],
                _ => &[
                    HINGE,
                    LUNGE,
                    SQUAT,
                    LEG_CURL,
                    CRUNCH,
                    CALF,
                    LEG_EXTENSION,
                    BRACE,
                ],
            },
            Self::Push(n) => match n % 2 {
                0 => &[PUSH, PRESS, PUSH, TRICEPS, RAISE, FLY, BRACE, TRICEPS],
                _ => &[PRESS, PUSH, PUSH, RAISE, TRICEPS, FLY, CRUNCH, TRICEPS],
            },
            Self::Pull(n) => match n % 2 {
                0 => &[ROW, PULL, ROW, CURL, REAR, CRUNCH, CURL, CARRY],
                _ => &[PULL, ROW, PULL, REAR, CURL, BRACE, CARRY],
            },
            Self::Mobility(n) => match n % 2 {
                0 => &[SQUAT, ROW, PUSH, BRACE],
                _ => &[HINGE, PUSH, ROW, BRACE],
            },
            Self::Intervals => &[BRACE, CRUNCH],
            Self::Steady => &[],
        }
    }
}

/// The sessions of a week in order: 1–3 full body, 4 upper and lower, 5 those and push, pull, legs, 6 push, pull, legs twice. A wished split is
/// followed where the number of days holds it. Endurance alternates cardio and strength; mobility is mobility.
pub(super) fn sessions(brief: &Brief) -> Vec<Focus> {
    use Focus::*;
    let days = brief.sessions();
    match brief.goal {
        Goal::FlexibilityMobility => (0..days).map(Mobility).collect(),
        Goal::Endurance => match days {
            1 => vec![Mixed(0)],
            2 => vec![Mixed(0), Mixed(1)],
            3 => vec![Intervals, Mixed(0), Steady],
            4 => vec![Intervals, Mixed(0), Steady, Mixed(1)],
            5 => vec![Intervals, Mixed(0), Steady, Mixed(1), Steady],
            _ => vec![Intervals, Mixed(0), Steady, Intervals, Mixed(1), Steady],
        },
        _ => match (days, brief.split) {
            (1..=3, Some(SplitWish::UpperLower)) if days >= 2 => {
                vec![Upper(0), Lower(0), FullBody(2)]
                    .into_iter()
                    .take(days)
                    .collect()
            }
            (3, Some(SplitWish::PushPullLegs)) => vec![Push(0), Pull(0), Legs(0)],
            (4, Some(SplitWish::PushPullLegs)) => vec![Push(0), Pull(0), Legs(0), FullBody(1)],
            (1..=3, _) | (4..=5, Some(SplitWish::FullBody)) => (0..days).map(FullBody).collect(),
            (4, _) => vec![Upper(0), Lower(0), Upper(1), Lower(1)],
            (5, _) => vec![Upper(0), Lower(0), Push(0), Pull(0), Legs(1)],
            (_, Some(SplitWish::UpperLower)) => {
                vec![Upper(0), Lower(0), Upper(1), Lower(1), Upper(0), Lower(0)]
            }
            _ => vec![Push(0), Pull(0), Legs(0), Push(1), Pull(1), Legs(1)],
        },
    }
}

/// A day of the week as it is planned.
#[derive(Debug)]
pub(super) struct PlannedDay {
    pub session: Option<Session>,
    /// How many days of rest came before it in this week; tells rest days apart.
    pub rest_no: usize,
    /// What the next day of the week trains, for the reason of a rest day.
    pub next: Option<Focus>,
}

/// The seven days in order, with the sessions on the athlete's training days.
pub(super) fn calendar(brief: &Brief, sessions: Vec<Session>) -> Vec<PlannedDay> {
    let chosen = training_days(brief.sessions(), brief);
    let mut sessions = sessions.into_iter();
    let on = |weekday: &Weekday| chosen.contains(weekday).then(|| sessions.next()).flatten();
    planned(Weekday::ALL.iter().map(on).collect())
}

/// Seven days of which each has a session or none.
pub(super) fn planned(sessions: Vec<Option<Session>>) -> Vec<PlannedDay> {
    let mut rests = 0;
    let mut days: Vec<PlannedDay> = sessions
        .into_iter()
        .map(|session| {
            rests += usize::from(session.is_none());
            PlannedDay {
                session,
                rest_no: rests,
                next: None,
            }
        })
        .collect();
    for no in 0..days.len() {
        days[no].next = days[(no + 1) % days.len()]
            .session
            .as_ref()
            .map(|session| session.focus);
    }
    days
}

/// The usual days for a number of sessions; weekdays that the athlete named come first, days on the road are left out while there are others, and the rest spread over the week.
pub(crate) fn training_days(count: usize, brief: &Brief) -> Vec<Weekday> {
    use Weekday::*;
    let usual: &[Weekday] = match count {
        1 => &[Wednesday],
        2 => &[Monday, Thursday],
        3 => &[Monday, Wednesday, Friday],
        4 => &[Monday, Tuesday, Thursday, Friday],
        5 => &[Monday, Tuesday, Wednesday, Friday, Saturday],
        _ => &[Monday, Tuesday, Wednesday, Thursday, Friday, Saturday],
    };
    let on_the_road_then = usual.iter().any(|day| brief.travel_days.contains(day));
    if brief.weekdays.is_empty() && !on_the_road_then {
        return usual.to_vec();
    }
    let choices = (0_u32..128).filter(|set| set.count_ones() as usize == count);
    let best = choices
        .min_by_key(|set| {
            let named = named(*set, brief);
            (
                std::cmp::Reverse(named),
                on_the_road(*set, brief),
                unevenness(*set),
                *set,
            )
        })
        .unwrap_or(1);
    Weekday::ALL
        .iter()
        .copied()
        .enumerate()
        .filter(|(no, _)| best >> no & 1 == 1)
        .map(|(_, day)| day)
        .collect()
}

fn named(set: u32, brief: &Brief) -> usize {
    Weekday::ALL
        .iter()
        .enumerate()
        .filter(|(no, day)| set >> no & 1 == 1 && brief.weekdays.contains(day))
        .count()
}

fn on_the_road(set: u32, brief: &Brief) -> usize {
    Weekday::ALL
        .iter()
        .enumerate()
        .filter(|(no, day)| set >> no & 1 == 1 && brief.travel_days.contains(day))
        .count()
}

/// The sum of the squared gaps between training days around the week: least when they are spread evenly.
fn unevenness(set: u32) -> u32 {
    let days: Vec<u32> = (0..7).filter(|no| set >> no & 1 == 1).collect();
    (0..days.len())
        .map(|no| (days[(no + 1) % days.len()] + 7 - days[no] - 1) % 7 + 1)
        .map(|gap| gap * gap)
        .sum()
}
