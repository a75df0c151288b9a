//! Nothing on the plate against diet, allergy, dislike or budget.

use super::{Finding, Rule, foods};
use crate::brief::Brief;
use crate::food;
use crate::plan::Draft;

pub(super) const RULE: Rule = Rule {
    id: "diet",
    sentence: "Every food fits the diet, the allergies, the dislikes and the budget.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    foods(draft)
        .filter_map(|(place, item)| Some((place, food::find(&item.food)?)))
        .filter(|(_, food)| !brief.allows_food(food))
        .map(|(place, food)| {
            (
                format!("{place}/food"),
                format!("{} is not for this athlete", food.name),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::*;
    use super::*;

    const BANANA: fn(&mut Draft) = |draft| put_food(draft, "Banana", "1 piece");
    const MILK: fn(&mut Draft) = |draft| put_food(draft, "Milk, low fat", "250 ml");
    const EGGS: fn(&mut Draft) = |draft| put_food(draft, "Boiled eggs", "2 pieces");
    const CHICKEN: fn(&mut Draft) = |draft| put_food(draft, "Chicken curry", "200 g");
    const SALMON: fn(&mut Draft) = |draft| put_food(draft, "Salmon, baked", "120 g");
    const ALMONDS: fn(&mut Draft) = |draft| put_food(draft, "Almonds", "20 g");

    fn eater(preference: &str, notes: &str) -> serde_json::Value {
        json!({"goal": "WEIGHT_LOSS", "trainingDays": 3, "dietaryPrefs": [preference], "dietaryNotes": notes})
    }

    #[test]
    fn every_diet_has_its_own_line() {
        table(
            &RULE,
            eater("Vegan", ""),
            &[
                ("fruit", BANANA, false),
                ("milk", MILK, true),
                ("eggs", EGGS, true),
                ("meat", CHICKEN, true),
            ],
        );
        table(
            &RULE,
            eater("Vegetarian", ""),
            &[
                ("milk", MILK, false),
                ("eggs", EGGS, true),
                ("meat", CHICKEN, true),
                ("fish", SALMON, true),
            ],
        );
        table(
            &RULE,
            eater("Eggitarian", ""),
            &[
                ("milk", MILK, false),
                ("eggs", EGGS, false),
                ("meat", CHICKEN, true),
            ],
        );
        table(
            &RULE,
            eater("Non-veg", ""),
            &[
                ("milk", MILK, false),
                ("eggs", EGGS, false),
                ("meat", CHICKEN, false),
                ("fish", SALMON, false),
            ],
        );
    }

    #[test]
    fn allergies_and_dislikes_are_kept_out() {
        table(
            &RULE,
            eater("Non-veg", "Nut allergy. Lactose intolerant"),
            &[
                ("almonds", ALMONDS, true),
                ("milk", MILK, true),
                ("eggs", EGGS, false),
            ],
        );
        table(
            &RULE,
            eater("Non-veg", "I don't like fish and no bananas"),
            &[("salmon", SALMON, true), ("banana", BANANA, true)],
        );
        table(
            &RULE,
            eater("Non-veg", "No allergies, love fish"),
            &[("salmon", SALMON, false), ("almonds", ALMONDS, false)],
        );
    }
}
