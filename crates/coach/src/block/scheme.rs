//! How the eight weeks differ: effort, sets, load and the lighter weeks.

use super::template::Progression;
use crate::exercise::{Exercise, Load, Mechanic, Pattern};
use crate::words::names;

/// Weeks of a block.
pub const WEEKS: u8 = 8;

/// Seconds from which on a piece of cardio is steady work that grows by whole minutes.
pub(super) const STEADY: u32 = 600;

names! {
    /// `wave`: two waves of three harder weeks and a lighter one (coaches' consensus: Bell 2023). `novice`: harder from week to week without
    /// a lighter one, since novices recover in time.
    pub enum Scheme { Wave = "wave", Novice = "novice" }
}

/// What one week does to the template.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Added to the repetitions in reserve.
    pub rir: i64,
    /// Whether lifts may have one set more.
    pub more_sets: bool,
    /// A lighter week: six tenths of the sets, at least 4 repetitions in reserve, 10 % less weight.
    pub deload: bool,
    /// Steps of load since week 1.
    pub load: u32,
    /// Time of steady cardio and holds, as a share of the template's.
    pub time: f64,
}

const fn step(rir: i64, more_sets: bool, load: u32, time: f64) -> Step {
    Step {
        rir,
        more_sets,
        deload: false,
        load,
        time,
    }
}

const fn lighter(load: u32) -> Step {
    Step {
        rir: 0,
        more_sets: false,
        deload: true,
        load,
        time: 0.7,
    }
}

/// Reserve 3, 2, 2, 4, 2, 2, 1, 4 for a lift of 2.
const WAVE: [Step; WEEKS as usize] = [
    step(1, false, 0, 1.0),
    step(0, false, 1, 1.05),
    step(0, true, 2, 1.1),
    lighter(2),
    step(0, false, 2, 1.1),
    step(0, true, 3, 1.15),
    step(-1, true, 4, 1.2),
    lighter(4),
];

/// Reserve 3 and from week 5 on 2 for a lift of 3; a step of load whenever the top of the repetitions is reached (ACSM 2009).
const NOVICE: [Step; WEEKS as usize] = [
    step(0, false, 0, 1.0),
    step(0, false, 1, 1.0),
    step(0, false, 2, 1.05),
    step(0, false, 3, 1.1),
    step(-1, false, 4, 1.1),
    step(-1, false, 5, 1.15),
    step(-1, false, 6, 1.2),
    step(-1, false, 7, 1.2),
];

impl Scheme {
    /// The step of `week`, 1–8.
    pub(super) fn step(self, week: u8) -> Step {
        let steps = match self {
            Self::Wave => &WAVE,
            Self::Novice => &NOVICE,
        };
        steps[usize::from(week.clamp(1, WEEKS) - 1)]
    }

    /// The week whose load `week` builds on: the one before, and after a lighter week the one before that.
    pub(super) fn reference(self, week: u8) -> u8 {
        let before = week.saturating_sub(1).max(1);
        if self.step(before).deload {
            before - 1
        } else {
            before
        }
    }
}

impl Step {
    /// Sets of this week for `sets` of a harder one.
    pub(super) fn sets(self, sets: i64) -> i64 {
        if self.deload {
            ((sets as f64 * 0.6).round() as i64).max(1)
        } else {
            sets
        }
    }

    /// Repetitions in reserve for `rir` of the template, never under `least`; 4 and more are for easy work and stay.
    pub(super) fn rir(self, rir: i64, least: i64) -> i64 {
        match rir {
            4.. => rir,
            _ if self.deload => 4,
            _ => (rir + self.rir).clamp(least.min(4), 4),
        }
    }

    /// Seconds for `seconds` of the template: steady cardio of ten minutes or more by whole minutes, holds by 5 s; intervals stay.
    pub(super) fn seconds(self, exercise: &Exercise, seconds: u32) -> u32 {
        let scaled = f64::from(seconds) * self.time;
        match exercise.pattern {
            Pattern::Cardio if seconds >= STEADY => (scaled / 60.0).floor() as u32 * 60,
            pattern if pattern.is_strength() && !self.deload => (scaled / 5.0).round() as u32 * 5,
            _ => seconds,
        }
    }

    /// The planned load in percent of week 1; `None` where no weight is moved.
    pub(super) fn load_percent(self, exercise: &Exercise, progression: Progression) -> Option<f64> {
        if exercise.load != Load::External {
            return None;
        }
        let steps = if progression == Progression::None {
            0
        } else {
            self.load
        };
        let whole = 100.0 + f64::from(steps) * step_percent(exercise);
        Some(if self.deload { whole * 0.9 } else { whole })
    }
}

/// A step of load in percent: 5 for compound leg work, 2.5 for the rest (2–10 % when repetitions are reached: ACSM 2009).
pub(super) fn step_percent(exercise: &Exercise) -> f64 {
    if is_leg_lift(exercise) { 5.0 } else { 2.5 }
}

/// Whether large muscles of the legs move the weight, so that steps are larger.
pub(super) fn is_leg_lift(exercise: &Exercise) -> bool {
    exercise.mechanic == Mechanic::Compound
        && matches!(
            exercise.pattern,
            Pattern::Squat | Pattern::Hinge | Pattern::Lunge
        )
}
