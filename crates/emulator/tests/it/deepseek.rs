//! `DeepSeek`'s dialect of Chat Completions.

use std::time::Duration;

use emulator::Options;
use serde_json::json;

use super::support::{Door, check_plan, events, start, start_with};

#[tokio::test]
async fn it_thinks_aloud_first_unless_told_not_to() {
    let emulator = start().await;
    let mut request = Door::Deepseek.request(true);
    request
        .as_object_mut()
        .expect("an object")
        .remove("thinking");
    let answer = Door::Deepseek.ask(&emulator, "plain", &request).await;
    let deltas: Vec<_> = events(&answer.body)
        .iter()
        .map(|chunk| chunk["choices"][0]["delta"].clone())
        .collect();
    let first_said = deltas
        .iter()
        .position(|delta| {
            delta["content"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        })
        .expect("content");
    let last_thought = deltas
        .iter()
        .rposition(|delta| delta["reasoning_content"].is_string())
        .expect("thought");
    assert!(last_thought < first_said && last_thought > 3);
    check_plan(&Door::Deepseek.content(&answer));
    let usage = events(&answer.body).last().expect("usage")["usage"].clone();
    assert!(usage["completion_tokens_details"]["reasoning_tokens"].as_u64() > Some(3));

    request["stream"] = json!(false);
    let whole = Door::Deepseek
        .ask(&emulator, "plain", &request)
        .await
        .json();
    assert!(whole["choices"][0]["message"]["reasoning_content"].is_string());
    let quiet = Door::Deepseek
        .ask(&emulator, "plain", &Door::Deepseek.request(true))
        .await;
    assert!(!quiet.text().contains("reasoning_content"));
}

#[tokio::test]
async fn keep_alive_lines_come_while_the_first_token_is_waited_for() {
    let options = Options {
        first_token: Duration::from_millis(1_200),
        ..Options::default()
    };
    let emulator = start_with(options).await;
    let (stream, whole) = (Door::Deepseek.request(true), Door::Deepseek.request(false));
    let (stream, whole) = tokio::join!(
        Door::Deepseek.ask(&emulator, "plain", &stream),
        Door::Deepseek.ask(&emulator, "plain", &whole),
    );
    assert!(stream.text().starts_with(": keep-alive\n\n"));
    assert!(whole.text().starts_with("\n{"));
    check_plan(&Door::Deepseek.content(&stream));
    check_plan(&Door::Deepseek.content(&whole));
    let openai = Door::Chat
        .ask(&emulator, "plain", &Door::Chat.request(true))
        .await;
    assert!(!openai.text().contains("keep-alive"));
}

#[tokio::test]
async fn usage_tells_hits_and_misses_of_the_cache() {
    let emulator = start().await;
    let mut told = Vec::new();
    for user in ["One.", "Another."] {
        let mut request = Door::Deepseek.request(false);
        request["messages"][1]["content"] = json!(user);
        let usage = Door::Deepseek
            .ask(&emulator, "plain", &request)
            .await
            .json()["usage"]
            .clone();
        let count = |field: &str| usage[field].as_u64().expect("a number");
        assert_eq!(
            count("prompt_cache_hit_tokens") + count("prompt_cache_miss_tokens"),
            count("prompt_tokens")
        );
        told.push(count("prompt_cache_hit_tokens"));
    }
    assert_eq!(told[0], 0);
    assert!(told[1] >= 64 && told[1].is_multiple_of(64), "{told:?}");
}

#[tokio::test]
async fn json_mode_needs_the_word_and_knows_no_schema() {
    let emulator = start().await;
    let mut request = Door::Deepseek.request(false);
    request["messages"] = json!([{ "role": "user", "content": "Three days for me." }]);
    let refused = Door::Deepseek.ask(&emulator, "plain", &request).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("must contain the word 'json'"));
    request["messages"] = json!([{ "role": "user", "content": "Three days for me, as JSON." }]);
    let answer = Door::Deepseek.ask(&emulator, "plain", &request).await;
    let text = Door::Deepseek.content(&answer);
    assert!(
        serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|answer| answer.is_object())
    );
    request["response_format"] = Door::Chat.request(false)["response_format"].clone();
    let refused = Door::Deepseek.ask(&emulator, "plain", &request).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused
            .text()
            .contains("This response_format type is unavailable now")
    );
}
