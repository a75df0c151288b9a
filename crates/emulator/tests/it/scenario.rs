//! Every listed scenario does what its line says, on the wire, for each endpoint, streamed and whole.

use std::time::{Duration, Instant};

use emulator::{Emulator, Options};
use serde_json::{Value, json};

use super::{
    http::{Answer, End},
    support::{
        DOORS, Door, check_plan, events, get, in_background, response_id, start, start_with,
    },
};

/// A test of each scenario, and one that none is missing.
macro_rules! proofs {
    ($($scenario:ident($name:ident) => $proof:expr;)*) => {
        $(#[tokio::test]
        async fn $scenario() {
            let $name = stringify!($scenario).replace('_', "-");
            $proof.await;
        })*

        #[test]
        fn every_listed_scenario_has_its_proof() {
            let proven: Vec<String> = [$(stringify!($scenario)),*].iter().map(|name| name.replace('_', "-")).collect();
            let listed: Vec<&str> = emulator::models::SCENARIOS.iter().map(|scenario| scenario.name).collect();
            assert_eq!(proven, listed);
        }
    };
}

mod does_what_its_line_says {
    use super::*;

    proofs! {
        plain(name) => each(name, |door, _, answer| {
            assert_eq!((answer.status, answer.end), (200, End::Whole));
            check_plan(&door.content(&answer));
            assert_eq!(door.finish(&answer), well(door));
            assert!(has_usage(&answer));
        });
        slow_headers(name) => super::slow_headers(name);
        slow_first_token(name) => super::slow_first_token(name);
        keep_alive(name) => super::keep_alive(name);
        queued_forever(name) => super::queued_forever(name);
        rate_limit(name) => refused(name, (429, "rate_limit_exceeded"), (429, "rate_limit_exceeded"), Some(("retry-after", "1")));
        rate_limit_ms(name) => refused(name, (429, "rate_limit_exceeded"), (429, "rate_limit_exceeded"), Some(("retry-after-ms", "250")));
        rate_limit_bare(name) => refused(name, (429, "rate_limit_exceeded"), (429, "rate_limit_exceeded"), None);
        quota(name) => refused(name, (429, "insufficient_quota"), (402, "Insufficient Balance"), None);
        bad_key(name) => refused(name, (401, "invalid_api_key"), (401, "Authentication Fails"), None);
        unknown_model(name) => refused(name, (404, "model_not_found"), (400, "Model Not Exist"), None);
        too_long(name) => refused(name, (400, "context_length_exceeded"), (400, "maximum context length"), None);
        error(name) => refused(name, (500, "server_error"), (500, "server_error"), None);
        overloaded(name) => refused(name, (503, "overloaded"), (503, "too busy"), None);
        bad_gateway(name) => each(name, |_, _, answer| {
            assert_eq!((answer.status, answer.header("content-type")), (502, Some("text/html")));
            assert!(answer.text().starts_with("<html>"));
        });
        reset(name) => each(name, |_, _, answer| {
            assert_eq!((answer.end, answer.status, answer.body.len()), (End::Reset, 0, 0));
        });
        reset_mid_stream(name) => each(name, |door, stream, answer| {
            assert_eq!(answer.end, End::Reset);
            assert_is_part(door, stream, &answer);
        });
        stall(name) => stalls(name, assert_is_part);
        stall_alive(name) => super::stall_alive(name);
        stall_first(name) => stalls(name, |_, stream, answer| match stream {
            true => assert_eq!(events(&answer.body).len(), 1),
            false => assert_eq!(answer.text(), "{"),
        });
        cut(name) => each(name, |door, stream, answer| {
            assert_eq!(answer.end, End::Cut);
            assert_eq!(answer.text().ends_with("\n\n"), stream, "between two events");
            assert_is_part(door, stream, &answer);
        });
        cut_first(name) => each(name, |_, stream, answer| {
            assert_eq!(answer.end, End::Cut);
            match stream {
                true => assert_eq!(events(&answer.body).len(), 1),
                false => assert_eq!(answer.text(), "{"),
            }
        });
        cut_mid_event(name) => each(name, |door, stream, answer| {
            assert_eq!(answer.end, End::Cut);
            assert!(!answer.text().ends_with("\n\n"));
            assert_is_part(door, stream, &answer);
        });
        cut_mid_utf8(name) => each(name, |_, _, answer| {
            assert_eq!(answer.end, End::Cut);
            let error = std::str::from_utf8(&answer.body).expect_err("half a character");
            assert_eq!(error.error_len(), None, "only its end is missing");
        });
        cut_random(name) => super::cut_random(name);
        close_early(name) => each(name, |door, stream, answer| {
            assert_eq!(answer.end, End::Whole);
            assert_is_part(door, stream, &answer);
        });
        no_terminal(name) => each(name, |door, stream, answer| {
            assert_eq!(answer.end, End::Whole);
            match stream {
                true => {
                    check_plan(&door.content(&answer));
                    assert!(!has_terminal(door, &answer));
                }
                false => assert!(serde_json::from_slice::<Value>(&answer.body).is_err()),
            }
        });
        byte_by_byte(name) => each(name, |door, _, answer| {
            assert_eq!(answer.end, End::Whole);
            assert_eq!(answer.chunks, vec![1; answer.body.len()]);
            let text = door.content(&answer);
            assert!(!text.is_ascii());
            check_plan(&text);
        });
        linger(name) => stalls(name, |door, stream, answer| {
            check_plan(&door.content(answer));
            assert!(!stream || has_terminal(door, answer));
        });
        error_flat(name) => fails(name, |door, error| {
            assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!("server_error")));
            assert_eq!(error["sequence_number"].is_number(), door == Door::Responses);
        });
        error_nested(name) => fails(name, |door, error| {
            assert_eq!(error["error"]["code"], "server_error");
            assert_eq!(error["sequence_number"].is_number(), door == Door::Responses);
        });
        failed(name) => fails(name, |door, error| assert_failed(door, error, "server_error"));
        failed_rate_limit(name) => fails(name, |door, error| assert_failed(door, error, "rate_limit_exceeded"));
        length(name) => ends(name, "length", "incomplete: max_output_tokens");
        content_filter(name) => ends(name, "content_filter", "incomplete: content_filter");
        refusal(name) => each(name, |_, _, answer| {
            let text = answer.text();
            assert!(text.contains("\"refusal\""));
            assert!(!text.contains("full_body\\\"") && !text.contains("upper_lower\\\""), "no plan beside it");
        });
        no_resources(name) => ends(name, "insufficient_system_resource", "failed");
        blank(name) => each(name, |door, _, answer| {
            assert_blank(&door.content(&answer));
            assert_eq!(door.finish(&answer), well(door));
        });
        blank_in_json_mode(name) => super::blank_in_json_mode(name);
        no_usage(name) => each(name, |door, _, answer| {
            check_plan(&door.content(&answer));
            assert!(!has_usage(&answer));
        });
        wrong_day_count(name) => says(name, |plan| assert_eq!(plan["days"].as_array().map(Vec::len), Some(2)));
        unknown_exercise(name) => says(name, |plan| {
            let exercise = plan["days"][0]["exercises"][0].as_str().expect("a name");
            assert!(!["squat", "row", "press"].contains(&exercise));
        });
        injection_echo(name) => says(name, |plan| {
            let text = plan["rationale"].as_str().expect("a text");
            for part in ["Ignore all previous instructions", "<script>", "Three days for me."] {
                assert!(text.contains(part), "{text}");
            }
        });
        not_json(name) => each(name, |door, _, answer| match door {
            Door::Deepseek => assert_blank(&door.content(&answer)),
            _ => assert!(door.content(&answer).starts_with("Here is your plan: squats")),
        });
        fenced_json(name) => each(name, |door, _, answer| match door {
            Door::Deepseek => assert_blank(&door.content(&answer)),
            _ => {
                let text = door.content(&answer);
                let (before, rest) = text.split_once("```json\n").expect("a fence");
                assert!(!before.is_empty());
                check_plan(rest.strip_suffix("\n```").expect("its end"));
            }
        });
        expired(name) => super::expired(name);
        resume_refused(name) => super::resume_refused(name);
        rough(name) => super::rough(name);
    }
}

/// Asks at every endpoint, streamed and whole, and lets the proof see what came.
async fn each(scenario: String, proof: impl Fn(Door, bool, Answer)) {
    let emulator = start().await;
    for door in DOORS {
        for stream in [true, false] {
            println!("{scenario}: {door:?}, stream {stream}");
            let answer = door.ask(&emulator, &scenario, &door.request(stream)).await;
            proof(door, stream, answer);
        }
    }
}

fn well(door: Door) -> &'static str {
    match door {
        Door::Responses => "completed",
        _ => "stop",
    }
}

fn has_terminal(door: Door, answer: &Answer) -> bool {
    match door {
        Door::Responses => events(&answer.body)
            .last()
            .is_some_and(|last| last["type"] == "response.completed"),
        _ => answer.text().ends_with("data: [DONE]\n\n"),
    }
}

fn has_usage(answer: &Answer) -> bool {
    let text = answer.text();
    text.contains("prompt_tokens") || text.contains("\"input_tokens\"")
}

fn assert_blank(text: &str) {
    assert!(!text.is_empty() && text.trim().is_empty(), "{text}");
}

/// Some of the answer is there, and not all of it.
fn assert_is_part(door: Door, stream: bool, answer: &Answer) {
    assert_eq!(answer.status, 200);
    if stream {
        let text = door.content(answer);
        assert!(text.starts_with('{'), "{text}");
        assert!(serde_json::from_str::<Value>(&text).is_err());
        assert!(!has_terminal(door, answer));
    } else {
        assert!(!answer.body.is_empty());
        assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
    }
}

async fn slow_headers(scenario: String) {
    let emulator = start().await;
    for door in DOORS {
        let begun = Instant::now();
        let mut exchange = door.open(&emulator, &scenario, &door.request(true)).await;
        exchange.read_until(|_| true).await;
        assert!(begun.elapsed() >= Duration::from_secs(1));
        let answer = exchange.answer().await;
        check_plan(&door.content(&answer));
    }
}

async fn slow_first_token(scenario: String) {
    let emulator = start().await;
    for door in DOORS {
        let begun = Instant::now();
        let mut exchange = door.open(&emulator, &scenario, &door.request(true)).await;
        exchange.read_until(|body| !body.is_empty()).await;
        assert_eq!(
            door.content(&exchange.so_far()),
            "",
            "the headers come before"
        );
        exchange
            .read_until(|body| {
                body.windows(9)
                    .any(|part| part == b"\"delta\":\"" || part == b"\"content\":\"{")
            })
            .await;
        assert!(begun.elapsed() >= Duration::from_secs(1));
        check_plan(&door.content(&exchange.answer().await));
    }
}

async fn keep_alive(scenario: String) {
    each(scenario, |door, stream, answer| {
        let text = answer.text();
        check_plan(&door.content(&answer));
        if stream {
            assert_eq!(text.matches(": keep-alive\n\n").count(), 3);
            let last = text.rfind(": keep-alive").expect("the last");
            assert_eq!(
                door.content(&Answer {
                    body: text[..last].into(),
                    ..answer
                }),
                ""
            );
        } else {
            assert!(text.starts_with("\n\n\n{"), "{text}");
        }
    })
    .await;
}

async fn queued_forever(scenario: String) {
    let emulator = start().await;
    for door in DOORS {
        for stream in [true, false] {
            let begun = Instant::now();
            let mut exchange = door.open(&emulator, &scenario, &door.request(stream)).await;
            let line: &[u8] = if stream { b": keep-alive\n\n" } else { b"\n" };
            let lines = |body: &[u8]| {
                body.windows(line.len())
                    .filter(|part| *part == line)
                    .count()
            };
            exchange.read_until(|body| lines(body) >= 5).await;
            assert!(begun.elapsed() >= Duration::from_millis(400));
            assert!(exchange.end.is_none());
            match stream {
                true => assert_eq!(door.content(&exchange.so_far()), ""),
                false => assert_eq!(exchange.so_far().text().trim(), ""),
            }
        }
    }
}

/// Each dialect's status and a part of its body; the header of `wait` and no other way to say it.
async fn refused(
    scenario: String,
    openai: (u16, &'static str),
    deepseek: (u16, &'static str),
    wait: Option<(&'static str, &'static str)>,
) {
    each(scenario, |door, _, answer| {
        let (status, part) = match door {
            Door::Deepseek => deepseek,
            _ => openai,
        };
        assert_eq!(answer.status, status);
        let body = answer.json();
        assert_eq!(
            body["error"].as_object().map(|error| error.len()),
            Some(4),
            "{body}"
        );
        assert!(answer.text().contains(part), "{body}");
        for header in ["retry-after", "retry-after-ms"] {
            let wanted = wait
                .filter(|(name, _)| *name == header)
                .map(|(_, value)| value);
            assert_eq!(answer.header(header), wanted);
        }
    })
    .await;
}

/// What the proof wants to see comes, then nothing more, and the connection is open.
async fn stalls(scenario: String, proof: impl Fn(Door, bool, &Answer)) {
    let emulator = start().await;
    for door in DOORS {
        for stream in [true, false] {
            let mut exchange = door.open(&emulator, &scenario, &door.request(stream)).await;
            exchange.read_until(|body| !body.is_empty()).await;
            while !exchange.is_silent_for(Duration::from_millis(400)).await {
                assert!(exchange.end.is_none(), "the connection stays open");
            }
            proof(door, stream, &exchange.so_far());
        }
    }
}

async fn stall_alive(scenario: String) {
    let emulator = start().await;
    for door in DOORS {
        for stream in [true, false] {
            let mut exchange = door.open(&emulator, &scenario, &door.request(stream)).await;
            let line = if stream { ": keep-alive\n\n" } else { "\n" };
            exchange
                .read_until(|body| body.ends_with(line.repeat(4).as_bytes()))
                .await;
            assert!(exchange.end.is_none());
            assert_is_part(door, stream, &exchange.so_far());
        }
    }
}

async fn cut_random(scenario: String) {
    let lengths = async |seed| {
        let emulator = start_with(Options {
            seed,
            ..Options::default()
        })
        .await;
        let mut lengths = Vec::new();
        for _ in 0..12 {
            let answer = Door::Responses
                .ask(&emulator, &scenario, &in_background(true))
                .await;
            assert_eq!(answer.end, End::Cut);
            lengths.push(answer.body.len());
        }
        lengths
    };
    let (one, again, other) = (lengths(7).await, lengths(7).await, lengths(8).await);
    assert_eq!(one, again);
    assert_ne!(one, other);
    let different: std::collections::BTreeSet<_> = one.iter().collect();
    assert!(different.len() > 8, "{one:?}");
}

/// The stream is good until an error that is its last event, the whole body is the error; nothing is billed.
async fn fails(scenario: String, proof: impl Fn(Door, &Value)) {
    let emulator = start().await;
    for door in DOORS {
        for stream in [true, false] {
            println!("{door:?}, stream {stream}");
            emulator.ledger().reset();
            let answer = door.ask(&emulator, &scenario, &door.request(stream)).await;
            assert_eq!((answer.status, answer.end), (200, End::Whole));
            if stream {
                assert!(door.content(&answer).starts_with('{'));
                assert!(!has_terminal(door, &answer));
                proof(door, events(&answer.body).last().expect("an event"));
            } else if !answer.text().contains("\"status\":\"failed\"") {
                assert!(answer.text().contains("error"));
            }
            assert!(emulator.ledger().calls().is_empty());
            assert_eq!(emulator.ledger().refused().get("failed"), Some(&1));
        }
    }
}

fn assert_failed(door: Door, event: &Value, code: &str) {
    match door {
        Door::Responses => {
            assert_eq!(event["type"], "response.failed");
            assert_eq!(event["response"]["status"], "failed");
            assert_eq!(event["response"]["error"]["code"], code);
            assert_eq!(event["response"]["usage"], Value::Null);
        }
        _ => assert_eq!(event["error"]["code"], code),
    }
}

/// Half of the text, with this reason.
async fn ends(scenario: String, chat: &'static str, responses: &'static str) {
    each(scenario, |door, stream, answer| {
        let wanted = if door == Door::Responses {
            responses
        } else {
            chat
        };
        assert_eq!(door.finish(&answer), wanted);
        if stream || wanted != "failed" {
            let text = door.content(&answer);
            assert!(text.starts_with('{'), "{text}");
            assert!(serde_json::from_str::<Value>(&text).is_err());
        }
    })
    .await;
}

async fn blank_in_json_mode(scenario: String) {
    let emulator = start().await;
    for door in DOORS {
        let mut request = door.request(true);
        assert_blank(&door.content(&door.ask(&emulator, &scenario, &request).await));
        let fields = request.as_object_mut().expect("an object");
        fields.remove("response_format");
        fields.remove("text");
        let text = door.content(&door.ask(&emulator, &scenario, &request).await);
        assert!(!text.trim().is_empty());
    }
}

/// The answer is a plan but for what the proof looks at.
async fn says(scenario: String, proof: impl Fn(&Value)) {
    each(scenario, |door, _, answer| {
        assert_eq!(door.finish(&answer), well(door));
        let plan = serde_json::from_str(&door.content(&answer)).expect("JSON");
        proof(&plan);
    })
    .await;
}

fn response_url(emulator: &Emulator, id: &str) -> String {
    format!("{}/responses/{id}", emulator.openai_url())
}

async fn expired(scenario: String) {
    let emulator = start().await;
    let cut = Door::Responses
        .ask(&emulator, &scenario, &in_background(true))
        .await;
    assert_eq!(cut.end, End::Cut);
    let id = response_id(&cut.body);
    for query in ["", "?stream=true&starting_after=3"] {
        let answer = get(&format!("{}{query}", response_url(&emulator, &id))).await;
        assert_eq!(answer.status, 404);
        assert_eq!(
            answer.json()["error"]["message"],
            format!("Response with id '{id}' not found.")
        );
    }
}

async fn resume_refused(scenario: String) {
    let emulator = start().await;
    let cut = Door::Responses
        .ask(&emulator, &scenario, &in_background(true))
        .await;
    assert_eq!(cut.end, End::Cut);
    let url = response_url(&emulator, &response_id(&cut.body));
    let last = events(&cut.body).len() - 1;
    let stream = format!("{url}?stream=true&starting_after={last}");
    assert_eq!(get(&stream).await.status, 500);
    assert_eq!(get(&url).await.status, 200, "it can be polled meanwhile");
    assert_eq!(get(&stream).await.status, 500);
    let resumed = get(&stream).await;
    assert!(has_terminal(Door::Responses, &resumed));
    assert_eq!(events(&resumed.body)[0]["sequence_number"], last + 1);
}

async fn rough(scenario: String) {
    let fates = async |seed| {
        let emulator = start_with(Options {
            seed,
            ..Options::default()
        })
        .await;
        let mut fates = Vec::new();
        for _ in 0..40 {
            let answer = Door::Chat
                .ask(&emulator, &scenario, &Door::Chat.request(true))
                .await;
            let whole = has_terminal(Door::Chat, &answer);
            fates.push((answer.status, answer.end, whole, answer.body.len()));
        }
        fates
    };
    let (one, again) = (fates(3).await, fates(3).await);
    assert_eq!(one, again);
    let well = one.iter().filter(|(_, _, whole, _)| *whole).count();
    assert!((10..=38).contains(&well), "{well} of 40");
    assert!(one.iter().any(|(status, ..)| *status >= 429));
    assert!(one.iter().any(|(_, end, ..)| *end != End::Whole));
}

#[tokio::test]
async fn a_scenario_may_be_for_some_calls_only_and_be_named_in_the_model() {
    let emulator = start().await;
    let mut request = Door::Chat.request(false);
    request["model"] = json!("gpt-6-luna:scenario=rate-limit@1,error@3-4");
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let headers = [("authorization", "Bearer sk-test")];
        let url = Door::Chat.url(&emulator);
        let answer = super::http::Exchange::send("POST", &url, &headers, &request.to_string())
            .await
            .answer()
            .await;
        if answer.status == 200 {
            assert_eq!(answer.json()["model"], "gpt-6-luna");
        }
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [429, 200, 500, 500, 200]);
    for (status, spelling) in [
        (503, "overloaded_once"),
        (200, "overloaded_once"),
        (503, "OVERLOADED-once"),
    ] {
        let answer = Door::Chat
            .ask(&emulator, spelling, &Door::Chat.request(false))
            .await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn an_unknown_scenario_is_refused_with_its_name() {
    let emulator = start().await;
    let answer = Door::Chat
        .ask(&emulator, "no-such", &Door::Chat.request(false))
        .await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("there is no scenario no-such"));
    let options = Options {
        model_scenario: "cut@x".to_owned(),
        ..Options::default()
    };
    let error = Emulator::start(&options).await.expect_err("an error");
    assert!(error.to_string().contains("cut@x"), "{error}");
}
