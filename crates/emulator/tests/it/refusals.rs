//! What the providers refuse without any scenario.

use serde_json::{Value, json};

use super::{
    http::Exchange,
    support::{Door, get, post, start},
};

#[tokio::test]
async fn a_key_is_needed_and_some_are_bad() {
    let emulator = start().await;
    let cases: [(&str, u16, u16); 5] = [
        ("", 401, 401),
        ("Bearer ", 401, 401),
        ("Basic abc", 401, 401),
        ("Bearer sk-invalid-7", 401, 401),
        ("Bearer sk-no-credit", 429, 402),
    ];
    for (key, openai, deepseek) in cases {
        for door in super::support::DOORS {
            let body = door.request(false).to_string();
            let headers = [("authorization", key)];
            let answer = Exchange::send("POST", &door.url(&emulator), &headers, &body)
                .await
                .answer()
                .await;
            let wanted = if door == Door::Deepseek {
                deepseek
            } else {
                openai
            };
            assert_eq!(answer.status, wanted, "{door:?} {key}");
            let error = &answer.json()["error"];
            for field in ["message", "type", "param", "code"] {
                assert!(error.get(field).is_some(), "{error}");
            }
        }
    }
    assert!(emulator.ledger().calls().is_empty());
    assert_eq!(emulator.ledger().refused()["401"], 12);
    let url = format!("{}/responses/resp_1", emulator.openai_url());
    assert_eq!(
        Exchange::send("GET", &url, &[], "")
            .await
            .answer()
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a_model_named_no_such_does_not_exist() {
    let emulator = start().await;
    for (door, status, part) in [
        (Door::Chat, 404, "model_not_found"),
        (Door::Responses, 404, "model_not_found"),
        (Door::Deepseek, 400, "Model Not Exist"),
    ] {
        let mut request = door.request(true);
        request["model"] = json!("no-such-model");
        let answer = door.ask(&emulator, "plain", &request).await;
        assert_eq!(answer.status, status);
        assert!(answer.text().contains(part), "{}", answer.text());
    }
}

/// A request with a field set, the status, and what the error names.
async fn refused(door: Door, pointer: &str, value: Value, part: &str) {
    let emulator = start().await;
    let mut request = door.request(false);
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
    request.pointer_mut(parent).expect("the parent")[field] = value;
    let answer = door.ask(&emulator, "plain", &request).await;
    assert_eq!(answer.status, 400, "{door:?} {pointer}: {}", answer.text());
    assert!(
        answer.text().contains(part),
        "{door:?} {pointer}: {}",
        answer.text()
    );
}

type Case = (Door, &'static str, Value, &'static str);

#[tokio::test]
async fn chat_refuses_fields_of_the_other_endpoint_and_bad_values() {
    let cases: Vec<Case> = vec![
        (Door::Chat, "/input", json!("x"), "'messages'"),
        (
            Door::Chat,
            "/max_output_tokens",
            json!(5),
            "'max_completion_tokens'",
        ),
        (
            Door::Chat,
            "/max_tokens",
            json!(5),
            "Use 'max_completion_tokens' instead",
        ),
        (
            Door::Chat,
            "/background",
            json!(true),
            "Unknown parameter: 'background'",
        ),
        (Door::Chat, "/messages", json!([]), "messages"),
        (Door::Chat, "/messages/0/role", json!("boss"), "'boss'"),
        (
            Door::Chat,
            "/response_format/type",
            json!("yaml"),
            "response_format.type",
        ),
        (
            Door::Chat,
            "/response_format/json_schema/name",
            json!("a plan"),
            "response_format.json_schema.name",
        ),
        (Door::Chat, "/reasoning_effort", json!("huge"), "'xhigh'"),
        (Door::Chat, "/max_completion_tokens", json!(0), "1 or more"),
        (Door::Chat, "/model", json!(""), "model"),
        (
            Door::Chat,
            "/safety_identifier",
            json!("x".repeat(65)),
            "maximum length 64",
        ),
        (
            Door::Chat,
            "/metadata",
            json!({ "a": "x".repeat(513) }),
            "512",
        ),
    ];
    for (door, pointer, value, part) in cases {
        refused(door, pointer, value, part).await;
    }
}

#[tokio::test]
async fn responses_refuse_fields_of_the_other_endpoint_and_bad_values() {
    let cases: Vec<Case> = vec![
        (
            Door::Responses,
            "/response_format",
            json!({}),
            "'text.format'",
        ),
        (Door::Responses, "/messages", json!([]), "'input'"),
        (
            Door::Responses,
            "/reasoning_effort",
            json!("low"),
            "'reasoning.effort'",
        ),
        (
            Door::Responses,
            "/max_completion_tokens",
            json!(50),
            "'max_output_tokens'",
        ),
        (
            Door::Responses,
            "/max_output_tokens",
            json!(15),
            "16 or more",
        ),
        (Door::Responses, "/input", Value::Null, "'input'"),
        (
            Door::Responses,
            "/text/format",
            json!({ "type": "json_object" }),
            "must contain the word 'json'",
        ),
        (
            Door::Deepseek,
            "/messages",
            Value::Null,
            "missing field `messages`",
        ),
    ];
    for (door, pointer, value, part) in cases {
        refused(door, pointer, value, part).await;
    }
}

#[tokio::test]
async fn what_is_no_json_or_no_endpoint_is_refused() {
    let emulator = start().await;
    let headers = [("authorization", "Bearer sk-test")];
    let answer = Exchange::send("POST", &Door::Chat.url(&emulator), &headers, "{")
        .await
        .answer()
        .await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("could not parse the JSON body"));
    let answer = get(&format!("{}/nothing", emulator.openai_url())).await;
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("Invalid URL"));
    let answer = post(&format!(
        "{}/responses/resp_none/cancel",
        emulator.openai_url()
    ))
    .await;
    assert_eq!(answer.status, 404);
    let answer = get(&format!(
        "{}/responses/resp_none?starting_after=x",
        emulator.openai_url()
    ))
    .await;
    assert_eq!(answer.status, 404);
}
