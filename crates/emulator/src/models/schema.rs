//! JSON schemas: the one a prompt gives, the limits of strict mode, and a minimal instance.

use serde_json::{Map, Value, json};

use crate::seed::drawn;

/// The same value, its keys in order whatever map `serde_json` was built with.
pub(super) fn canonical(value: &Option<Value>) -> Value {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let mut names: Vec<&String> = fields.keys().collect();
                names.sort();
                names
                    .into_iter()
                    .map(|name| (name.clone(), sorted(&fields[name])))
                    .collect::<Map<_, _>>()
                    .into()
            }
            Value::Array(items) => items.iter().map(sorted).collect(),
            plain => plain.clone(),
        }
    }
    value.as_ref().map_or(Value::Null, sorted)
}

/// The first schema in a text: a JSON object after the word "schema".
pub(super) fn in_prompt(text: &str) -> Option<Value> {
    let lower = text.to_ascii_lowercase();
    let mut rest = text.get(lower.find("schema")?..)?;
    loop {
        rest = rest.get(rest.find('{')?..)?;
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let length = match values.next() {
            Some(Ok(value)) if is_schema(&value) => return Some(value),
            // Another object, or no JSON.
            Some(Ok(_)) => values.byte_offset(),
            _ => 1,
        };
        rest = rest.get(length..)?;
    }
}

fn is_schema(value: &Value) -> bool {
    const TYPES: [&str; 7] = [
        "object", "array", "string", "integer", "number", "boolean", "null",
    ];
    value["properties"].is_object()
        || value["anyOf"].is_array()
        || value["$ref"].is_string()
        || TYPES.iter().any(|kind| value["type"] == *kind)
}

/// What of the limits of `OpenAI`'s strict mode (February 2026) a schema passes; the message is `OpenAI`'s.
pub(super) fn check_strict(schema: &Value) -> Result<(), String> {
    if schema["type"] != "object" || schema.get("anyOf").is_some() {
        let kind = &schema["type"];
        return Err(format!(
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: {kind}'."
        ));
    }
    let mut count = Count::default();
    count.visit(schema, &mut Vec::new(), 1)?;
    let within = [
        ("properties", count.properties, 5_000),
        ("enum values", count.values, 1_000),
        (
            "characters of names, enum and const values",
            count.characters,
            120_000,
        ),
    ];
    match within.iter().find(|(_, found, most)| found > most) {
        Some((what, found, most)) => Err(format!(
            "Expected at most {most} {what} in total within a schema, got {found}."
        )),
        None => Ok(()),
    }
}

const REFUSED: [&str; 7] = [
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
];
const DEEPEST: usize = 10;

#[derive(Default)]
struct Count {
    properties: usize,
    values: usize,
    characters: usize,
}

impl Count {
    fn visit(
        &mut self,
        schema: &Value,
        path: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        let context = |path: &[String]| format!("In context=({})", path.join(", "));
        if let Some(word) = REFUSED.iter().find(|word| schema.get(**word).is_some()) {
            return Err(format!("{}, '{word}' is not permitted.", context(path)));
        }
        if depth > DEEPEST {
            return Err(format!(
                "{} levels of nesting exceeds limit of {DEEPEST}.",
                depth
            ));
        }
        self.count_values(schema)
            .map_err(|found| format!("{}, {found}", context(path)))?;
        if let Some(properties) = schema["properties"].as_object() {
            self.check_object(schema, properties)
                .map_err(|found| format!("{}, {found}", context(path)))?;
        } else if schema["type"] == "object" && schema["additionalProperties"] != false {
            return Err(format!(
                "{}, 'additionalProperties' is required to be supplied and to be false.",
                context(path)
            ));
        }
        self.visit_children(schema, path, depth)
    }

    fn check_object(
        &mut self,
        schema: &Value,
        properties: &Map<String, Value>,
    ) -> Result<(), String> {
        self.properties += properties.len();
        self.characters += properties.keys().map(String::len).sum::<usize>();
        if schema["additionalProperties"] != false {
            return Err(
                "'additionalProperties' is required to be supplied and to be false.".into(),
            );
        }
        let required = schema["required"].as_array();
        let is_required = |name: &&String| {
            required.is_some_and(|required| required.iter().any(|other| other == name.as_str()))
        };
        match properties.keys().find(|name| !is_required(name)) {
            Some(name) => Err(format!(
                "'required' is required to be supplied and to be an array including every key in properties. Missing '{name}'."
            )),
            None => Ok(()),
        }
    }

    fn count_values(&mut self, schema: &Value) -> Result<(), String> {
        let length = |value: &Value| value.as_str().map_or(0, str::len);
        self.characters += length(&schema["const"]);
        if let Some(values) = schema["enum"].as_array() {
            let characters: usize = values.iter().map(length).sum();
            self.values += values.len();
            self.characters += characters;
            if values.len() > 250 && characters > 15_000 {
                return Err(format!(
                    "enum with more than 250 values may total 15000 characters, got {characters}."
                ));
            }
        }
        Ok(())
    }

    fn visit_children(
        &mut self,
        schema: &Value,
        path: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        for group in ["properties", "$defs", "definitions"] {
            for (name, child) in schema[group].as_object().into_iter().flatten() {
                // A definition is as deep as where it is used, which is not followed.
                let depth = if group == "properties" { depth + 1 } else { 1 };
                self.step(child, path, &[group, name], depth)?;
            }
        }
        if schema["items"].is_object() {
            self.step(&schema["items"], path, &["items"], depth + 1)?;
        }
        for (index, child) in schema["anyOf"].as_array().into_iter().flatten().enumerate() {
            self.step(child, path, &["anyOf", &index.to_string()], depth)?;
        }
        Ok(())
    }

    fn step(
        &mut self,
        child: &Value,
        path: &mut Vec<String>,
        names: &[&str],
        depth: usize,
    ) -> Result<(), String> {
        let length = path.len();
        path.extend(names.iter().map(|name| format!("'{name}'")));
        self.visit(child, path, depth)?;
        path.truncate(length);
        Ok(())
    }
}

/// A small instance of a schema, the same for the same seed: as few items as are allowed but one where it may be, a value of each
/// enum, numbers from the low end. `pattern` is not honoured.
pub(super) fn instance(schema: &Value, seed: u64) -> Value {
    Builder {
        root: schema,
        seed,
        drawn: 0,
    }
    .build(schema, 0)
}

/// Beyond this depth a schema that refers to itself is taken out of by its shortest way.
const DEEP: usize = 24;
const WORDS: [&str; 6] = ["steady", "Übung", "força", "ровно", "力", "léger"];

struct Builder<'a> {
    root: &'a Value,
    seed: u64,
    drawn: u64,
}

impl<'a> Builder<'a> {
    fn build(&mut self, schema: &'a Value, depth: usize) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = reference
                .strip_prefix('#')
                .and_then(|path| self.root.pointer(path));
            return match target {
                Some(target) if depth < 2 * DEEP => self.build(target, depth + 1),
                _ => Value::Null,
            };
        }
        if let Some(fixed) = schema.get("const") {
            return fixed.clone();
        }
        if let Some(value) = schema["enum"].as_array().and_then(|all| self.pick(all)) {
            return value.clone();
        }
        if let Some(ways) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return self.one_of(ways, depth);
        }
        let nullable = |kinds: &Vec<Value>| kinds.iter().any(|kind| kind == "null");
        let kind = match &schema["type"] {
            Value::Array(kinds) if depth > DEEP && nullable(kinds) => "null",
            Value::Array(kinds) => kinds
                .iter()
                .filter_map(Value::as_str)
                .find(|kind| *kind != "null")
                .unwrap_or("null"),
            Value::String(kind) => kind,
            _ if schema["properties"].is_object() => "object",
            _ if schema["items"].is_object() => "array",
            _ => "string",
        };
        match kind {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, depth),
            "string" => self.string(schema),
            "integer" => json!(self.number(schema, 1.0) as i64),
            "number" => json!(self.number(schema, 0.5)),
            "boolean" => json!(self.draw(2) == 0),
            _ => Value::Null,
        }
    }

    fn one_of(&mut self, ways: &'a [Value], depth: usize) -> Value {
        let is_null =
            |way: &&Value| way["type"] == "null" || way.get("const") == Some(&Value::Null);
        if depth > DEEP && ways.iter().any(|way| is_null(&way)) {
            return Value::Null;
        }
        let real: Vec<&Value> = ways.iter().filter(|way| !is_null(way)).collect();
        let chosen = match depth {
            0..=DEEP => self.pick(&real),
            _ => real.first(),
        };
        chosen.map_or(Value::Null, |way| self.build(way, depth + 1))
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Value {
        let Some(properties) = schema["properties"].as_object() else {
            return json!({});
        };
        let required = |name: &str| {
            schema["required"]
                .as_array()
                .is_some_and(|required| required.iter().any(|other| other == name))
        };
        properties
            .iter()
            .filter(|(name, _)| depth <= DEEP || required(name))
            .map(|(name, child)| (name.clone(), self.build(child, depth + 1)))
            .collect::<Map<_, _>>()
            .into()
    }

    fn array(&mut self, schema: &'a Value, depth: usize) -> Value {
        let least = schema["minItems"].as_u64().unwrap_or(0);
        let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
        let count = match depth {
            0..=DEEP => least.max(1).min(most),
            _ => least,
        };
        let items = &schema["items"];
        // Neighbours in an enum, so that items differ where they can.
        match items["enum"].as_array() {
            Some(all) if !all.is_empty() => {
                let first = self.draw(all.len());
                (0..count as usize)
                    .map(|index| all[(first + index) % all.len()].clone())
                    .collect()
            }
            _ => (0..count).map(|_| self.build(items, depth + 1)).collect(),
        }
    }

    fn string(&mut self, schema: &Value) -> Value {
        let fixed = match schema["format"].as_str() {
            Some("date") => "2026-01-05",
            Some("date-time") => "2026-01-05T06:30:00Z",
            Some("time") => "06:30:00Z",
            Some("email") => "a@example.com",
            Some("uuid") => "00000000-0000-4000-8000-000000000000",
            Some("uri") => "https://example.com/",
            _ => "",
        };
        if !fixed.is_empty() {
            return json!(fixed);
        }
        let least = schema["minLength"].as_u64().unwrap_or(0) as usize;
        let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX) as usize;
        let word = WORDS[self.draw(WORDS.len())];
        let length = word.chars().count().max(least).min(most);
        json!(word.chars().cycle().take(length).collect::<String>())
    }

    /// A number at the low end of its range, on its grid.
    fn number(&mut self, schema: &Value, grain: f64) -> f64 {
        let bound = |name: &str| schema[name].as_f64();
        let step = bound("multipleOf").unwrap_or(grain);
        let least = bound("minimum").or(bound("exclusiveMinimum").map(|bound| bound + step));
        let most = bound("maximum").or(bound("exclusiveMaximum").map(|bound| bound - step));
        let low = least.or(most.map(|most| most.min(1.0))).unwrap_or(1.0);
        let first = (low / step).ceil() * step;
        let drawn = first + step * self.draw(3) as f64;
        match most {
            Some(most) if drawn > most => first,
            _ => drawn,
        }
    }

    fn pick<'b, T>(&mut self, all: &'b [T]) -> Option<&'b T> {
        match all.len() {
            0 => None,
            count => all.get(self.draw(count)),
        }
    }

    fn draw(&mut self, count: usize) -> usize {
        self.drawn += 1;
        (drawn(self.seed, self.drawn) % count.max(1) as u64) as usize
    }
}
