//! Where a limit or a wish of the athlete changed an exercise, told so that the athlete knows why.

use super::substitute::Use;
use crate::brief::Brief;
use crate::exercise::{Exercise, Pattern, catalogue};
use crate::planner::liking;

/// For each exercise of a session in order: why it is there in place of the one that would have come first. `None` where nothing was changed.
pub(super) fn adjustments(brief: &Brief, session: &[Use]) -> Vec<Option<String>> {
    let mut named: Vec<&str> = Vec::new();
    session
        .iter()
        .map(|used| {
            let usual = usual(brief, *used, session, &named)?;
            named.push(&usual.slug);
            Some(reason(brief, usual))
        })
        .collect()
}

fn reason(brief: &Brief, usual: &Exercise) -> String {
    match brief.limits.iter().find(|limit| limit.forbids(usual)) {
        Some(limit) => format!("In place of {usual}, because of what you told us: {limit}."),
        None => format!("In place of {usual}, which you do not want."),
    }
}

/// The exercise of the same kind that this athlete would like best, when only a limit or a wish keeps it away.
fn usual(brief: &Brief, used: Use, session: &[Use], named: &[&str]) -> Option<&'static Exercise> {
    let own = worth(brief, used, used.exercise)?;
    let in_session = |one: &Exercise| session.iter().any(|other| other.exercise.slug == one.slug);
    let there = |one: &Exercise| named.contains(&one.slug.as_str()) || in_session(one);
    let possible = |one: &&Exercise| {
        one.pattern == used.exercise.pattern
            && brief.has_equipment_for(one)
            && one.skill <= brief.skill()
            && !there(one)
    };
    let mut best: Option<(f64, &'static Exercise)> = None;
    for (worth, one) in catalogue()
        .iter()
        .filter(possible)
        .filter_map(|one| Some((worth(brief, used, one)?, one)))
    {
        if worth > best.map_or(own, |(highest, _)| highest) {
            best = Some((worth, one));
        }
    }
    best.map(|(_, one)| one).filter(|one| !brief.suits(one))
}

/// How much `one` would be liked in its place; `None` where it is of another kind, or no one has a first choice.
fn worth(brief: &Brief, used: Use, one: &'static Exercise) -> Option<f64> {
    match used.exercise.pattern {
        Pattern::Cardio => used.cardio_liking(one),
        Pattern::Mobility | Pattern::Stretch | Pattern::Balance => None,
        _ if one.mechanic != used.exercise.mechanic => None,
        _ => Some(liking(brief, one)),
    }
}
