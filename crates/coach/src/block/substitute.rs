//! What to do at home on a day on which the session cannot be done, so that the streak is kept: an exercise for an exercise.
//!
//! A substitute needs only what there is at home, moves the same way or trains the same muscle, respects limits and exclusions, and stands
//! once in a session, never beside itself. Who trains at home anyway gets an easier variation that needs nothing at all, for a day without
//! time or strength. Where there is none, there is none.

use std::collections::BTreeSet;

use crate::brief::{Brief, Limit};
use crate::exercise::{Exercise, Load, Pattern, Tag, catalogue};
use crate::planner::{interval_liking, steady_liking};
use crate::profile::Level;

/// An exercise as it is used in a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    pub exercise: &'static Exercise,
    /// Whether it is long easy cardio, as some exercises serve for short hard efforts too.
    pub steady: bool,
}

impl Use {
    /// How much `one` is liked as cardio of this length; `None` where it is not for it.
    pub(super) fn cardio_liking(self, one: &Exercise) -> Option<f64> {
        if self.steady {
            steady_liking(one)
        } else {
            interval_liking(one)
        }
    }
}

/// The substitutes of a session's exercises, in their order: the first exercises choose first.
pub(super) fn substitutes(brief: &Brief, session: &[Use]) -> Vec<Option<&'static Exercise>> {
    let slugs = session.iter().map(|used| used.exercise.slug.as_str());
    let mut taken: BTreeSet<&str> = slugs.collect();
    session
        .iter()
        .map(|used| {
            let found = nearest(brief, *used, &taken);
            taken.extend(found.map(|found| found.slug.as_str()));
            found
        })
        .collect()
}

/// The exercise most like `exercise` that this athlete may do with what they train with; `steady`: it is long easy cardio.
pub(crate) fn replacement(
    brief: &Brief,
    exercise: &'static Exercise,
    steady: bool,
    taken: &BTreeSet<&str>,
) -> Option<&'static Exercise> {
    let used = Use { exercise, steady };
    let open = |one: &&Exercise| !taken.contains(one.slug.as_str()) && brief.allows(one);
    catalogue()
        .iter()
        .filter(open)
        .filter_map(|one| Some((likeness(used, one)?, one)))
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, one)| one)
}

/// Novices and older athletes get the simplest that there is.
fn nearest(brief: &Brief, used: Use, taken: &BTreeSet<&str>) -> Option<&'static Exercise> {
    let simple = brief.level == Level::Beginner || brief.has(Limit::Senior);
    let found = if simple {
        nearest_up_to(1, brief, used, taken)
    } else {
        None
    };
    found.or_else(|| nearest_up_to(brief.skill(), brief, used, taken))
}

fn nearest_up_to(
    skill: u8,
    brief: &Brief,
    used: Use,
    taken: &BTreeSet<&str>,
) -> Option<&'static Exercise> {
    let open = |one: &&Exercise| !taken.contains(one.slug.as_str()) && one.skill <= skill;
    let candidates = catalogue()
        .iter()
        .filter(open)
        .filter(|one| is_possible(brief, used.exercise, one));
    let mut best: Option<(f64, &'static Exercise)> = None;
    for (likeness, one) in candidates.filter_map(|one| Some((likeness(used, one)?, one))) {
        if best.is_none_or(|(highest, _)| likeness > highest) {
            best = Some((likeness, one));
        }
    }
    best.map(|(_, one)| one)
}

fn is_possible(brief: &Brief, exercise: &Exercise, one: &Exercise) -> bool {
    let there = if brief.trains_at_home() {
        one.equipment.is_empty() && demand(one) < demand(exercise)
    } else {
        one.equipment
            .iter()
            .all(|need| brief.home_equipment.contains(need))
    };
    there && brief.suits(one)
}

/// How hard an exercise is to do at all: what moves its difficulty, whether there is impact or one side works alone, then its skill.
fn demand(exercise: &Exercise) -> (u8, u8) {
    let load = match exercise.load {
        Load::Assisted => 0,
        Load::Timed => 1,
        Load::Bodyweight => 2,
        Load::External => 3,
    };
    let harder = u8::from(exercise.has(Tag::Impact)) + u8::from(exercise.unilateral);
    (load + harder, exercise.skill)
}

/// How near `one` is to what is used; `None` when it is something else.
fn likeness(used: Use, one: &Exercise) -> Option<f64> {
    let exercise = used.exercise;
    let same = exercise.pattern == one.pattern;
    let strength = exercise.pattern.is_strength();
    if strength != one.pattern.is_strength() || !strength && !same {
        return None;
    }
    if exercise.pattern == Pattern::Cardio {
        return cardio_likeness(used, one);
    }
    let shared = one
        .primary
        .iter()
        .filter(|muscle| exercise.primary.contains(muscle))
        .count() as f64;
    if !same && shared == 0.0 {
        return None;
    }
    let all = exercise
        .primary
        .iter()
        .chain(&one.primary)
        .collect::<BTreeSet<_>>()
        .len()
        .max(1) as f64;
    let point = |holds: bool, points: f64| if holds { points } else { 0.0 };
    Some(
        point(same, 4.0)
            + point(exercise.group == one.group, 2.0)
            + 4.0 * shared / all
            + point(exercise.mechanic == one.mechanic, 1.0)
            + point(exercise.load == one.load, 1.0)
            + point(exercise.is_timed() == one.is_timed(), 1.0)
            + point(one.staple, 0.5),
    )
}

/// Steady work for steady work, hard efforts for hard efforts; impact rather not where there was none.
fn cardio_likeness(used: Use, one: &Exercise) -> Option<f64> {
    let jolts = one.has(Tag::Impact) && !used.exercise.has(Tag::Impact);
    used.cardio_liking(one)
        .map(|liking| if jolts { liking - 1.5 } else { liking })
}
