//! The checker: the only maker of a [`Plan`].

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::draft::{Day, Draft};
use super::rules::RULES;
use crate::brief::{Brief, Weekday};
use crate::{exercise, food};

/// A rule that a draft breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule's id.
    pub rule: &'static str,
    /// Where in `days`, such as `/monday/workout/blocks/1/items/0`.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {} [{}]",
            self.place, self.message, self.rule
        )
    }
}

/// A week that passed every rule. Only [`check`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    week: Draft,
}

impl Plan {
    /// The seven days in order.
    pub fn days(&self) -> [(Weekday, &Day); 7] {
        self.week.days()
    }

    /// The contract's `days`: an object with exactly the keys `monday` … `sunday`.
    pub fn to_days(&self) -> Value {
        serde_json::to_value(&self.week).unwrap_or_default()
    }
}

/// Checks a draft against every rule. Names of exercises and foods become those of the tables.
///
/// # Errors
/// Every rule that the draft breaks, with its place.
pub fn check(draft: Draft, brief: &Brief) -> Result<Plan, Vec<Violation>> {
    let violations: Vec<Violation> = RULES
        .iter()
        .flat_map(|rule| rule.broken_by(&draft, brief))
        .collect();
    if violations.is_empty() {
        Ok(Plan {
            week: with_known_names(draft),
        })
    } else {
        Err(violations)
    }
}

/// Reads stored or received `days` and checks them.
///
/// # Errors
/// As [`check`], and rule `form` where the JSON is not of the contract's form.
pub fn check_days(days: &Value, brief: &Brief) -> Result<Plan, Vec<Violation>> {
    let form = |message: String| {
        vec![Violation {
            rule: "form",
            place: "/".to_owned(),
            message,
        }]
    };
    let keys = days.as_object().map(|object| object.len());
    if keys.is_some_and(|keys| keys != 7) {
        return Err(form(
            "days must have exactly the keys monday to sunday".to_owned(),
        ));
    }
    match Draft::deserialize(days) {
        Ok(draft) => check(draft, brief),
        Err(error) => Err(form(format!(
            "days are not of the contract's form: {error}"
        ))),
    }
}

fn with_known_names(mut draft: Draft) -> Draft {
    for (_, day) in draft.days_mut() {
        for item in day
            .workout
            .blocks
            .iter_mut()
            .flat_map(|block| &mut block.items)
        {
            if let Some(known) = exercise::find(&item.exercise) {
                item.exercise = known.name.to_owned();
            }
        }
        for item in day
            .nutrition
            .meals
            .iter_mut()
            .flat_map(|meal| &mut meal.items)
        {
            if let Some(known) = food::find(&item.food) {
                item.food = known.name.to_owned();
            }
        }
    }
    draft
}
