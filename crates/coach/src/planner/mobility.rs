//! Joints and muscles: the warm-up, the cool-down, and the flow of a mobility session.

use super::chance::Chance;
use super::session::{Lift, Used};
use super::split::Focus;
use crate::brief::{Brief, Limit};
use crate::exercise::{Exercise, Muscle, Pattern, catalogue};
use crate::plan::{BlockKind, Reps, exercise_minutes};

/// The muscles that a session asks most of.
pub(super) fn muscles(focus: Focus) -> &'static [Muscle] {
    use Muscle::*;
    match focus {
        Focus::Upper(_) => &[Shoulders, Chest, Back],
        Focus::Push(_) => &[Shoulders, Chest, Triceps],
        Focus::Pull(_) => &[Back, Shoulders],
        Focus::Lower(_) | Focus::Legs(_) => &[Hips, Hamstrings, Quads, Glutes, Calves],
        Focus::Intervals | Focus::Steady => &[Hips, Calves, Hamstrings, Quads],
        Focus::FullBody(_) | Focus::Mixed(_) | Focus::Mobility(_) => {
            &[Hips, Shoulders, Back, Hamstrings]
        }
    }
}

/// Single sets before the work: something easy to get warm, then joints that the session needs.
pub(super) fn warm_up(
    brief: &Brief,
    focus: Focus,
    taken: &[&'static Exercise],
    chance: &mut Chance,
) -> Vec<Lift> {
    let mut items = Vec::new();
    if brief.minutes >= 20.0 {
        let easy = catalogue()
            .iter()
            .filter(|one| one.group == "easy" && brief.allows(one))
            .filter(|one| !taken.iter().any(|other| other.slug == one.slug));
        items.extend(
            chance
                .best(easy, 1.0, |_| 0.0)
                .map(|exercise| once(exercise, Reps::seconds(180))),
        );
    }
    let count = if brief.minutes >= 30.0 { 2 } else { 1 };
    items.extend(
        pick(
            brief,
            Pattern::Mobility,
            muscles(focus),
            count,
            taken,
            chance,
        )
        .into_iter()
        .map(|one| once(one, moving(one))),
    );
    items
}

/// Single stretches after the work, of what was trained; in sessions of 20 minutes or more.
pub(super) fn cool_down(
    brief: &Brief,
    focus: Focus,
    taken: &[&'static Exercise],
    chance: &mut Chance,
) -> Vec<Lift> {
    if brief.minutes < 20.0 {
        return Vec::new();
    }
    let count = if brief.minutes >= 30.0 { 3 } else { 2 };
    let mut items: Vec<Lift> = pick(
        brief,
        Pattern::Stretch,
        muscles(focus),
        count,
        taken,
        chance,
    )
    .into_iter()
    .map(|one| once(one, Reps::seconds(30)))
    .collect();
    if brief.has(Limit::Senior) {
        items.pop();
        items.extend(
            pick(brief, Pattern::Balance, &[], 1, taken, chance)
                .into_iter()
                .map(|one| once(one, Reps::seconds(30))),
        );
    }
    items
}

/// Light movement for a day of rest, all single sets.
pub(super) fn active_recovery(brief: &Brief, minutes: u32, chance: &mut Chance) -> Vec<Lift> {
    let walk = catalogue()
        .iter()
        .find(|one| one.group == "easy" && one.slug == "easy-walk" && brief.allows(one));
    let mut items: Vec<Lift> = walk
        .map(|one| once(one, Reps::seconds(minutes * 60)))
        .into_iter()
        .collect();
    items.extend(
        pick(
            brief,
            Pattern::Mobility,
            &[Muscle::Hips, Muscle::Back],
            2,
            &[],
            chance,
        )
        .into_iter()
        .map(|one| once(one, moving(one))),
    );
    items.extend(
        pick(
            brief,
            Pattern::Stretch,
            &[Muscle::Hamstrings],
            1,
            &[],
            chance,
        )
        .into_iter()
        .map(|one| once(one, Reps::seconds(45))),
    );
    if brief.has(Limit::Senior) {
        items.extend(
            pick(brief, Pattern::Balance, &[], 1, &[], chance)
                .into_iter()
                .map(|one| once(one, Reps::seconds(30))),
        );
    }
    items
}

/// The main work of a mobility session in about `minutes`: drills first, then longer holds; balance for older athletes.
pub(super) fn flow(brief: &Brief, minutes: f64, used: &mut Used, chance: &mut Chance) -> Vec<Lift> {
    let mut flow: Vec<Lift> = Vec::new();
    let mut spent = 0.0;
    let order = [
        Pattern::Mobility,
        Pattern::Stretch,
        Pattern::Mobility,
        Pattern::Stretch,
        Pattern::Stretch,
    ];
    for round in 0..12 {
        let pattern = if brief.has(Limit::Senior) && round % 4 == 2 {
            Pattern::Balance
        } else {
            order[round % order.len()]
        };
        let open = |one: &&Exercise| {
            one.pattern == pattern
                && brief.allows(one)
                && !flow.iter().any(|lift| lift.exercise.group == one.group)
        };
        let fresh = |one: &'static Exercise| {
            let covered = flow
                .iter()
                .filter(|lift| {
                    lift.exercise
                        .primary
                        .iter()
                        .any(|muscle| one.primary.contains(muscle))
                })
                .count();
            -used.weight(one) - covered as f64 * 0.7
        };
        let Some(exercise) = chance.best(catalogue().iter().filter(open), 1.5, fresh) else {
            continue;
        };
        let reps = if exercise.is_timed() {
            Reps::seconds(40)
        } else {
            Reps::count(8, 10)
        };
        let lift = Lift {
            exercise,
            sets: 2,
            reps,
            rir: 4,
        };
        let cost = exercise_minutes(brief.goal, BlockKind::Main, exercise, lift.sets, reps);
        if spent + cost <= minutes {
            spent += cost;
            used.note(exercise);
            flow.push(lift);
        }
    }
    flow.sort_by_key(|lift| match lift.exercise.pattern {
        Pattern::Mobility => 0,
        Pattern::Balance => 1,
        _ => 2,
    });
    flow
}

fn pick(
    brief: &Brief,
    pattern: Pattern,
    muscles: &[Muscle],
    count: usize,
    taken: &[&'static Exercise],
    chance: &mut Chance,
) -> Vec<&'static Exercise> {
    let mut picked: Vec<&'static Exercise> = Vec::new();
    for _ in 0..count {
        let there = |one: &Exercise| {
            taken
                .iter()
                .chain(&picked)
                .any(|other| other.slug == one.slug || other.group == one.group)
        };
        let open = |one: &&Exercise| one.pattern == pattern && brief.allows(one) && !there(one);
        let serves = |one: &Exercise| {
            let covered = picked
                .iter()
                .any(|other| other.primary[0] == one.primary[0]);
            let wanted = muscles.iter().any(|muscle| one.primary.contains(muscle));
            let simple = if brief.has(Limit::Senior) {
                f64::from(one.skill) * 2.0
            } else {
                0.0
            };
            f64::from(u8::from(wanted)) * 2.0 - simple - f64::from(u8::from(covered)) * 1.5
        };
        let Some(one) = chance.best(catalogue().iter().filter(open), 1.0, serves) else {
            break;
        };
        picked.push(one);
    }
    picked
}

fn once(exercise: &'static Exercise, reps: Reps) -> Lift {
    Lift {
        exercise,
        sets: 1,
        reps,
        rir: 5,
    }
}

fn moving(exercise: &Exercise) -> Reps {
    if exercise.is_timed() {
        Reps::seconds(30)
    } else {
        Reps::count(8, 10)
    }
}
