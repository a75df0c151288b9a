//! The exercises of a training day, out of an answer and into one.

use serde_json::{Value, json};

use super::{finding, whole};
use crate::block::{Role, Slot, progression};
use crate::brief::Brief;
use crate::exercise::{Exercise, Mechanic, Resolution, resolve};
use crate::plan::{BlockKind, Reps, Violation, rest_seconds};
use crate::planner;
use crate::words;

/// More exercises than this are not read.
const MOST: usize = 30;

/// Reads a list of exercises; what no exercise is near to is left out.
pub(super) fn read(
    list: &Value,
    place: &str,
    brief: &Brief,
    findings: &mut Vec<Violation>,
) -> Vec<Slot> {
    let entries = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut slots = Vec::new();
    for (no, entry) in entries.iter().take(MOST).enumerate() {
        let place = format!("{place}/{no}");
        match named(entry, brief) {
            Some((exercise, exact)) => {
                if !exact {
                    let message =
                        "no exercise of the catalogue has this name: the nearest is taken";
                    findings.push(finding("known_names", format!("{place}/ex"), message));
                }
                slots.push(slot(entry, exercise, slots.is_empty(), brief));
            }
            None => findings.push(finding(
                "known_names",
                format!("{place}/ex"),
                "no exercise of the catalogue is near this name: it is left out",
            )),
        }
    }
    slots
}

/// The exercise that an entry names, and whether it is called so.
fn named(entry: &Value, brief: &Brief) -> Option<(&'static Exercise, bool)> {
    let name = entry
        .get("ex")
        .or_else(|| entry.get("exercise"))?
        .as_str()?;
    match resolve(name) {
        Resolution::Exact(exercise) | Resolution::Alias(exercise) => Some((exercise, true)),
        Resolution::Close(near) => {
            let allowed = near.iter().find(|one| brief.allows(one));
            allowed.or(near.first()).map(|one| (*one, false))
        }
        Resolution::Unknown => None,
    }
}

fn slot(entry: &Value, exercise: &'static Exercise, first: bool, brief: &Brief) -> Slot {
    let reps = entry.get("reps").and_then(|reps| range(reps, exercise));
    let reps = reps.unwrap_or_else(|| standard_reps(brief, exercise));
    let role = word(entry, "role").unwrap_or_else(|| standard_role(exercise, first));
    let number = |field: &str| entry.get(field).and_then(whole);
    let rest = number("rest_s").and_then(|rest| u32::try_from(rest).ok());
    Slot {
        exercise: exercise.slug.clone(),
        role,
        sets: number("sets").unwrap_or(2),
        reps: [reps.low, reps.high],
        rir: number("rir").unwrap_or_else(|| planner::rir(brief, exercise)),
        rest_s: rest.unwrap_or_else(|| standard_rest(brief, exercise, reps)),
        tempo: None,
        progression: word(entry, "prog").unwrap_or_else(|| progression(brief, exercise, role)),
    }
}

fn word<T: words::Named>(entry: &Value, field: &str) -> Option<T> {
    words::named(entry.get(field)?.as_str()?).ok()
}

/// `[8, 12]`, `10`, `"8-12"`, `"30 s"`.
fn range(value: &Value, exercise: &Exercise) -> Option<Reps> {
    let (low, high) = match value {
        Value::Array(ends) => (whole(ends.first()?)?, whole(ends.last()?)?),
        Value::String(text) => {
            let reps = Reps::read(text).or_else(|| Reps::read(&text.replace('–', "-")))?;
            (i64::from(reps.low), i64::from(reps.high))
        }
        _ => (whole(value)?, whole(value)?),
    };
    Some(Reps {
        low: u32::try_from(low.min(high)).ok()?,
        high: u32::try_from(high.max(low)).ok()?,
        timed: exercise.is_timed(),
    })
}

/// What the exercise is done for where nothing else is said.
pub(super) fn standard_reps(brief: &Brief, exercise: &Exercise) -> Reps {
    match exercise.pattern {
        crate::exercise::Pattern::Cardio => Reps::seconds(600),
        pattern if pattern.is_strength() => planner::reps(brief, exercise, false),
        _ if exercise.is_timed() => Reps::seconds(30),
        _ => Reps::count(8, 10),
    }
}

fn standard_role(exercise: &Exercise, first: bool) -> Role {
    match exercise.mechanic {
        _ if first => Role::Main,
        Mechanic::Compound if exercise.pattern.is_strength() => Role::Secondary,
        _ => Role::Accessory,
    }
}

/// Seconds of rest where nothing else is said.
pub(super) fn standard_rest(brief: &Brief, exercise: &Exercise, reps: Reps) -> u32 {
    rest_seconds(brief.goal, BlockKind::Main, exercise, reps).round() as u32
}

/// A slot as an answer has it; `whole`: with what only a block needs.
pub(super) fn write(slot: &Slot, whole: bool) -> Value {
    let mut json =
        json!({"ex": slot.exercise, "sets": slot.sets, "reps": slot.reps, "rir": slot.rir});
    if whole {
        json["role"] = json!(slot.role);
        json["rest_s"] = json!(slot.rest_s);
        json["prog"] = json!(slot.progression);
    }
    json
}
