//! How far a plan is while a model writes it, and a cancel in the middle.

use emulator::CallStatus;
use serde_json::{Value, json};

use super::{
    athlete::{TEXT, profile},
    scene::{PATIENCE, Scene, sound},
};
use crate::sql::support::{ADA, user};

/// Slow enough that an answer is seen growing.
const SLOW: Option<f64> = Some(600.0);

#[tokio::test]
async fn the_days_of_a_week_are_told_in_the_jobs_events_as_they_are_written() {
    let scene = Scene::with("plain", SLOW, sound).await;
    let _worker = scene.worker(vec![scene.openai()], false);
    let job = scene.job(&profile()).await;
    scene
        .until("select exists (select from durable.event where type = 'progress' and data ->> 'day' = '3')")
        .await;
    assert_eq!(scene.db.job(&job).await["status"], json!("processing"));
    scene.end().await;
    let events = scene.events("progress").await;
    let days: Vec<i64> = events
        .iter()
        .filter_map(|event| event["day"].as_i64())
        .collect();
    assert!(
        days.is_sorted_by(|one, next| one < next),
        "each once: {days:?}"
    );
    assert_eq!((days.last(), &events[0]["of"]), (Some(&7), &json!(7)));
}

#[tokio::test]
async fn the_days_of_a_template_are_told_in_the_requests_row_as_they_are_written() {
    let scene = Scene::with("plain", SLOW, sound).await;
    let _worker = scene.worker(vec![scene.openai()], false);
    let request = scene.request(ADA, TEXT).await;
    scene
        .until("select step_description = 'Choosing your exercises: day 2 of 4.' from public.workout_plan_requests")
        .await;
    assert_eq!(scene.row(&request).await["current_step"], json!(2));
    scene.end().await;
    let row = scene.row(&request).await;
    assert_eq!(
        row["step_description"],
        json!("Your workout plan is ready.")
    );
    assert_eq!(row["exercises_completed"], row["exercises_total"]);
}

#[tokio::test]
async fn a_cancelled_job_stops_its_call_at_the_provider() {
    let scene = Scene::with("plain", Some(5.0), sound).await;
    let _worker = scene.worker(
        vec![scene.deepseek_model("no-such-model"), scene.openai()],
        true,
    );
    let job = scene.job(&profile()).await;
    scene
        .until("select exists (select from durable.step where handle is not null)")
        .await;
    let cancel = format!("select to_jsonb(public.cancel_plan_job('{job}'))");
    assert_eq!(scene.db.call(&user(ADA), &cancel).await, Ok(json!(true)));
    let stopped = scene.emulator.ledger().until(|ledger| {
        let calls = ledger.calls();
        calls
            .iter()
            .all(|call| call.status == CallStatus::Cancelled)
    });
    tokio::time::timeout(PATIENCE, stopped)
        .await
        .expect("the provider stops");
    assert_eq!(
        scene.outcome(&job).await,
        json!(["failed", "USER_CANCELLED", 0, false])
    );
    // Struck out only after the provider has answered.
    scene
        .until("select not exists (select from durable.loose_handle)")
        .await;
}

#[tokio::test]
async fn a_job_says_which_model_was_asked_by_which_version_of_the_prompt() {
    let scene = Scene::new().await;
    let _worker = scene.worker(vec![scene.openai()], false);
    scene.job(&profile()).await;
    scene.end().await;
    let prompt = coach::prompt::Prompt::WeeklyPlan;
    let pinned = json!({ "step": "week openai", "provider": "openai", "model": "gpt-6-luna", "prompt": "weekly_plan",
        "version": prompt.version() });
    assert_eq!(
        scene.events("model_asked").await,
        std::slice::from_ref(&pinned)
    );
    let usage = scene.db.get("select usage from durable.step").await;
    let fields = pinned.as_object().expect("an object");
    assert!(
        fields.iter().all(|(name, value)| usage[name] == *value),
        "{usage}"
    );
    assert_ne!(usage["output_tokens"], Value::Null);
}
