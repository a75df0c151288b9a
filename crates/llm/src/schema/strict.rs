//! Whether a schema is one that providers take in strict mode.

use std::fmt;

use serde_json::{Map, Value};

/// What a strict schema may say (OpenAI, "Structured outputs", as of February 2026).
const ALLOWED: [&str; 21] = [
    "$defs",
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "description",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maximum",
    "minItems",
    "minimum",
    "multipleOf",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
];
const MOST_PROPERTIES: usize = 5_000;
const MOST_LEVELS: usize = 10;
const MOST_ENUM_VALUES: usize = 1_000;
const MOST_LETTERS: usize = 120_000;
/// An enum of more values than this …
const LONG_ENUM: usize = 250;
/// … may have so many letters.
const LONG_ENUM_LETTERS: usize = 15_000;

/// Rules of strict schemas that a schema breaks, one a line, each with its place.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no strict schema:\n{}", .0.join("\n"))]
pub struct NotStrict(pub Vec<String>);

/// Whether providers take a schema in strict mode: for a test of each schema that is sent.
///
/// # Errors
/// [`NotStrict`] with every broken rule.
pub fn check_strict(schema: &Value) -> Result<(), NotStrict> {
    let mut check = StrictCheck::new(schema);
    if schema.get("type").and_then(Value::as_str) != Some("object") || schema.get("anyOf").is_some()
    {
        check
            .broken
            .push("the root must be an object, and no anyOf".to_owned());
    }
    check.visit(schema, "", 0);
    check.totals();
    match check.broken.is_empty() {
        true => Ok(()),
        false => Err(NotStrict(check.broken)),
    }
}

struct StrictCheck<'a> {
    root: &'a Value,
    broken: Vec<String>,
    properties: usize,
    enum_values: usize,
    letters: usize,
}

impl<'a> StrictCheck<'a> {
    fn new(root: &'a Value) -> Self {
        Self {
            root,
            broken: Vec::new(),
            properties: 0,
            enum_values: 0,
            letters: 0,
        }
    }

    fn breaks(&mut self, path: &str, rule: impl fmt::Display) {
        let place = if path.is_empty() { "/" } else { path };
        self.broken.push(format!("{place}: {rule}"));
    }

    fn visit(&mut self, schema: &Value, path: &str, level: usize) {
        let Some(schema) = schema.as_object() else {
            return self.breaks(path, "must be an object of keywords");
        };
        if level == MOST_LEVELS + 1 {
            self.breaks(path, format_args!("deeper than {MOST_LEVELS} levels"));
        }
        for keyword in schema.keys() {
            if !ALLOWED.contains(&keyword.as_str()) {
                self.breaks(path, format_args!("{keyword} is not allowed"));
            }
        }
        self.visit_object(schema, path);
        self.visit_values(schema, path);
        self.visit_reference(schema, path);
        self.visit_below(schema, path, level);
    }

    fn visit_object(&mut self, schema: &Map<String, Value>, path: &str) {
        let is_object = match schema.get("type") {
            Some(Value::String(one)) => one == "object",
            Some(Value::Array(several)) => several.iter().any(|one| one == "object"),
            _ => schema.contains_key("properties"),
        };
        if !is_object {
            return;
        }
        if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
            self.breaks(path, "additionalProperties must be false");
        }
        let required: Vec<&str> = array(schema, "required")
            .filter_map(Value::as_str)
            .collect();
        let named = schema.get("properties").and_then(Value::as_object);
        for name in named.into_iter().flat_map(Map::keys) {
            self.properties += 1;
            self.letters += name.chars().count();
            if !required.contains(&name.as_str()) {
                self.breaks(
                    path,
                    format_args!("{name} must be in required; if it may be absent, allow null"),
                );
            }
        }
        for name in required {
            if !named.is_some_and(|named| named.contains_key(name)) {
                self.breaks(path, format_args!("required {name} is no property"));
            }
        }
    }

    fn visit_values(&mut self, schema: &Map<String, Value>, path: &str) {
        let letters = |value: &Value| match value {
            Value::String(text) => text.chars().count(),
            other => other.to_string().len(),
        };
        let values = array(schema, "enum").count();
        let enum_letters: usize = array(schema, "enum").map(letters).sum();
        if values > LONG_ENUM && enum_letters > LONG_ENUM_LETTERS {
            self.breaks(path, format_args!("an enum of more than {LONG_ENUM} values may have {LONG_ENUM_LETTERS} letters, not {enum_letters}"));
        }
        self.enum_values += values;
        self.letters += enum_letters + schema.get("const").map_or(0, letters);
    }

    fn visit_reference(&mut self, schema: &Map<String, Value>, path: &str) {
        let Some(reference) = schema.get("$ref") else {
            return;
        };
        let target = reference
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'))
            .and_then(|pointer| self.root.pointer(pointer));
        if target.is_none() {
            self.breaks(
                path,
                "$ref must name a place in this schema, such as #/$defs/day",
            );
        }
    }

    fn visit_below(&mut self, schema: &Map<String, Value>, path: &str, level: usize) {
        for (keyword, deeper) in [("properties", 1), ("$defs", 0)] {
            let named = schema.get(keyword).and_then(Value::as_object);
            for (name, below) in named.into_iter().flatten() {
                if keyword == "$defs" {
                    self.letters += name.chars().count();
                }
                self.visit(below, &format!("{path}/{keyword}/{name}"), level + deeper);
            }
        }
        if let Some(items) = schema.get("items") {
            self.visit(items, &format!("{path}/items"), level + 1);
        }
        for (index, below) in array(schema, "anyOf").enumerate() {
            self.visit(below, &format!("{path}/anyOf/{index}"), level);
        }
    }

    fn totals(&mut self) {
        for (what, count, most) in [
            ("properties", self.properties, MOST_PROPERTIES),
            ("enum values", self.enum_values, MOST_ENUM_VALUES),
            (
                "letters of names, enums and consts",
                self.letters,
                MOST_LETTERS,
            ),
        ] {
            if count > most {
                self.breaks("", format_args!("{count} {what}, at most {most}"));
            }
        }
    }
}

fn array<'a>(schema: &'a Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'a Value> {
    schema
        .get(keyword)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::good, *};

    /// The one rule that a change of the good schema breaks.
    fn broken(change: impl Fn(&mut Value)) -> String {
        let mut schema = good();
        change(&mut schema);
        let NotStrict(rules) = check_strict(&schema).unwrap_err();
        assert_eq!(rules.len(), 1, "{rules:?}");
        rules.into_iter().next().unwrap()
    }

    #[test]
    fn each_rule_of_strict_schemas_is_told_with_its_place() {
        assert_eq!(check_strict(&good()), Ok(()));
        let day = |change: fn(&mut Value)| broken(|schema| change(&mut schema["$defs"]["day"]));
        for (rule, place) in [
            (
                day(|day| day["additionalProperties"] = json!(true)),
                "/$defs/day: additionalProperties must be false",
            ),
            (
                day(|day| day["required"] = json!(["sets"])),
                "/$defs/day: exercise must be in required",
            ),
            (
                day(|day| day["required"] = json!(["sets", "exercise", "reps"])),
                "/$defs/day: required reps is no property",
            ),
            (
                day(|day| day["allOf"] = json!([])),
                "/$defs/day: allOf is not allowed",
            ),
            (
                day(|day| day["properties"]["sets"]["not"] = json!({})),
                "/$defs/day/properties/sets: not is not allowed",
            ),
            (
                broken(|schema| schema["properties"]["note"] = json!(true)),
                "/properties/note: must be an object of keywords",
            ),
            (
                broken(|schema| {
                    schema["properties"]["days"]["items"] = json!({ "$ref": "#/$defs/week" })
                }),
                "/properties/days/items: $ref must name",
            ),
            (
                broken(|schema| {
                    schema["properties"]["note"] =
                        json!({ "type": "string", "enum": vec!["x".repeat(60); 251] })
                }),
                "/properties/note: an enum of more than 250",
            ),
            (
                broken(|schema| schema["properties"]["note"] = json!({ "enum": vec!["x"; 1_000] })),
                "/: 1002 enum values, at most 1000",
            ),
            (
                broken(|schema| {
                    schema["properties"]["note"] = json!({ "const": "x".repeat(120_000) })
                }),
                "/: 120033 letters",
            ),
        ] {
            assert!(rule.starts_with(place), "{rule} is not {place}");
        }
    }

    #[test]
    fn the_root_is_a_closed_object_and_the_depth_is_ten() {
        assert!(check_strict(&json!({ "type": "array", "items": {} })).is_err());
        assert!(check_strict(&json!({ "anyOf": [good(), good()] })).is_err());
        let nested = |levels: usize| {
            (1..levels).fold(
                json!({ "type": "string" }),
                |inner, _| json!({ "type": "array", "items": inner }),
            )
        };
        let of = |levels| json!({ "type": "object", "additionalProperties": false, "required": ["a"], "properties": { "a": nested(levels) } });
        assert_eq!(check_strict(&of(10)), Ok(()));
        assert!(check_strict(&of(11)).is_err());
        let names: Vec<String> = (0..5_001).map(|number| format!("p{number}")).collect();
        let properties: Map<String, Value> = names
            .iter()
            .map(|name| (name.clone(), json!({ "type": "null" })))
            .collect();
        let wide = json!({ "type": "object", "additionalProperties": false, "required": names, "properties": properties });
        assert_eq!(
            check_strict(&wide).unwrap_err().0,
            ["/: 5001 properties, at most 5000"]
        );
    }
}
