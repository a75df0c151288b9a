//! What every plan keeps: one rule, one file, one table of cases.

use super::check::Violation;
use super::draft::{Block, Day, Draft, Item, MealItem};
use crate::brief::Brief;

mod allowed_exercises;
mod diet;
mod effort;
mod energy;
mod equipment;
mod exercise_order;
mod exercise_repeated;
mod form;
mod injuries;
mod known_names;
mod level;
mod meals;
mod protein;
mod repetitions;
mod session_minutes;
mod session_volume;
mod text;
mod training_days;
mod water;
mod weekly_volume;

#[cfg(test)]
mod testing;

pub(crate) use effort::least as least_rir;
pub(crate) use session_minutes::TOLERANCE as MINUTES_TOLERANCE;
pub(crate) use session_volume::MOST as MOST_SESSION_SETS;
pub(crate) use weekly_volume::{LEAST as LEAST_WEEKLY_SETS, MOST as MOST_WEEKLY_SETS};

/// A rule that a plan must keep.
pub struct Rule {
    /// A short name in lower case, stable: reports and repair prompts use it.
    pub id: &'static str,
    /// What it demands, for a person.
    pub sentence: &'static str,
    check: fn(&Draft, &Brief) -> Vec<Finding>,
}

/// Where a rule is broken, and what would be right.
pub(crate) type Finding = (String, String);

impl Rule {
    /// Where the draft breaks this rule.
    pub fn broken_by(&self, draft: &Draft, brief: &Brief) -> Vec<Violation> {
        let findings = (self.check)(draft, brief);
        findings
            .into_iter()
            .map(|(place, message)| Violation {
                rule: self.id,
                place,
                message,
            })
            .collect()
    }
}

/// All rules, in the order in which they are best read.
pub const RULES: &[Rule] = &[
    form::RULE,
    known_names::RULE,
    text::RULE,
    training_days::RULE,
    session_minutes::RULE,
    equipment::RULE,
    injuries::RULE,
    allowed_exercises::RULE,
    level::RULE,
    exercise_repeated::RULE,
    exercise_order::RULE,
    repetitions::RULE,
    effort::RULE,
    weekly_volume::RULE,
    session_volume::RULE,
    diet::RULE,
    energy::RULE,
    protein::RULE,
    meals::RULE,
    water::RULE,
];

/// The rules about training alone: an 8-week block keeps them too.
pub(crate) const TRAINING_RULES: &[Rule] = &[
    form::RULE,
    known_names::RULE,
    training_days::RULE,
    equipment::RULE,
    injuries::RULE,
    allowed_exercises::RULE,
    level::RULE,
    exercise_repeated::RULE,
    exercise_order::RULE,
    repetitions::RULE,
    effort::RULE,
    weekly_volume::RULE,
    session_volume::RULE,
];

fn days(draft: &Draft) -> impl Iterator<Item = (String, &Day)> {
    draft
        .days()
        .into_iter()
        .map(|(weekday, day)| (format!("/{}", weekday.name()), day))
}

fn items(draft: &Draft) -> impl Iterator<Item = (String, &Block, &Item)> {
    days(draft).flat_map(|(place, day)| {
        day.workout
            .blocks
            .iter()
            .enumerate()
            .flat_map(move |(block_no, block)| {
                let place = place.clone();
                let items = block.items.iter().enumerate();
                items.map(move |(item_no, item)| {
                    (
                        format!("{place}/workout/blocks/{block_no}/items/{item_no}"),
                        block,
                        item,
                    )
                })
            })
    })
}

fn foods(draft: &Draft) -> impl Iterator<Item = (String, &MealItem)> {
    days(draft).flat_map(|(place, day)| {
        day.nutrition
            .meals
            .iter()
            .enumerate()
            .flat_map(move |(meal_no, meal)| {
                let place = place.clone();
                let items = meal.items.iter().enumerate();
                items.map(move |(item_no, item)| {
                    (
                        format!("{place}/nutrition/meals/{meal_no}/items/{item_no}"),
                        item,
                    )
                })
            })
    })
}
