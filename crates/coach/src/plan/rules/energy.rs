//! The day's energy is what the athlete needs, and the food on it adds up to it.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::food;
use crate::plan::{Day, Draft};

/// How far the day's stated energy may be from the athlete's: training days may have more, rest days less.
const FROM_NEED: f64 = 0.10;
/// How far the food may be from the day's stated energy.
const FROM_STATED: f64 = 0.07;

pub(super) const RULE: Rule = Rule {
    id: "energy",
    sentence: "A day's energy is within 10 % of what the athlete needs, and its food adds up to it within 7 %.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    let need = f64::from(brief.kcal);
    for (place, day) in days(draft) {
        let stated = day.nutrition.total_kcal as f64;
        if (stated - need).abs() > need * FROM_NEED {
            findings.push((
                format!("{place}/nutrition/total_kcal"),
                format!("plan about {need} kcal instead of {stated}"),
            ));
        }
        let eaten = eaten(day);
        if (eaten - stated).abs() > stated.abs() * FROM_STATED {
            findings.push((
                format!("{place}/nutrition/meals"),
                format!("the food is {eaten:.0} kcal, stated are {stated}"),
            ));
        }
    }
    findings
}

fn eaten(day: &Day) -> f64 {
    let items = day.nutrition.meals.iter().flat_map(|meal| &meal.items);
    items
        .filter_map(|item| {
            food::find(&item.food).and_then(|food| Some(food.kcal_of(food.amount(&item.qty).ok()?)))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn energy_is_needed_and_adds_up() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "half of it",
                    |draft| draft.monday.nutrition.total_kcal /= 2,
                    true,
                ),
                (
                    "none of it",
                    |draft| draft.monday.nutrition.total_kcal = 0,
                    true,
                ),
                (
                    "a meal less",
                    |draft| drop(draft.monday.nutrition.meals.pop()),
                    true,
                ),
                (
                    "a kilogram of rice more",
                    |draft| put_food(draft, "Basmati rice, cooked", "1500 g"),
                    true,
                ),
            ],
        );
    }
}
