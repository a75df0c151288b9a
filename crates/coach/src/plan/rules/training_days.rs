//! As many training days as asked for, at most six; the other days are light or free.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::plan::{BlockKind, Draft};

pub(super) const RULE: Rule = Rule {
    id: "training_days",
    sentence: "The week has the training days that were asked for, at most six; other days hold single sets or none.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    let training = draft
        .days()
        .iter()
        .filter(|(_, day)| day.is_training())
        .count();
    if training != brief.sessions() {
        findings.push((
            "/".to_owned(),
            format!(
                "plan {} training days instead of {training}",
                brief.sessions()
            ),
        ));
    }
    for (place, day) in days(draft) {
        if !day.is_training() && day.items().any(|(_, item)| item.sets > 1) {
            findings.push((
                format!("{place}/workout"),
                "a day without main work holds single sets only".to_owned(),
            ));
        }
        let heart = |kind: BlockKind| kind.is_main();
        let single = |block: &&crate::plan::Block| {
            block.kind().is_some_and(heart) && block.items.iter().any(|item| item.sets < 2)
        };
        if day.is_training() && day.workout.blocks.iter().any(|block| single(&block)) {
            findings.push((
                format!("{place}/workout"),
                "every exercise of the main block has two sets or more".to_owned(),
            ));
        }
        if day.is_training() && day.workout.focus.is_empty() {
            findings.push((
                format!("{place}/workout/focus"),
                "say what the day trains".to_owned(),
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
    fn the_week_has_the_days_that_were_asked_for() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "one session less",
                    |draft| training_day(draft).workout.blocks.clear(),
                    true,
                ),
                (
                    "one session more",
                    |draft| {
                        let blocks = training_day(draft).workout.blocks.clone();
                        rest_day(draft).workout.blocks = blocks;
                    },
                    true,
                ),
                (
                    "two sets on a rest day",
                    |draft| {
                        let mut blocks = training_day(draft).workout.blocks.clone();
                        blocks.retain(|block| block.kind() == Some(BlockKind::CoolDown));
                        blocks[0].items[0].sets = 2;
                        rest_day(draft).workout.blocks = blocks;
                    },
                    true,
                ),
                (
                    "an empty rest day",
                    |draft| rest_day(draft).workout.blocks.clear(),
                    false,
                ),
                (
                    "a main exercise of one set",
                    |draft| main_block(draft).items[0].sets = 1,
                    true,
                ),
                (
                    "no focus",
                    |draft| training_day(draft).workout.focus.clear(),
                    true,
                ),
            ],
        );
    }

    #[test]
    fn seven_days_are_six_and_one_of_active_recovery() {
        let mut profile = gym();
        profile["trainingDays"] = 7.into();
        table(
            &RULE,
            profile,
            &[(
                "a seventh session",
                |draft| {
                    let blocks = training_day(draft).workout.blocks.clone();
                    rest_day(draft).workout.blocks = blocks;
                },
                true,
            )],
        );
    }
}
