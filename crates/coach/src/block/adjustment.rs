//! Where a limit or a wish of the athlete changed an exercise, told so that the athlete knows why.

use crate::brief::Brief;
use crate::exercise::{Exercise, Pattern, catalogue};
use crate::planner::{interval_liking, liking, steady_liking};

/// For each exercise of a session in order: why it is there in place of the one that would have come first. `None` where nothing was changed.
pub(super) fn adjustments(brief: &Brief, session: &[&'static Exercise]) -> Vec<Option<String>> {
    let mut named: Vec<&str> = Vec::new();
    session
        .iter()
        .map(|exercise| {
            let usual = usual(brief, exercise, session, &named)?;
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
fn usual(
    brief: &Brief,
    exercise: &'static Exercise,
    session: &[&Exercise],
    named: &[&str],
) -> Option<&'static Exercise> {
    let own = worth(brief, exercise, exercise)?;
    let there = |one: &Exercise| {
        named.contains(&one.slug.as_str()) || session.iter().any(|other| other.slug == one.slug)
    };
    let possible = |one: &&Exercise| {
        one.pattern == exercise.pattern
            && brief.has_equipment_for(one)
            && one.skill <= brief.skill()
            && !there(one)
    };
    let mut best: Option<(f64, &'static Exercise)> = None;
    for (worth, one) in catalogue()
        .iter()
        .filter(possible)
        .filter_map(|one| Some((worth(brief, exercise, one)?, one)))
    {
        if worth > best.map_or(own, |(highest, _)| highest) {
            best = Some((worth, one));
        }
    }
    best.map(|(_, one)| one).filter(|one| !brief.suits(one))
}

/// How much `one` would be liked in the place of `exercise`; `None` where the two are of another kind, or no one has a first choice.
fn worth(brief: &Brief, exercise: &Exercise, one: &'static Exercise) -> Option<f64> {
    match exercise.pattern {
        Pattern::Cardio if steady_liking(exercise).is_some() => steady_liking(one),
        Pattern::Cardio => interval_liking(one),
        Pattern::Mobility | Pattern::Stretch | Pattern::Balance => None,
        _ if one.mechanic != exercise.mechanic => None,
        _ => Some(liking(brief, one)),
    }
}
