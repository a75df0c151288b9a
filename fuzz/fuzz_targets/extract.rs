//! The JSON inside what a model wrote: no text panics, an object is found as it is, and nothing is invented.

#![no_main]

use libfuzzer_sys::fuzz_target;
use llm::{extract, progress};
use serde_json::Value;

fuzz_target!(|answer: &str| {
    let found = extract::json_text(answer);
    if let Some(text) = found {
        assert!(text.starts_with('{') && text.ends_with('}') && answer.contains(text));
    }
    if let Ok(value @ Value::Object(_)) = serde_json::from_str::<Value>(answer) {
        let again: Option<Value> = found.and_then(|text| serde_json::from_str(text).ok());
        assert_eq!(again, Some(value.clone()));
        let listed = value["days"].as_array().map_or(0, Vec::len);
        // A key that is named twice or written with escapes is another matter.
        if answer.matches("days").count() == 1 && !answer.contains('\\') {
            assert_eq!(progress::complete_elements(answer, "days"), listed);
        }
    }
    let _ = (
        extract::is_blank(answer),
        progress::complete_elements(answer, "days"),
    );
});
