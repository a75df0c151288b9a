//! The contract's form: numbers in range, repetitions that read, blocks that have a known name.

use super::{Finding, Rule, days, items};
use crate::brief::Brief;
use crate::plan::{BlockKind, Draft, Reps};

pub(super) const RULE: Rule = Rule {
    id: "form",
    sentence: "Sets are 1–10, RIR 0–5, repetitions read like 8-12 or 30 s, blocks have a known name.",
    check,
};

fn check(draft: &Draft, _: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, day) in days(draft) {
        for (block_no, block) in day.workout.blocks.iter().enumerate() {
            if block.kind().is_none() {
                let known = BlockKind::ALL.map(BlockKind::name).join(", ");
                findings.push((
                    format!("{place}/workout/blocks/{block_no}/name"),
                    format!("name the block one of {known}"),
                ));
            }
            if block.items.is_empty() {
                findings.push((
                    format!("{place}/workout/blocks/{block_no}/items"),
                    "a block needs an exercise".to_owned(),
                ));
            }
        }
    }
    for (place, _, item) in items(draft) {
        if !(1..=10).contains(&item.sets) {
            findings.push((format!("{place}/sets"), "sets must be 1 to 10".to_owned()));
        }
        if !(0..=5).contains(&item.rir) {
            findings.push((format!("{place}/RIR"), "RIR must be 0 to 5".to_owned()));
        }
        if Reps::read(&item.reps).is_none() {
            findings.push((
                format!("{place}/reps"),
                "write reps such as 8-12, 10, 30 s or 20 min".to_owned(),
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
    fn sets_rir_reps_and_block_names_have_their_form() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "sets 10",
                    |draft| main_block(draft).items[0].sets = 10,
                    false,
                ),
                ("sets 0", |draft| main_block(draft).items[0].sets = 0, true),
                (
                    "sets 11",
                    |draft| main_block(draft).items[0].sets = 11,
                    true,
                ),
                (
                    "sets of i64::MAX",
                    |draft| main_block(draft).items[0].sets = i64::MAX,
                    true,
                ),
                ("RIR 5", |draft| main_block(draft).items[0].rir = 5, false),
                ("RIR -1", |draft| main_block(draft).items[0].rir = -1, true),
                ("RIR 6", |draft| main_block(draft).items[0].rir = 6, true),
                (
                    "seconds",
                    |draft| main_block(draft).items[0].reps = "30 s".to_owned(),
                    false,
                ),
                (
                    "no reps",
                    |draft| main_block(draft).items[0].reps = String::new(),
                    true,
                ),
                (
                    "reps in words",
                    |draft| main_block(draft).items[0].reps = "AMRAP".to_owned(),
                    true,
                ),
                (
                    "a main block with more in its name",
                    |draft| main_block(draft).name = "Main lifts".to_owned(),
                    false,
                ),
                (
                    "an unknown block",
                    |draft| main_block(draft).name = "Fun".to_owned(),
                    true,
                ),
                (
                    "an empty block",
                    |draft| main_block(draft).items.clear(),
                    true,
                ),
            ],
        );
    }
}
