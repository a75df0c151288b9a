//! Nothing that the athlete asked to leave out.

use super::{Finding, Rule, items};
use crate::brief::Brief;
use crate::exercise;
use crate::plan::Draft;

pub(super) const RULE: Rule = Rule {
    id: "allowed_exercises",
    sentence: "No exercise that the athlete asked to leave out.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    items(draft)
        .filter_map(|(place, _, item)| Some((place, exercise::find(&item.exercise)?)))
        .filter(|(_, exercise)| brief.excluded.contains(exercise.slug.as_str()))
        .map(|(place, exercise)| {
            (
                format!("{place}/exercise"),
                format!("the athlete does not want {exercise}"),
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
    fn what_the_athlete_avoids_is_absent() {
        let profile = json!({"goal": "WEIGHT_LOSS", "trainingDays": 3, "equipment": ["Gym"],
                             "avoidExercises": ["burpees", "Lunges", "Barbell Back Squat"], "specialRequests": "please no running"});
        table(
            &RULE,
            profile,
            &[
                ("another squat", |draft| put(draft, "Leg Press"), false),
                (
                    "the squat by its alias",
                    |draft| put(draft, "back squat"),
                    true,
                ),
                ("burpees", |draft| put(draft, "Burpee"), true),
                ("any lunge", |draft| put(draft, "Walking Lunge"), true),
                (
                    "a split squat",
                    |draft| put(draft, "Bulgarian Split Squat"),
                    true,
                ),
                ("running", |draft| put(draft, "Easy Run"), true),
            ],
        );
    }
}
