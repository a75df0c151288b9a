//! Repetitions make sense for the exercise and the athlete.

use super::{Finding, Rule, items};
use crate::brief::{Brief, Limit};
use crate::exercise::{self, Exercise, Pattern};
use crate::plan::{Draft, Reps};
use crate::profile::Level;

pub(super) const RULE: Rule = Rule {
    id: "repetitions",
    sentence: "Lifts are counted, 3–40 (6 or more for novices, under 18, 65 and over, pregnancy); holds and cardio are timed.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    items(draft)
        .filter_map(|(place, _, item)| {
            Some((
                place,
                exercise::find(&item.exercise)?,
                Reps::read(&item.reps)?,
            ))
        })
        .filter_map(|(place, exercise, reps)| {
            Some((format!("{place}/reps"), wrong(exercise, reps, brief)?))
        })
        .collect()
}

fn wrong(exercise: &Exercise, reps: Reps, brief: &Brief) -> Option<String> {
    let gentle = brief.level == Level::Beginner
        || [Limit::Minor, Limit::Senior, Limit::Pregnancy]
            .iter()
            .any(|limit| brief.has(*limit));
    let least = if gentle { 6 } else { 3 };
    let between = |low: u32, high: u32| reps.low >= low && reps.high <= high;
    match exercise.pattern {
        _ if exercise.is_timed() != reps.timed => Some(format!(
            "{exercise} is {}",
            if exercise.is_timed() {
                "timed: write 30 s"
            } else {
                "counted: write 8-12"
            }
        )),
        Pattern::Cardio if !between(10, 5_400) => Some(format!("{exercise}: 10 s to 90 min")),
        Pattern::Cardio => None,
        _ if reps.timed && !between(10, 180) => Some(format!("{exercise}: hold for 10 to 180 s")),
        pattern if pattern.is_strength() && !reps.timed && !between(least, 40) => Some(format!(
            "{exercise}: {least} to 40 repetitions for this athlete"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::*;
    use super::*;

    #[test]
    fn lifts_are_counted_within_reason_and_holds_timed() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "five",
                    |draft| main_block(draft).items[0] = item("Leg Press", 3, "5", 2),
                    false,
                ),
                (
                    "two",
                    |draft| main_block(draft).items[0] = item("Leg Press", 3, "2", 2),
                    true,
                ),
                (
                    "fifty",
                    |draft| main_block(draft).items[0] = item("Leg Press", 3, "30-50", 2),
                    true,
                ),
                (
                    "a lift in seconds",
                    |draft| main_block(draft).items[0] = item("Leg Press", 3, "30 s", 2),
                    true,
                ),
                (
                    "a hold in seconds",
                    |draft| main_block(draft).items[0] = item("Plank", 3, "30 s", 2),
                    false,
                ),
                (
                    "a hold that is counted",
                    |draft| main_block(draft).items[0] = item("Plank", 3, "10", 2),
                    true,
                ),
                (
                    "a hold of ten minutes",
                    |draft| main_block(draft).items[0] = item("Plank", 3, "10 min", 2),
                    true,
                ),
                (
                    "twenty minutes of cycling",
                    |draft| main_block(draft).items[0] = item("Stationary Bike", 2, "20 min", 4),
                    false,
                ),
            ],
        );
    }

    #[test]
    fn novices_do_six_repetitions_or_more() {
        let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "trainingLevel": "Beginner"});
        table(
            &RULE,
            profile,
            &[
                (
                    "six",
                    |draft| main_block(draft).items[0] = item("Leg Press", 3, "6-8", 3),
                    false,
                ),
                (
                    "five",
                    |draft| main_block(draft).items[0] = item("Leg Press", 3, "5", 3),
                    true,
                ),
            ],
        );
    }
}
