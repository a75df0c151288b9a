//! OpenAI's Responses in the background: paid once, whatever happens to the connection.

use std::sync::Arc;

use llm::{Class, Handle, Journal, MicroDollars, Model, Next, Partial, Permanent, Reply, Timer};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    server::{Heard, Play, Server},
    support::{
        ANSWER, Notes, ask, ask_with, event, handle, openai, request, response, response_events,
        responses, resume, whole_response,
    },
};

/// A stream of these events, to its end.
fn stream(events: &[String]) -> Play {
    Play::events().bytes(events.concat()).end()
}

/// A stream that is cut behind these events.
fn cut(events: &[String]) -> Play {
    Play::events().bytes(events.concat())
}

/// OpenAI's way to resume: the events behind the one that the request names.
fn rest(events: &[String], heard: &Heard) -> Play {
    let next = heard.starting_after().map_or(0, |last| last as usize + 1);
    stream(&events[next.min(events.len())..])
}

const CREATE: &str = "POST /v1/responses";
const LOOK: &str = "GET /v1/responses/resp_1";

#[tokio::test]
async fn an_answer_is_made_in_the_background_and_its_message_found_behind_the_reasoning() {
    let play = Play::events_with(&[("x-request-id", "req_1")])
        .bytes(whole_response(ANSWER).concat())
        .end();
    let server = Server::playing(vec![play]).await;
    let mut notes = Notes::default();
    let answer = ask_with(&responses(&server), &mut notes, None)
        .await
        .expect("an answer");
    assert_eq!(answer.text, ANSWER);
    assert_eq!(answer.request_id.as_deref(), Some("req_1"));
    assert!(!answer.resumed);
    let usage = answer.spent.usage;
    assert_eq!(
        (usage.input, usage.cached_input, usage.cache_write),
        (3500, 0, 3400)
    );
    assert_eq!(
        (usage.output, usage.reasoning, usage.estimated),
        (1119, 64, false)
    );
    // 100 at $0.10, 3,400 written at $0.125 and 1,119 at $0.50 a million: 10 + 425 + 559.5, rounded up.
    assert_eq!(answer.spent.cost, MicroDollars(995));
    assert_eq!(notes.handles, [handle("resp_1")]);
    let (cursors, texts): (Vec<_>, Vec<_>) = notes.partials.into_iter().unzip();
    assert!(cursors.is_sorted() && cursors.iter().all(Option::is_some));
    assert_eq!(texts.last().map(String::as_str), Some(ANSWER));
}

#[tokio::test]
async fn openai_is_asked_for_a_stored_stream_in_the_background() {
    let server = Server::playing(vec![stream(&whole_response(ANSWER))]).await;
    ask(&responses(&server)).await.expect("an answer");
    let heard = server.heard().remove(0);
    assert_eq!(heard.line, CREATE);
    let request = request();
    assert_eq!(
        heard.body,
        json!({
            "model": "gpt-6-luna",
            "instructions": request.system,
            "input": request.user,
            "max_output_tokens": 2000,
            "background": true, "store": true, "stream": true,
            "stream_options": { "include_obfuscation": false },
            "text": { "format": {
                "type": "json_schema", "name": "plan", "strict": true,
                "schema": serde_json::from_str::<Value>(request.schema.text().get()).expect("JSON"),
            } },
            "reasoning": { "effort": "low" },
        })
    );
}

/// Lets the server go on once it has the handle.
struct Signalling {
    signal: Arc<Notify>,
    committed: bool,
}

impl Journal for Signalling {
    fn accepted<'a>(&'a mut self, _handle: &'a Handle) -> Reply<'a, Next> {
        Box::pin(async {
            tokio::task::yield_now().await;
            self.committed = true;
            self.signal.notify_one();
            Next::GoOn
        })
    }

    fn progress<'a>(&'a mut self, _partial: Partial<'a>) -> Reply<'a, Next> {
        assert!(self.committed, "nothing is read before the handle is kept");
        Box::pin(async { Next::GoOn })
    }
}

#[tokio::test]
async fn the_journal_has_the_handle_with_event_0_before_anything_else_is_read() {
    let events = whole_response(ANSWER);
    let signal = Arc::new(Notify::new());
    let play = Play::events()
        .bytes(&events[0])
        .wait(&signal)
        .bytes(events[1..].concat())
        .end();
    let all_at_once = stream(&events);
    for play in [play, all_at_once] {
        let server = Server::playing(vec![play]).await;
        let mut journal = Signalling {
            signal: Arc::clone(&signal),
            committed: false,
        };
        let answer = ask_with(&responses(&server), &mut journal, None).await;
        assert_eq!(answer.expect("an answer").text, ANSWER);
    }
}

#[tokio::test]
async fn a_drop_is_resumed_behind_the_last_event_and_nothing_is_read_twice() {
    let events = whole_response(ANSWER);
    // The second stream repeats what was read, the third goes on: each event counts once.
    let server = Server::playing(vec![
        cut(&events[..9]),
        cut(&events[4..14]),
        stream(&events[14..]),
    ])
    .await;
    let mut notes = Notes::default();
    let answer = ask_with(&responses(&server), &mut notes, None)
        .await
        .expect("an answer");
    assert_eq!(answer.text, ANSWER);
    assert!(answer.resumed);
    assert_eq!(
        server.lines(),
        [
            CREATE.to_owned(),
            format!("{LOOK}?stream=true&starting_after=8"),
            format!("{LOOK}?stream=true&starting_after=13"),
        ]
    );
    assert_eq!(notes.handles.len(), 1);
    assert_eq!(
        notes.partials.last().map(|(_, text)| text.as_str()),
        Some(ANSWER),
        "the pieces alone make the text"
    );
}

#[tokio::test]
async fn the_whole_output_of_the_last_event_is_truer_than_the_pieces() {
    let mut events = response_events("{\"split\":");
    let number = events.len() as u64 + 5;
    events.push(event(
        number,
        "response.completed",
        json!({ "response": response("completed", ANSWER) }),
    ));
    let server = Server::playing(vec![stream(&events)]).await;
    assert_eq!(
        ask(&responses(&server)).await.expect("an answer").text,
        ANSWER
    );
}

#[tokio::test]
async fn a_last_event_without_output_leaves_the_pieces() {
    let mut events = response_events(ANSWER);
    let number = events.len() as u64;
    events.push(event(
        number,
        "response.completed",
        json!({ "response": { "id": "resp_1", "status": "completed" } }),
    ));
    let server = Server::playing(vec![stream(&events)]).await;
    let answer = ask(&responses(&server)).await.expect("an answer");
    assert_eq!(answer.text, ANSWER);
    assert!(answer.spent.usage.estimated);
}

#[tokio::test]
async fn after_two_resumes_that_brought_nothing_the_answer_is_looked_for() {
    let events = whole_response(ANSWER);
    let server = Server::playing(vec![
        cut(&events[..7]),
        Play::status(500, &[], ""),
        Play::events().end(),
        Play::json(&response("queued", "")),
        Play::status(502, &[], ""),
        Play::json(&response("in_progress", "")),
        Play::json(&response("completed", ANSWER)),
    ])
    .await;
    let answer = ask(&responses(&server)).await.expect("an answer");
    assert_eq!(answer.text, ANSWER);
    assert!(answer.resumed && !answer.spent.usage.estimated);
    let resume = format!("{LOOK}?stream=true&starting_after=6");
    let lines = server.lines();
    assert_eq!(lines[..3], [CREATE.to_owned(), resume.clone(), resume]);
    assert!(lines[3..].iter().all(|line| line == LOOK), "{lines:?}");
}

#[tokio::test]
async fn a_server_that_streams_no_stored_answer_is_looked_at() {
    let events = whole_response(ANSWER);
    let refusal = Play::status(400, &[], r#"{"error":{"message":"cannot stream"}}"#);
    let server = Server::playing(vec![
        cut(&events[..7]),
        refusal,
        Play::json(&response("in_progress", "")),
        Play::json(&response("completed", ANSWER)),
    ])
    .await;
    assert_eq!(
        ask(&responses(&server)).await.expect("an answer").text,
        ANSWER
    );
    assert_eq!(server.lines()[3], LOOK);
}

#[tokio::test]
async fn looks_that_keep_failing_give_up_and_keep_the_handle() {
    let events = whole_response(ANSWER);
    let server = Server::directed(move |_, number| match number {
        0 => cut(&events[..7]),
        _ => Play::status(500, &[], ""),
    })
    .await;
    let error = ask(&responses(&server)).await.expect_err("an outage");
    assert_eq!(error.class, Class::Network);
    assert_eq!(error.facts.handle, Some(handle("resp_1")));
    assert_eq!(
        error.facts.spent, None,
        "whoever resumes it learns its price"
    );
    assert_eq!(server.lines().len(), 1 + 2 + 5);
}

#[tokio::test]
async fn a_process_that_comes_back_goes_on_and_pays_nothing_anew() {
    let events = whole_response(ANSWER);
    let text: String = ANSWER.chars().take(6).collect();
    let server = Server::directed(move |heard, _| rest(&events, heard)).await;
    let model = responses(&server);
    for (cursor, text) in [(Some(6), text.as_str()), (Some(0), ""), (None, "")] {
        let mut notes = Notes::default();
        let answer = ask_with(&model, &mut notes, Some(resume(cursor, text)))
            .await
            .expect("an answer");
        assert_eq!(answer.text, ANSWER);
        assert!(answer.resumed);
        assert!(notes.handles.is_empty(), "the journal has it already");
        assert_eq!(
            notes.partials.last().map(|(_, text)| text.as_str()),
            Some(ANSWER)
        );
    }
    assert_eq!(
        server.lines(),
        [
            format!("{LOOK}?stream=true&starting_after=6"),
            format!("{LOOK}?stream=true&starting_after=0"),
            format!("{LOOK}?stream=true"),
        ]
    );
}

#[tokio::test]
async fn an_answer_that_was_read_to_its_end_before_the_crash_is_looked_up() {
    let events = whole_response(ANSWER);
    let last = events.len() as u64 - 1;
    let server = Server::directed(move |heard, _| match heard.line == LOOK {
        true => Play::json(&response("completed", ANSWER)),
        false => rest(&events, heard),
    })
    .await;
    let answer = ask_with(
        &responses(&server),
        &mut (),
        Some(resume(Some(last), ANSWER)),
    )
    .await;
    assert_eq!(answer.expect("an answer").text, ANSWER);
    assert!(!server.lines().contains(&CREATE.to_owned()));
}

#[tokio::test]
async fn a_handle_that_is_gone_says_so() {
    let body = r#"{"error":{"message":"Response with id 'resp_1' not found.","type":"invalid_request_error","param":null,"code":null}}"#;
    let server = Server::playing(vec![Play::status(404, &[], body)]).await;
    let error = ask_with(&responses(&server), &mut (), Some(resume(Some(6), "")))
        .await
        .expect_err("gone");
    assert_eq!(error.class, Class::HandleGone);
    assert_eq!((error.facts.handle, error.facts.status), (None, Some(404)));
    let usage = error.facts.spent.expect("it was begun").usage;
    assert_eq!((usage.output, usage.estimated), (2_000, true));
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_handle_of_another_provider_or_with_a_strange_id_goes_nowhere() {
    let server = Server::playing(vec![]).await;
    let model = responses(&server);
    for (provider, id) in [
        ("other", "resp_1"),
        ("openai", "../models"),
        ("openai", "a?b"),
        ("openai", ""),
    ] {
        let mut resume = resume(None, "");
        resume.handle = Handle {
            provider: provider.to_owned(),
            id: id.to_owned(),
        };
        assert_eq!(
            model.cancel(&resume.handle).await.expect_err("no").class,
            Class::HandleGone
        );
        let error = ask_with(&model, &mut (), Some(resume))
            .await
            .expect_err("no");
        assert_eq!(error.class, Class::HandleGone);
    }
    assert!(server.lines().is_empty());
}

#[tokio::test]
async fn a_stream_that_ends_before_its_handle_may_cost_as_much_as_an_answer() {
    let events = whole_response(ANSWER);
    for play in [
        Play::events().end(),
        Play::events(),
        Play::events().bytes(&events[0][..60]),
    ] {
        let server = Server::playing(vec![play]).await;
        let error = ask(&responses(&server)).await.expect_err("a cut");
        assert_eq!((error.class, error.facts.handle), (Class::Network, None));
        let usage = error.facts.spent.expect("it may go on").usage;
        assert_eq!((usage.output, usage.estimated), (2_000, true));
    }
}

/// The events up to the text, and this one.
fn ending_with(kind: &str, fields: Value) -> Vec<String> {
    let mut events = response_events(&ANSWER[..12]);
    let number = events.len() as u64;
    events.push(event(number, kind, fields));
    events
}

#[tokio::test]
async fn each_other_end_has_its_class() {
    let ended = |status: &str, change: &dyn Fn(&mut Value)| {
        let mut response = response(status, ANSWER);
        change(&mut response);
        ending_with(
            &format!("response.{status}"),
            json!({ "response": response }),
        )
    };
    let failed = |code: &str| {
        ended("failed", &|response| {
            response["error"] = json!({ "code": code, "message": "m" })
        })
    };
    let cut_off = |reason: &str| {
        ended("incomplete", &|response| {
            response["incomplete_details"] = json!({ "reason": reason })
        })
    };
    let refusal = ended("completed", &|response| {
        response["output"][1]["content"] = json!([{ "type": "refusal", "refusal": "no" }])
    });
    let blank = ended("completed", &|response| {
        response["output"][1]["content"][0]["text"] = json!("  ")
    });
    for (events, class, code) in [
        (
            cut_off("max_output_tokens"),
            Class::Truncated,
            "VALIDATION_FAILED",
        ),
        (cut_off("max_tokens"), Class::Truncated, "VALIDATION_FAILED"),
        (cut_off("content_filter"), Class::Refused, "AI_REFUSED"),
        (
            failed("rate_limit_exceeded"),
            Class::RateLimit { retry_after: None },
            "AI_RATE_LIMIT",
        ),
        (failed("server_error"), Class::Network, "NETWORK_ERROR"),
        (failed("invalid_prompt"), Class::Refused, "AI_REFUSED"),
        (
            failed("insufficient_quota"),
            Class::Permanent(Permanent::Quota),
            "QUOTA_EXCEEDED",
        ),
        (
            ended("cancelled", &|_| {}),
            Class::HandleGone,
            "NETWORK_ERROR",
        ),
        (refusal, Class::Refused, "AI_REFUSED"),
        (blank, Class::Empty, "VALIDATION_FAILED"),
    ] {
        let server = Server::playing(vec![stream(&events)]).await;
        let error = ask(&responses(&server)).await.expect_err("an end");
        assert_eq!((&error.class, error.code()), (&class, code));
        assert_eq!(error.facts.handle, None, "nothing goes on: {class}");
        // A failed response has no usage and is not billed; a cancelled one has none either, and is.
        let billed = events.concat().contains("input_tokens") || class == Class::HandleGone;
        assert_eq!(error.facts.spent.is_some(), billed, "{class}");
        assert_eq!(server.lines().len(), 1, "an end is an end: {class}");
    }
}

#[tokio::test]
async fn an_error_event_in_either_shape_is_believed_when_the_answer_itself_has_failed() {
    let flat = json!({ "code": "server_error", "message": "m", "param": null });
    let nested = json!({ "error": { "code": "server_error", "message": "m", "param": null } });
    for fields in [flat, nested] {
        let events = ending_with("error", fields);
        let mut failed = response("failed", "");
        failed["error"] = json!({ "code": "rate_limit_exceeded", "message": "m" });
        let server = Server::directed(move |heard, number| match number {
            0 => stream(&events),
            _ if heard.line.contains("stream") => Play::events().end(),
            _ => Play::json(&failed),
        })
        .await;
        let error = ask(&responses(&server)).await.expect_err("a failure");
        assert_eq!(error.class, Class::RateLimit { retry_after: None });
        assert_eq!(error.facts.provider_text.as_deref(), Some("m"));
    }
}

#[tokio::test]
async fn an_error_event_of_an_answer_that_goes_on_loses_nothing() {
    let mut events = response_events(ANSWER);
    let number = events.len() as u64;
    let broken = event(
        number,
        "error",
        json!({ "code": "server_error", "message": "m" }),
    );
    events.push(broken.clone());
    events.push(event(
        number + 1,
        "response.completed",
        json!({ "response": response("completed", ANSWER) }),
    ));
    let server = Server::directed(move |heard, number| match number {
        0 => stream(&events[..events.len() - 1]),
        _ => rest(&events, heard),
    })
    .await;
    assert_eq!(
        ask(&responses(&server)).await.expect("an answer").text,
        ANSWER
    );
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn an_error_event_stands_where_the_answer_is_gone() {
    let events = ending_with(
        "error",
        json!({ "code": "rate_limit_exceeded", "message": "m" }),
    );
    let server = Server::directed(move |_, number| match number {
        0 => stream(&events),
        _ => Play::status(404, &[], ""),
    })
    .await;
    let error = ask(&responses(&server)).await.expect_err("a failure");
    assert_eq!(error.class, Class::RateLimit { retry_after: None });
    assert_eq!(error.facts.handle, None);
}

#[tokio::test]
async fn an_error_event_that_no_retry_can_mend_is_an_end() {
    for (code, expected) in [
        ("insufficient_quota", "QUOTA_EXCEEDED"),
        ("invalid_prompt", "AI_REFUSED"),
        ("invalid_api_key", "CONFIG_ERROR"),
    ] {
        let events = ending_with(
            "error",
            json!({ "error": { "code": code, "message": "m" } }),
        );
        let server = Server::playing(vec![stream(&events)]).await;
        let error = ask(&responses(&server)).await.expect_err("an end");
        assert_eq!(error.code(), expected);
        assert_eq!(server.lines().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_to_create_is_no_reason_to_resume() {
    let server = Server::playing(vec![Play::status(429, &[("retry-after", "7")], "")]).await;
    let error = ask(&responses(&server)).await.expect_err("busy");
    assert_eq!(error.code(), "AI_RATE_LIMIT");
    assert_eq!((error.facts.spent, error.facts.handle), (None, None));
    assert_eq!(server.lines(), [CREATE]);
}

#[tokio::test]
async fn silence_is_resumed_and_not_paid_again() {
    let events = whole_response(ANSWER);
    let server = Server::directed(move |heard, number| match number {
        0 => Play::events().bytes(events[..8].concat()).hang(),
        1 => Play::silent(),
        _ if heard.line == LOOK => Play::json(&response("completed", ANSWER)),
        _ => rest(&events, heard),
    })
    .await;
    let mut options = openai(&server);
    options.endpoint.timers.byte_idle = std::time::Duration::from_millis(150);
    options.endpoint.timers.headers = std::time::Duration::from_millis(500);
    let model = llm::models::OpenAiResponses::new(&options).expect("a client");
    let answer = ask(&model).await.expect("an answer");
    assert_eq!(answer.text, ANSWER);
    assert_eq!(
        server.lines().iter().filter(|line| *line == CREATE).count(),
        1
    );
}

#[tokio::test]
async fn an_answer_that_stays_queued_or_never_ends_times_out_and_keeps_its_handle() {
    let short = std::time::Duration::from_secs(1);
    for (status, timer) in [("queued", Timer::Queued), ("in_progress", Timer::Ceiling)] {
        let events = whole_response(ANSWER);
        let server = Server::directed(move |heard, number| match number {
            0 => cut(&events[..2]),
            _ if heard.line.contains("stream") => Play::events().end(),
            _ => Play::json(&response(status, "")),
        })
        .await;
        let mut options = openai(&server);
        options.endpoint.timers.queued = short;
        options.endpoint.timers.ceiling = short * 3;
        let model = llm::models::OpenAiResponses::new(&options).expect("a client");
        let error = ask(&model).await.expect_err("a timeout");
        assert_eq!(error.class, Class::Timeout(timer));
        assert_eq!(error.facts.handle, Some(handle("resp_1")));
    }
}

#[tokio::test]
async fn a_journal_that_says_stop_leaves_the_answer_to_be_cancelled_or_resumed() {
    let events = whole_response(ANSWER);
    for stop_at_handle in [true, false] {
        let play = Play::events().bytes(events[..12].concat()).hang();
        let cancelled = Play::json(&response("cancelled", ""));
        let server = Server::playing(vec![play, cancelled.clone(), cancelled]).await;
        let mut notes = Notes {
            stop_at_handle,
            stop_at_text: true,
            ..Notes::default()
        };
        let model = responses(&server);
        let error = ask_with(&model, &mut notes, None)
            .await
            .expect_err("a stop");
        assert_eq!(error.class, Class::Stopped);
        let handle = error.facts.handle.expect("a handle");
        model.cancel(&handle).await.expect("an end");
        model.cancel(&handle).await.expect("the same end");
        assert_eq!(server.lines()[1..], ["POST /v1/responses/resp_1/cancel"; 2]);
    }
}

#[tokio::test]
async fn cancelling_what_is_gone_says_so() {
    let server = Server::playing(vec![Play::status(404, &[], "")]).await;
    let error = responses(&server)
        .cancel(&handle("resp_1"))
        .await
        .expect_err("gone");
    assert_eq!(error.class, Class::HandleGone);
}

/// Whatever byte a stream is cut at, the answer is paid once and comes whole.
#[tokio::test]
async fn a_cut_at_any_byte_costs_nothing() {
    let events = whole_response(ANSWER);
    let bytes = events.concat().into_bytes();
    let first = events[0].len();
    for place in (first..bytes.len()).step_by(17) {
        let (events, head) = (events.clone(), bytes[..place].to_vec());
        let clean = place % 2 == 0;
        let server = Server::directed(move |heard, number| match (number, clean) {
            (0, true) => Play::events().bytes(&head).end(),
            (0, false) => Play::events().bytes(&head),
            _ => rest(&events, heard),
        })
        .await;
        let mut notes = Notes::default();
        let answer = ask_with(&responses(&server), &mut notes, None).await;
        assert_eq!(answer.expect("an answer").text, ANSWER, "cut at {place}");
        assert_eq!(
            notes.partials.last().map(|(_, text)| text.as_str()),
            Some(ANSWER),
            "cut at {place}"
        );
        let paid = server.lines().iter().filter(|line| *line == CREATE).count();
        assert_eq!(paid, 1, "cut at {place}");
    }
}
