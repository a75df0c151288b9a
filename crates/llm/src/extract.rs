//! The JSON text inside what a model wrote. Nothing is completed or repaired: what is cut stays cut, and fails to parse.

/// The text from the first `{` to the last `}`, without byte order mark, code fence and the words around it; `None` if there is no such
/// pair.
#[must_use]
pub fn json_text(answer: &str) -> Option<&str> {
    let start = answer.find('{')?;
    let end = answer.rfind('}')?;
    (start < end).then(|| answer.get(start..=end)).flatten()
}

/// Whether nothing is there: no character but white space and a byte order mark.
#[must_use]
pub fn is_blank(answer: &str) -> bool {
    answer
        .trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}')
        .is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn fences_marks_and_words_around_are_cut_away() {
        let inner = r#"{"days":[{"name":"``` } {"}]}"#;
        for answer in [
            inner.to_owned(),
            format!("\u{feff}{inner}"),
            format!("```json\n{inner}\n```"),
            format!("```\r\n{inner}\r\n```\n"),
            format!("Here is the plan:\n```json\n{inner}\n```\nEnjoy."),
            format!("  \n\n{inner}\n"),
        ] {
            assert_eq!(json_text(&answer), Some(inner), "{answer}");
        }
    }

    #[test]
    fn what_is_cut_or_missing_is_no_json() {
        for answer in ["", "   ", "no", "}{", "{", "[1, 2]", "```json\n```"] {
            assert_eq!(json_text(answer), None, "{answer}");
        }
        let cut = json_text(r#"{"days":[{"name":"a"},{"name":"#).unwrap();
        assert!(serde_json::from_str::<Value>(cut).is_err(), "{cut}");
    }

    #[test]
    fn blank_is_white_space_and_a_mark() {
        assert!(is_blank("") && is_blank(" \n\t\u{feff} \u{a0}"));
        assert!(!is_blank("{") && !is_blank("```"));
    }

    proptest! {
        #[test]
        fn it_never_panics(answer in any::<String>()) {
            let _ = (json_text(&answer), is_blank(&answer));
        }

        #[test]
        fn every_object_is_found_in_its_fence(key in any::<String>(), text in any::<String>()) {
            let object = json!({ key: text });
            let fenced = format!("```json\n{object:#}\n```");
            let found: Value = serde_json::from_str(json_text(&fenced).unwrap()).unwrap();
            prop_assert_eq!(found, object);
        }
    }
}
