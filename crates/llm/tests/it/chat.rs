//! Chat Completions: what is sent, and what a stream becomes.

use std::time::Duration;

use llm::{
    Class, Handle, MicroDollars, Model, Permanent,
    chat::Structured,
    models::{Compatible, CompatibleOptions},
    progress::complete_elements,
};
use serde_json::{Value, json};

use crate::{
    server::{Play, Server},
    support::{
        ANSWER, DONE, Notes, ask, ask_with, chat, chat_stream, chat_text, chunk, data, endpoint,
        finish, openai, request, resume, usage_chunk,
    },
};

fn compatible(server: &Server, structured: Structured) -> Compatible {
    let mut endpoint = endpoint("local", server.url());
    endpoint.api_key = None;
    Compatible::new(&CompatibleOptions {
        endpoint,
        structured,
        first_token: None,
    })
    .expect("a client")
}

#[tokio::test]
async fn a_stream_becomes_an_answer_with_its_price_and_its_facts() {
    let headers = [
        ("x-request-id", "req_1"),
        ("x-ratelimit-remaining-requests", "59"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    ];
    let play = Play::events_with(&headers).bytes(chat_stream(ANSWER)).end();
    let server = Server::playing(vec![play]).await;
    let answer = ask(&chat(&server)).await.expect("an answer");
    assert_eq!(answer.text, ANSWER);
    assert_eq!(answer.value["days"][1]["name"], "Mittwoch");
    assert_eq!(answer.request_id.as_deref(), Some("req_1"));
    assert!(!answer.resumed);
    let spent = answer.spent;
    assert_eq!(spent.model, "gpt-6-luna-2026-08-01");
    assert_eq!((spent.usage.input, spent.usage.cached_input), (3500, 3072));
    assert_eq!((spent.usage.output, spent.usage.reasoning), (1119, 7));
    assert!(!spent.usage.estimated);
    // 428 at $0.10, 3,072 at $0.01 and 1,119 at $0.50 a million: 42.8 + 30.72 + 559.5, rounded up.
    assert_eq!(spent.cost, MicroDollars(634));
    let requests = answer.rate_limits.requests.expect("a count");
    assert_eq!(requests.remaining, Some(59));
    let tokens = answer.rate_limits.tokens.expect("a count");
    assert_eq!(tokens.reset, Some(Duration::from_secs(360)));
}

#[tokio::test]
async fn openai_is_sent_a_strict_schema_in_the_order_in_which_it_was_written() {
    let server = Server::playing(vec![Play::events().bytes(chat_stream(ANSWER)).end()]).await;
    ask(&chat(&server)).await.expect("an answer");
    let heard = server.heard().remove(0);
    assert_eq!(heard.line, "POST /v1/chat/completions");
    assert!(heard.headers.contains("authorization: bearer sk-secret"));
    let request = request();
    assert_eq!(
        heard.body,
        json!({
            "model": "gpt-6-luna",
            "messages": [
                { "role": "system", "content": request.system },
                { "role": "user", "content": request.user },
            ],
            "stream": true,
            "stream_options": { "include_usage": true, "include_obfuscation": false },
            "max_completion_tokens": 2000,
            "reasoning_effort": "low",
            "response_format": { "type": "json_schema", "json_schema": {
                "name": "plan", "strict": true, "schema": serde_json::from_str::<Value>(request.schema.text().get()).expect("JSON"),
            } },
        })
    );
    assert!(request.schema.text().get().starts_with(
        r#"{"type":"object","additionalProperties":false,"required":["split","days"]"#
    ));
}

#[tokio::test]
async fn a_compatible_server_is_told_the_schema_in_the_way_that_it_understands() {
    for (structured, format, in_prompt) in [
        (Structured::StrictSchema, json!("json_schema"), false),
        (Structured::JsonObject, json!("json_object"), true),
        (Structured::Prompt, Value::Null, true),
    ] {
        let server = Server::playing(vec![Play::events().bytes(chat_stream(ANSWER)).end()]).await;
        ask(&compatible(&server, structured))
            .await
            .expect("an answer");
        let heard = server.heard().remove(0);
        assert_eq!(heard.body["response_format"]["type"], format);
        let system = heard.body["messages"][0]["content"]
            .as_str()
            .expect("a text");
        assert_eq!(system.contains("JSON schema"), in_prompt, "{structured:?}");
        assert_eq!(system.contains("For example"), in_prompt, "{structured:?}");
        assert_eq!(heard.body["max_tokens"], 2000);
        assert!(!heard.headers.contains("authorization"));
    }
}

#[tokio::test]
async fn a_fence_and_words_around_the_json_are_cut_away() {
    let text = format!("Here it is:\n```json\n{ANSWER}\n```\n");
    let server = Server::playing(vec![Play::events().bytes(chat_stream(&text)).end()]).await;
    let answer = ask(&compatible(&server, Structured::Prompt)).await;
    assert_eq!(answer.expect("an answer").text, ANSWER);
}

#[tokio::test]
async fn without_usage_the_tokens_are_counted_here_and_marked() {
    let bytes = chat_text(ANSWER) + &finish("stop") + DONE;
    let server = Server::playing(vec![Play::events().bytes(bytes).end()]).await;
    let model = chat(&server);
    let usage = ask(&model).await.expect("an answer").spent.usage;
    assert!(usage.estimated);
    assert_eq!(usage.output, llm::tokens::estimate(ANSWER));
    assert_eq!(usage.input, model.estimate(&request()).input_tokens);
}

#[tokio::test]
async fn the_estimate_holds_the_longest_answer_and_a_question_that_is_kept_in_the_cache() {
    let server = Server::playing(vec![]).await;
    let estimate = chat(&server).estimate(&request());
    let input = llm::tokens::of_request(&request());
    assert_eq!(
        (
            estimate.requests,
            estimate.input_tokens,
            estimate.output_tokens
        ),
        (1, input, 2_000)
    );
    // $0.125 for a written and $0.50 for an answered million.
    assert_eq!(
        estimate.cost,
        MicroDollars((input * 125).div_ceil(1_000) + 1_000)
    );
}

#[tokio::test]
async fn reading_stops_at_done_though_the_server_lingers() {
    let play = Play::events().bytes(chat_stream(ANSWER)).hang();
    let server = Server::playing(vec![play]).await;
    assert_eq!(ask(&chat(&server)).await.expect("an answer").text, ANSWER);
    server.left().await;
}

#[tokio::test]
async fn an_answer_that_said_its_end_is_whole_whatever_follows() {
    let ended = chat_text(ANSWER) + &finish("stop");
    for play in [
        Play::events().bytes(&ended).end(),
        Play::events().bytes(&ended),
        Play::events().bytes(ended.clone() + "data: {\"choi"),
        Play::events()
            .bytes(ended.clone() + &data(&json!({ "error": { "code": "server_error" } }))),
    ] {
        let server = Server::playing(vec![play]).await;
        assert_eq!(ask(&chat(&server)).await.expect("an answer").text, ANSWER);
    }
}

#[tokio::test]
async fn an_answer_at_its_limit_is_truncated_even_where_it_could_be_parsed() {
    for text in [
        ANSWER,
        r#"{"split":"full body","days":[{"name":"a"},{"na"#,
        "",
    ] {
        let bytes = chat_text(text) + &finish("length") + &usage_chunk() + DONE;
        let server = Server::playing(vec![Play::events().bytes(bytes).end()]).await;
        let error = ask(&chat(&server)).await.expect_err("a limit");
        assert_eq!(
            (&error.class, error.code()),
            (&Class::Truncated, "VALIDATION_FAILED")
        );
        assert_eq!(error.facts.spent.expect("a price").usage.output, 1119);
        assert_eq!(error.facts.answer, None);
    }
}

#[tokio::test]
async fn a_filter_and_a_refusal_are_refusals() {
    let refusal = chunk(&json!({ "refusal": "I cannot" }), None, &Value::Null);
    for bytes in [
        chat_text(ANSWER) + &finish("content_filter") + DONE,
        refusal + &finish("stop") + DONE,
    ] {
        let server = Server::playing(vec![Play::events().bytes(bytes).end()]).await;
        let error = ask(&chat(&server)).await.expect_err("a refusal");
        assert_eq!(
            (&error.class, error.code()),
            (&Class::Refused, "AI_REFUSED")
        );
    }
}

#[tokio::test]
async fn an_answer_of_another_form_names_the_places_and_is_kept_for_the_repair_round() {
    let text = r#"{"split":"full body","days":[{"name":"a"},{"name":7}]}"#;
    let server = Server::playing(vec![Play::events().bytes(chat_stream(text)).end()]).await;
    let error = ask(&chat(&server)).await.expect_err("a mismatch");
    assert_eq!(error.code(), "VALIDATION_FAILED");
    let Class::Validation { mismatches } = &error.class else {
        panic!("{error}")
    };
    assert_eq!(mismatches.len(), 1);
    assert_eq!(mismatches[0].path, "/days/1/name");
    assert_eq!(error.facts.answer.as_deref(), Some(text));
    assert!(error.facts.spent.is_some());
    assert!(!format!("{error} {error:?}").contains("full body"));
}

#[tokio::test]
async fn too_few_days_are_a_mismatch_and_not_a_shorter_plan() {
    let text = r#"{"split":"full body","days":[{"name":"a"}]}"#;
    let server = Server::playing(vec![Play::events().bytes(chat_stream(text)).end()]).await;
    let error = ask(&chat(&server)).await.expect_err("a mismatch");
    let Class::Validation { mismatches } = &error.class else {
        panic!("{error}")
    };
    assert_eq!(mismatches[0].path, "/days");
    let message = &mismatches[0].message;
    assert!(message.contains("less than 2 items"), "{message}");
}

#[tokio::test]
async fn what_is_no_json_is_a_mismatch_and_blanks_are_empty() {
    for (text, class) in [
        ("I would train three times.", None),
        (
            r#"{"split":"full body","days":[{"name":"a"},{"name":"b"}"#,
            None,
        ),
        ("", Some(Class::Empty)),
        (" \n \n", Some(Class::Empty)),
    ] {
        let server = Server::playing(vec![Play::events().bytes(chat_stream(text)).end()]).await;
        let error = ask(&chat(&server)).await.expect_err("no answer");
        assert_eq!(error.code(), "VALIDATION_FAILED");
        match class {
            Some(class) => assert_eq!(error.class, class, "{text}"),
            None => assert!(matches!(error.class, Class::Validation { .. }), "{text}"),
        }
    }
}

#[tokio::test]
async fn the_journal_hears_the_growing_text_and_how_far_it_is() {
    let server = Server::playing(vec![Play::events().bytes(chat_stream(ANSWER)).end()]).await;
    let mut notes = Notes::default();
    ask_with(&chat(&server), &mut notes, None)
        .await
        .expect("an answer");
    assert!(notes.handles.is_empty());
    let texts: Vec<&str> = notes
        .partials
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    assert!(texts.windows(2).all(|pair| pair[1].starts_with(pair[0])));
    assert_eq!(texts.last(), Some(&ANSWER));
    let days: Vec<usize> = texts
        .iter()
        .map(|text| complete_elements(text, "days"))
        .collect();
    assert!(days.is_sorted());
    assert!([0, 1, 2].iter().all(|day| days.contains(day)), "{days:?}");
}

#[tokio::test]
async fn a_journal_that_says_stop_ends_the_call_and_the_connection() {
    let play = Play::events().bytes(chat_text(&ANSWER[..20])).hang();
    let server = Server::playing(vec![play]).await;
    let mut notes = Notes {
        stop_at_text: true,
        ..Notes::default()
    };
    let error = ask_with(&chat(&server), &mut notes, None)
        .await
        .expect_err("a stop");
    assert_eq!(
        (&error.class, error.code()),
        (&Class::Stopped, "USER_CANCELLED")
    );
    let spent = error.facts.spent.expect("what was read is billed");
    assert!(spent.usage.estimated && spent.cost > MicroDollars(0));
    server.left().await;
}

#[tokio::test]
async fn a_handle_is_nothing_to_a_model_without_handles() {
    let server = Server::playing(vec![]).await;
    let model = chat(&server);
    let error = ask_with(&model, &mut (), Some(resume(None, "")))
        .await
        .expect_err("no handle");
    assert_eq!(error.class, Class::HandleGone);
    let handle = Handle {
        provider: "openai".to_owned(),
        id: "resp_1".to_owned(),
    };
    model.cancel(&handle).await.expect("nothing to end");
    assert!(server.lines().is_empty());
}

#[tokio::test]
async fn an_address_that_is_no_api_is_a_wrong_setting_and_the_key_follows_no_redirect() {
    let page = Play::status(200, &[("content-type", "text/html")], "<html>");
    let server = Server::playing(vec![page]).await;
    let error = ask(&chat(&server)).await.expect_err("a page");
    assert_eq!(error.class, Class::Permanent(Permanent::BadRequest));
    assert_eq!(error.code(), "CONFIG_ERROR");
    let elsewhere = Server::playing(vec![]).await;
    let redirect = Play::status(307, &[("location", &elsewhere.url())], "");
    let server = Server::playing(vec![redirect]).await;
    let error = ask(&chat(&server)).await.expect_err("a redirect");
    assert_eq!(error.class, Class::Permanent(Permanent::BadRequest));
    assert!(elsewhere.lines().is_empty());
}

#[tokio::test]
async fn an_endpoint_with_a_slip_is_refused_with_what_would_be_right() {
    let server = Server::playing(vec![]).await;
    let refused = |change: fn(&mut llm::Endpoint)| {
        let mut options = openai(&server);
        change(&mut options.endpoint);
        let model = llm::models::OpenAiChat::new(&options);
        model.err().expect("a refusal").to_string()
    };
    assert!(
        refused(|endpoint| endpoint.base_url = "localhost:11434".to_owned())
            .contains("https://api.openai.com/v1")
    );
    assert!(
        refused(|endpoint| endpoint.base_url = "not a url".to_owned()).contains("must be a URL")
    );
    assert!(
        refused(|endpoint| endpoint.api_key = Some(llm::ApiKey::new("a\nb")))
            .contains("printable ASCII")
    );
    assert!(refused(|endpoint| endpoint.model = " ".to_owned()).contains("name of a model"));
}
