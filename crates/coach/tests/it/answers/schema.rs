//! As much of JSON schema as our own schemas use.

use serde_json::Value;

/// Where a value is not of the schema; empty where it is.
pub(crate) fn mismatches(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(schema, schema, value, "", &mut found);
    found
}

fn walk(root: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(path) = schema["$ref"].as_str() {
        let target = root
            .pointer(path.trim_start_matches('#'))
            .expect("a definition");
        return walk(root, target, value, place, found);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = |choice: &Value| {
            let mut inner = Vec::new();
            walk(root, choice, value, place, &mut inner);
            inner.is_empty()
        };
        if !choices.iter().any(fits) {
            found.push(format!("{place}: none of anyOf"));
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let wanted = schema["type"].as_str().expect("a type");
    if wanted != kind && !(wanted == "number" && kind == "integer") {
        found.push(format!("{place}: {kind} for {wanted}"));
        return;
    }
    if let Some(options) = schema["enum"].as_array()
        && !options.contains(value)
    {
        found.push(format!("{place}: {value} is not in the enum"));
    }
    if let Some(number) = value.as_f64() {
        let (low, high) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
        if low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high) {
            found.push(format!("{place}: {number} is out of range"));
        }
    }
    if let Some(values) = value.as_array() {
        let count = values.len() as u64;
        let (low, high) = (schema["minItems"].as_u64(), schema["maxItems"].as_u64());
        if low.is_some_and(|low| count < low) || high.is_some_and(|high| count > high) {
            found.push(format!("{place}: {count} items"));
        }
        for (no, value) in values.iter().enumerate() {
            walk(
                root,
                &schema["items"],
                value,
                &format!("{place}/{no}"),
                found,
            );
        }
    }
    if let Some(fields) = value.as_object() {
        for name in schema["required"].as_array().expect("required") {
            let name = name.as_str().expect("a name");
            if !fields.contains_key(name) {
                found.push(format!("{place}: {name} is missing"));
            }
        }
        for (name, value) in fields {
            match schema["properties"].get(name) {
                Some(schema) => walk(root, schema, value, &format!("{place}/{name}"), found),
                None => found.push(format!("{place}: {name} is unknown")),
            }
        }
    }
}
