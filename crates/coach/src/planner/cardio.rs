//! Cardio: intervals, steady work and the short conditioning after lifting.

use super::chance::Chance;
use super::session::{Lift, Used};
use crate::brief::{Brief, Limit};
use crate::exercise::{Exercise, Pattern, catalogue};
use crate::plan::Reps;
use crate::profile::{Goal, Level};

/// Groups that can be kept up for many minutes, and how much each is like a coach's first choice.
const STEADY: &[(&str, f64)] = &[
    ("run", 2.0),
    ("bike", 2.0),
    ("row-erg", 1.5),
    ("walk", 1.2),
    ("incline-walk", 1.6),
    ("elliptical", 1.4),
    ("stairs", 0.3),
    ("step-touch", 0.0),
];
/// Groups for short hard efforts.
const INTERVALS: &[(&str, f64)] = &[
    ("run-intervals", 2.0),
    ("bike-intervals", 2.0),
    ("row-erg", 1.6),
    ("jump-rope", 1.5),
    ("battle-rope", 1.0),
    ("high-knees", 0.8),
    ("jacks", 0.8),
    ("skater", 0.6),
    ("climber", 0.6),
    ("burpee", 0.4),
    ("boxing", 0.9),
    ("stairs", 0.9),
    ("walk", 0.0),
    ("step-touch", 0.2),
];

/// Whether an exercise is for long easy work, and how much like a first choice; `None` where it is not.
pub(crate) fn steady_liking(exercise: &Exercise) -> Option<f64> {
    liking(STEADY, exercise)
}

/// The same for short hard efforts.
pub(crate) fn interval_liking(exercise: &Exercise) -> Option<f64> {
    liking(INTERVALS, exercise)
}

fn liking(groups: &[(&str, f64)], exercise: &Exercise) -> Option<f64> {
    groups
        .iter()
        .find(|(group, _)| *group == exercise.group)
        .map(|(_, liking)| *liking)
}

fn choose(
    brief: &Brief,
    groups: &[(&str, f64)],
    used: &mut Used,
    chance: &mut Chance,
) -> Option<&'static Exercise> {
    let liking = |one: &Exercise| liking(groups, one);
    let open = |one: &&Exercise| {
        one.pattern == Pattern::Cardio && brief.allows(one) && liking(one).is_some()
    };
    let chosen = chance.best(catalogue().iter().filter(open), 1.2, |one| {
        let wished = if brief.cardio_wishes.contains(one.slug.as_str()) {
            4.0
        } else {
            0.0
        };
        liking(one).unwrap_or_default() + wished
            - used.weight(one).min(2.0) * if wished > 0.0 { 0.3 } else { 1.0 }
    })?;
    used.note(chosen);
    Some(chosen)
}

/// Easy enough to talk: RIR 4 stands for that.
const TALKING: i64 = 4;

/// Hard efforts with as much rest, in about `minutes`: 30–120 s, 3 to 10 of them.
pub(super) fn intervals(
    brief: &Brief,
    minutes: f64,
    used: &mut Used,
    chance: &mut Chance,
) -> Vec<Lift> {
    let Some(exercise) = choose(brief, INTERVALS, used, chance) else {
        return Vec::new();
    };
    let work = match brief.level {
        Level::Beginner => 45.0,
        Level::Intermediate => 60.0,
        Level::Professional => 90.0,
    };
    let work: f64 = if minutes >= 30.0 {
        work + 30.0
    } else if minutes < 8.0 {
        30.0
    } else {
        work
    };
    let sides = if exercise.unilateral { 2.0 } else { 1.0 };
    let sets = ((minutes - 1.0) * 60.0 / (work * sides + work.min(90.0)))
        .floor()
        .clamp(2.0, 10.0);
    vec![Lift {
        exercise,
        sets: sets as i64,
        reps: Reps::seconds(work as u32),
        rir: hard(brief),
    }]
}

fn hard(brief: &Brief) -> i64 {
    let base = if brief.level == Level::Beginner || brief.intensity <= 3 {
        3
    } else {
        2
    };
    base.max(brief.min_rir())
}

/// Steady work of about `minutes`, in `pieces`: whole minutes each.
pub(super) fn steady(
    brief: &Brief,
    minutes: f64,
    pieces: i64,
    used: &mut Used,
    chance: &mut Chance,
) -> Vec<Lift> {
    let Some(exercise) = choose(brief, STEADY, used, chance) else {
        return Vec::new();
    };
    let each = ((minutes - 1.0) / pieces as f64 - 1.0).floor();
    if each < 3.0 {
        return intervals(brief, minutes, used, chance);
    }
    let each = if each >= 10.0 {
        (each / 5.0).floor() * 5.0
    } else {
        each
    };
    let each = each.min(if brief.level == Level::Beginner {
        20.0
    } else {
        40.0
    });
    vec![Lift {
        exercise,
        sets: pieces,
        reps: Reps::seconds(each as u32 * 60),
        rir: TALKING,
    }]
}

/// The short piece after lifting: every session for weight loss, every second one for general fitness; none where there is no time.
pub(super) fn conditioning(
    brief: &Brief,
    session_no: usize,
    budget: f64,
    used: &mut Used,
    chance: &mut Chance,
) -> Vec<Lift> {
    let wanted = match brief.goal {
        Goal::WeightLoss => brief.minutes >= 25.0,
        Goal::GeneralFitness => brief.minutes >= 35.0 && session_no.is_multiple_of(2),
        _ => false,
    };
    if !wanted {
        return Vec::new();
    }
    let minutes = (budget * 0.25).clamp(6.0, 16.0);
    let gentle = [
        Limit::BloodPressure,
        Limit::Pregnancy,
        Limit::Senior,
        Limit::Unclear,
    ]
    .iter()
    .any(|limit| brief.has(*limit));
    if gentle || (session_no + chance.next() as usize % 2).is_multiple_of(2) {
        steady(brief, minutes, 1, used, chance)
    } else {
        intervals(brief, minutes, used, chance)
    }
}
