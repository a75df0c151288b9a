//! Compound lifts come before isolation, while the athlete is fresh.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::exercise::{Mechanic, Pattern};
use crate::plan::{BlockKind, Draft};

pub(super) const RULE: Rule = Rule {
    id: "exercise_order",
    sentence: "Compound exercises come before isolation, except in a circuit.",
    check,
};

fn check(draft: &Draft, _: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, day) in days(draft) {
        let lifts = day.work().filter(|one| {
            let straight = matches!(one.kind, BlockKind::Main | BlockKind::Accessory);
            straight && one.exercise.pattern.is_strength() && one.exercise.pattern != Pattern::Carry
        });
        let mut isolated = None;
        for one in lifts {
            match one.exercise.mechanic {
                Mechanic::Isolation => isolated = Some(one.exercise),
                Mechanic::Compound => {
                    if let Some(before) = isolated {
                        findings.push((
                            format!("{place}/workout"),
                            format!("put {} before {before}", one.exercise),
                        ));
                    }
                }
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
    fn isolation_does_not_come_first() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "isolation last",
                    |draft| {
                        main_block(draft).items = vec![
                            item("Leg Press", 3, "8", 2),
                            item("Leg Extension", 3, "12", 2),
                        ]
                    },
                    false,
                ),
                (
                    "isolation first",
                    |draft| {
                        main_block(draft).items = vec![
                            item("Leg Extension", 3, "12", 2),
                            item("Leg Press", 3, "8", 2),
                        ]
                    },
                    true,
                ),
                (
                    "isolation first in a circuit",
                    |draft| {
                        let day = training_day(draft);
                        day.workout.blocks.truncate(2);
                        day.workout.blocks[1].name = "Main circuit".to_owned();
                        day.workout.blocks[1].items = vec![
                            item("Leg Extension", 3, "12", 2),
                            item("Leg Press", 3, "8", 2),
                        ];
                    },
                    false,
                ),
            ],
        );
    }
}
