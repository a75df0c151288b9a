//! Every exercise can be done with what there is.

use super::{Finding, Rule, items};
use crate::brief::Brief;
use crate::exercise;
use crate::plan::Draft;

pub(super) const RULE: Rule = Rule {
    id: "equipment",
    sentence: "Exercises need only the equipment that the athlete has.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    items(draft)
        .filter_map(|(place, _, item)| Some((place, exercise::find(&item.exercise)?)))
        .filter(|(_, exercise)| !brief.has_equipment_for(exercise))
        .map(|(place, exercise)| {
            let missing: Vec<_> = exercise
                .equipment
                .iter()
                .filter(|need| !brief.equipment.contains(need))
                .map(ToString::to_string)
                .collect();
            (
                format!("{place}/exercise"),
                format!(
                    "{exercise} needs {}, which the athlete does not have",
                    missing.join(" and ")
                ),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::*;
    use super::*;

    #[test]
    fn an_exercise_needs_no_more_than_there_is() {
        let home =
            json!({"goal": "GENERAL_FITNESS", "trainingDays": 3, "equipment": ["Dumbbells"]});
        table(
            &RULE,
            home,
            &[
                ("bodyweight", |draft| put(draft, "Push-Up"), false),
                ("dumbbells", |draft| put(draft, "Goblet Squat"), false),
                ("a barbell", |draft| put(draft, "Romanian Deadlift"), true),
                (
                    "dumbbells and a bench",
                    |draft| put(draft, "Incline Dumbbell Press"),
                    true,
                ),
                ("a machine", |draft| put(draft, "Leg Press"), true),
            ],
        );
    }
}
