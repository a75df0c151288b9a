//! Responses: the order of events, and what a client finds that comes back.

use std::time::Duration;

use emulator::{CallStatus, Emulator, Options};
use serde_json::{Value, json};

use super::{
    http::End,
    support::{
        Door, check_plan, events, eventually, get, in_background, long_answer, post, response_id,
        start, start_with,
    },
};

/// Slow enough to be met while it runs: a plan is some 60 tokens.
fn slow() -> Options {
    Options {
        tokens_per_second: Some(50.0),
        ..Options::default()
    }
}

fn url(emulator: &Emulator, id: &str) -> String {
    format!("{}/responses/{id}", emulator.openai_url())
}

fn kinds(events: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = events
        .iter()
        .map(|event| event["type"].as_str().expect("a type"))
        .collect();
    kinds.dedup();
    kinds
}

const MESSAGE: [&str; 8] = [
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
    "",
];

#[tokio::test]
async fn events_come_in_openais_order_and_are_numbered_from_0() {
    let emulator = start().await;
    let background = Door::Responses
        .ask(&emulator, "plain", &in_background(true))
        .await;
    let foreground = Door::Responses
        .ask(&emulator, "plain", &Door::Responses.request(true))
        .await;
    let start: [&[&str]; 2] = [
        &[
            "response.created",
            "response.queued",
            "response.in_progress",
        ],
        &["response.created", "response.in_progress"],
    ];
    for (answer, start) in [background, foreground].iter().zip(start) {
        let events = events(&answer.body);
        let wanted = [start, &MESSAGE[..7]].concat();
        assert_eq!(kinds(&events), wanted);
        for (index, event) in events.iter().enumerate() {
            assert_eq!(event["sequence_number"], index);
        }
        assert!(!answer.text().contains("[DONE]"));
        // Each event is named as its data is.
        let text = answer.text();
        for event in text.trim_end().split("\n\n") {
            let (name, data) = event.split_once('\n').expect("two lines");
            let data: Value =
                serde_json::from_str(data.strip_prefix("data: ").expect("data")).expect("JSON");
            assert_eq!(name.strip_prefix("event: "), data["type"].as_str());
        }
        let text = Door::Responses.content(answer);
        check_plan(&text);
        let last = &events[events.len() - 1]["response"];
        assert_eq!(last["output"][0]["content"][0]["text"], text);
        assert_eq!(
            last["usage"]["output_tokens"],
            text.chars().count().div_ceil(4)
        );
        let done = events
            .iter()
            .find(|event| event["type"] == "response.output_text.done");
        assert_eq!(done.map(|done| &done["text"]), Some(&json!(text)));
    }
}

#[tokio::test]
async fn reasoning_is_an_item_before_the_message_and_is_counted() {
    let emulator = start().await;
    let mut request = Door::Responses.request(true);
    request["reasoning"] = json!({ "effort": "low", "summary": "auto" });
    let answer = Door::Responses.ask(&emulator, "plain", &request).await;
    let events = events(&answer.body);
    let last = &events[events.len() - 1]["response"];
    assert_eq!(last["output"][0]["type"], "reasoning");
    assert_eq!(last["output"][1]["type"], "message");
    assert_eq!(
        last["usage"]["output_tokens_details"]["reasoning_tokens"],
        32
    );
    let text = Door::Responses.content(&answer);
    assert_eq!(
        last["usage"]["output_tokens"],
        32 + text.chars().count().div_ceil(4)
    );
    assert!(kinds(&events).contains(&"response.reasoning_summary_text.delta"));
}

#[tokio::test]
async fn a_background_stream_is_resumed_while_it_runs_and_after() {
    let emulator = start_with(slow()).await;
    let mut left = Door::Responses
        .open(&emulator, "plain", &in_background(true))
        .await;
    left.read_until(|body| events(body).len() > 10).await;
    let body = left.so_far().body;
    drop(left);
    let id = response_id(&body);
    let mut seen = events(&body);
    let state = get(&url(&emulator, &id)).await.json();
    assert_eq!(state["status"], "in_progress");

    let after = seen.len() - 1;
    let resumed = get(&format!(
        "{}?stream=true&starting_after={after}",
        url(&emulator, &id)
    ))
    .await;
    assert_eq!(resumed.end, End::Whole);
    seen.extend(events(&resumed.body));
    let whole = get(&format!("{}?stream=true", url(&emulator, &id))).await;
    assert_eq!(seen, events(&whole.body), "the two halves are the whole");
    let tail = get(&format!(
        "{}?stream=true&starting_after={}",
        url(&emulator, &id),
        seen.len() - 2
    ))
    .await;
    assert_eq!(kinds(&events(&tail.body)), ["response.completed"]);
    let nothing = get(&format!(
        "{}?stream=true&starting_after={}",
        url(&emulator, &id),
        seen.len() - 1
    ))
    .await;
    assert_eq!((nothing.status, nothing.body.len()), (200, 0));

    let state = get(&url(&emulator, &id)).await.json();
    assert_eq!(state, seen[seen.len() - 1]["response"]);
    let calls = emulator.ledger().calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        (calls[0].status, calls[0].resumed),
        (CallStatus::Completed, 4)
    );
    assert_eq!(state["usage"]["output_tokens"], calls[0].output_tokens);
}

#[tokio::test]
async fn a_background_response_goes_on_by_itself_and_is_polled() {
    let emulator = start_with(Options {
        first_token: Duration::from_millis(300),
        ..slow()
    })
    .await;
    let created = Door::Responses
        .ask(&emulator, "plain", &in_background(false))
        .await
        .json();
    assert_eq!(
        (&created["status"], &created["output"]),
        (&json!("queued"), &json!([]))
    );
    let id = created["id"].as_str().expect("an id").to_owned();
    let stream = get(&format!("{}?stream=true", url(&emulator, &id))).await;
    assert_eq!(stream.status, 400, "it was not made to be streamed");
    let mut seen = Vec::new();
    loop {
        let state = get(&url(&emulator, &id)).await.json();
        let status = state["status"].as_str().expect("a status").to_owned();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        if state["status"] == "completed" {
            check_plan(
                state["output"][0]["content"][0]["text"]
                    .as_str()
                    .expect("a text"),
            );
            break;
        }
    }
    assert_eq!(seen, ["in_progress", "completed"]);
}

#[tokio::test]
async fn a_background_response_may_be_queued_for_long() {
    let emulator = start().await;
    let mut stream = Door::Responses
        .open(&emulator, "queued-forever", &in_background(true))
        .await;
    stream
        .read_until(|body| body.ends_with(b": keep-alive\n\n: keep-alive\n\n: keep-alive\n\n"))
        .await;
    let body = stream.so_far().body;
    assert_eq!(
        kinds(&events(&body)),
        ["response.created", "response.queued"]
    );
    let state = get(&url(&emulator, &response_id(&body))).await.json();
    assert_eq!(state["status"], "queued");
}

#[tokio::test]
async fn a_foreground_stream_dies_with_its_connection_and_is_billed_so_far() {
    let emulator = start_with(long_answer()).await;
    let mut left = Door::Responses
        .open(&emulator, "plain", &Door::Responses.request(true))
        .await;
    let deltas = |body: &[u8]| {
        events(body)
            .iter()
            .filter(|event| event["type"] == "response.output_text.delta")
            .count()
    };
    left.read_until(|body| deltas(body) >= 8).await;
    let body = left.so_far().body;
    drop(left);
    let id = response_id(&body);
    eventually(&emulator, |calls| calls[0].status == CallStatus::Cut).await;
    let billed = emulator.ledger().calls()[0].output_tokens;
    assert!((deltas(&body)..500).contains(&billed), "{billed}");
    assert_eq!(get(&url(&emulator, &id)).await.status, 404);
    assert_eq!(
        emulator.ledger().calls()[0].output_tokens,
        billed,
        "it does not go on"
    );
}

#[tokio::test]
async fn a_foreground_response_is_kept_when_it_was_told_whole_unless_not_wanted() {
    let emulator = start().await;
    let mut request = Door::Responses.request(false);
    let kept = Door::Responses
        .ask(&emulator, "plain", &request)
        .await
        .json();
    let again = get(&url(&emulator, kept["id"].as_str().expect("an id"))).await;
    assert_eq!(again.json(), kept);
    let cancelled = post(&format!(
        "{}/cancel",
        url(&emulator, kept["id"].as_str().expect("an id"))
    ))
    .await;
    assert_eq!(cancelled.status, 400);
    request["store"] = json!(false);
    let not_kept = Door::Responses
        .ask(&emulator, "plain", &request)
        .await
        .json();
    assert_eq!(
        get(&url(&emulator, not_kept["id"].as_str().expect("an id")))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_cancelled_response_ends_for_all_and_is_billed_so_far() {
    let emulator = start_with(long_answer()).await;
    let mut stream = Door::Responses
        .open(&emulator, "plain", &in_background(true))
        .await;
    stream.read_until(|body| events(body).len() > 10).await;
    let id = response_id(&stream.so_far().body);
    for _ in 0..2 {
        let cancelled = post(&format!("{}/cancel", url(&emulator, &id))).await;
        assert_eq!(
            (cancelled.status, &cancelled.json()["status"]),
            (200, &json!("cancelled"))
        );
    }
    let rest = stream.answer().await;
    assert_eq!(rest.end, End::Whole);
    assert!(!kinds(&events(&rest.body)).contains(&"response.completed"));
    assert_eq!(
        get(&url(&emulator, &id)).await.json()["status"],
        "cancelled"
    );
    let call = &emulator.ledger().calls()[0];
    assert_eq!(call.status, CallStatus::Cancelled);
    assert!(
        (5..500).contains(&call.output_tokens),
        "{}",
        call.output_tokens
    );

    let emulator = start().await;
    let whole = Door::Responses
        .ask(&emulator, "plain", &in_background(true))
        .await;
    let id = response_id(&whole.body);
    let late = post(&format!("{}/cancel", url(&emulator, &id))).await;
    assert_eq!(
        late.json()["status"],
        "completed",
        "what has ended stays as it is"
    );
}

#[tokio::test]
async fn a_response_expires_some_time_after_its_end() {
    let options = Options {
        unstored_for: Duration::ZERO,
        ..Options::default()
    };
    let emulator = start_with(options).await;
    let kept = Door::Responses
        .ask(&emulator, "plain", &in_background(true))
        .await;
    assert_eq!(
        get(&url(&emulator, &response_id(&kept.body))).await.status,
        200
    );
    for store in [Value::Null, json!(false)] {
        let mut request = in_background(true);
        request["store"] = store;
        let told = Door::Responses.ask(&emulator, "plain", &request).await;
        let id = response_id(&told.body);
        let gone = get(&format!(
            "{}?stream=true&starting_after=4",
            url(&emulator, &id)
        ))
        .await;
        assert_eq!(gone.status, 404);
        assert_eq!(
            gone.json(),
            json!({ "error": { "message": format!("Response with id '{id}' not found."), "type": "invalid_request_error", "param": null, "code": null } })
        );
        assert_eq!(
            post(&format!("{}/cancel", url(&emulator, &id)))
                .await
                .status,
            404
        );
    }
}

/// The client leaves at 200 places that the seed draws and comes back with what it saw last.
#[tokio::test]
async fn wherever_a_background_stream_is_left_it_is_resumed_whole_and_billed_once() {
    const SEED: u64 = 20_261_122;
    println!("seed {SEED}");
    let emulator = start().await;
    let whole = Door::Responses
        .ask(&emulator, "plain", &in_background(true))
        .await;
    let (size, count) = (whole.body.len() as u64, events(&whole.body).len());
    emulator.ledger().reset();
    let mut drawn = SEED;
    for round in 0..200 {
        // Knuth's MMIX generator; its high bits are the good ones.
        drawn = drawn
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let place = ((drawn >> 33) % size) as usize;
        let mut stream = Door::Responses
            .open(&emulator, "plain", &in_background(true))
            .await;
        stream.read_until(|body| body.len() >= place.max(1)).await;
        let mut body = stream.so_far().body;
        drop(stream);
        // What came beyond the place was not read any more, but for the first event, which is what the handle is.
        let first = body
            .windows(2)
            .position(|end| end == b"\n\n")
            .map_or(0, |at| at + 2);
        body.truncate(place.max(first));
        let mut seen = events(&body);
        if seen.is_empty() {
            // Left before the handle was read: nothing to come back to.
            continue;
        }
        let id = response_id(&body);
        let after = seen.len() - 1;
        let rest = get(&format!(
            "{}?stream=true&starting_after={after}",
            url(&emulator, &id)
        ))
        .await;
        seen.extend(events(&rest.body));
        let numbers: Vec<u64> = seen
            .iter()
            .filter_map(|event| event["sequence_number"].as_u64())
            .collect();
        assert_eq!(
            numbers,
            (0..count as u64).collect::<Vec<_>>(),
            "round {round}, place {place}"
        );
        let text: String = seen
            .iter()
            .filter(|event| event["type"] == "response.output_text.delta")
            .filter_map(|event| event["delta"].as_str())
            .collect();
        assert_eq!(
            seen[count - 1]["response"]["output"][0]["content"][0]["text"],
            text
        );
        check_plan(&text);
    }
    eventually(&emulator, |calls| {
        calls
            .iter()
            .all(|call| call.status == CallStatus::Completed)
    })
    .await;
    assert_eq!(emulator.ledger().calls().len(), 200);
}
