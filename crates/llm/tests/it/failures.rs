//! Failures: what a provider's refusals, cuts and errors after HTTP 200 become, and what is never told.

use std::time::Duration;

use llm::{Class, Permanent};
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    server::{Play, Server},
    support::{
        ANSWER, DONE, KEY, ask, chat, chat_stream, chat_text, data, finish, openai, request,
    },
};

const BUSY: &str = r#"{"error":{"message":"Rate limit reached","type":"tokens","param":null,"code":"rate_limit_exceeded"}}"#;
const QUOTA: &str = r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#;
const SCHEMA: &str = r#"{"error":{"message":"Invalid schema for response_format 'X'","type":"invalid_request_error","param":"response_format","code":null}}"#;

/// The error of a call that is refused by this.
async fn refused(status: u16, headers: &[(&'static str, &str)], body: &str) -> llm::Error {
    let mut all = vec![("x-request-id", "req_9")];
    all.extend(headers);
    let server = Server::playing(vec![Play::status(status, &all, body)]).await;
    let error = ask(&chat(&server)).await.expect_err("a refusal");
    assert_eq!(error.facts.status, Some(status));
    assert_eq!(error.facts.request_id.as_deref(), Some("req_9"));
    assert_eq!(error.facts.spent, None, "nothing was begun");
    assert_eq!(server.lines().len(), 1, "nothing is tried again here");
    error
}

#[tokio::test]
async fn who_is_busy_names_the_wait_in_one_of_three_ways_or_not() {
    let used_up = [
        ("x-ratelimit-remaining-tokens", "0"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    ];
    for (status, headers, body, seconds) in [
        (429, &[("retry-after", "7")][..], BUSY, Some(7.0)),
        (429, &[("retry-after-ms", "120")], BUSY, Some(0.12)),
        (429, &used_up, BUSY, Some(360.0)),
        (429, &[], BUSY, None),
        (503, &[], "", None),
        (529, &[], "", None),
    ] {
        let error = refused(status, headers, body).await;
        let retry_after = seconds.map(Duration::from_secs_f64);
        assert_eq!(
            error.class,
            Class::RateLimit { retry_after },
            "{status} {headers:?}"
        );
        assert_eq!(error.code(), "AI_RATE_LIMIT");
    }
}

#[tokio::test]
async fn each_other_refusal_has_its_class_and_its_code() {
    let quota = (Class::Permanent(Permanent::Quota), "QUOTA_EXCEEDED");
    let config = |permanent| (Class::Permanent(permanent), "CONFIG_ERROR");
    let network = (Class::Network, "NETWORK_ERROR");
    for (status, headers, body, (class, code)) in [
        (429, &[][..], QUOTA, quota.clone()),
        (429, &[("retry-after", "7")], QUOTA, quota.clone()),
        (402, &[], "", quota),
        (401, &[], "", config(Permanent::Key)),
        (404, &[], "", config(Permanent::UnknownModel)),
        (400, &[], SCHEMA, config(Permanent::BadRequest)),
        (422, &[], "", config(Permanent::BadRequest)),
        (500, &[], "<html>", network.clone()),
        (502, &[], "", network),
    ] {
        let error = refused(status, headers, body).await;
        assert_eq!(
            (&error.class, error.code()),
            (&class, code),
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn what_is_left_is_told_with_a_failure_too() {
    let headers = [
        ("x-ratelimit-remaining-requests", "0"),
        ("x-ratelimit-limit-requests", "60"),
    ];
    let server = Server::playing(vec![Play::status(429, &headers, "")]).await;
    let error = ask(&chat(&server)).await.expect_err("a refusal");
    let requests = error.facts.rate_limits.requests.expect("a count");
    assert_eq!((requests.limit, requests.remaining), (Some(60), Some(0)));
}

#[tokio::test]
async fn a_cut_anywhere_before_the_end_is_a_network_error() {
    let text = chat_text(ANSWER);
    let dash = text.find('–').expect("a character of three bytes");
    for (what, play) in [
        (
            "inside an event",
            Play::events().bytes(&text[..text.len() - 9]),
        ),
        (
            "inside an event, cleanly",
            Play::events().bytes(&text[..text.len() - 9]).end(),
        ),
        (
            "inside a character",
            Play::events().bytes(&text.as_bytes()[..dash + 1]),
        ),
        (
            "inside a character, cleanly",
            Play::events().bytes(&text.as_bytes()[..dash + 2]).end(),
        ),
        ("between events", Play::events().bytes(&text)),
        ("between events, cleanly", Play::events().bytes(&text).end()),
        ("before any event", Play::events().end()),
        (
            "inside the last event",
            Play::events()
                .bytes(text.clone() + finish("stop").trim_end())
                .end(),
        ),
        ("before the headers", Play::default()),
    ] {
        let server = Server::playing(vec![play]).await;
        let error = ask(&chat(&server)).await.expect_err(what);
        assert_eq!(
            (&error.class, error.code()),
            (&Class::Network, "NETWORK_ERROR"),
            "{what}"
        );
        let begun = what != "before the headers";
        assert_eq!(
            error.facts.spent.is_some(),
            begun,
            "{what}: what was begun is billed"
        );
    }
}

#[tokio::test]
async fn without_a_server_it_is_a_network_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let server = Server::playing(vec![]).await;
    let mut options = openai(&server);
    options.endpoint.base_url = url;
    let model = llm::models::OpenAiChat::new(&options).expect("a client");
    let error = ask(&model).await.expect_err("nobody");
    assert_eq!(error.class, Class::Network);
    assert!(error.facts.reason.contains("no connection"), "{error}");
}

#[tokio::test]
async fn an_error_after_http_200_is_read_from_its_words() {
    for (error, class) in [
        (
            json!({ "error": { "code": "rate_limit_exceeded", "message": "m" } }),
            Class::RateLimit { retry_after: None },
        ),
        (
            json!({ "error": { "code": "insufficient_quota", "message": "m" } }),
            Class::Permanent(Permanent::Quota),
        ),
        (
            json!({ "error": { "type": "server_error", "message": "m" } }),
            Class::Network,
        ),
        (
            json!({ "error": { "code": 503, "message": "m" } }),
            Class::Network,
        ),
        (
            json!({ "type": "error", "code": "rate_limit_exceeded", "message": "m", "param": null }),
            Class::RateLimit { retry_after: None },
        ),
        (json!({ "error": "out of memory" }), Class::Network),
    ] {
        let bytes = chat_text(&ANSWER[..20]) + &data(&error) + DONE;
        let server = Server::playing(vec![Play::events().bytes(bytes).end()]).await;
        let failed = ask(&chat(&server)).await.expect_err("an error");
        assert_eq!(failed.class, class, "{error}");
        assert!(failed.facts.provider_text.is_some());
    }
}

#[tokio::test]
async fn neither_the_key_nor_the_prompt_nor_the_answer_is_told() {
    let echo = |text: &str| json!({ "error": { "message": text, "code": "x y" } }).to_string();
    for text in [
        format!("cannot read: {}", request().user),
        "near 'had a heart attack in May'".to_owned(),
        format!("Incorrect API key provided: {KEY}"),
    ] {
        let server = Server::playing(vec![Play::status(400, &[], &echo(&text))]).await;
        let error = ask(&chat(&server)).await.expect_err("a refusal");
        let all = format!("{error} {error:?} {:?}", error.facts.provider_text);
        assert!(!all.contains("heart") && !all.contains(KEY), "{all}");
        assert_eq!(
            error.facts.provider_text.as_deref(),
            Some("(withheld: it repeats the request)")
        );
    }
    let server = Server::playing(vec![Play::status(400, &[], &echo("too long"))]).await;
    let error = ask(&chat(&server)).await.expect_err("a refusal");
    assert_eq!(error.facts.provider_text.as_deref(), Some("too long"));
    assert!(
        !format!("{error} {error:?}").contains("too long"),
        "kept apart from our words"
    );
    let server = Server::playing(vec![Play::events().bytes(chat_stream(ANSWER)).end()]).await;
    let options = openai(&server);
    let answer = ask(&chat(&server)).await.expect("an answer");
    let all = format!("{:?} {answer:?} {options:?}", request());
    assert!(
        !all.contains("heart") && !all.contains("Montag") && !all.contains(KEY),
        "{all}"
    );
}
