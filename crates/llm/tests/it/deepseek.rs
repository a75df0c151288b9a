//! DeepSeek: thinking off, JSON mode, blanks, keep-alives while it queues, its own names for usage and for being busy.

use llm::{Class, MicroDollars, Model, models::DeepSeek};
use serde_json::{Value, json};

use crate::{
    server::{Play, Server},
    support::{
        ANSWER, DONE, ask, chat_stream, chat_text, chunk, endpoint, finish, request, usage_chunk,
    },
};

fn deepseek(server: &Server) -> DeepSeek {
    let mut endpoint = endpoint("deepseek", server.url());
    endpoint.model = "deepseek-flash".to_owned();
    DeepSeek::new(&endpoint).expect("a client")
}

#[tokio::test]
async fn it_is_asked_without_thinking_in_json_mode_with_the_schema_in_the_prompt_and_no_user_id() {
    let server = Server::playing(vec![Play::events().bytes(chat_stream(ANSWER)).end()]).await;
    ask(&deepseek(&server)).await.expect("an answer");
    let body = server.heard().remove(0).body;
    let request = request();
    assert_eq!(
        body,
        json!({
            "model": "deepseek-flash",
            "messages": [
                { "role": "system", "content": format!("{}\n\n{}", request.system, request.schema.instruction()) },
                { "role": "user", "content": request.user },
            ],
            "stream": true,
            "stream_options": { "include_usage": true },
            "max_tokens": 2000,
            "response_format": { "type": "json_object" },
            "thinking": { "type": "disabled" },
        })
    );
    let instruction = request.schema.instruction();
    assert!(instruction.contains("JSON") && instruction.contains(ANSWER));
}

#[tokio::test]
async fn keep_alive_lines_before_the_answer_are_passed_over_and_its_cache_is_billed_as_such() {
    let usage = json!({ "prompt_tokens": 1000, "completion_tokens": 100, "prompt_cache_hit_tokens": 960, "prompt_cache_miss_tokens": 40 });
    let bytes = ": keep-alive\n\n".repeat(20)
        + &chat_text(ANSWER)
        + &chunk(&json!({}), Some("stop"), &usage)
        + DONE;
    let server = Server::playing(vec![Play::events().bytes(bytes).end()]).await;
    let answer = ask(&deepseek(&server)).await.expect("an answer");
    assert_eq!(answer.text, ANSWER);
    assert_eq!(
        (answer.spent.usage.input, answer.spent.usage.cached_input),
        (1000, 960)
    );
}

#[tokio::test]
async fn blanks_are_asked_again_once_without_json_mode_and_both_calls_are_counted() {
    let blank = Play::events().bytes(chat_stream("   \n\n  ")).end();
    let server =
        Server::playing(vec![blank, Play::events().bytes(chat_stream(ANSWER)).end()]).await;
    let answer = ask(&deepseek(&server)).await.expect("an answer");
    assert_eq!(answer.text, ANSWER);
    assert_eq!(
        (answer.spent.usage.input, answer.spent.usage.output),
        (7000, 2238)
    );
    assert_eq!(answer.spent.cost, MicroDollars(2 * 634));
    let heard = server.heard();
    assert_eq!(heard[0].body["response_format"]["type"], "json_object");
    assert_eq!(heard[1].body["response_format"], Value::Null);
    assert_eq!(
        heard[0].body["messages"], heard[1].body["messages"],
        "the cached prefix"
    );
}

#[tokio::test]
async fn blanks_twice_are_an_empty_answer_and_never_a_third_call() {
    let blank = Play::events().bytes(chat_stream("  ")).end();
    let server = Server::playing(vec![blank.clone(), blank]).await;
    let error = ask(&deepseek(&server)).await.expect_err("blanks");
    assert_eq!(
        (&error.class, error.code()),
        (&Class::Empty, "VALIDATION_FAILED")
    );
    assert_eq!(error.facts.spent.expect("both").usage.input, 7000);
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn blanks_and_then_a_failure_keep_the_price_of_the_blanks() {
    let blank = Play::events().bytes(chat_stream("  ")).end();
    let server = Server::playing(vec![blank, Play::status(500, &[], "")]).await;
    let error = ask(&deepseek(&server)).await.expect_err("a failure");
    assert_eq!(error.class, Class::Network);
    assert_eq!(error.facts.spent.expect("the first").usage.input, 3500);
}

#[tokio::test]
async fn blanks_at_the_limit_of_tokens_are_truncated() {
    let bytes = chat_text("    ") + &finish("length") + &usage_chunk() + DONE;
    let server = Server::playing(vec![Play::events().bytes(bytes).end()]).await;
    let error = ask(&deepseek(&server)).await.expect_err("a limit");
    assert_eq!(error.class, Class::Truncated);
}

#[tokio::test]
async fn a_system_without_resources_is_busy() {
    let bytes = chat_text(&ANSWER[..20]) + &finish("insufficient_system_resource") + DONE;
    let server = Server::playing(vec![Play::events().bytes(bytes).end()]).await;
    let error = ask(&deepseek(&server)).await.expect_err("busy");
    assert_eq!(error.class, Class::RateLimit { retry_after: None });
    assert_eq!(
        error.facts.provider_code.as_deref(),
        Some("insufficient_system_resource")
    );
}

#[tokio::test]
async fn an_empty_account_is_out_of_credit() {
    let body = r#"{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}"#;
    let server = Server::playing(vec![Play::status(402, &[], body)]).await;
    let error = ask(&deepseek(&server)).await.expect_err("no credit");
    assert_eq!(error.code(), "QUOTA_EXCEEDED");
    assert_eq!(
        error.facts.provider_text.as_deref(),
        Some("Insufficient Balance")
    );
}

#[tokio::test]
async fn its_estimate_holds_both_calls() {
    let server = Server::playing(vec![]).await;
    let request = request();
    let estimate = deepseek(&server).estimate(&request);
    let input = llm::tokens::of_request(&request);
    assert_eq!(
        (
            estimate.requests,
            estimate.input_tokens,
            estimate.output_tokens
        ),
        (2, 2 * input, 4_000)
    );
    // At the off-peak price at least: $0.15 and $0.60 a million.
    assert!(estimate.cost >= MicroDollars((2 * input * 15).div_ceil(100) + 2_400));
}
