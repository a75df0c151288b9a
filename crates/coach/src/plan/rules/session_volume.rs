//! No muscle gets more in one session than it can use.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::plan::{Draft, session_sets};

/// The most sets of a muscle in one session.
pub(crate) const MOST: f64 = 12.0;

pub(super) const RULE: Rule = Rule {
    id: "session_volume",
    sentence: "A muscle gets at most 12 sets in one session.",
    check,
};

fn check(draft: &Draft, _: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, day) in days(draft) {
        for (muscle, sets) in session_sets(day) {
            if sets > MOST {
                findings.push((
                    format!("{place}/workout"),
                    format!("{muscle} get {sets} sets in one session: at most {MOST}"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_muscle_gets_twelve_sets_a_session_at_most() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "nine",
                    |draft| main_block(draft).items = vec![item("Leg Press", 9, "8-12", 2)],
                    false,
                ),
                (
                    "thirteen",
                    |draft| {
                        main_block(draft).items = vec![
                            item("Leg Press", 9, "8-12", 2),
                            item("Leg Extension", 9, "8-12", 2),
                        ];
                    },
                    true,
                ),
            ],
        );
    }
}
