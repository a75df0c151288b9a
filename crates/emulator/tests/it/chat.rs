//! `OpenAI`'s Chat Completions.

use std::time::{Duration, Instant};

use emulator::Options;
use serde_json::{Value, json};

use super::support::{Door, check_plan, events, get, start, start_with};

#[tokio::test]
async fn a_stream_is_role_content_finish_usage_done() {
    let emulator = start().await;
    let answer = Door::Chat
        .ask(&emulator, "plain", &Door::Chat.request(true))
        .await;
    assert!(answer.text().ends_with("data: [DONE]\n\n"));
    assert!(!answer.text().contains("event:"));
    let chunks = events(&answer.body);
    let [first, contents @ .., finish, usage] = chunks.as_slice() else {
        panic!("four at least")
    };
    assert_eq!(
        first["choices"][0]["delta"],
        json!({ "role": "assistant", "content": "" })
    );
    assert!(
        contents
            .iter()
            .all(|chunk| chunk["choices"][0]["delta"]["content"].is_string())
    );
    assert_eq!(finish["choices"][0]["delta"], json!({}));
    assert_eq!(finish["choices"][0]["finish_reason"], "stop");
    assert_eq!(usage["choices"], json!([]));
    let text = Door::Chat.content(&answer);
    check_plan(&text);
    let tokens = text.chars().count().div_ceil(4);
    assert_eq!(contents.len(), tokens);
    let told = &usage["usage"];
    assert_eq!(told["completion_tokens"], tokens);
    assert_eq!(
        told["total_tokens"].as_u64(),
        told["prompt_tokens"]
            .as_u64()
            .map(|input| input + tokens as u64)
    );
    for chunk in &chunks[..chunks.len() - 1] {
        assert_eq!(chunk.get("usage"), Some(&Value::Null));
        assert_eq!(
            (&chunk["id"], &chunk["object"]),
            (&first["id"], &json!("chat.completion.chunk"))
        );
    }
    let lengths: std::collections::BTreeSet<_> = contents
        .iter()
        .map(|chunk| chunk["obfuscation"].as_str().map(str::len))
        .collect();
    assert!(lengths.len() > 3 && !lengths.contains(&None));
}

#[tokio::test]
async fn usage_and_obfuscation_come_as_asked() {
    let emulator = start().await;
    let mut request = Door::Chat.request(true);
    request["stream_options"] = json!({ "include_obfuscation": false });
    let answer = Door::Chat.ask(&emulator, "plain", &request).await;
    assert!(!answer.text().contains("usage") && !answer.text().contains("obfuscation"));
    check_plan(&Door::Chat.content(&answer));
}

#[tokio::test]
async fn headers_name_the_request_and_the_limits() {
    let emulator = start().await;
    let answer = Door::Chat
        .ask(&emulator, "plain", &Door::Chat.request(false))
        .await;
    assert!(
        answer
            .header("x-request-id")
            .is_some_and(|id| id.starts_with("req_"))
    );
    assert!(
        answer
            .header("openai-processing-ms")
            .is_some_and(|time| time.parse::<u64>().is_ok())
    );
    assert_eq!(answer.header("openai-version"), Some("2020-10-01"));
    for kind in ["requests", "tokens"] {
        for what in ["limit", "remaining", "reset"] {
            assert!(
                answer
                    .header(&format!("x-ratelimit-{what}-{kind}"))
                    .is_some()
            );
        }
    }
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let refused = Door::Chat
        .ask(&emulator, "error", &Door::Chat.request(false))
        .await;
    assert!(refused.header("x-request-id").is_some());
}

#[tokio::test]
async fn an_answer_longer_than_its_limit_ends_with_length() {
    let emulator = start().await;
    let mut request = Door::Chat.request(true);
    request["max_completion_tokens"] = json!(5);
    let answer = Door::Chat.ask(&emulator, "plain", &request).await;
    assert_eq!(Door::Chat.finish(&answer), "length");
    assert_eq!(Door::Chat.content(&answer).chars().count(), 20);
    let mut request = Door::Responses.request(true);
    request["max_output_tokens"] = json!(16);
    request["reasoning"] = json!({ "effort": "low" });
    let answer = Door::Responses.ask(&emulator, "plain", &request).await;
    assert_eq!(
        Door::Responses.finish(&answer),
        "incomplete: max_output_tokens"
    );
    assert_eq!(Door::Responses.content(&answer), "", "reasoning ate it all");
}

#[tokio::test]
async fn tokens_come_at_their_speed_after_the_first() {
    let options = Options {
        first_token: Duration::from_millis(300),
        tokens_per_second: Some(100.0),
        ..Options::default()
    };
    let emulator = start_with(options).await;
    let begun = Instant::now();
    let mut exchange = Door::Chat
        .open(&emulator, "plain", &Door::Chat.request(true))
        .await;
    let said = |body: &[u8]| {
        events(body).iter().any(|chunk| {
            chunk["choices"][0]["delta"]["content"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        })
    };
    exchange.read_until(said).await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
    let answer = exchange.answer().await;
    let tokens = Door::Chat.content(&answer).chars().count().div_ceil(4) as u32;
    let wanted = Duration::from_millis(300) + Duration::from_millis(10) * (tokens - 1);
    assert!(
        begun.elapsed() >= wanted,
        "{:?} for {tokens} tokens",
        begun.elapsed()
    );
    assert!(
        begun.elapsed() < wanted + Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    let whole = Instant::now();
    Door::Chat
        .ask(&emulator, "plain", &Door::Chat.request(false))
        .await;
    assert!(
        whole.elapsed() >= wanted,
        "an unstreamed answer takes as long"
    );
}

#[tokio::test]
async fn a_long_system_text_is_cached_the_second_time() {
    let emulator = start().await;
    let mut request = Door::Chat.request(false);
    request["messages"][0]["content"] = json!("Rules. ".repeat(800));
    let usage = async |request: &Value| {
        Door::Chat.ask(&emulator, "plain", request).await.json()["usage"]["prompt_tokens_details"]
            .clone()
    };
    let first = usage(&request).await;
    assert_eq!(
        (&first["cached_tokens"], &first["cache_write_tokens"]),
        (&json!(0), &json!(1_400))
    );
    request["messages"][1]["content"] = json!("Another user.");
    let second = usage(&request).await;
    assert_eq!(
        (&second["cached_tokens"], &second["cache_write_tokens"]),
        (&json!(1_280), &json!(0))
    );
    request["messages"][0]["content"] = json!("Rules. ".repeat(100));
    usage(&request).await;
    assert_eq!(
        usage(&request).await["cached_tokens"],
        0,
        "too short to be cached"
    );
}

#[tokio::test]
async fn models_are_listed() {
    let emulator = start().await;
    for base in [emulator.openai_url(), emulator.deepseek_url()] {
        let list = get(&format!("{base}/models")).await.json();
        assert_eq!(list["object"], "list");
        assert!(list["data"][0]["id"].is_string());
    }
}
