//! Every major muscle gets enough sets a week, none too many.

use super::{Finding, Rule};
use crate::brief::Brief;
use crate::exercise::{MAJOR_MUSCLES, Muscle};
use crate::plan::{Draft, weekly_minimum, weekly_sets};

/// The least and the most weekly sets of a muscle.
pub(crate) const LEAST: f64 = 4.0;
pub(crate) const MOST: f64 = 25.0;

pub(super) const RULE: Rule = Rule {
    id: "weekly_volume",
    sentence: "Every major muscle gets 4 to 25 sets a week; the 4 only where days, minutes, equipment and injuries can hold them.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let minimum = weekly_minimum(brief);
    let weekly = weekly_sets(draft);
    let finding = |muscle: Muscle| {
        let sets = weekly.get(&muscle).copied().unwrap_or_default();
        if sets > MOST {
            Some((
                "/".to_owned(),
                format!("{muscle} get {sets} sets a week: at most {MOST}"),
            ))
        } else if sets < LEAST && minimum.contains(&muscle) {
            Some((
                "/".to_owned(),
                format!("{muscle} get {sets} sets a week: at least {LEAST}"),
            ))
        } else {
            None
        }
    };
    MAJOR_MUSCLES.into_iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_muscle_gets_four_sets_to_twenty_five() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "nothing for the legs",
                    |draft| {
                        for (_, day) in draft
                            .days_mut()
                            .into_iter()
                            .filter(|(_, day)| day.is_training())
                        {
                            day.workout.blocks.truncate(2);
                            day.workout.blocks[1].items = vec![
                                item("Machine Chest Press", 3, "8-12", 2),
                                item("Machine Row", 3, "8-12", 2),
                            ];
                        }
                    },
                    true,
                ),
                (
                    "thirty sets of leg press",
                    |draft| {
                        for (_, day) in draft
                            .days_mut()
                            .into_iter()
                            .filter(|(_, day)| day.is_training())
                        {
                            day.workout.blocks[1]
                                .items
                                .push(item("Leg Press", 10, "8-12", 2));
                        }
                    },
                    true,
                ),
            ],
        );
    }

    #[test]
    fn a_week_too_short_for_the_minimum_need_not_reach_it() {
        let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 1, "sessionLength": 20});
        table(
            &RULE,
            profile,
            &[(
                "one exercise",
                |draft| main_block(draft).items.truncate(1),
                false,
            )],
        );
    }
}
