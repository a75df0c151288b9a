//! The provider `rules`: a week planned without a model. Pure and seeded: the same brief and seed give the same bytes.

mod cardio;
mod chance;
mod choice;
mod complete;
mod dose;
mod mobility;
mod nutrition;
mod plates;
mod recovery;
mod session;
mod split;
mod story;
mod training;
mod volume;

pub(crate) use cardio::{interval_liking, steady_liking};
pub(crate) use choice::liking;
pub(crate) use complete::{Chosen, complete, plain};
pub(crate) use dose::{reps, rir};
pub(crate) use recovery::drill_text;
pub(crate) use session::{Lift, Session};
pub(crate) use split::training_days;
pub(crate) use story::joined;

use serde::Deserialize;
use serde_json::Value;

use crate::brief::{Brief, DEFAULT_INTENSITY};
use crate::plan::{Day, Draft, check};
use crate::words::{self, names};
use chance::Chance;

names! {
    /// The half of a week that a redo plans again.
    pub enum RedoType { Workout = "workout", Nutrition = "nutrition", Both = "both" }
}

impl RedoType {
    /// Reads the contract's `redoType`; `None` for any other word.
    pub fn read(text: &str) -> Option<Self> {
        words::named(text).ok()
    }
}

/// How many variations are tried until one passes the checker.
const TRIES: u64 = 12;

/// Plans a week. `seed` varies the choice: another number gives another week that is as sound. A brief that rules out too much
/// (every exercise of a kind, nearly every food) may end in a draft that the checker refuses: the last one is given then.
pub fn draft_week(brief: &Brief, seed: u64) -> Draft {
    first_sound(brief, seed, one_week, |draft| is_sound(draft, brief))
}

/// Plans a half of a week again and keeps the other half of `source_days`. What cannot be read, or no longer fits the brief, is planned anew.
pub fn redo_week(brief: &Brief, seed: u64, source_days: &Value, redo: RedoType) -> Draft {
    let Ok(source) = Draft::deserialize(source_days) else {
        return draft_week(brief, seed);
    };
    let draft = first_sound(
        brief,
        seed,
        |brief, seed| keep_half(one_week(brief, seed), source.clone(), redo),
        |draft| is_sound(draft, brief),
    );
    if is_sound(&draft, brief) {
        draft
    } else {
        draft_week(brief, seed)
    }
}

/// The sessions of one week, with up to `share` of the sets that the week should come near to.
pub(crate) fn sessions(brief: &Brief, share: f64, seed: u64) -> Vec<Session> {
    let target = dose::weekly_target(brief) * share;
    training::week(brief, target, &mut Chance::new(seed))
}

fn is_sound(draft: &Draft, brief: &Brief) -> bool {
    check(draft.clone(), brief).is_ok()
}

/// What `plan` makes of the first seed that gives something sound, else of the last one tried. The second half of the tries
/// leaves out what the athlete merely likes (an easy week, a split), since that may be more than the limits leave room for.
pub(crate) fn first_sound<T>(
    brief: &Brief,
    seed: u64,
    plan: impl Fn(&Brief, u64) -> T,
    is_sound: impl Fn(&T) -> bool,
) -> T {
    let without_likings = Brief {
        intensity: brief.intensity.max(DEFAULT_INTENSITY),
        split: None,
        ..brief.clone()
    };
    let mut planned = plan(brief, seed);
    for retry in 1..TRIES {
        if is_sound(&planned) {
            break;
        }
        let brief = if retry < TRIES / 2 {
            brief
        } else {
            &without_likings
        };
        planned = plan(
            brief,
            seed.wrapping_add(retry.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        );
    }
    planned
}

fn one_week(brief: &Brief, seed: u64) -> Draft {
    let mut chance = Chance::new(seed);
    let sessions = training::week(brief, dose::weekly_target(brief), &mut chance);
    let days = split::calendar(brief, sessions);
    let menus = nutrition::week(brief, &days, &mut chance);
    let mut week: [Day; 7] = Default::default();
    for ((day, planned), nutrition) in week.iter_mut().zip(&days).zip(menus) {
        day.workout = story::workout(brief, planned, &mut chance);
        day.nutrition = nutrition;
        day.recovery = recovery::of(brief, planned, &mut chance);
        day.reason = story::reason(brief, planned);
    }
    Draft::from(week)
}

/// The half of `fresh` that is made anew, with the other half of `source`.
pub(crate) fn keep_half(mut fresh: Draft, mut source: Draft, redo: RedoType) -> Draft {
    for ((_, day), (_, kept)) in fresh.days_mut().into_iter().zip(source.days_mut()) {
        match redo {
            RedoType::Workout => std::mem::swap(&mut day.nutrition, &mut kept.nutrition),
            RedoType::Nutrition => {
                std::mem::swap(&mut day.workout, &mut kept.workout);
                std::mem::swap(&mut day.recovery, &mut kept.recovery);
                std::mem::swap(&mut day.reason, &mut kept.reason);
            }
            RedoType::Both => {}
        }
    }
    fresh
}
