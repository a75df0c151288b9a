//! The week's volume: every muscle to its minimum, then the minutes that are left to where sets are lacking.

use std::collections::HashMap;

use super::chance::Chance;
use super::choice::fitness;
use super::dose;
use super::session::{Lift, Session, Used, cost, dosed};
use crate::brief::Brief;
use crate::exercise::{Exercise, Muscle, catalogue};
use crate::plan::rules::{LEAST_WEEKLY_SETS, MOST_SESSION_SETS, MOST_WEEKLY_SETS};
use crate::plan::{level_caps, weekly_minimum};
use crate::profile::Goal;

/// Brings every muscle that has a minimum to it: by sets, then by an exercise more, then in exchange for the one that is needed least.
pub(super) fn raise_minimum(
    brief: &Brief,
    sessions: &mut [Session],
    used: &mut Used,
    chance: &mut Chance,
) {
    for muscle in weekly_minimum(brief) {
        for _ in 0..6 {
            if weekly(sessions, muscle) >= LEAST_WEEKLY_SETS {
                break;
            }
            let grown = grow(brief, sessions, |lift| lift.exercise.share(muscle));
            if !grown && !insert(brief, sessions, muscle, used, chance) {
                break;
            }
        }
    }
}

fn weekly(sessions: &[Session], muscle: Muscle) -> f64 {
    sessions.iter().map(|session| session.sets_of(muscle)).sum()
}

/// Adds one set where it is worth most and there is time for it. In a circuit a set is a round.
fn grow(brief: &Brief, sessions: &mut [Session], worth: impl Fn(&Lift) -> f64) -> bool {
    let totals: HashMap<Muscle, f64> = Muscle::ALL
        .iter()
        .map(|muscle| (*muscle, weekly(sessions, *muscle)))
        .collect();
    let mut best: Option<(f64, usize, usize)> = None;
    for (session_no, session) in sessions.iter().enumerate() {
        for (lift_no, lift) in session.lifts.iter().enumerate() {
            let value = worth(lift) - lift.sets as f64 * 0.01;
            let room = may_grow(brief, session, lift, &totals);
            if worth(lift) > 0.0 && room && best.is_none_or(|(highest, ..)| value > highest) {
                best = Some((value, session_no, lift_no));
            }
        }
    }
    let Some((_, session_no, lift_no)) = best else {
        return false;
    };
    let session = &mut sessions[session_no];
    if session.circuit {
        session.lifts.iter_mut().for_each(|lift| lift.sets += 1);
    } else {
        session.lifts[lift_no].sets += 1;
    }
    true
}

fn may_grow(brief: &Brief, session: &Session, lift: &Lift, totals: &HashMap<Muscle, f64>) -> bool {
    let grown: Vec<&Lift> = if session.circuit {
        session.lifts.iter().collect()
    } else {
        vec![lift]
    };
    let more: f64 = grown
        .iter()
        .map(|lift| {
            cost(
                brief,
                session,
                &Lift {
                    sets: lift.sets + 1,
                    ..**lift
                },
            ) - cost(brief, session, lift)
        })
        .sum();
    let below = |lift: &&Lift| lift.sets < dose::most_sets(brief, lift.exercise);
    let room = |muscle: &Muscle| {
        let added: f64 = grown.iter().map(|lift| lift.exercise.share(*muscle)).sum();
        let total = totals.get(muscle).copied().unwrap_or_default();
        added == 0.0
            || session.sets_of(*muscle) + added <= MOST_SESSION_SETS - 2.0
                && total + added <= MOST_WEEKLY_SETS - 3.0
    };
    session.fits(brief, more) && grown.iter().all(below) && Muscle::ALL.iter().all(room)
}

/// An exercise more for a muscle, in the session that has least of it; in place of the last one that no minimum needs, where there is no room.
fn insert(
    brief: &Brief,
    sessions: &mut [Session],
    muscle: Muscle,
    used: &mut Used,
    chance: &mut Chance,
) -> bool {
    let minimum = weekly_minimum(brief);
    let (most, _) = level_caps(brief);
    let mut order: Vec<usize> = (0..sessions.len())
        .filter(|no| !sessions[*no].lifts.is_empty())
        .collect();
    order.sort_by(|a, b| {
        sessions[*a]
            .sets_of(muscle)
            .total_cmp(&sessions[*b].sets_of(muscle))
    });
    for no in order {
        let totals: HashMap<Muscle, f64> = minimum
            .iter()
            .map(|one| (*one, weekly(sessions, *one)))
            .collect();
        let session = &mut sessions[no];
        let open =
            |one: &&Exercise| one.share(muscle) == 1.0 && brief.allows(one) && !session.holds(one);
        let Some(exercise) = chance.best(catalogue().iter().filter(open), 1.0, |one| {
            fitness(brief, one, used, false)
        }) else {
            continue;
        };
        let lift = Lift {
            sets: session.lifts.last().map_or(2, |last| last.sets).max(2),
            ..dosed(brief, exercise, false)
        };
        let spare = |lift: &Lift| {
            let left = |one: &Muscle| {
                totals.get(one).copied().unwrap_or_default()
                    - lift.exercise.share(*one) * lift.sets as f64
            };
            minimum
                .iter()
                .all(|one| lift.exercise.share(*one) == 0.0 || left(one) >= LEAST_WEEKLY_SETS)
        };
        let room = session.lifts.len() < most && session.fits(brief, cost(brief, session, &lift));
        let out = if room {
            None
        } else {
            session.lifts.iter().rposition(spare)
        };
        if !room && out.is_none() {
            continue;
        }
        if let Some(out) = out {
            session.lifts.remove(out);
        }
        if session.fits(brief, cost(brief, session, &lift)) {
            used.note(exercise);
            session.lifts.push(lift);
            return true;
        }
    }
    false
}

/// Uses the minutes that are left for sets of the muscles that are furthest from their target.
pub(super) fn add_volume(brief: &Brief, target: f64, sessions: &mut [Session]) {
    if matches!(brief.goal, Goal::Endurance | Goal::FlexibilityMobility) {
        return;
    }
    for _ in 0..80 {
        let totals: HashMap<Muscle, f64> = Muscle::ALL
            .iter()
            .map(|muscle| (*muscle, weekly(sessions, *muscle)))
            .collect();
        let lack = |muscle: &Muscle| target - totals.get(muscle).copied().unwrap_or_default();
        let worth = |lift: &Lift| {
            let primary = &lift.exercise.primary;
            let least = primary.iter().map(&lack).fold(f64::INFINITY, f64::min);
            let small = primary.iter().all(|one| {
                matches!(
                    one,
                    Muscle::Core | Muscle::Calves | Muscle::Forearms | Muscle::LowerBack
                )
            });
            let arms = primary
                .iter()
                .all(|one| matches!(one, Muscle::Biceps | Muscle::Triceps));
            match (small, arms) {
                (true, _) => least / 4.0,
                (_, true) => least / 2.0,
                _ => least,
            }
        };
        if !grow(brief, sessions, worth) {
            break;
        }
    }
}
