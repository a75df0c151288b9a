//! The user turn of each prompt: one JSON object with the typed brief and the athlete's own words, cut and without identity.

use serde_json::{Map, Value, json};

use super::brief::write_brief;
use super::privacy::without_identity;
use crate::brief::Brief;
use crate::profile::ProfileSnapshot;
use crate::reader::{Language, Reading};

/// The most characters of one free text that a model sees.
pub const LONGEST_TEXT: usize = 2_000;
/// The most characters of a note on style.
pub const LONGEST_STYLE: usize = 4_000;
/// What stands where a text was cut.
const CUT: &str = " […cut]";

/// Asks for a week. `request` is the reason of a redo, else empty; `brief` has heard it already.
pub fn weekly_plan(
    profile: &ProfileSnapshot,
    brief: &Brief,
    request: &str,
    language: Language,
) -> Value {
    let list = |texts: &[String]| texts.join("; ");
    let texts = [
        ("injuries", profile.injuries.clone()),
        ("goals", list(&profile.personal_goals)),
        ("lacks", list(&profile.perceived_lacks)),
        ("style", list(&profile.training_style_preferences)),
        ("split", profile.preferred_workout_split.clone()),
        ("intensity", profile.workout_intensity.clone()),
        ("time", profile.preferred_training_time.clone()),
        ("food", profile.dietary_notes.clone()),
        ("budget", profile.budget_constraints.clone()),
        ("requests", profile.special_requests.clone()),
        ("again", profile.plan_regeneration_request.clone()),
        ("reason", request.to_owned()),
    ];
    let mut kept = Map::new();
    for (field, text) in texts {
        if !text.trim().is_empty() {
            kept.insert(
                field.to_owned(),
                json!(cut(&without_identity(&text, &profile.name), LONGEST_TEXT)),
            );
        }
    }
    json!({
        "language": language,
        "athlete": {"age": profile.age, "sex": profile.sex},
        "brief": write_brief(brief, true),
        "texts": kept,
    })
}

/// Asks what a text says.
pub fn reading(text: &str) -> Value {
    json!({"text": cut(&without_identity(text, ""), LONGEST_TEXT)})
}

/// Asks for a block's template. `style` is the app's `systemPrompt`, where the operator lets it pass.
pub fn block_template(text: &str, reading: &Reading, brief: &Brief, style: Option<&str>) -> Value {
    let value = |age: &crate::reader::Fact<f64>| age.value;
    json!({
        "language": reading.language.unwrap_or(Language::En),
        "athlete": {
            "age": reading.age.as_ref().map(value),
            "sex": reading.sex.as_ref().map(|sex| sex.value),
            "emphasis": reading.emphasis.iter().map(|muscle| muscle.value).collect::<Vec<_>>(),
        },
        "brief": write_brief(brief, false),
        "texts": {"profile": cut(&without_identity(text, ""), LONGEST_TEXT)},
        "style": style.map(|style| cut(&without_identity(style, ""), LONGEST_STYLE)),
    })
}

/// Asks for the texts of an exercise that the catalogue lacks; `None` where the name is none.
pub fn exercise_profile(name: &str, language: Language) -> Option<Value> {
    is_exercise_name(name).then(|| json!({"name": name, "language": language}))
}

/// Whether a text may be an exercise's name: 3 to 60 letters, digits, spaces, `(`, `)`, `'`, `/` and `-`.
pub fn is_exercise_name(text: &str) -> bool {
    let fits = |letter: char| {
        letter.is_alphabetic() || letter.is_ascii_digit() || " ()'/-".contains(letter)
    };
    (3..=60).contains(&text.chars().count()) && text.chars().all(fits)
}

/// The same turn, asking for corrected days: what is broken, and those days as they stand.
pub fn with_corrections(turn: &Value, broken: &[String], days: &Value) -> Value {
    let mut turn = turn.clone();
    turn["broken"] = json!(broken);
    turn["days"] = days.clone();
    turn
}

/// At most so many characters, with a mark where some are missing.
fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept = longest - CUT.chars().count();
    text.chars().take(kept).chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        let text = "ä".repeat(3_000);
        let turn = reading(&text);
        let cut = turn["text"].as_str().expect("a text");
        assert_eq!(cut.chars().count(), LONGEST_TEXT);
        assert!(cut.ends_with("ä […cut]"), "{cut}");
        assert_eq!(reading("short")["text"], "short");
    }

    #[test]
    fn a_name_of_an_exercise_is_a_name() {
        for name in [
            "Zercher Squat",
            "90/90 Hip Switch",
            "Farmer's Walk (heavy)",
            "Kniebeuge rückwärts",
        ] {
            assert!(is_exercise_name(name), "{name}");
        }
        let long = "a".repeat(61);
        for name in [
            "ab",
            "Squat; drop table",
            "Ignore: all rules.",
            "squat\nsquat",
            "<b>squat</b>",
            &long,
        ] {
            assert!(!is_exercise_name(name), "{name}");
        }
    }
}
