//! The sessions of a week: which focus each has, which exercises fill it, and how it fits its minutes.

use super::cardio;
use super::chance::Chance;
use super::choice::{choose, order};
use super::dose;
use super::mobility;
use super::session::{Lift, Session, Used, cost, dosed};
use super::split::{self, Focus};
use super::volume::{add_volume, raise_minimum};
use crate::brief::{Brief, Limit};
use crate::exercise::{Exercise, Mechanic, Muscle, catalogue};
use crate::plan::rules::{MOST_SESSION_SETS, MOST_WEEKLY_SETS};
use crate::plan::{Reps, level_caps, warm_up_minutes};
use crate::profile::Goal;

/// The week's sessions in order, with up to `target` sets of every major muscle.
pub(super) fn week(brief: &Brief, target: f64, chance: &mut Chance) -> Vec<Session> {
    let mut used = Used::default();
    let mut sessions = Vec::new();
    for (no, focus) in split::sessions(brief).into_iter().enumerate() {
        sessions.push(session(brief, focus, no, &mut used, chance));
    }
    raise_minimum(brief, &mut sessions, &mut used, chance);
    add_volume(brief, target, &mut sessions);
    for session in &mut sessions {
        session.lifts.sort_by_key(|lift| order(lift.exercise));
    }
    sessions
}

fn session(
    brief: &Brief,
    focus: Focus,
    no: usize,
    used: &mut Used,
    chance: &mut Chance,
) -> Session {
    let cool_down = if brief.minutes >= 20.0 { 3.0 } else { 0.0 };
    let circuit = is_circuit(brief, focus);
    let budget = brief.minutes - warm_up_minutes(brief.minutes) - cool_down;
    let mut session = Session {
        focus,
        circuit,
        lifts: Vec::new(),
        cardio: Vec::new(),
        flow: Vec::new(),
        budget,
    };
    match focus {
        Focus::Intervals => {
            session.cardio = cardio::intervals(brief, budget * 0.75, used, chance);
            lifts(brief, &mut session, used, chance);
        }
        Focus::Steady => session.cardio = cardio::steady(brief, budget, 2, used, chance),
        Focus::Mixed(_) if budget >= 15.0 => {
            session.cardio = cardio::steady(brief, budget * 0.4, 1, used, chance);
            lifts(brief, &mut session, used, chance);
        }
        Focus::Mobility(_) => {
            session.flow = mobility::flow(
                brief,
                budget * if brief.minutes >= 30.0 { 0.7 } else { 1.0 },
                used,
                chance,
            );
            if brief.minutes >= 30.0 {
                lifts(brief, &mut session, used, chance);
            }
        }
        _ => {
            session.cardio = cardio::conditioning(brief, no, budget, used, chance);
            lifts(brief, &mut session, used, chance);
        }
    }
    if session.lifts.is_empty()
        && session.flow.is_empty()
        && session.cardio.iter().all(|lift| lift.sets < 2)
    {
        anything(brief, &mut session, chance);
    }
    session
}

/// Short sessions that are not about size or strength go in a circuit, and all under 15 minutes do: twice the work in the time (Iversen 2021).
pub(super) fn is_circuit(brief: &Brief, focus: Focus) -> bool {
    let straight = matches!(focus, Focus::Intervals | Focus::Steady | Focus::Mobility(_));
    let short = brief.minutes < 15.0
        || brief.minutes <= 40.0
            && matches!(
                brief.goal,
                Goal::WeightLoss | Goal::GeneralFitness | Goal::Endurance
            );
    short && !straight
}

/// Fills the session's places in order while the minutes last.
fn lifts(brief: &Brief, session: &mut Session, used: &mut Used, chance: &mut Chance) {
    let (most, _) = level_caps(brief);
    let most = if brief.has(Limit::Senior) {
        most.min(6)
    } else {
        most
    };
    for slot in session.focus.slots() {
        if session.lifts.len() >= most {
            break;
        }
        let first = session.lifts.len() < 2;
        let Some(exercise) = choose(brief, *slot, session, used, chance, first) else {
            continue;
        };
        let mut lift = dosed(brief, exercise, first);
        if !session.fits(brief, cost(brief, session, &lift)) {
            lift.sets = 2;
        }
        if session.fits(brief, cost(brief, session, &lift))
            && is_wanted(brief, session, &lift, used)
        {
            used.note(exercise);
            used.note_sets(&lift);
            session.lifts.push(lift);
        }
    }
    if session.circuit {
        even_rounds(&mut session.lifts);
    }
}

/// Whether the muscles of a lift can still use its sets: none beyond a session's or the week's most, and isolation only up to the target.
fn is_wanted(brief: &Brief, session: &Session, lift: &Lift, used: &Used) -> bool {
    let added = |muscle: Muscle| lift.exercise.share(muscle) * lift.sets as f64;
    let room = Muscle::ALL.iter().all(|muscle| {
        let (session_sets, week_sets) = (
            session.sets_of(*muscle) + added(*muscle),
            used.sets_of(*muscle) + added(*muscle),
        );
        added(*muscle) == 0.0
            || session_sets <= MOST_SESSION_SETS - 1.0 && week_sets <= MOST_WEEKLY_SETS - 2.0
    });
    let target = dose::weekly_target(brief) * 1.3;
    let isolated = lift.exercise.mechanic == Mechanic::Isolation;
    room && (!isolated
        || lift
            .exercise
            .primary
            .iter()
            .any(|muscle| used.sets_of(*muscle) + added(*muscle) <= target))
}

/// A circuit goes round: every exercise has as many sets as the one with the fewest.
pub(super) fn even_rounds(lifts: &mut [Lift]) {
    let rounds = lifts.iter().map(|lift| lift.sets).min().unwrap_or(2);
    lifts.iter_mut().for_each(|lift| lift.sets = rounds);
}

/// The last resort of a session in which nothing else fits: one exercise, two sets, as short as it can be.
fn anything(brief: &Brief, session: &mut Session, chance: &mut Chance) {
    let quick = |one: &&Exercise| brief.allows(one) && !one.unilateral && !session.holds(one);
    let strength = catalogue()
        .iter()
        .filter(quick)
        .filter(|one| one.pattern.is_strength() && !one.is_timed());
    let any = catalogue().iter().filter(quick);
    let compound = |one: &Exercise| f64::from(u8::from(one.mechanic == Mechanic::Compound));
    let Some(exercise) = chance
        .best(strength, 0.5, compound)
        .or_else(|| chance.best(any, 0.5, compound))
    else {
        return;
    };
    session.circuit = exercise.pattern.is_strength();
    session.cardio.clear();
    let reps = if exercise.is_timed() {
        Reps::seconds(30)
    } else {
        Reps::count(8, 10)
    };
    session.lifts.push(Lift {
        exercise,
        sets: 2,
        reps,
        rir: dose::rir(brief, exercise),
    });
}
