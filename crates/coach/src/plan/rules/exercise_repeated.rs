//! No exercise twice in a session.

use std::collections::HashSet;

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::exercise;
use crate::plan::Draft;

pub(super) const RULE: Rule = Rule {
    id: "exercise_repeated",
    sentence: "No exercise stands twice in one day.",
    check,
};

fn check(draft: &Draft, _: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, day) in days(draft) {
        let mut seen = HashSet::new();
        for exercise in day
            .items()
            .filter_map(|(_, item)| exercise::find(&item.exercise))
        {
            if !seen.insert(&exercise.slug) {
                findings.push((
                    format!("{place}/workout"),
                    format!("{exercise} is there twice"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn an_exercise_stands_once_a_day() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "the same again",
                    |draft| {
                        let first = main_block(draft).items[0].clone();
                        main_block(draft).items.push(first);
                    },
                    true,
                ),
                (
                    "the same by an alias",
                    |draft| {
                        let items = vec![
                            item("Barbell Back Squat", 3, "8", 2),
                            item("back squat", 3, "8", 2),
                        ];
                        main_block(draft).items = items;
                    },
                    true,
                ),
                (
                    "another one",
                    |draft| {
                        main_block(draft)
                            .items
                            .push(item("Dumbbell Box Squat", 2, "10", 2))
                    },
                    false,
                ),
            ],
        );
    }
}
