//! Which exercise fills a place of a session, and in which order a session's exercises are done.

use super::chance::Chance;
use super::session::{Session, Used};
use super::split::Slot;
use crate::brief::{Brief, Limit};
use crate::exercise::{Equipment, Exercise, Load, Mechanic, Pattern, catalogue};
use crate::profile::{Goal, Level};

pub(super) fn choose(
    brief: &Brief,
    slot: Slot,
    session: &Session,
    used: &Used,
    chance: &mut Chance,
    first: bool,
) -> Option<&'static Exercise> {
    let simple = is_steady(brief) || brief.goal == Goal::FlexibilityMobility;
    let found = if simple {
        choose_up_to(1, brief, slot, session, used, chance, first)
    } else {
        None
    };
    found.or_else(|| choose_up_to(3, brief, slot, session, used, chance, first))
}

/// Novices and older athletes get the simplest lifts that there are.
fn is_steady(brief: &Brief) -> bool {
    brief.level == Level::Beginner || brief.has(Limit::Senior)
}

fn choose_up_to(
    skill: u8,
    brief: &Brief,
    slot: Slot,
    session: &Session,
    used: &Used,
    chance: &mut Chance,
    first: bool,
) -> Option<&'static Exercise> {
    let open = |pattern: Pattern| {
        let group_free = |one: &Exercise| {
            !session
                .lifts
                .iter()
                .any(|lift| lift.exercise.group == one.group)
        };
        catalogue().iter().filter(move |one| {
            one.pattern == pattern && one.skill <= skill && brief.allows(one) && group_free(one)
        })
    };
    slot.patterns.iter().find_map(|pattern| {
        let wanted = open(*pattern).any(|one| one.mechanic == slot.mechanic);
        let candidates = open(*pattern).filter(|one| !wanted || one.mechanic == slot.mechanic);
        // A place for isolation that only compound lifts could fill stays open, as long as others can.
        let last = slot.mechanic == Mechanic::Compound || wanted || slot.patterns.len() > 1;
        if last {
            chance.best(candidates, 2.0, |one| fitness(brief, one, used, first))
        } else {
            None
        }
    })
}

/// How well an exercise suits this athlete, whatever else the week holds.
pub(crate) fn liking(brief: &Brief, exercise: &'static Exercise) -> f64 {
    fitness(brief, exercise, &Used::default(), false)
}

/// How well an exercise suits this athlete here and now.
pub(super) fn fitness(brief: &Brief, exercise: &'static Exercise, used: &Used, first: bool) -> f64 {
    let needs = |equipment: Equipment| exercise.equipment.contains(&equipment);
    let has_weights = [
        Equipment::Dumbbells,
        Equipment::Barbell,
        Equipment::Machines,
        Equipment::Kettlebell,
    ]
    .iter()
    .any(|weights| brief.equipment.contains(weights));
    let steady = is_steady(brief);
    let load = match exercise.load {
        Load::External if needs(Equipment::Bands) && has_weights => 0.5,
        Load::External => 2.5,
        Load::Bodyweight
            if needs(Equipment::PullUpBar)
                || needs(Equipment::DipBars)
                || needs(Equipment::Suspension) =>
        {
            2.0
        }
        Load::Bodyweight if has_weights => 0.0,
        Load::Bodyweight => 0.8,
        Load::Assisted if steady => 0.8,
        Load::Assisted if brief.level == Level::Professional => -2.0,
        Load::Assisted => -0.8,
        Load::Timed => 0.0,
    };
    let skill = match (steady, exercise.skill) {
        (true, 1) => 0.8,
        (false, 2) => 0.5,
        (false, 3) if brief.level == Level::Professional => 0.8,
        _ => 0.0,
    };
    let barbell_first =
        if first && needs(Equipment::Barbell) && !steady && brief.goal == Goal::MuscleGain {
            1.0
        } else {
            0.0
        };
    let staple = if exercise.staple { 1.6 } else { 0.0 };
    let machine = if steady && needs(Equipment::Machines) {
        1.0
    } else {
        0.0
    };
    load + skill + staple + barbell_first + machine - 1.5 * used.weight(exercise)
}

/// Compound lifts first, legs before arms; then isolation, calves and core last.
pub(super) fn order(exercise: &Exercise) -> (bool, usize) {
    let place = match exercise.pattern {
        Pattern::Squat | Pattern::Hinge => 0,
        Pattern::Lunge => 1,
        Pattern::HorizontalPush
        | Pattern::VerticalPull
        | Pattern::HorizontalPull
        | Pattern::VerticalPush => 2,
        Pattern::Carry => 8,
        Pattern::CoreFlexion | Pattern::CoreStability => 7,
        Pattern::Calf => 6,
        _ => 5,
    };
    (exercise.mechanic == Mechanic::Isolation, place)
}
