//! What a model says: an instance of the schema from the request alone, or what the plugged-in answerer says.

use std::sync::{Arc, Mutex};

use emulator::{Asked, Options, models::Provider};
use serde_json::{Value, json};

use super::support::{DOORS, Door, check_plan, plan_schema, start, start_with};

async fn instance(schema: Value, seed: u64) -> Value {
    let emulator = start_with(Options {
        seed,
        ..Options::default()
    })
    .await;
    let mut request = Door::Chat.request(false);
    request["response_format"]["json_schema"]["schema"] = schema;
    request["response_format"]["json_schema"]["strict"] = json!(false);
    let answer = Door::Chat.ask(&emulator, "plain", &request).await;
    serde_json::from_str(&Door::Chat.content(&answer)).expect("JSON")
}

/// A property's schema and whether a value is right.
type Case = (Value, fn(&Value) -> bool);

async fn each_is_right(cases: &[Case]) {
    for seed in 0..20 {
        println!("seed {seed}");
        let properties: serde_json::Map<String, Value> = cases
            .iter()
            .enumerate()
            .map(|(index, (schema, _))| (format!("p{index}"), schema.clone()))
            .collect();
        let answer = instance(json!({ "type": "object", "properties": properties }), seed).await;
        for (index, (schema, right)) in cases.iter().enumerate() {
            let value = &answer[format!("p{index}")];
            assert!(right(value), "{schema}: {value}");
        }
    }
}

#[tokio::test]
async fn an_instance_honours_values_and_numbers() {
    each_is_right(&[
        (json!({ "const": "fixed" }), |value| value == "fixed"),
        (json!({ "enum": [1, "two", null] }), |value| {
            value == 1 || value == "two" || value.is_null()
        }),
        (
            json!({ "type": "integer", "minimum": 3, "maximum": 4 }),
            |value| value == 3 || value == 4,
        ),
        (
            json!({ "type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5 }),
            |value| value == 4,
        ),
        (json!({ "type": "integer", "maximum": -2 }), |value| {
            value.as_i64().is_some_and(|value| value <= -2)
        }),
        (
            json!({ "type": "number", "minimum": 2.5, "maximum": 2.75 }),
            |value| {
                value
                    .as_f64()
                    .is_some_and(|value| (2.5..=2.75).contains(&value))
            },
        ),
        (
            json!({ "type": "number", "multipleOf": 2.5, "minimum": 6 }),
            |value| {
                value
                    .as_f64()
                    .is_some_and(|value| value >= 6.0 && value % 2.5 == 0.0)
            },
        ),
    ])
    .await;
}

#[tokio::test]
async fn an_instance_honours_texts_and_lists() {
    each_is_right(&[
        (json!({ "type": "boolean" }), Value::is_boolean),
        (json!({ "type": "null" }), Value::is_null),
        (json!({ "type": ["string", "null"] }), Value::is_string),
        (
            json!({ "type": "string", "minLength": 30, "maxLength": 31 }),
            |value| {
                value
                    .as_str()
                    .is_some_and(|text| (30..=31).contains(&text.chars().count()))
            },
        ),
        (json!({ "type": "string", "maxLength": 2 }), |value| {
            value.as_str().is_some_and(|text| text.chars().count() <= 2)
        }),
        (json!({ "type": "string", "format": "date" }), |value| {
            value.as_str().is_some_and(|text| text.len() == 10)
        }),
        (
            json!({ "anyOf": [{ "type": "null" }, { "type": "integer" }] }),
            Value::is_i64,
        ),
        (
            json!({ "type": "array", "items": { "type": "boolean" }, "minItems": 4 }),
            |value| value.as_array().is_some_and(|items| items.len() == 4),
        ),
        (
            json!({ "type": "array", "items": { "type": "boolean" }, "maxItems": 0 }),
            |value| *value == json!([]),
        ),
        (
            json!({ "type": "array", "items": { "enum": ["a", "b", "c"] }, "minItems": 3 }),
            |value| {
                let items = value.as_array().cloned().unwrap_or_default();
                ["a", "b", "c"]
                    .iter()
                    .all(|wanted| items.iter().any(|item| item == wanted))
            },
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_schema_that_refers_to_itself_ends() {
    let node = json!({
        "type": "object", "required": ["children", "next"],
        "properties": {
            "children": { "type": "array", "items": { "$ref": "#/$defs/node" } },
            "next": { "anyOf": [{ "$ref": "#/$defs/node" }, { "type": "null" }] },
        },
    });
    let schema = json!({ "type": "object", "properties": { "root": { "type": ["object", "null"], "properties": {
        "next": { "anyOf": [{ "$ref": "#/$defs/list" }, { "type": "null" }] } } } }, "$defs": {
            "node": node, "list": { "type": "object", "properties": { "next": { "anyOf": [{ "$ref": "#/$defs/list" }, { "type": "null" }] } } } } });
    assert!(instance(schema, 1).await["root"].is_object());
}

#[tokio::test]
async fn the_same_question_has_the_same_answer_and_a_seed_changes_it() {
    let ask = async |seed, user: &str| {
        let emulator = start_with(Options {
            seed,
            ..Options::default()
        })
        .await;
        let mut request = Door::Chat.request(false);
        request["messages"][1]["content"] = json!(user);
        Door::Chat.content(&Door::Chat.ask(&emulator, "plain", &request).await)
    };
    let first = ask(1, "Three days.").await;
    assert_eq!(first, ask(1, "Three days.").await);
    assert_ne!(first, ask(2, "Three days.").await);
    assert_ne!(first, ask(1, "Three other days.").await);
}

#[tokio::test]
async fn a_schema_is_found_in_the_prompt() {
    let emulator = start().await;
    let schema = plan_schema();
    let pretty = serde_json::to_string_pretty(&schema).expect("JSON");
    for prompt in [
        format!("Answer in JSON.\n```json schema\n{pretty}\n```\nNo prose."),
        format!("Follow this JSON Schema exactly:\n\n```json\n{pretty}\n```"),
        format!(
            "The schema of a schema is a schema. JSON {{only}}, not {{\"a\": {{\"type\": \"object\"}}}}. Schema: {schema} Example: {{\"split\": 1}}"
        ),
    ] {
        for role in ["system", "user"] {
            let mut request = Door::Deepseek.request(false);
            request["messages"] = json!([{ "role": role, "content": prompt }, { "role": "user", "content": "Three days." }]);
            check_plan(
                &Door::Deepseek.content(&Door::Deepseek.ask(&emulator, "plain", &request).await),
            );
        }
    }
}

#[tokio::test]
async fn another_answerer_is_plugged_in_and_sees_the_question() {
    let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let options = Options {
        answer: Arc::new(move |asked: &Asked| {
            seen.lock().expect("unpoisoned").push(asked.clone());
            json!({ "heard": asked.user() }).to_string()
        }),
        ..Options::default()
    };
    let emulator = start_with(options).await;
    for door in DOORS {
        for stream in [true, false] {
            let answer = door.ask(&emulator, "plain", &door.request(stream)).await;
            assert_eq!(door.content(&answer), r#"{"heard":"Three days for me."}"#);
        }
    }
    let asked = asked.lock().expect("unpoisoned");
    for asked in asked.iter() {
        assert!(asked.system().starts_with("You plan."));
        assert_eq!(asked.schema, Some(plan_schema()));
        assert!(asked.json);
    }
    assert_eq!(asked[5].provider, Provider::Deepseek);
    assert_eq!(asked[2].model, "gpt-6.1-terra");
}
