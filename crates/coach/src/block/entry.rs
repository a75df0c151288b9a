//! One exercise on one day: a row of `workout_entries`.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::brief::Weekday;
use crate::exercise::Exercise;

/// An exercise of a session, by the contract's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// 1–8.
    pub week_number: u8,
    /// Such as `Push` or `Full-Body`.
    pub day_name: String,
    /// The weekday of `date`.
    pub day: Weekday,
    /// The place in its session, from 1.
    pub position: u32,
    /// The day it is done on.
    pub date: Date,
    /// What is done.
    pub exercise: &'static Exercise,
    /// Sets.
    pub sets: i64,
    /// Repetitions of a set, such as `8-12`; `None` for timed work.
    pub reps: Option<String>,
    /// How to find the weight, in words and the athlete's unit; `None` where none is moved.
    pub weight: Option<String>,
    /// Time of a set, such as `30 s` or `20 min`; `None` for counted work.
    pub time: Option<String>,
    /// What it needs.
    pub equipment: String,
    /// Effort, rest and pace.
    pub notes: String,
    /// A substitute for a day at home.
    pub streak_exercise: Option<&'static Exercise>,
    /// What the substitute needs.
    pub streak_exercise_equipment: Option<String>,
    /// How much of the substitute.
    pub streak_exercise_notes: Option<String>,
    /// Why a limit or a wish of the athlete changed the exercise; `None` where none did.
    pub adjustment_reason: Option<String>,
}

impl Entry {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "week_number": self.week_number,
            "day_name": self.day_name,
            "day": self.day.name(),
            "position": self.position,
            "date": self.date.to_string(),
            "exercise": self.exercise.slug,
            "sets": self.sets,
            "reps": self.reps,
            "weight": self.weight,
            "time": self.time,
            "equipment": self.equipment,
            "notes": self.notes,
            "streak_exercise": self.streak_exercise.map(|exercise| &exercise.slug),
            "streak_exercise_equipment": self.streak_exercise_equipment,
            "streak_exercise_notes": self.streak_exercise_notes,
            "is_adjusted": self.adjustment_reason.is_some(),
            "adjustment_reason": self.adjustment_reason,
        })
    }
}
