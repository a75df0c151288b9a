//! The limits of strict schemas.

use emulator::Emulator;
use serde_json::{Map, Value, json};

use super::{
    http::Answer,
    support::{Door, start},
};

async fn ask(emulator: &Emulator, door: Door, schema: &Value, strict: bool) -> Answer {
    let mut request = door.request(false);
    let format = match door {
        Door::Responses => &mut request["text"]["format"],
        _ => &mut request["response_format"]["json_schema"],
    };
    format["schema"] = schema.clone();
    format["strict"] = json!(strict);
    door.ask(emulator, "plain", &request).await
}

/// A closed object with these properties, all required.
fn closed(properties: Value) -> Value {
    let names: Vec<String> = properties
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

fn nested(levels: usize) -> Value {
    (1..levels).fold(closed(json!({})), |inner, _| closed(json!({ "a": inner })))
}

fn many(count: usize, value: &Value) -> Value {
    let properties: Map<String, Value> = (0..count)
        .map(|number| (format!("p{number}"), value.clone()))
        .collect();
    closed(properties.into())
}

fn words(count: usize, length: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{number:0length$}"))
        .collect()
}

#[tokio::test]
async fn a_schema_beyond_the_limits_is_refused_in_strict_mode_only() {
    let emulator = start().await;
    let text = json!({ "type": "string" });
    let mut open = closed(json!({ "a": text }));
    open["additionalProperties"] = json!(true);
    let mut optional = closed(json!({ "a": text, "b": text }));
    optional["required"] = json!(["a"]);
    let with = |keyword: &str, value: Value| {
        let mut inner = closed(json!({ "a": { "type": "string" } }));
        inner[keyword] = value;
        closed(json!({ "inner": inner }))
    };
    let cases = [
        (
            json!({ "anyOf": [closed(json!({}))] }),
            "'type: \\\"object\\\"'",
        ),
        (
            json!({ "type": "array", "items": text }),
            "'type: \\\"object\\\"'",
        ),
        (open, "'additionalProperties' is required"),
        (
            closed(json!({ "a": { "type": "object" } })),
            "'additionalProperties' is required",
        ),
        (optional, "Missing 'b'"),
        (with("allOf", json!([])), "'allOf' is not permitted"),
        (
            with("not", json!({})),
            "In context=('properties', 'inner'), 'not' is not permitted",
        ),
        (with("if", json!({})), "'if' is not permitted"),
        (
            with("dependentRequired", json!({})),
            "'dependentRequired' is not permitted",
        ),
        (
            with("dependentSchemas", json!({})),
            "'dependentSchemas' is not permitted",
        ),
        (nested(11), "11 levels"),
        (
            many(5_001, &json!({ "type": "boolean" })),
            "5000 properties",
        ),
        (
            closed(json!({ "a": { "enum": words(1_001, 4) } })),
            "1000 enum values",
        ),
        (
            closed(json!({ "a": { "enum": words(251, 60) } })),
            "250 values",
        ),
        (
            closed(json!({ "a": { "const": "x".repeat(120_000) } })),
            "120000 characters",
        ),
    ];
    for (schema, part) in cases {
        for (door, param) in [
            (Door::Chat, "response_format"),
            (Door::Responses, "text.format.schema"),
        ] {
            let answer = ask(&emulator, door, &schema, true).await;
            assert_eq!(answer.status, 400, "{part}");
            let error = answer.json()["error"].clone();
            assert!(answer.text().contains(part), "{part}: {error}");
            assert!(error["message"].as_str().is_some_and(|message| {
                message.starts_with("Invalid schema for response_format 'plan': ")
            }));
            assert_eq!(
                (&error["type"], &error["param"], &error["code"]),
                (&json!("invalid_request_error"), &json!(param), &Value::Null)
            );
        }
    }
    assert_eq!(
        ask(&emulator, Door::Chat, &nested(11), false).await.status,
        200
    );
}

#[tokio::test]
async fn a_schema_at_the_limits_is_taken() {
    let emulator = start().await;
    let list = closed(
        json!({ "a": { "$ref": "#/$defs/b" }, "c": { "anyOf": [{ "type": "null" }, { "type": "string" }] } }),
    );
    let mut list = list;
    list["$defs"] = json!({ "b": { "type": "array", "minItems": 1, "maxItems": 2, "items": { "type": "integer", "minimum": 1, "maximum": 3 } } });
    for schema in [
        nested(10),
        many(5_000, &json!({ "type": "boolean" })),
        closed(json!({ "a": { "enum": words(1_000, 4) } })),
        closed(json!({ "a": { "enum": words(250, 60) } })),
        list,
    ] {
        for door in [Door::Chat, Door::Responses] {
            let answer = ask(&emulator, door, &schema, true).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
    }
}
