//! What there is to train with, at the gym and at home.

use super::text::{Item, Text};
use super::vocabulary::{Cue, Meaning};
use super::{Fact, Gym, Reading, add};
use crate::exercise::Equipment;

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Gym,
    Home,
}

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    reading.gym = gym(text);
    let home = text
        .items
        .iter()
        .find(|item| is_home(item) && !denied(text, item));
    reading.home = home.map(|item| text.fact(true, item.words()));
    reading.bodyweight = text
        .items
        .iter()
        .find(|item| is_bodyweight(text, item))
        .map(|item| text.fact(true, item.words()));
    let mut unplaced = Vec::new();
    for item in text
        .items
        .iter()
        .filter(|item| !denied(text, item) && !is_lift(text, item))
    {
        for equipment in equipment(item) {
            let fact = text.fact(equipment, item.words());
            match place(text, item) {
                Some(Place::Gym) => add(&mut reading.gym_equipment, fact),
                Some(Place::Home) => add(&mut reading.home_equipment, fact),
                None => unplaced.push(fact),
            }
        }
    }
    place_rest(unplaced, reading);
}

/// What is named without a place is at the gym where only a gym is spoken of, else at home.
fn place_rest(unplaced: Vec<Fact<Equipment>>, reading: &mut Reading) {
    let at_gym = reading.gym.is_some() && reading.home.is_none();
    for fact in unplaced {
        add(
            if at_gym {
                &mut reading.gym_equipment
            } else {
                &mut reading.home_equipment
            },
            fact,
        );
    }
}

fn is_home(item: &Item) -> bool {
    item.is(Cue::Home) || item.is(Cue::HomeGym)
}

/// "body weight: 80 kg" is none.
fn is_bodyweight(text: &Text<'_>, item: &Item) -> bool {
    let number = text
        .words
        .get(item.end)
        .is_some_and(|word| word.number.is_some());
    item.is(Cue::Bodyweight)
        && !number
        && !text.any(text.clause(item.start).start..item.start, &[Cue::Dislike])
}

/// The first gym that is there and not only remembered; a limited one where no full one is named.
fn gym(text: &Text<'_>) -> Option<Fact<Gym>> {
    let there = |item: &&Item| {
        let clause = text.clause(item.start);
        !denied(text, item)
            && !text.any(clause.clone(), &[Cue::Now, Cue::Dislike])
            && !text.any(clause.start..item.start, &[Cue::Other])
    };
    let full = text
        .items
        .iter()
        .filter(|item| item.is(Cue::Gym))
        .find(there);
    let limited = || {
        text.items
            .iter()
            .filter(|item| item.is(Cue::LimitedGym))
            .find(there)
    };
    full.map(|item| text.fact(Gym::Full, item.words()))
        .or_else(|| limited().map(|item| text.fact(Gym::Limited, item.words())))
}

fn equipment(item: &Item) -> impl Iterator<Item = Equipment> {
    item.meanings().filter_map(|meaning| {
        if let Meaning::Equipment(equipment) = meaning {
            Some(*equipment)
        } else {
            None
        }
    })
}

/// Whether a "no" or "can't" stands shortly before, with no "and" between that starts something else.
fn denied(text: &Text<'_>, item: &Item) -> bool {
    let clause = text.clause(item.start);
    let mut parted = false;
    for word in (item.start.saturating_sub(6).max(clause.start)..item.start).rev() {
        let Some(other) = text.item_at(word) else {
            continue;
        };
        if other.is(Cue::And) || other.is(Cue::Only) {
            parted = true;
        } else if equipment(other).next().is_some() || other.is(Cue::Gym) {
            parted = false;
        } else if other.is(Cue::Not) || other.is(Cue::Cannot) || other.is(Cue::Dislike) {
            return !parted;
        }
    }
    text.ends_at(clause.end).is_some_and(|last| {
        last.is(Cue::Not) && last.start >= item.end && last.start <= item.end + 2
    })
}

/// "I bench 100 kg", "arbeite bei einer Bank".
fn is_lift(text: &Text<'_>, item: &Item) -> bool {
    let weighed = text
        .words
        .get(item.end)
        .and_then(|word| word.number)
        .is_some_and(|number| number >= 40.0);
    let bench = equipment(item).any(|equipment| equipment == Equipment::Bench);
    let job = text.any(text.clause(item.start).start..item.start, &[Cue::Elsewhere]);
    let weight = text
        .ends_at(item.start)
        .is_some_and(|unit| unit.is(Cue::Kilogram) || unit.is(Cue::Pound));
    bench && (weighed || weight || job)
}

/// Where a piece stands: the nearest place named in its clause, else the last one before in its sentence, else the first after.
fn place(text: &Text<'_>, item: &Item) -> Option<Place> {
    let named = |other: &Item| match () {
        () if denied(text, other) => None,
        () if is_home(other) => Some(Place::Home),
        () if other.is(Cue::Gym) || other.is(Cue::LimitedGym) => Some(Place::Gym),
        () => None,
    };
    let clause = text.clause(item.start);
    let near = text
        .items_in(clause)
        .filter_map(|other| Some((other.start.abs_diff(item.start), named(other)?)));
    let sentence = text.sentence(item.start);
    let before = || {
        text.items_in(sentence.start..item.start)
            .filter_map(named)
            .last()
    };
    let after = || text.items_in(item.end..sentence.end).find_map(named);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, place)| place)
        .or_else(before)
        .or_else(after)
}
