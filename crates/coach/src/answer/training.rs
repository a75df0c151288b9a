//! Training days put right by code: exercises that fit the athlete, doses in range, sessions that fit the minutes, weeks that hold enough.
//!
//! Each step leaves alone what is right already. What it cannot mend it leaves to the checker.

use std::collections::BTreeSet;

use super::slots::{standard_reps, standard_rest};
use crate::block::{self, Progression, Role, Slot, TemplateDay, is_circuit, minutes, replacement};
use crate::brief::{Brief, Limit};
use crate::exercise::{self, Exercise, MAJOR_MUSCLES, Mechanic, Muscle, Pattern, catalogue};
use crate::plan::rules::{LEAST_WEEKLY_SETS, MOST_SESSION_SETS, MOST_WEEKLY_SETS, least_rir};
use crate::plan::{Reps, level_caps, weekly_minimum};
use crate::planner::{self, liking};
use crate::profile::Level;

/// Seconds from which on cardio is no interval.
const STEADY: u32 = 180;
/// The most pieces of cardio, and of drills and stretches, that a session keeps.
const MOST_CARDIO: usize = 3;
const MOST_DRILLS: usize = 14;
/// The most exercises of a session.
const MOST_SLOTS: usize = 18;
/// How many steps a repair of one thing may take.
const STEPS: usize = 120;

/// What the days must fit.
pub(super) struct Frame<'a> {
    pub brief: &'a Brief,
    /// The most minutes of a session, its warm-up among them.
    pub minutes: f64,
    /// Tells the rests of a day that says none itself, as in a weekly plan.
    pub usual_rests: Option<fn(&mut TemplateDay, &Brief)>,
    /// Chooses what is filled in.
    pub seed: u64,
}

/// The days put right, as many as the athlete trains.
pub(super) fn repair(days: Vec<TemplateDay>, frame: &Frame<'_>) -> Vec<TemplateDay> {
    let mut days: Vec<TemplateDay> = days.into_iter().map(|day| fit(day, frame)).collect();
    days.retain(|day| !day.slots.is_empty());
    fit_number(&mut days, frame);
    trim_week(&mut days);
    raise_minimum(&mut days, frame);
    for day in &mut days {
        settle(day, frame);
    }
    days
}

// One day.

fn fit(mut day: TemplateDay, frame: &Frame<'_>) -> TemplateDay {
    let brief = frame.brief;
    let mut slots: Vec<Slot> = Vec::new();
    for slot in std::mem::take(&mut day.slots) {
        let taken: BTreeSet<&str> = slots.iter().map(|slot| slot.exercise.as_str()).collect();
        if let Some(slot) = fit_exercise(slot, &taken, brief) {
            slots.push(slot);
        }
    }
    day.slots = slots;
    fit_rests(&mut day, brief);
    fit_count(&mut day, brief);
    settle(&mut day, frame);
    day
}

/// No more lifts than the level holds, the last isolation first; of other work the first.
fn fit_count(day: &mut TemplateDay, brief: &Brief) {
    let (most, _) = level_caps(brief);
    while day.slots.iter().filter(|slot| is_strength(slot)).count() > most {
        let isolated = |slot: &Slot| is_strength(slot) && is_isolation(slot);
        let last = day.slots.iter().rposition(isolated);
        let Some(last) = last.or_else(|| day.slots.iter().rposition(is_strength)) else {
            break;
        };
        day.slots.remove(last);
    }
    let (mut cardio, mut drills) = (0, 0);
    day.slots
        .retain(|slot| match found(slot).map(|one| one.pattern) {
            Some(Pattern::Cardio) => {
                cardio += 1;
                cardio <= MOST_CARDIO
            }
            Some(pattern) if !pattern.is_strength() => {
                drills += 1;
                drills <= MOST_DRILLS
            }
            _ => true,
        });
    day.slots.truncate(MOST_SLOTS);
}

/// Brings a day of fitting exercises within a session's sets and minutes, in order.
fn settle(day: &mut TemplateDay, frame: &Frame<'_>) {
    trim_session(day);
    finish(day, frame.brief);
    fit_minutes(day, frame);
    finish(day, frame.brief);
}

/// The slot with an exercise that the athlete may do and that the day lacks, in a dose that fits; `None` where there is none.
fn fit_exercise(mut slot: Slot, taken: &BTreeSet<&str>, brief: &Brief) -> Option<Slot> {
    let asked = exercise::find(&slot.exercise)?;
    let steady = slot.reps[0] >= STEADY;
    let fits = brief.allows(asked) && !taken.contains(asked.slug.as_str());
    let exercise = if fits {
        asked
    } else {
        replacement(brief, asked, steady, taken)?
    };
    if exercise.slug != asked.slug {
        slot.exercise.clone_from(&exercise.slug);
        slot.tempo = None;
        if exercise.load != asked.load {
            slot.progression = block::progression(brief, exercise, slot.role);
        }
    }
    fit_dose(&mut slot, exercise, brief);
    Some(slot)
}

fn fit_dose(slot: &mut Slot, exercise: &'static Exercise, brief: &Brief) {
    let (_, most_sets) = level_caps(brief);
    let strength = exercise.pattern.is_strength();
    let (least, most) = range(exercise, brief);
    let [low, high] = slot.reps;
    // A range this wide says nothing.
    let narrow = high <= low.saturating_mul(2).saturating_add(5);
    let meant = low <= high && high >= least && low <= most && narrow;
    let reps = if meant {
        [low.max(least), high.min(most)]
    } else {
        let standard = standard_reps(brief, exercise);
        [standard.low, standard.high]
    };
    slot.reps = reps;
    slot.sets = match exercise.pattern {
        _ if strength => slot.sets.clamp(2, most_sets),
        Pattern::Cardio if slot.reps[0] < STEADY => slot.sets.clamp(1, 10),
        _ => slot.sets.clamp(1, 4),
    };
    let least = if strength {
        least_rir(brief, exercise)
    } else {
        0
    };
    slot.rir = slot.rir.clamp(least.min(5), 5);
    if !strength {
        slot.progression = Progression::None;
    }
}

/// The least and most repetitions or seconds that this athlete does of this exercise.
fn range(exercise: &Exercise, brief: &Brief) -> (u32, u32) {
    let gentle = brief.level == Level::Beginner
        || [Limit::Minor, Limit::Senior, Limit::Pregnancy]
            .iter()
            .any(|limit| brief.has(*limit));
    match exercise.pattern {
        Pattern::Cardio => (10, 5_400),
        _ if exercise.is_timed() => (10, 180),
        pattern if pattern.is_strength() && gentle => (6, 40),
        pattern if pattern.is_strength() => (3, 40),
        _ => (1, 40),
    }
}

/// Rest in range; the usual one where it is not.
fn fit_rests(day: &mut TemplateDay, brief: &Brief) {
    for slot in &mut day.slots {
        let Some(exercise) = exercise::find(&slot.exercise) else {
            continue;
        };
        let least = if exercise.pattern.is_strength() {
            30
        } else {
            0
        };
        if !(least..=300).contains(&slot.rest_s) {
            slot.rest_s = standard_rest(brief, exercise, dose(slot, exercise));
        }
    }
}

/// Compound before isolation, and a main exercise of two sets or more.
fn finish(day: &mut TemplateDay, brief: &Brief) {
    day.slots.sort_by_key(|slot| match found(slot) {
        Some(one) if !one.pattern.is_strength() => 2 * u8::from(slot.role == Role::Accessory),
        Some(one) => u8::from(one.mechanic == Mechanic::Isolation && one.pattern != Pattern::Carry),
        None => 2,
    });
    if !day.slots.iter().any(|slot| slot.role != Role::Accessory) {
        let strength = day.slots.iter().position(is_strength);
        if let Some(slot) = day.slots.get_mut(strength.unwrap_or(0)) {
            slot.role = Role::Main;
        }
    }
    for slot in &mut day.slots {
        if slot.role != Role::Accessory && slot.sets < 2 {
            // One long piece becomes two of half the time.
            let halves = slot.reps.map(|seconds| seconds / 2);
            if slot.reps[0] >= 2 * STEADY {
                slot.reps = halves;
            }
            slot.sets = 2;
        }
        if found(slot).is_some_and(|one| one.pattern.is_strength()) {
            let (_, most) = level_caps(brief);
            slot.sets = slot.sets.clamp(2, most);
        }
    }
}

/// No muscle beyond a session's most.
fn trim_session(day: &mut TemplateDay) {
    for muscle in Muscle::ALL {
        for _ in 0..STEPS {
            let sets: f64 = day.slots.iter().map(|slot| share(slot, *muscle)).sum();
            if sets <= MOST_SESSION_SETS || !give_way(&mut day.slots, *muscle) {
                break;
            }
        }
    }
}

/// Takes a set of the last exercise with most sets of a muscle, or that exercise where no set can go.
fn give_way(slots: &mut Vec<Slot>, muscle: Muscle) -> bool {
    let worked = |slot: &Slot| share(slot, muscle) > 0.0;
    let most = slots
        .iter()
        .filter(|slot| worked(slot))
        .map(|slot| slot.sets)
        .max();
    let Some(last) = slots
        .iter()
        .rposition(|slot| worked(slot) && Some(slot.sets) == most)
    else {
        return false;
    };
    if slots[last].sets > 2 {
        slots[last].sets -= 1;
    } else if slots.len() > 1 {
        slots.remove(last);
    } else {
        return false;
    }
    true
}

/// Shortens a session until it fits: first long rests, then sets, cardio, and the last exercises.
fn fit_minutes(day: &mut TemplateDay, frame: &Frame<'_>) {
    let brief = frame.brief;
    if minutes(day, brief) > frame.minutes {
        for slot in &mut day.slots {
            if let Some(exercise) = found(slot) {
                slot.rest_s = slot
                    .rest_s
                    .min(standard_rest(brief, exercise, dose(slot, exercise)));
            }
        }
    }
    for _ in 0..STEPS {
        if let Some(usual_rests) = frame.usual_rests {
            usual_rests(day, brief);
        }
        if minutes(day, brief) <= frame.minutes || !shorten(day, brief) {
            break;
        }
    }
}

fn shorten(day: &mut TemplateDay, brief: &Brief) -> bool {
    let long = |slot: &Slot| {
        found(slot).is_some_and(|one| one.pattern == Pattern::Cardio) && slot.reps[0] > 120
    };
    let many = |slot: &Slot| slot.sets > 2;
    if let Some(slot) = day.slots.iter_mut().rev().find(|slot| long(slot)) {
        slot.reps = slot.reps.map(|seconds| (seconds * 4 / 5 / 10 * 10).max(60));
        slot.reps[1] = slot.reps[0].max(slot.reps[1]);
    } else if let Some(slot) = day.slots.iter_mut().rev().find(|slot| many(slot)) {
        slot.sets -= 1;
    } else if day.slots.len() > 1 {
        let accessory = |slot: &Slot| slot.role == Role::Accessory;
        let last = day.slots.iter().rposition(accessory);
        day.slots.remove(last.unwrap_or(day.slots.len() - 1));
    } else if let Some(slot) = day.slots.first_mut().filter(|slot| slot.rest_s > 30) {
        slot.rest_s = 30;
    } else if let Some(slot) = day.slots.first_mut() {
        return fewer_repetitions(slot, brief);
    } else {
        return false;
    }
    true
}

/// Down to the least that this athlete does of the exercise.
fn fewer_repetitions(slot: &mut Slot, brief: &Brief) -> bool {
    let Some(exercise) = found(slot) else {
        return false;
    };
    let (least, _) = range(exercise, brief);
    let step = if exercise.is_timed() { 5 } else { 1 };
    let fewer = slot.reps.map(|count| count.saturating_sub(step).max(least));
    let changed = fewer != slot.reps;
    slot.reps = fewer;
    changed
}

// The week.

/// As many days as the athlete trains: the fullest stay, and what lacks comes from the rule planner.
fn fit_number(days: &mut Vec<TemplateDay>, frame: &Frame<'_>) {
    let wanted = frame.brief.sessions();
    while days.len() > wanted {
        let sparse = days
            .iter()
            .enumerate()
            .rev()
            .min_by_key(|(_, day)| day.slots.len());
        let Some((no, _)) = sparse else { break };
        days.remove(no);
    }
    if days.len() < wanted {
        let planned = block::template(frame.brief, frame.seed).days;
        days.extend(
            planned
                .into_iter()
                .skip(days.len())
                .map(|day| fit(day, frame)),
        );
    }
}

fn trim_week(days: &mut [TemplateDay]) {
    for muscle in MAJOR_MUSCLES {
        for _ in 0..STEPS {
            if weekly(days, muscle) <= MOST_WEEKLY_SETS {
                break;
            }
            let fullest = days
                .iter_mut()
                .max_by(|one, other| worked(one, muscle).total_cmp(&worked(other, muscle)));
            if !fullest.is_some_and(|day| give_way(&mut day.slots, muscle)) {
                break;
            }
        }
    }
}

/// Brings every muscle that has a minimum to it: by a set more, then by an exercise more or in exchange for one that is not needed.
fn raise_minimum(days: &mut [TemplateDay], frame: &Frame<'_>) {
    for muscle in weekly_minimum(frame.brief) {
        for _ in 0..8 {
            if weekly(days, muscle) >= LEAST_WEEKLY_SETS {
                break;
            }
            if !grow(days, muscle, frame) && !insert(days, muscle, frame) {
                break;
            }
        }
    }
}

/// A set more where it serves the muscle most and everything still holds.
fn grow(days: &mut [TemplateDay], muscle: Muscle, frame: &Frame<'_>) -> bool {
    let mut best: Option<(f64, usize, usize)> = None;
    for (day_no, day) in days.iter().enumerate() {
        for (slot_no, slot) in day.slots.iter().enumerate() {
            let worth = found(slot).map_or(0.0, |one| one.share(muscle));
            let mut grown = day.clone();
            grown.slots[slot_no].sets += 1;
            if worth > best.map_or(0.0, |(highest, ..)| highest)
                && holds(days, day_no, &grown, frame)
            {
                best = Some((worth, day_no, slot_no));
            }
        }
    }
    if let Some((_, day, slot)) = best {
        days[day].slots[slot].sets += 1;
    }
    best.is_some()
}

/// An exercise for the muscle in the day that has least of it, in exchange where there is no room.
fn insert(days: &mut [TemplateDay], muscle: Muscle, frame: &Frame<'_>) -> bool {
    let brief = frame.brief;
    let minimum = weekly_minimum(brief);
    let mut order: Vec<usize> = (0..days.len()).collect();
    order.sort_by(|one, other| {
        worked(&days[*one], muscle).total_cmp(&worked(&days[*other], muscle))
    });
    for no in order {
        let there = |one: &Exercise| days[no].slots.iter().any(|slot| slot.exercise == one.slug);
        let open = |one: &&Exercise| one.share(muscle) == 1.0 && brief.allows(one) && !there(one);
        let best = catalogue()
            .iter()
            .filter(open)
            .max_by(|one, other| liking(brief, one).total_cmp(&liking(brief, other)));
        let Some(exercise) = best else { continue };
        let mut grown = days[no].clone();
        grown.slots.push(new_slot(exercise, &days[no], brief));
        finish(&mut grown, brief);
        if holds(days, no, &grown, frame) {
            days[no] = grown;
            return true;
        }
        for out in (0..grown.slots.len()).rev() {
            let mut exchanged = grown.clone();
            let gone = exchanged.slots.remove(out);
            finish(&mut exchanged, brief);
            let spare = |one: &Muscle| {
                share(&gone, *one) == 0.0
                    || weekly(days, *one) - share(&gone, *one) >= LEAST_WEEKLY_SETS
            };
            let is_new = gone.exercise == exercise.slug;
            if !is_new && minimum.iter().all(spare) && holds(days, no, &exchanged, frame) {
                days[no] = exchanged;
                return true;
            }
        }
    }
    false
}

fn new_slot(exercise: &'static Exercise, day: &TemplateDay, brief: &Brief) -> Slot {
    let reps = planner::reps(brief, exercise, false);
    let role = if exercise.mechanic == Mechanic::Compound {
        Role::Secondary
    } else {
        Role::Accessory
    };
    Slot {
        exercise: exercise.slug.clone(),
        role,
        sets: 2,
        reps: [reps.low, reps.high],
        rir: planner::rir(brief, exercise),
        rest_s: if is_circuit(day) {
            30
        } else {
            standard_rest(brief, exercise, reps)
        },
        tempo: None,
        progression: block::progression(brief, exercise, role),
    }
}

/// Whether minutes, level and muscles can take the day as it would be.
fn holds(days: &[TemplateDay], no: usize, grown: &TemplateDay, frame: &Frame<'_>) -> bool {
    let (exercises, sets) = level_caps(frame.brief);
    let strength = || grown.slots.iter().filter(|slot| is_strength(slot));
    let others = |muscle: Muscle| weekly(days, muscle) - worked(&days[no], muscle);
    minutes(grown, frame.brief) <= frame.minutes
        && strength().count() <= exercises
        && strength().all(|slot| slot.sets <= sets)
        && Muscle::ALL
            .iter()
            .all(|muscle| worked(grown, *muscle) <= MOST_SESSION_SETS)
        && MAJOR_MUSCLES
            .iter()
            .all(|muscle| others(*muscle) + worked(grown, *muscle) <= MOST_WEEKLY_SETS)
}

// Counting.

fn found(slot: &Slot) -> Option<&'static Exercise> {
    exercise::find(&slot.exercise)
}

fn is_strength(slot: &Slot) -> bool {
    found(slot).is_some_and(|one| one.pattern.is_strength())
}

fn is_isolation(slot: &Slot) -> bool {
    found(slot).is_some_and(|one| one.mechanic == Mechanic::Isolation)
}

fn dose(slot: &Slot, exercise: &Exercise) -> Reps {
    Reps {
        low: slot.reps[0],
        high: slot.reps[1],
        timed: exercise.is_timed(),
    }
}

/// Sets of a muscle that a slot works.
fn share(slot: &Slot, muscle: Muscle) -> f64 {
    found(slot).map_or(0.0, |one| one.share(muscle)) * slot.sets as f64
}

fn worked(day: &TemplateDay, muscle: Muscle) -> f64 {
    day.slots.iter().map(|slot| share(slot, muscle)).sum()
}

fn weekly(days: &[TemplateDay], muscle: Muscle) -> f64 {
    days.iter().map(|day| worked(day, muscle)).sum()
}
