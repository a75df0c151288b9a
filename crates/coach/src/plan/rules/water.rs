//! A sane amount of water.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::plan::Draft;

pub(super) const RULE: Rule = Rule {
    id: "water",
    sentence: "A day asks for 1.2 to 5 litres of water.",
    check,
};

fn check(draft: &Draft, _: &Brief) -> Vec<Finding> {
    days(draft)
        .filter(|(_, day)| !(1.2..=5.0).contains(&day.nutrition.hydration_l))
        .map(|(place, _)| {
            (
                format!("{place}/nutrition/hydration_l"),
                "plan 1.2 to 5 litres of water".to_owned(),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn water_is_neither_forgotten_nor_dangerous() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "three litres",
                    |draft| draft.monday.nutrition.hydration_l = 3.0,
                    false,
                ),
                (
                    "none",
                    |draft| draft.monday.nutrition.hydration_l = 0.0,
                    true,
                ),
                (
                    "twelve litres",
                    |draft| draft.monday.nutrition.hydration_l = 12.0,
                    true,
                ),
                (
                    "no number",
                    |draft| draft.monday.nutrition.hydration_l = f64::NAN,
                    true,
                ),
            ],
        );
    }
}
