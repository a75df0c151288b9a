//! Nothing that an injury or a condition forbids.

use super::{Finding, Rule, items};
use crate::brief::Brief;
use crate::exercise;
use crate::plan::Draft;

pub(super) const RULE: Rule = Rule {
    id: "injuries",
    sentence: "No exercise asks of the body what an injury or a condition forbids.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    items(draft)
        .filter_map(|(place, _, item)| Some((place, exercise::find(&item.exercise)?)))
        .filter_map(|(place, exercise)| {
            let limit = brief.limits.iter().find(|limit| limit.forbids(exercise))?;
            Some((
                format!("{place}/exercise"),
                format!("{exercise} is not for this athlete ({limit}): take one that spares it"),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_bad_knee_keeps_leg_work_but_no_jumps_and_no_deep_knee() {
        let profile = json!({"goal": "GENERAL_FITNESS", "trainingDays": 3, "equipment": ["Gym"], "injuries": "old knee pain"});
        table(
            &RULE,
            profile,
            &[
                (
                    "a box squat",
                    |draft| put(draft, "Barbell Box Squat"),
                    false,
                ),
                ("a deadlift", |draft| put(draft, "Romanian Deadlift"), false),
                (
                    "a deep squat",
                    |draft| put(draft, "Barbell Back Squat"),
                    true,
                ),
                ("burpees", |draft| put(draft, "Burpee"), true),
            ],
        );
    }

    #[test]
    fn a_bad_shoulder_presses_nothing_overhead() {
        let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"], "injuries": ["left shoulder impingement"]});
        table(
            &RULE,
            profile,
            &[
                (
                    "a landmine press",
                    |draft| put(draft, "Landmine Press"),
                    false,
                ),
                (
                    "an overhead press",
                    |draft| put(draft, "Barbell Overhead Press"),
                    true,
                ),
                ("dips", |draft| put(draft, "Parallel Bar Dip"), true),
            ],
        );
    }

    #[test]
    fn a_bad_back_lifts_nothing_that_loads_the_spine() {
        let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 2, "equipment": ["Gym"], "injuries": "herniated disc L5"});
        table(
            &RULE,
            profile,
            &[
                ("a leg press", |draft| put(draft, "Leg Press"), false),
                (
                    "a hip thrust",
                    |draft| put(draft, "Barbell Hip Thrust"),
                    false,
                ),
                ("a deadlift", |draft| put(draft, "Barbell Deadlift"), true),
                ("crunches", |draft| put(draft, "Crunch"), true),
            ],
        );
    }
}
