//! What would have been billed.

use emulator::CallStatus;
use serde_json::{Value, json};

use super::{
    http::Exchange,
    support::{
        Door, events, eventually, get, in_background, long_answer, response_id, start, start_with,
    },
};

#[tokio::test]
async fn every_billed_call_is_listed_and_refused_ones_are_counted_apart() {
    let emulator = start().await;
    let answer = Door::Chat
        .ask(&emulator, "plain", &Door::Chat.request(true))
        .await;
    Door::Deepseek
        .ask(&emulator, "length", &Door::Deepseek.request(false))
        .await;
    for scenario in [
        "rate-limit",
        "error",
        "reset",
        "failed",
        "overloaded",
        "rate-limit",
    ] {
        Door::Responses
            .ask(&emulator, scenario, &in_background(true))
            .await;
    }
    let url = format!("{}/ledger", emulator.url());
    let ledger = get(&url).await.json();
    let calls = ledger["calls"].as_array().expect("calls");
    assert_eq!(calls.len(), 2);
    let told = events(&answer.body);
    assert_eq!(calls[0]["id"], told[0]["id"]);
    assert_eq!(
        calls[0]["input_tokens"],
        told[told.len() - 1]["usage"]["prompt_tokens"]
    );
    assert_eq!(
        calls[0]["output_tokens"],
        told[told.len() - 1]["usage"]["completion_tokens"]
    );
    let fields = |call: &Value| {
        json!([
            call["provider"],
            call["model"],
            call["status"],
            call["resumed"]
        ])
    };
    assert_eq!(
        fields(&calls[0]),
        json!(["openai", "gpt-6-luna", "completed", 0])
    );
    assert_eq!(
        fields(&calls[1]),
        json!(["deepseek", "deepseek-flash", "incomplete", 0])
    );
    assert_eq!(ledger["refused"], 6);
    assert_eq!(
        ledger["refused_by"],
        json!({ "429": 2, "500": 1, "503": 1, "reset": 1, "failed": 1 })
    );
    assert_eq!(ledger["accepted"], json!([]));

    let reset = Exchange::send("DELETE", &url, &[], "").await.answer().await;
    assert_eq!(reset.status, 204);
    let empty = get(&url).await.json();
    assert_eq!(
        (&empty["calls"], &empty["refused"]),
        (&json!([]), &json!(0))
    );
}

#[tokio::test]
async fn the_same_question_has_the_same_hash_however_it_is_transported() {
    let emulator = start().await;
    Door::Chat
        .ask(&emulator, "plain", &Door::Chat.request(true))
        .await;
    Door::Chat
        .ask(&emulator, "plain", &Door::Chat.request(false))
        .await;
    let mut other = Door::Chat.request(false);
    other["messages"][1]["content"] = json!("Four days.");
    Door::Chat.ask(&emulator, "plain", &other).await;
    let hashes: Vec<String> = emulator
        .ledger()
        .calls()
        .into_iter()
        .map(|call| call.request_hash)
        .collect();
    assert_eq!(hashes[0].len(), 64);
    assert_eq!(hashes[0], hashes[1]);
    assert_ne!(hashes[0], hashes[2]);
}

#[tokio::test]
async fn a_stream_left_by_its_client_is_billed_so_far() {
    let emulator = start_with(long_answer()).await;
    for (door, stream) in [
        (Door::Chat, true),
        (Door::Deepseek, true),
        (Door::Deepseek, false),
    ] {
        emulator.ledger().reset();
        let mut exchange = door
            .open(&emulator, "keep-alive", &door.request(stream))
            .await;
        let wanted = if stream { 6 } else { 1 };
        if stream {
            exchange
                .read_until(|body| events(body).len() > wanted)
                .await;
        } else {
            // Its tokens come after its keep-alive lines, unseen.
            exchange.read_until(|body| body.len() >= 3).await;
            assert!(
                exchange
                    .is_silent_for(std::time::Duration::from_millis(300))
                    .await
            );
        }
        drop(exchange);
        eventually(&emulator, |calls| calls[0].status == CallStatus::Cut).await;
        let billed = emulator.ledger().calls()[0].output_tokens;
        assert!(
            (wanted..500).contains(&billed),
            "{door:?}, stream {stream}: {billed}"
        );
    }
}

#[tokio::test]
async fn a_stream_that_the_server_cuts_is_billed_so_far_in_the_foreground_and_whole_in_the_background()
 {
    let emulator = start().await;
    let whole = Door::Responses
        .ask(&emulator, "plain", &Door::Responses.request(true))
        .await;
    Door::Responses
        .ask(&emulator, "cut", &Door::Responses.request(true))
        .await;
    let cut = Door::Responses
        .ask(&emulator, "cut", &in_background(true))
        .await;
    eventually(&emulator, |calls| calls[2].status == CallStatus::Completed).await;
    let calls = emulator.ledger().calls();
    assert_eq!(calls[1].status, CallStatus::Cut);
    assert!(calls[1].output_tokens > 0 && calls[1].output_tokens < calls[0].output_tokens);
    assert_eq!(calls[2].output_tokens, calls[0].output_tokens);
    assert_eq!(calls[2].id, response_id(&cut.body));
    assert_eq!(calls[0].id, response_id(&whole.body));
}
