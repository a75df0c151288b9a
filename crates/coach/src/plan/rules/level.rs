//! The session is no more than the athlete's level holds.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::plan::Draft;
use crate::plan::session::level_caps;

pub(super) const RULE: Rule = Rule {
    id: "level",
    sentence: "Exercises are no more technical, and sessions no fuller, than the athlete's level holds (novice: 6 exercises of 3 sets).",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let (exercises, sets) = level_caps(brief);
    let mut findings = Vec::new();
    for (place, day) in days(draft) {
        let place = format!("{place}/workout");
        let strength = || day.work().filter(|one| one.exercise.pattern.is_strength());
        let count = strength().count();
        if count > exercises {
            findings.push((
                place.clone(),
                format!("{count} exercises are too many for this level: at most {exercises}"),
            ));
        }
        for one in strength().filter(|one| one.item.sets > sets) {
            findings.push((
                place.clone(),
                format!(
                    "{} sets of {} are too many: at most {sets}",
                    one.item.sets, one.exercise
                ),
            ));
        }
        for one in day.work().filter(|one| one.exercise.skill > brief.skill()) {
            findings.push((
                place.clone(),
                format!("{} is too technical for this athlete", one.exercise),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_novice_does_little_and_nothing_technical() {
        let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "trainingLevel": "Beginner"});
        table(
            &RULE,
            profile,
            &[
                (
                    "three sets",
                    |draft| main_block(draft).items[0].sets = 3,
                    false,
                ),
                (
                    "four sets",
                    |draft| main_block(draft).items[0].sets = 4,
                    true,
                ),
                (
                    "a deadlift from the floor",
                    |draft| put(draft, "Barbell Deadlift"),
                    true,
                ),
                (
                    "seven exercises",
                    |draft| {
                        let items = (0..7).map(|_| item("Leg Press", 2, "10", 3)).collect();
                        main_block(draft).items = items;
                    },
                    true,
                ),
            ],
        );
    }
}
