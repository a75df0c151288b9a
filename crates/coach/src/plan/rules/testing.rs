//! What the tables of the rules share: a sound week to break.

use serde_json::{Value, json};

use super::Rule;
use crate::brief::Brief;
use crate::plan::{Block, BlockKind, Day, Draft, Item};
use crate::planner::draft_week;
use crate::profile::ProfileSnapshot;

pub(super) fn brief(profile: &Value) -> Brief {
    Brief::from_profile(&ProfileSnapshot::parse(profile).expect("a good profile"))
}

pub(super) fn gym() -> Value {
    json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "trainingLevel": "Intermediate", "weight": 75, "height": 178,
           "age": 30, "sex": "Male"})
}

/// A name, a way to change the week, and whether the rule must then be broken.
pub(super) type Case = (&'static str, fn(&mut Draft), bool);

/// Breaks the sound week of a profile in several ways; `true` means that the rule must say so.
pub(super) fn table(rule: &Rule, profile: Value, cases: &[Case]) {
    let brief = brief(&profile);
    for (name, change, breaks) in cases {
        let mut draft = draft_week(&brief, 1);
        assert_eq!(
            rule.broken_by(&draft, &brief),
            [],
            "the sound week breaks {}",
            rule.id
        );
        change(&mut draft);
        let found = rule.broken_by(&draft, &brief);
        assert_eq!(!found.is_empty(), *breaks, "{}: {name}: {found:?}", rule.id);
    }
}

pub(super) fn training_day(draft: &mut Draft) -> &mut Day {
    draft
        .days_mut()
        .into_iter()
        .map(|(_, day)| day)
        .find(|day| day.is_training())
        .expect("a training day")
}

pub(super) fn rest_day(draft: &mut Draft) -> &mut Day {
    draft
        .days_mut()
        .into_iter()
        .map(|(_, day)| day)
        .find(|day| !day.is_training())
        .expect("a rest day")
}

pub(super) fn main_block(draft: &mut Draft) -> &mut Block {
    let main = |block: &&mut Block| block.kind().is_some_and(BlockKind::is_main);
    training_day(draft)
        .workout
        .blocks
        .iter_mut()
        .find(main)
        .expect("a main block")
}

pub(super) fn item(exercise: &str, sets: i64, reps: &str, rir: i64) -> Item {
    Item {
        exercise: exercise.to_owned(),
        sets,
        reps: reps.to_owned(),
        rir,
    }
}

/// Puts one exercise where the first of the main block was.
pub(super) fn put(draft: &mut Draft, exercise: &str) {
    main_block(draft).items[0] = item(exercise, 3, "8-12", 3);
}

pub(super) fn put_food(draft: &mut Draft, food: &str, qty: &str) {
    let first = &mut draft.monday.nutrition.meals[0].items[0];
    first.food = food.to_owned();
    first.qty = qty.to_owned();
}
