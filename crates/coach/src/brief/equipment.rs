//! What there is to train with, from the app's words.

use std::collections::BTreeSet;

use crate::exercise::Equipment::{self, *};
use crate::words;

const HOME_GYM: &[Equipment] = &[Dumbbells, Barbell, Rack, Bench, PullUpBar, Bands];

/// Phrases and what they bring. Longer phrases are read first: a "home gym" is not everything a gym has.
const WORDS: &[(&str, &[Equipment])] = &[
    ("home gym", HOME_GYM),
    ("garage gym", HOME_GYM),
    ("gym", Equipment::ALL),
    ("fitness center", Equipment::ALL),
    ("fitness studio", Equipment::ALL),
    ("dumbbell", &[Dumbbells]),
    ("dumbell", &[Dumbbells]),
    ("db", &[Dumbbells]),
    ("free weight", &[Dumbbells, Barbell]),
    ("barbell", &[Barbell]),
    ("weight plate", &[Barbell]),
    ("squat rack", &[Rack]),
    ("power rack", &[Rack]),
    ("rack", &[Rack]),
    ("bench", &[Bench]),
    ("kettlebell", &[Kettlebell]),
    ("kb", &[Kettlebell]),
    ("band", &[Bands]),
    ("tube", &[Bands]),
    ("pull up bar", &[PullUpBar]),
    ("pullup bar", &[PullUpBar]),
    ("chin up bar", &[PullUpBar]),
    ("dip bar", &[DipBars]),
    ("dip station", &[DipBars]),
    ("parallel bar", &[DipBars]),
    ("calisthenic park", &[PullUpBar, DipBars]),
    ("landmine", &[Landmine]),
    ("cable", &[Cables]),
    ("machine", &[Machines]),
    ("trx", &[Suspension]),
    ("suspension trainer", &[Suspension]),
    ("ring", &[Suspension]),
    ("plyo box", &[Box]),
    ("box", &[Box]),
    ("step", &[Box]),
    ("jump rope", &[JumpRope]),
    ("skipping rope", &[JumpRope]),
    ("bike", &[Bike]),
    ("bicycle", &[Bike]),
    ("rower", &[Rower]),
    ("rowing machine", &[Rower]),
    ("elliptical", &[Elliptical]),
    ("cross trainer", &[Elliptical]),
    ("treadmill", &[Treadmill]),
    ("battle rope", &[BattleRope]),
];

/// The equipment of a list; what is not known (a mat) adds nothing, and "no gym" or "without barbell" neither.
pub(super) fn read(list: &[String]) -> BTreeSet<Equipment> {
    list.iter()
        .flat_map(|entry| words::clauses(&entry.replace(['_', '+', '&'], ",")))
        .flat_map(|clause| one(&clause))
        .collect()
}

fn one(clause: &words::Clause) -> BTreeSet<Equipment> {
    let mut found = BTreeSet::new();
    let mut taken = vec![false; clause.words.len()];
    let mut phrases: Vec<_> = WORDS
        .iter()
        .map(|(phrase, brings)| (words::tokens(phrase), brings))
        .collect();
    phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    for (phrase, brings) in phrases {
        let Some(place) = clause
            .position(&phrase)
            .filter(|place| !clause.denies(*place))
        else {
            continue;
        };
        if !taken[place..place + phrase.len()].contains(&true) {
            taken[place..place + phrase.len()].fill(true);
            found.extend(brings.iter().copied());
        }
    }
    found
}
