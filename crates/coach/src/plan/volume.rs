//! Sets per muscle: primary muscles count a whole set, secondary half of one (Pelland 2025).

use std::collections::BTreeMap;

use super::draft::{Day, Draft};
use super::session::weekly_set_capacity;
use crate::brief::Brief;
use crate::exercise::{MAJOR_MUSCLES, Muscle, catalogue};
use crate::profile::Goal;

/// A week that holds fewer sets than this cannot give every major muscle its minimum, and need not.
pub const MINIMUM_CAPACITY: f64 = 34.0;

/// Sets of every muscle that one session works.
pub fn session_sets(day: &Day) -> BTreeMap<Muscle, f64> {
    let mut sets = BTreeMap::new();
    for one in day.work().filter(|one| one.exercise.pattern.is_strength()) {
        for muscle in one.exercise.primary.iter().chain(&one.exercise.secondary) {
            *sets.entry(*muscle).or_default() += one.exercise.share(*muscle) * one.item.sets as f64;
        }
    }
    sets
}

/// Sets of every muscle that the week works.
pub fn weekly_sets(draft: &Draft) -> BTreeMap<Muscle, f64> {
    let mut sets = BTreeMap::new();
    for (muscle, more) in draft.days().iter().flat_map(|(_, day)| session_sets(day)) {
        *sets.entry(muscle).or_default() += more;
    }
    sets
}

/// The muscles that must get at least 4 sets a week (Iversen 2021, Pelland 2025: the least that works): the major ones that the athlete
/// can train in two ways or more, where days and minutes can hold it. Endurance and mobility have other aims, and no such minimum.
pub fn weekly_minimum(brief: &Brief) -> Vec<Muscle> {
    let strength = matches!(
        brief.goal,
        Goal::MuscleGain | Goal::WeightLoss | Goal::GeneralFitness
    );
    if !strength || weekly_set_capacity(brief) < MINIMUM_CAPACITY {
        return Vec::new();
    }
    let ways = |muscle: &Muscle| {
        catalogue()
            .iter()
            .filter(|one| one.share(*muscle) == 1.0 && brief.allows(one))
            .count()
    };
    MAJOR_MUSCLES
        .into_iter()
        .filter(|muscle| ways(muscle) >= 2)
        .collect()
}
