//! Sets per muscle: primary muscles count a whole set, secondary half of one (Pelland 2025).

use super::draft::{Day, Draft};
use super::session::weekly_set_capacity;
use crate::brief::Brief;
use crate::exercise::{MAJOR_MUSCLES, Muscle, catalogue};
use crate::profile::Goal;

/// A week that holds fewer sets than this cannot give every major muscle its minimum, and need not.
pub const MINIMUM_CAPACITY: f64 = 34.0;

/// Sets of a muscle in one session.
pub fn session_sets(day: &Day, muscle: Muscle) -> f64 {
    day.work().map(|one| one.exercise.share(muscle) * one.item.sets as f64).sum()
}

/// Sets of a muscle in the week.
pub fn weekly_sets(draft: &Draft, muscle: Muscle) -> f64 {
    draft.days().iter().map(|(_, day)| session_sets(day, muscle)).sum()
}

/// The muscles that must get at least 4 sets a week (Iversen 2021, Pelland 2025: the least that works): the major ones that the athlete
/// can train in two ways or more, where days and minutes can hold it. Endurance and mobility have other aims, and no such minimum.
pub fn weekly_minimum(brief: &Brief) -> Vec<Muscle> {
    let strength = matches!(brief.goal, Goal::MuscleGain | Goal::WeightLoss | Goal::GeneralFitness);
    if !strength || weekly_set_capacity(brief) < MINIMUM_CAPACITY {
        return Vec::new();
    }
    let ways = |muscle: &Muscle| catalogue().iter().filter(|one| one.share(*muscle) == 1.0 && brief.allows(one)).count();
    MAJOR_MUSCLES.into_iter().filter(|muscle| ways(muscle) >= 2).collect()
}
