//! Enough repetitions stay in reserve.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::exercise::{Exercise, Mechanic, Pattern};
use crate::plan::Draft;

pub(super) const RULE: Rule = Rule {
    id: "effort",
    sentence: "Novices keep 2 repetitions or more in reserve, athletes with a condition what it asks for; nobody squats or hinges to failure.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, day) in days(draft) {
        for one in day.work().filter(|one| one.exercise.pattern.is_strength()) {
            let least = least(brief, one.exercise);
            if one.item.rir < least {
                findings.push((
                    format!("{place}/workout"),
                    format!(
                        "keep {least} repetitions or more in reserve in {}",
                        one.exercise
                    ),
                ));
            }
        }
    }
    findings
}

/// The fewest repetitions that this athlete keeps in reserve in this exercise.
pub(crate) fn least(brief: &Brief, exercise: &Exercise) -> i64 {
    let heavy = exercise.mechanic == Mechanic::Compound
        && matches!(exercise.pattern, Pattern::Squat | Pattern::Hinge);
    brief.min_rir().max(i64::from(heavy))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_novice_keeps_two_in_reserve() {
        let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "trainingLevel": "Beginner"});
        table(
            &RULE,
            profile,
            &[
                ("two", |draft| main_block(draft).items[0].rir = 2, false),
                ("one", |draft| main_block(draft).items[0].rir = 1, true),
            ],
        );
    }

    #[test]
    fn high_blood_pressure_keeps_three_in_reserve() {
        let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "injuries": "high blood pressure"});
        table(
            &RULE,
            profile,
            &[
                ("three", |draft| main_block(draft).items[0].rir = 3, false),
                ("two", |draft| main_block(draft).items[0].rir = 2, true),
            ],
        );
    }

    #[test]
    fn nobody_squats_to_failure() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "a curl to failure",
                    |draft| main_block(draft).items[0] = item("Cable Curl", 3, "12", 0),
                    false,
                ),
                (
                    "a squat to failure",
                    |draft| main_block(draft).items[0] = item("Leg Press", 3, "12", 0),
                    true,
                ),
            ],
        );
    }
}
