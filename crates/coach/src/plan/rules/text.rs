//! Texts are short and plain: no links, no markup.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::plan::{Day, Draft};
use crate::words;

/// The longest text, in characters.
const LONGEST: usize = 240;

pub(super) const RULE: Rule = Rule {
    id: "text",
    sentence: "Texts have at most 240 characters and hold no links and no markup; every day gives its reason.",
    check,
};

fn check(draft: &Draft, _: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, day) in days(draft) {
        if day.reason.trim().is_empty() {
            findings.push((
                format!("{place}/reason"),
                "say in a sentence why the day is as it is".to_owned(),
            ));
        }
        for text in texts(day) {
            if text.chars().count() > LONGEST {
                findings.push((
                    place.clone(),
                    format!("a text is longer than {LONGEST} characters"),
                ));
            }
            if !words::is_plain(text) {
                findings.push((
                    place.clone(),
                    "a text holds a link, markup or control characters".to_owned(),
                ));
            }
        }
    }
    findings
}

fn texts(day: &Day) -> impl Iterator<Item = &str> {
    let recovery = &day.recovery;
    let card = &recovery.supplement_card;
    let blocks = day.workout.blocks.iter().map(|block| &block.name);
    let meals = day.nutrition.meals.iter().map(|meal| &meal.name);
    let lists = [
        &day.workout.focus,
        &recovery.mobility,
        &recovery.sleep,
        &recovery.supplements,
        &card.current,
        &card.add_ons,
    ];
    [&day.workout.notes, &day.reason]
        .into_iter()
        .chain(lists.into_iter().flatten())
        .chain(blocks)
        .chain(meals)
        .map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn long_texts_links_and_markup_are_refused() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "a plain reason",
                    |draft| draft.monday.reason = "You asked for three days.".to_owned(),
                    false,
                ),
                (
                    "240 characters",
                    |draft| draft.monday.reason = "é".repeat(240),
                    false,
                ),
                (
                    "241 characters",
                    |draft| draft.monday.reason = "é".repeat(241),
                    true,
                ),
                (
                    "no reason",
                    |draft| draft.monday.reason = " ".to_owned(),
                    true,
                ),
                (
                    "a link",
                    |draft| draft.monday.workout.notes = "see https://example.com".to_owned(),
                    true,
                ),
                (
                    "a bare www",
                    |draft| {
                        draft
                            .monday
                            .recovery
                            .sleep
                            .push("www.example.com".to_owned())
                    },
                    true,
                ),
                (
                    "markup",
                    |draft| {
                        draft
                            .monday
                            .recovery
                            .mobility
                            .push("<b>stretch</b>".to_owned())
                    },
                    true,
                ),
                (
                    "markup in a meal's name",
                    |draft| draft.monday.nutrition.meals[0].name = "<script>".to_owned(),
                    true,
                ),
            ],
        );
    }
}
