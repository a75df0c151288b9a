//! How many sets and repetitions, and how close to failure.

use crate::brief::{Brief, Limit};
use crate::exercise::{Equipment, Exercise, Load, Mechanic, Pattern};
use crate::plan::Reps;
use crate::plan::rules::least_rir;
use crate::profile::{Goal, Level};

/// Sets of an exercise before any are added for volume: 2 for novices, else 3; one less at low intensity, never under 2.
pub(super) fn base_sets(brief: &Brief, first: bool) -> i64 {
    let by_level = match brief.level {
        Level::Beginner if first => 3,
        Level::Beginner => 2,
        Level::Professional if first => 4,
        Level::Intermediate | Level::Professional => 3,
    };
    let by_goal = match brief.goal {
        Goal::Endurance | Goal::FlexibilityMobility => 2,
        _ => by_level,
    };
    if brief.intensity <= 3 || brief.has(Limit::Senior) {
        2
    } else {
        by_goal
    }
}

/// The most sets that volume may bring an exercise to.
pub(super) fn most_sets(brief: &Brief, exercise: &Exercise) -> i64 {
    let by_level = match brief.level {
        Level::Beginner => 3,
        Level::Intermediate => 4,
        Level::Professional => 5,
    };
    if exercise.mechanic == Mechanic::Isolation {
        by_level.min(4)
    } else {
        by_level
    }
}

/// Weekly sets that a major muscle should come near to: novice 8, intermediate 12, professional 16 (Baz-Valle 2022: 12–20 trained);
/// a sixth less under stress or poor sleep, a little more or less by intensity.
pub(super) fn weekly_target(brief: &Brief) -> f64 {
    let by_level = match brief.level {
        Level::Beginner => 8.0,
        Level::Intermediate => 12.0,
        Level::Professional => 16.0,
    };
    let by_goal = if brief.goal == Goal::MuscleGain {
        1.0
    } else {
        0.8
    };
    let by_intensity = 1.0 + (f64::from(brief.intensity) - 5.0) * 0.04;
    let by_rest = if brief.strained || brief.has(Limit::Senior) {
        0.83
    } else {
        1.0
    };
    by_level * by_goal * by_intensity * by_rest
}

/// Repetitions by goal (Schoenfeld 2021: 5–30 serve muscle; endurance 15–20; fat loss and general 8–15), seconds for holds.
pub(crate) fn reps(brief: &Brief, exercise: &Exercise, first: bool) -> Reps {
    if exercise.is_timed() {
        return Reps::seconds(hold(brief));
    }
    let gentle = brief.has(Limit::Senior) || brief.has(Limit::Pregnancy);
    let isolated = exercise.mechanic == Mechanic::Isolation;
    match (brief.goal, brief.level) {
        (Goal::Endurance, _) => Reps::count(15, 20),
        _ if matches!(exercise.pattern, Pattern::Calf) => Reps::count(12, 20),
        _ if gentle => Reps::count(10, 15),
        _ if exercise.load == Load::Bodyweight
            && brief.level != Level::Beginner
            && exercise.skill == 1 =>
        {
            Reps::count(10, 20)
        }
        _ if isolated => Reps::count(10, 15),
        (Goal::MuscleGain, Level::Professional)
            if first
                && exercise.equipment.contains(&Equipment::Barbell)
                && !exercise.unilateral =>
        {
            Reps::count(5, 8)
        }
        (Goal::MuscleGain, Level::Intermediate | Level::Professional) => Reps::count(6, 10),
        (Goal::WeightLoss, _) => Reps::count(10, 15),
        _ => Reps::count(8, 12),
    }
}

fn hold(brief: &Brief) -> u32 {
    match brief.level {
        Level::Beginner => 20,
        Level::Intermediate => 30,
        Level::Professional => 45,
    }
}

/// Repetitions in reserve: compound 2, isolation 1 (Robinson 2024); novices 3; one more at low intensity, one less at high.
pub(crate) fn rir(brief: &Brief, exercise: &Exercise) -> i64 {
    let compound = exercise.mechanic == Mechanic::Compound;
    let base = match brief.level {
        Level::Beginner => 3,
        Level::Intermediate | Level::Professional if compound => 2,
        Level::Intermediate | Level::Professional => 1,
    };
    let by_goal = i64::from(matches!(
        brief.goal,
        Goal::Endurance | Goal::FlexibilityMobility
    ));
    let by_intensity = match brief.intensity {
        0..=3 => 1,
        4..=7 => 0,
        _ => -1,
    };
    (base + by_goal + by_intensity)
        .max(least_rir(brief, exercise))
        .clamp(0, 4)
}
