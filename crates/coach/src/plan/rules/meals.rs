//! As many meals as the athlete eats, each with food and a name.

use std::collections::HashSet;

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::plan::Draft;

pub(super) const RULE: Rule = Rule {
    id: "meals",
    sentence: "A day has the athlete's number of meals, each with its own name and something to eat.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, day) in days(draft) {
        let place = format!("{place}/nutrition");
        let meals = &day.nutrition.meals;
        if meals.len() != usize::from(brief.meals)
            || day.nutrition.meals_per_day != i64::from(brief.meals)
        {
            findings.push((
                format!("{place}/meals"),
                format!("plan {} meals", brief.meals),
            ));
        }
        if meals
            .iter()
            .any(|meal| meal.items.is_empty() || meal.name.trim().is_empty())
        {
            findings.push((
                format!("{place}/meals"),
                "every meal has a name and something to eat".to_owned(),
            ));
        }
        let names: HashSet<_> = meals.iter().map(|meal| &meal.name).collect();
        if names.len() != meals.len() {
            findings.push((
                format!("{place}/meals"),
                "no two meals have the same name".to_owned(),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn meals_are_as_many_as_the_athlete_eats() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "a meal less",
                    |draft| drop(draft.monday.nutrition.meals.pop()),
                    true,
                ),
                (
                    "another count",
                    |draft| draft.monday.nutrition.meals_per_day = 9,
                    true,
                ),
                (
                    "an empty meal",
                    |draft| draft.monday.nutrition.meals[0].items.clear(),
                    true,
                ),
                (
                    "a nameless meal",
                    |draft| draft.monday.nutrition.meals[0].name.clear(),
                    true,
                ),
                (
                    "two of one name",
                    |draft| {
                        draft.monday.nutrition.meals[0].name =
                            draft.monday.nutrition.meals[1].name.clone()
                    },
                    true,
                ),
            ],
        );
    }
}
