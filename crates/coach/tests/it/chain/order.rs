//! Who is asked when: the gate before all, the first provider with the job's retries, each later one once an attempt, rules at the end.

use coach::{ask::Provider, chain::Chain, prompt::Prompt};
use durable::MicroDollars;
use serde_json::{Value, json};

use super::{
    athlete::{TEXT, profile},
    scene::{PLENTY, Scene, sound},
};
use crate::sql::support::ADA;

/// Providers and codes of what was passed over.
async fn passed_over(scene: &Scene) -> Vec<Value> {
    let events = scene.events("provider_passed_over").await;
    let pair = |event: &Value| json!([event["provider"], event["code"]]);
    events.iter().map(pair).collect()
}

/// Calls that were turned away unpaid.
fn refused(scene: &Scene) -> usize {
    scene.emulator.ledger().refused().values().sum()
}

#[tokio::test]
async fn a_class_without_retry_asks_the_next_provider_in_the_same_attempt() {
    let scene = Scene::new().await;
    let models = vec![
        scene.openai_model("gpt-6-luna:scenario=quota"),
        scene.deepseek(),
    ];
    let _worker = scene.worker(models, false);
    let job = scene.job(&profile()).await;
    scene.end().await;
    assert_eq!(
        scene.outcome(&job).await,
        json!(["completed", null, 0, true])
    );
    assert_eq!(
        passed_over(&scene).await,
        [json!(["openai", "QUOTA_EXCEEDED"])]
    );
    assert_eq!(scene.emulator.ledger().calls().len(), 1);
}

#[tokio::test]
async fn a_class_with_retry_is_tried_again_and_the_next_provider_is_asked_in_the_last_attempt() {
    let scene = Scene::new().await;
    let models = vec![
        scene.openai_model("gpt-6-luna:scenario=rate-limit"),
        scene.deepseek(),
    ];
    let _worker = scene.worker(models, false);
    let job = scene.job(&profile()).await;
    scene.end().await;
    assert_eq!(scene.outcome(&job).await[0], json!("completed"));
    assert_eq!(refused(&scene), 4, "four attempts");
    assert_eq!(
        passed_over(&scene).await,
        [json!(["openai", "AI_RATE_LIMIT"])]
    );
    let retried = "select array_agg(reason) from durable.event, lateral (select data ->> 'code' as reason) r where type = 'retried'";
    let codes = scene.db.get(retried).await;
    assert_eq!(
        codes,
        json!(["AI_RATE_LIMIT", "AI_RATE_LIMIT", "AI_RATE_LIMIT"])
    );
}

#[tokio::test]
async fn the_row_fails_after_the_last_provider_with_its_code() {
    let scene = Scene::new().await;
    let models = vec![
        scene.openai_model("no-such-model"),
        scene.deepseek_model("deepseek-flash:scenario=refusal"),
    ];
    let _worker = scene.worker(models, false);
    let job = scene.job(&profile()).await;
    scene.end().await;
    assert_eq!(
        scene.outcome(&job).await,
        json!(["failed", "AI_REFUSED", 0, false])
    );
}

#[tokio::test]
async fn a_later_providers_failure_that_is_retried_retries_the_job_and_asks_it_once_an_attempt() {
    let scene = Scene::new().await;
    let models = vec![
        scene.openai_model("gpt-6-luna:scenario=refusal"),
        scene.deepseek_model("deepseek-flash:scenario=error@1-2"),
    ];
    let _worker = scene.worker(models, false);
    let job = scene.job(&profile()).await;
    scene.end().await;
    assert_eq!(
        scene.outcome(&job).await,
        json!(["completed", null, 2, true])
    );
    assert_eq!(refused(&scene), 2, "once in each attempt");
    let paid = scene.emulator.ledger().calls().len();
    assert_eq!(
        paid, 2,
        "the refusal is in the journal: it is not paid for again"
    );
}

#[tokio::test]
async fn with_rules_at_the_end_a_plan_always_comes() {
    for scenario in ["quota", "error", "not-json", "refusal"] {
        let scene = Scene::meeting(scenario).await;
        let models = vec![scene.openai(), scene.deepseek()];
        let _worker = scene.worker(models, true);
        let job = scene.job(&profile()).await;
        let request = scene.request(ADA, TEXT).await;
        scene.end().await;
        assert_eq!(
            scene.outcome(&job).await[0],
            json!("completed"),
            "{scenario}"
        );
        assert_eq!(
            scene.request_outcome(&request).await,
            json!(["completed", null, true]),
            "{scenario}"
        );
    }
}

#[tokio::test]
async fn who_needs_a_doctors_word_costs_no_call_and_gets_no_plan_of_the_rules_either() {
    let scene = Scene::new().await;
    let _worker = scene.worker(vec![scene.openai(), scene.deepseek()], true);
    let mut expecting = profile();
    expecting["specialRequests"] = json!("I am pregnant");
    let job = scene.job(&expecting).await;
    let request = scene
        .request(ADA, "Full gym. I get chest pain when I climb stairs.")
        .await;
    scene.end().await;
    assert_eq!(
        scene.outcome(&job).await,
        json!(["failed", "NEEDS_CLEARANCE", 0, false])
    );
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["failed", "NEEDS_CLEARANCE", false])
    );
    assert_eq!(scene.emulator.ledger().calls().len(), 0);
    assert_eq!(refused(&scene), 0);
}

#[tokio::test]
async fn what_only_a_model_reads_closes_the_gate_before_anything_is_drafted() {
    let text = "Palestra completa, 4 giorni a settimana. Sono incinta.";
    let scene = Scene::answering(|prompt, turn| {
        let mut answer = sound(prompt, turn);
        if prompt == Prompt::Reading {
            answer["flags"] = json!([{ "value": "pregnancy", "text": "Sono incinta" }]);
        }
        answer
    })
    .await;
    let _worker = scene.worker(vec![scene.openai()], true);
    let request = scene.request(ADA, text).await;
    scene.end().await;
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["failed", "NEEDS_CLEARANCE", false])
    );
    assert_eq!(scene.prompts(), [Prompt::Reading]);
}

#[tokio::test]
async fn a_text_is_read_once_whoever_drafts() {
    let scene = Scene::new().await;
    // OpenAI reads and then has no credit left.
    let models = vec![
        scene.openai_model("gpt-6-luna:scenario=quota@2"),
        scene.deepseek(),
    ];
    let _worker = scene.worker(models, false);
    let request = scene.request(ADA, TEXT).await;
    scene.end().await;
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["completed", null, true])
    );
    let readings = scene
        .prompts()
        .into_iter()
        .filter(|one| *one == Prompt::Reading);
    assert_eq!(readings.count(), 1);
    assert_eq!(scene.emulator.ledger().calls().len(), 2);
}

#[tokio::test]
async fn a_text_that_no_model_reads_is_read_by_the_code_alone() {
    let scene = Scene::new().await;
    let models = vec![scene.openai_model("gpt-6-luna:scenario=refusal@1")];
    let _worker = scene.worker(models, false);
    let request = scene.request(ADA, TEXT).await;
    scene.end().await;
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["completed", null, true])
    );
    assert_eq!(scene.prompts(), [Prompt::Reading, Prompt::BlockTemplate]);
}

#[tokio::test]
async fn a_style_note_reaches_the_template_alone() {
    let scene = Scene::new().await;
    let _worker = scene.worker(vec![scene.openai()], false);
    scene
        .request_in_style(ADA, TEXT, "'Speak like a pirate.'")
        .await;
    scene.end().await;
    let styles: Vec<Value> = scene
        .heard()
        .iter()
        .map(|(_, turn)| turn["style"].clone())
        .collect();
    assert_eq!(styles, [Value::Null, json!("Speak like a pirate.")]);
}

#[tokio::test]
async fn no_call_is_paid_that_would_pass_a_cap_and_rules_may_plan_without_one() {
    for (rules, outcome) in [
        (false, json!(["failed", "BUDGET_EXCEEDED", 0, false])),
        (true, json!(["completed", null, 0, true])),
    ] {
        let scene = Scene::new().await;
        let mut caps = PLENTY;
        caps.user_day = MicroDollars(1);
        let provider = Provider::new(scene.openai(), caps, None);
        let _worker = scene.worker_with(&Chain::new(vec![provider], rules));
        let job = scene.job(&profile()).await;
        scene.end().await;
        assert_eq!(scene.outcome(&job).await, outcome);
        assert_eq!(scene.emulator.ledger().calls().len(), 0);
    }
}

#[tokio::test]
async fn the_engine_retries_the_codes_that_the_contract_says() {
    let scene = Scene::new().await;
    let retried = "select jsonb_object_agg(code, coach.is_retried(code)) from unnest(array['AI_RATE_LIMIT', 'AI_TIMEOUT',
        'DEADLINE_EXCEEDED', 'NETWORK_ERROR', 'UNKNOWN', 'no such code', 'QUOTA_EXCEEDED', 'CONFIG_ERROR', 'BUDGET_EXCEEDED',
        'AI_REFUSED', 'VALIDATION_FAILED', 'INVALID_PROFILE', 'NEEDS_CLEARANCE', 'STEP_DEADLINE_EXCEEDED', 'STEP_DECLINED']) code";
    assert_eq!(
        scene.db.get(retried).await,
        json!({
            "AI_RATE_LIMIT": true, "AI_TIMEOUT": true, "DEADLINE_EXCEEDED": true, "NETWORK_ERROR": true, "UNKNOWN": true,
            "no such code": true, "QUOTA_EXCEEDED": false, "CONFIG_ERROR": false, "BUDGET_EXCEEDED": false, "AI_REFUSED": false,
            "VALIDATION_FAILED": false, "INVALID_PROFILE": false, "NEEDS_CLEARANCE": false, "STEP_DEADLINE_EXCEEDED": false,
            "STEP_DECLINED": false
        })
    );
}

#[tokio::test]
async fn the_rules_have_time_left_where_a_model_used_up_the_run() {
    let scene = Scene::with("plain", Some(1.0), sound).await;
    scene
        .db
        .owner("select coach.set_setting('run_limit_seconds', '21'), coach.set_setting('max_retries', '1')")
        .await;
    let _worker = scene.worker(vec![scene.openai(), scene.deepseek()], true);
    let job = scene.job(&profile()).await;
    scene.end().await;
    assert_eq!(
        scene.outcome(&job).await,
        json!(["completed", null, 1, true])
    );
    let late = "DEADLINE_EXCEEDED";
    assert_eq!(
        passed_over(&scene).await,
        [json!(["openai", late]), json!(["deepseek", late])]
    );
}
