//! What a model may write of a block: one week, exercise by exercise, without dates and weights; nothing here is checked yet.

use serde::{Deserialize, Serialize};

use super::scheme::Scheme;
use crate::exercise::Exercise;
use crate::plan::Reps;
use crate::words::names;

names! {
    /// What an exercise is for in its session: main and secondary lifts get more sets as the weeks go, accessories do not.
    pub enum Role { Main = "main", Secondary = "secondary", Accessory = "accessory" }
}

names! {
    /// How an exercise gets harder: more weight as soon as all repetitions are reached, first to the top of the repetitions and then more
    /// weight, more repetitions (or seconds) and then a harder variation, or not at all.
    pub enum Progression { Linear = "linear", Double = "double", RepLadder = "rep_ladder", None = "none" }
}

/// A block as it is proposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// What the split is called, such as `Upper / Lower`; at most 60 characters.
    pub split: String,
    /// The training days of one week in order, as many as the athlete trains.
    pub days: Vec<TemplateDay>,
    /// How the weeks differ.
    pub scheme: Scheme,
    /// Why it fits the athlete, in their language: at most 60 words and 420 characters; often empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rationale: String,
}

/// A training day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateDay {
    /// Such as `Push` or `Full-Body`; at most 40 characters.
    pub name: String,
    /// Its exercises in order.
    pub slots: Vec<Slot>,
}

/// An exercise and its dose in a normal week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// A slug of the catalogue; a name or alias of it is understood.
    pub exercise: String,
    /// What it is for.
    pub role: Role,
    /// Sets, 1–10.
    pub sets: i64,
    /// Least and most repetitions of a set; seconds where the exercise is timed.
    pub reps: [u32; 2],
    /// Repetitions in reserve, 0–5.
    pub rir: i64,
    /// Seconds of rest after a set. A day whose strength exercises all have 30 or less is a circuit.
    pub rest_s: u32,
    /// Seconds down, held, up, held, such as `3-1-1-0`; `X` means fast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tempo: Option<String>,
    /// How it gets harder.
    pub progression: Progression,
}

impl Slot {
    /// Its repetitions or seconds when `exercise` is what it names.
    pub(super) fn dose(&self, exercise: &Exercise) -> Reps {
        Reps {
            low: self.reps[0],
            high: self.reps[1],
            timed: exercise.is_timed(),
        }
    }
}
