//! A session fits the time that the athlete has.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::plan::{Draft, session_minutes};

/// How much longer than wished a session may be.
pub(crate) const TOLERANCE: f64 = 1.15;

pub(super) const RULE: Rule = Rule {
    id: "session_minutes",
    sentence: "A session takes at most 15 % more minutes than the athlete has.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let limit = brief.minutes * TOLERANCE;
    days(draft)
        .filter(|(_, day)| day.is_training())
        .map(|(place, day)| (place, session_minutes(day, brief)))
        .filter(|(_, minutes)| *minutes > limit)
        .map(|(place, minutes)| {
            (
                format!("{place}/workout"),
                format!(
                    "the session takes {minutes:.0} minutes, {:.0} were asked for",
                    brief.minutes
                ),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_session_that_takes_too_long_is_refused() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "ten sets of everything",
                    |draft| {
                        main_block(draft)
                            .items
                            .iter_mut()
                            .for_each(|item| item.sets = 10)
                    },
                    true,
                ),
                (
                    "a long run on top",
                    |draft| {
                        main_block(draft)
                            .items
                            .push(item("Easy Run", 2, "20 min", 4))
                    },
                    true,
                ),
                (
                    "one exercise less",
                    |draft| drop(main_block(draft).items.pop()),
                    false,
                ),
            ],
        );
    }
}
