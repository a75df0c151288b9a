//! What an answer must be: a JSON schema with a name, told to providers as it was written, and checked here whatever they promise.

mod strict;

pub use strict::{NotStrict, check_strict};

use std::fmt;

use jsonschema::Validator;
use serde_json::{Value, value::RawValue};

use crate::Mismatch;

/// A schema with its name. Made once from a file, used for every call.
pub struct Schema {
    name: String,
    text: Box<RawValue>,
    validator: Validator,
    instruction: String,
}

/// Shows the name.
impl fmt::Debug for Schema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Schema({:?})", self.name)
    }
}

/// What cannot be a schema.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSchema {
    /// The name is none.
    #[error("a schema's name has 1 to 64 letters, digits, _ or -, unlike {0:?}")]
    Name(String),
    /// The text is no JSON.
    #[error("a schema must be a JSON text: {0}")]
    Json(#[from] serde_json::Error),
    /// The JSON is no schema.
    #[error("this is no JSON schema: {0}")]
    Schema(String),
    /// The example is not of the schema.
    #[error("the example is not of the schema: at {:?}, {}", .0.path, .0.message)]
    Example(Mismatch),
}

impl Schema {
    /// A schema from its text, whose order of properties is the order in which a model writes them.
    ///
    /// # Errors
    /// [`InvalidSchema`].
    pub fn new(name: &str, text: &str) -> Result<Self, InvalidSchema> {
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        if !(1..=64).contains(&name.len()) || !name.bytes().all(letters) {
            return Err(InvalidSchema::Name(name.to_owned()));
        }
        let schema: Value = serde_json::from_str(text)?;
        let validator = jsonschema::validator_for(&schema)
            .map_err(|error| InvalidSchema::Schema(error.to_string()))?;
        let text = RawValue::from_string(minified(text))?;
        let instruction = format!(
            "Answer with one JSON object and nothing else: no words around it, no code fence. It must be valid by this JSON schema:\n{text}"
        );
        Ok(Self {
            name: name.to_owned(),
            text,
            validator,
            instruction,
        })
    }

    /// The same with an example, which JSON modes need to hit the form.
    ///
    /// # Errors
    /// [`InvalidSchema::Json`], [`InvalidSchema::Example`].
    pub fn with_example(mut self, example: &str) -> Result<Self, InvalidSchema> {
        let value = serde_json::from_str(example)?;
        if let Some(mismatch) = self.mismatches(&value).into_iter().next() {
            return Err(InvalidSchema::Example(mismatch));
        }
        let example = minified(example);
        self.instruction
            .push_str(&format!("\nFor example:\n{example}"));
        Ok(self)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text, without white space.
    #[must_use]
    pub fn text(&self) -> &RawValue {
        &self.text
    }

    /// What a model is told that cannot be given a schema otherwise; says "JSON", without which JSON modes write blanks for ever.
    #[must_use]
    pub fn instruction(&self) -> &str {
        &self.instruction
    }

    /// Where an answer is not as it must be, at most [`Mismatch::MOST`] places.
    #[must_use]
    pub fn mismatches(&self, answer: &Value) -> Vec<Mismatch> {
        self.validator
            .iter_errors(answer)
            .take(Mismatch::MOST)
            .map(|error| Mismatch {
                path: error.instance_path().to_string(),
                message: error.masked().to_string().chars().take(200).collect(),
            })
            .collect()
    }
}

/// A JSON text without the white space between its tokens.
fn minified(json: &str) -> String {
    let (mut string, mut escaped) = (false, false);
    json.chars()
        .filter(|letter| {
            let keep = string || !letter.is_ascii_whitespace();
            if *letter == '"' && !escaped {
                string = !string;
            }
            escaped = string && *letter == '\\' && !escaped;
            keep
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    pub(super) fn good() -> Value {
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["days", "note"],
            "properties": {
                "days": { "type": "array", "minItems": 1, "maxItems": 7, "items": { "$ref": "#/$defs/day" } },
                "note": { "type": ["string", "null"] }
            },
            "$defs": {
                "day": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["exercise", "sets"],
                    "properties": {
                        "exercise": { "type": "string", "enum": ["squat", "bench"] },
                        "sets": { "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "null" }] }
                    }
                }
            }
        })
    }

    #[test]
    fn mismatches_name_the_place_and_not_the_answer() {
        let schema = Schema::new("plan", &good().to_string()).unwrap();
        let answer = json!({ "days": [{ "exercise": "squat", "sets": 1 }, { "exercise": "heart attack", "sets": "many" }], "note": null });
        let mismatches = schema.mismatches(&answer);
        let paths: Vec<&str> = mismatches
            .iter()
            .map(|mismatch| mismatch.path.as_str())
            .collect();
        assert_eq!(paths, ["/days/1/exercise", "/days/1/sets"]);
        for mismatch in &mismatches {
            assert!(
                !mismatch.message.contains("heart") && !mismatch.message.contains("many"),
                "{}",
                mismatch.message
            );
        }
        let many = json!({ "days": vec![json!({}); 40], "note": null });
        assert_eq!(schema.mismatches(&many).len(), Mismatch::MOST);
    }

    #[test]
    fn the_text_keeps_its_order_and_the_example_must_fit() {
        let text = "{ \"type\": \"object\",\n  \"properties\": { \"z\": {\"description\": \"a \\\" b\"}, \"a\": {\"type\": \"string\"} } }";
        let schema = Schema::new("order", text).unwrap();
        assert_eq!(
            schema.text().get(),
            r#"{"type":"object","properties":{"z":{"description":"a \" b"},"a":{"type":"string"}}}"#
        );
        let schema = schema.with_example(r#"{ "z": 1, "a": "b" }"#).unwrap();
        assert!(
            schema.instruction().contains("JSON")
                && schema
                    .instruction()
                    .ends_with("For example:\n{\"z\":1,\"a\":\"b\"}")
        );
        assert!(matches!(
            schema.with_example(r#"{"a": 1}"#),
            Err(InvalidSchema::Example(_))
        ));
        assert!(matches!(
            Schema::new("two words", "{}"),
            Err(InvalidSchema::Name(_))
        ));
        assert!(matches!(Schema::new("a", "{"), Err(InvalidSchema::Json(_))));
        assert!(matches!(
            Schema::new("a", r#"{"type": 7}"#),
            Err(InvalidSchema::Schema(_))
        ));
    }

    proptest! {
        #[test]
        fn a_text_without_white_space_means_the_same(key in any::<String>(), text in any::<String>()) {
            let value = json!({ key: [text, 1.5, null] });
            let read: Value = serde_json::from_str(&minified(&format!("{value:#}"))).unwrap();
            prop_assert_eq!(read, value);
        }
    }
}
