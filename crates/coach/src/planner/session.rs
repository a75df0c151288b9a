//! A session under construction: its exercises with their doses, the minutes they take, and what the week has used already.

use std::collections::HashMap;

use super::dose;
use super::split::Focus;
use crate::brief::Brief;
use crate::exercise::{Exercise, Mechanic, Muscle, Pattern};
use crate::plan::{BlockKind, Reps, exercise_minutes};

/// One exercise of a session with its dose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lift {
    pub exercise: &'static Exercise,
    pub sets: i64,
    pub reps: Reps,
    pub rir: i64,
}

/// One session.
#[derive(Debug)]
pub(crate) struct Session {
    pub focus: Focus,
    /// Whether the lifts are done in turn with little rest.
    pub circuit: bool,
    pub lifts: Vec<Lift>,
    /// Cardio: main work where there are no lifts before it, else conditioning.
    pub cardio: Vec<Lift>,
    /// Mobility as main work.
    pub flow: Vec<Lift>,
    /// Minutes for lifts, cardio and flow.
    pub(super) budget: f64,
}

impl Session {
    /// The kind of block that the strength lifts stand in.
    pub(super) fn kind(&self) -> BlockKind {
        if self.circuit {
            BlockKind::Circuit
        } else {
            BlockKind::Main
        }
    }

    /// The session's work by the blocks that it stands in, in order; some may be empty.
    pub(crate) fn parts(&self) -> [(BlockKind, Vec<&Lift>); 3] {
        let (compound, isolation): (Vec<&Lift>, Vec<&Lift>) = self.lifts.iter().partition(|lift| {
            lift.exercise.mechanic == Mechanic::Compound && lift.exercise.pattern != Pattern::Carry
        });
        let mut main: Vec<&Lift> = self.flow.iter().collect();
        let mut accessory: Vec<&Lift> = Vec::new();
        let mut conditioning: Vec<&Lift> = Vec::new();
        let cardio_first = matches!(self.focus, Focus::Intervals | Focus::Steady);
        if cardio_first {
            main.extend(self.cardio.iter().filter(|lift| lift.sets > 1));
        } else {
            conditioning.extend(&self.cardio);
        }
        let lifts_are_main = main.is_empty();
        if lifts_are_main && (self.circuit || compound.is_empty()) {
            main.extend(&self.lifts);
        } else if lifts_are_main {
            main.extend(compound);
            accessory.extend(isolation);
        } else {
            accessory.extend(&self.lifts);
        }
        let kind = if self.circuit && lifts_are_main {
            BlockKind::Circuit
        } else {
            BlockKind::Main
        };
        [
            (kind, main),
            (BlockKind::Accessory, accessory),
            (BlockKind::Conditioning, conditioning),
        ]
    }

    pub(super) fn minutes(&self, brief: &Brief) -> f64 {
        let of = |kind, lift: &Lift| {
            exercise_minutes(brief.goal, kind, lift.exercise, lift.sets, lift.reps)
        };
        let lifts: f64 = self.lifts.iter().map(|lift| of(self.kind(), lift)).sum();
        let rest: f64 = self
            .cardio
            .iter()
            .chain(&self.flow)
            .map(|lift| of(BlockKind::Main, lift))
            .sum();
        lifts + rest
    }

    pub(super) fn fits(&self, brief: &Brief, more: f64) -> bool {
        self.minutes(brief) + more <= self.budget
    }

    pub(super) fn sets_of(&self, muscle: Muscle) -> f64 {
        self.lifts
            .iter()
            .map(|lift| lift.exercise.share(muscle) * lift.sets as f64)
            .sum()
    }

    pub(super) fn holds(&self, exercise: &Exercise) -> bool {
        self.lifts
            .iter()
            .chain(&self.cardio)
            .chain(&self.flow)
            .any(|lift| lift.exercise.slug == exercise.slug)
    }
}

/// How often each exercise and group was taken this week, and how many sets the muscles have so far.
#[derive(Default)]
pub(super) struct Used {
    times: HashMap<&'static str, f64>,
    sets: HashMap<Muscle, f64>,
}

impl Used {
    pub(super) fn note(&mut self, exercise: &'static Exercise) {
        *self.times.entry(exercise.slug.as_str()).or_default() += 1.0;
        *self.times.entry(exercise.group).or_default() += 0.6;
    }

    pub(super) fn note_sets(&mut self, lift: &Lift) {
        for muscle in Muscle::ALL {
            *self.sets.entry(*muscle).or_default() +=
                lift.exercise.share(*muscle) * lift.sets as f64;
        }
    }

    pub(super) fn sets_of(&self, muscle: Muscle) -> f64 {
        self.sets.get(&muscle).copied().unwrap_or_default()
    }

    /// More for what was there already, the variation as well as the exercise itself.
    pub(super) fn weight(&self, exercise: &'static Exercise) -> f64 {
        let times = |key: &str| self.times.get(key).copied().unwrap_or_default();
        times(exercise.slug.as_str()) + times(exercise.group)
    }
}

pub(super) fn dosed(brief: &Brief, exercise: &'static Exercise, first: bool) -> Lift {
    Lift {
        exercise,
        sets: dose::base_sets(brief, first),
        reps: dose::reps(brief, exercise, first),
        rir: dose::rir(brief, exercise),
    }
}

pub(super) fn cost(brief: &Brief, session: &Session, lift: &Lift) -> f64 {
    exercise_minutes(
        brief.goal,
        session.kind(),
        lift.exercise,
        lift.sets,
        lift.reps,
    )
}
