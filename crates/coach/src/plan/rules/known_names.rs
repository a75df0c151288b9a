//! Only exercises of the catalogue and foods of the table, in quantities that can be weighed.

use super::{Finding, Rule, foods, items};
use crate::brief::Brief;
use crate::plan::Draft;
use crate::{exercise, food};

pub(super) const RULE: Rule = Rule {
    id: "known_names",
    sentence: "Every exercise is in the catalogue, every food in the table, and every quantity can be weighed.",
    check,
};

fn check(draft: &Draft, _: &Brief) -> Vec<Finding> {
    let exercises = items(draft)
        .filter(|(_, _, item)| exercise::find(&item.exercise).is_none())
        .map(|(place, _, _)| {
            (
                format!("{place}/exercise"),
                "no exercise of the catalogue has this name".to_owned(),
            )
        });
    let foods = foods(draft).filter_map(|(place, item)| match food::find(&item.food) {
        None => Some((
            format!("{place}/food"),
            "no food of the table has this name".to_owned(),
        )),
        Some(food) => food
            .amount(&item.qty)
            .err()
            .map(|message| (format!("{place}/qty"), message)),
    });
    exercises.chain(foods).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn unknown_exercises_foods_and_quantities_are_named() {
        table(
            &RULE,
            gym(),
            &[
                ("an alias", |draft| put(draft, "back squat"), false),
                (
                    "an unknown exercise",
                    |draft| put(draft, "Quantum Leap"),
                    true,
                ),
                ("no exercise", |draft| put(draft, ""), true),
                (
                    "another case",
                    |draft| put_food(draft, "BANANA", "1 piece"),
                    false,
                ),
                (
                    "an unknown food",
                    |draft| put_food(draft, "Unicorn steak", "100 g"),
                    true,
                ),
                (
                    "a quantity without a unit",
                    |draft| put_food(draft, "Banana", "2"),
                    true,
                ),
                (
                    "a quantity in words",
                    |draft| put_food(draft, "Banana", "a few"),
                    true,
                ),
            ],
        );
    }
}
