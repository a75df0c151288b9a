//! Every scenario of the emulator through the whole of flow A, without rules at the end: the contract's table of errors, to the letter.

use emulator::models::SCENARIOS;
use llm::Model;
use serde_json::{Value, json};

use super::{athlete::small, scene::Scene};

/// What a job comes to that meets a scenario at every call.
enum End {
    /// A plan, without a retry.
    Plan,
    /// This code after all four attempts.
    Tried(&'static str),
    /// This code at once.
    AtOnce(&'static str),
}

use End::{AtOnce, Plan, Tried};

impl End {
    fn outcome(&self) -> Value {
        match self {
            Plan => json!(["completed", null, 0, true]),
            Tried(code) => json!(["failed", code, 3, false]),
            AtOnce(code) => json!(["failed", code, 0, false]),
        }
    }
}

async fn meets(scenario: &str, openai: End, deepseek: End) {
    for (name, end) in [("openai", openai), ("deepseek", deepseek)] {
        let scene = Scene::meeting(scenario).await;
        let model: Box<dyn Model> = match name {
            // The background's events repeat our instructions several times: too many bytes to write one by one.
            "openai" if scenario == "byte-by-byte" => scene.openai_chat(),
            "openai" => scene.openai(),
            _ => scene.deepseek(),
        };
        let _worker = scene.worker(vec![model], false);
        let job = scene.job(&small()).await;
        scene.end().await;
        let why = scene.events("model_failed").await;
        let outcome = scene.outcome(&job).await;
        assert_eq!(outcome, end.outcome(), "{name}: {scenario}: {why:?}");
        let message = scene.db.job(&job).await["error_message"].clone();
        assert_eq!(message.is_null(), matches!(end, Plan), "{name}: {message}");
    }
}

macro_rules! scenarios {
    ($($test:ident: $scenario:literal, $openai:expr, $deepseek:expr;)+) => {
        const TESTED: &[&str] = &[$($scenario),+];
        $(
            #[tokio::test]
            async fn $test() {
                meets($scenario, $openai, $deepseek).await;
            }
        )+
    };
}

// A stream that breaks is read on at OpenAI, where answers are made in the background. DeepSeek is asked again.
scenarios! {
    plain: "plain", Plan, Plan;
    slow_headers: "slow-headers", Plan, Plan;
    slow_first_token: "slow-first-token", Plan, Plan;
    keep_alive: "keep-alive", Plan, Plan;
    queued_forever: "queued-forever", Tried("AI_TIMEOUT"), Tried("AI_TIMEOUT");
    rate_limit: "rate-limit", Tried("AI_RATE_LIMIT"), Tried("AI_RATE_LIMIT");
    rate_limit_ms: "rate-limit-ms", Tried("AI_RATE_LIMIT"), Tried("AI_RATE_LIMIT");
    rate_limit_bare: "rate-limit-bare", Tried("AI_RATE_LIMIT"), Tried("AI_RATE_LIMIT");
    quota: "quota", AtOnce("QUOTA_EXCEEDED"), AtOnce("QUOTA_EXCEEDED");
    bad_key: "bad-key", AtOnce("CONFIG_ERROR"), AtOnce("CONFIG_ERROR");
    unknown_model: "unknown-model", AtOnce("CONFIG_ERROR"), AtOnce("CONFIG_ERROR");
    too_long: "too-long", AtOnce("CONFIG_ERROR"), AtOnce("CONFIG_ERROR");
    error: "error", Tried("NETWORK_ERROR"), Tried("NETWORK_ERROR");
    overloaded: "overloaded", Tried("AI_RATE_LIMIT"), Tried("AI_RATE_LIMIT");
    bad_gateway: "bad-gateway", Tried("NETWORK_ERROR"), Tried("NETWORK_ERROR");
    reset: "reset", Tried("NETWORK_ERROR"), Tried("NETWORK_ERROR");
    reset_mid_stream: "reset-mid-stream", Plan, Tried("NETWORK_ERROR");
    stall: "stall", Plan, Tried("AI_TIMEOUT");
    stall_alive: "stall-alive", Plan, Tried("AI_TIMEOUT");
    stall_first: "stall-first", Plan, Tried("AI_TIMEOUT");
    cut: "cut", Plan, Tried("NETWORK_ERROR");
    cut_first: "cut-first", Plan, Tried("NETWORK_ERROR");
    cut_mid_event: "cut-mid-event", Plan, Tried("NETWORK_ERROR");
    // OpenAI repeats our instructions in its first event: what breaks there has no handle yet.
    cut_mid_utf8: "cut-mid-utf8", Tried("NETWORK_ERROR"), Tried("NETWORK_ERROR");
    cut_random: "cut-random", Plan, Tried("NETWORK_ERROR");
    close_early: "close-early", Plan, Tried("NETWORK_ERROR");
    no_terminal: "no-terminal", Plan, Plan;
    byte_by_byte: "byte-by-byte", Plan, Plan;
    linger: "linger", Plan, Plan;
    error_flat: "error-flat", Tried("NETWORK_ERROR"), Tried("NETWORK_ERROR");
    error_nested: "error-nested", Tried("NETWORK_ERROR"), Tried("NETWORK_ERROR");
    failed: "failed", Tried("NETWORK_ERROR"), Tried("NETWORK_ERROR");
    failed_rate_limit: "failed-rate-limit", Tried("AI_RATE_LIMIT"), Tried("AI_RATE_LIMIT");
    length: "length", AtOnce("VALIDATION_FAILED"), AtOnce("VALIDATION_FAILED");
    content_filter: "content-filter", AtOnce("AI_REFUSED"), AtOnce("AI_REFUSED");
    refusal: "refusal", AtOnce("AI_REFUSED"), AtOnce("AI_REFUSED");
    no_resources: "no-resources", Tried("NETWORK_ERROR"), Tried("AI_RATE_LIMIT");
    blank: "blank", AtOnce("VALIDATION_FAILED"), AtOnce("VALIDATION_FAILED");
    blank_in_json_mode: "blank-in-json-mode", AtOnce("VALIDATION_FAILED"), Plan;
    no_usage: "no-usage", Plan, Plan;
    wrong_day_count: "wrong-day-count", Plan, Plan;
    unknown_exercise: "unknown-exercise", Plan, Plan;
    injection_echo: "injection-echo", AtOnce("VALIDATION_FAILED"), AtOnce("VALIDATION_FAILED");
    not_json: "not-json", AtOnce("VALIDATION_FAILED"), AtOnce("VALIDATION_FAILED");
    fenced_json: "fenced-json", Plan, Plan;
    expired: "expired", Tried("NETWORK_ERROR"), Tried("NETWORK_ERROR");
    resume_refused: "resume-refused", Plan, Tried("NETWORK_ERROR");
}

/// Its outcome depends on the seed: `rough` has a test of its own.
#[test]
fn every_scenario_is_tested() {
    let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
    let untested: Vec<&&str> = names.iter().filter(|name| !TESTED.contains(name)).collect();
    assert_eq!(untested, [&"rough"]);
}
