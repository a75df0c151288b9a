//! How long a session takes, and how many sets a week can hold.

use super::draft::{BlockKind, Day};
use super::reps::Reps;
use crate::brief::Brief;
use crate::exercise::{Exercise, Mechanic, Pattern};
use crate::profile::{Goal, Level};

/// Minutes that getting ready for each exercise takes.
const SET_UP_MINUTES: f64 = 1.0;

/// Minutes of the general warm-up: 6 (Iversen 2021), and in sessions under 40 minutes 15 % of them.
pub fn warm_up_minutes(minutes: f64) -> f64 {
    (minutes * 0.15).min(6.0)
}

/// Seconds of rest after a set. Compound lifts 120 s for muscle, 60–90 s for the other goals; isolation 60 s (Singer 2024: little gain
/// beyond 90 s); a circuit 30 s; intervals as long as they took, at most 90 s.
pub fn rest_seconds(goal: Goal, kind: BlockKind, exercise: &Exercise, reps: Reps) -> f64 {
    match exercise.pattern {
        Pattern::Cardio if reps.set_seconds() >= 240.0 => 60.0,
        Pattern::Cardio => reps.set_seconds().min(90.0),
        Pattern::Mobility | Pattern::Stretch | Pattern::Balance => 15.0,
        _ if kind == BlockKind::Circuit => 30.0,
        _ if exercise.is_timed() => 45.0,
        _ if exercise.mechanic == Mechanic::Isolation => 60.0,
        _ => compound_rest(goal),
    }
}

fn compound_rest(goal: Goal) -> f64 {
    match goal {
        Goal::MuscleGain => 120.0,
        Goal::GeneralFitness => 90.0,
        Goal::WeightLoss | Goal::FlexibilityMobility => 75.0,
        Goal::Endurance => 60.0,
    }
}

/// Minutes of one exercise: its sets with their rest, both sides where one-sided, and a minute to get ready (Iversen 2021).
pub(crate) fn exercise_minutes(
    goal: Goal,
    kind: BlockKind,
    exercise: &Exercise,
    sets: i64,
    reps: Reps,
) -> f64 {
    minutes_with_rest(
        exercise,
        sets,
        reps,
        rest_seconds(goal, kind, exercise, reps),
    )
}

/// The same with `rest` seconds after each set.
pub(crate) fn minutes_with_rest(exercise: &Exercise, sets: i64, reps: Reps, rest: f64) -> f64 {
    let sides = if exercise.unilateral { 2.0 } else { 1.0 };
    let set = reps.set_seconds() * sides + rest;
    sets as f64 * set / 60.0 + SET_UP_MINUTES
}

/// Minutes of a session: the warm-up, every exercise of its work, and the cool-down as it is written.
pub fn session_minutes(day: &Day, brief: &Brief) -> f64 {
    let work: f64 = day
        .work()
        .map(|one| exercise_minutes(brief.goal, one.kind, one.exercise, one.item.sets, one.reps))
        .sum();
    let cool_down: f64 = day
        .items()
        .filter(|(block, _)| block.kind() == Some(BlockKind::CoolDown))
        .filter_map(|(_, item)| {
            Some((
                crate::exercise::find(&item.exercise)?,
                Reps::read(&item.reps)?,
                item.sets,
            ))
        })
        .map(|(exercise, reps, sets)| {
            sets as f64 * reps.set_seconds() * if exercise.unilateral { 2.0 } else { 1.0 } / 60.0
        })
        .sum();
    warm_up_minutes(brief.minutes) + work + cool_down
}

/// The exercises and the sets of each that a level holds in one session.
pub(crate) fn level_caps(brief: &Brief) -> (usize, i64) {
    match brief.level {
        Level::Beginner => (6, 3),
        Level::Intermediate => (8, 4),
        Level::Professional => (9, 5),
    }
}

/// Hard sets that the week's sessions can hold, by minutes and level.
pub fn weekly_set_capacity(brief: &Brief) -> f64 {
    let (exercises, sets) = level_caps(brief);
    let by_level = exercises as f64 * sets as f64;
    let minutes_a_set = (40.0 + compound_rest(brief.goal)) / 60.0 + SET_UP_MINUTES / 3.0;
    let by_time = (brief.minutes - warm_up_minutes(brief.minutes) - 3.0).max(0.0) / minutes_a_set;
    brief.sessions() as f64 * by_time.min(by_level)
}
