//! The second question about an answer that broke rules, and what is tried again after a failure once.

use serde_json::{Value, json};

use super::{
    athlete::{TEXT, profile},
    scene::{Scene, sound},
};
use crate::sql::support::ADA;

/// For whom a week of cardio alone is no week.
fn demanding() -> Value {
    json!({ "goal": "WEIGHT_LOSS", "trainingDays": 5, "equipment": "Pull-up bar, Bands", "sessionLength": 23, "mealCount": 3,
        "trainingLevel": "Professional", "injuries": "hip pain", "avoidExercises": "overhead pressing, pull-ups",
        "preferredWorkoutSplit": "Push Pull Legs", "workoutIntensityLevel": 1 })
}

/// A week of the given form whose only sessions are cardio, at a dose that repairs keep.
fn cardio(mut week: Value) -> Value {
    let work: Vec<Value> = ["shadow-boxing", "step-touch"]
        .map(|slug| json!({ "ex": slug, "sets": 8, "reps": [20, 60], "rir": 3 }))
        .into();
    for day in week["days"].as_array_mut().expect("days") {
        if day["work"].as_array().is_some_and(|work| !work.is_empty()) {
            day["work"] = json!(work);
        }
    }
    week
}

#[tokio::test]
async fn a_week_that_breaks_rules_is_asked_for_again_with_their_ids_and_the_failing_days() {
    let scene = Scene::answering(|prompt, turn| {
        let answer = sound(prompt, turn);
        if turn.get("broken").is_some() {
            answer
        } else {
            cardio(answer)
        }
    })
    .await;
    let _worker = scene.worker(vec![scene.deepseek()], false);
    let job = scene.job(&demanding()).await;
    scene.end().await;
    assert_eq!(
        scene.outcome(&job).await,
        json!(["completed", null, 0, true])
    );
    let heard = scene.heard();
    assert_eq!(heard.len(), 2, "one question and one about its answer");
    let broken = heard[1].1["broken"].as_array().expect("rules");
    assert!(
        !broken.is_empty() && heard[1].1["days"].is_array(),
        "{broken:?}"
    );
}

#[tokio::test]
async fn a_week_that_breaks_rules_twice_is_not_kept() {
    let scene = Scene::answering(|prompt, turn| cardio(sound(prompt, turn))).await;
    let _worker = scene.worker(vec![scene.deepseek()], false);
    let job = scene.job(&demanding()).await;
    scene.end().await;
    assert_eq!(
        scene.outcome(&job).await,
        json!(["failed", "VALIDATION_FAILED", 0, false])
    );
    assert_eq!(scene.heard().len(), 2);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_asked_for_once_more_as_a_whole() {
    for scenario in ["not-json@1", "length@1"] {
        let scene = Scene::meeting(scenario).await;
        let _worker = scene.worker(vec![scene.openai()], false);
        let job = scene.job(&profile()).await;
        scene.end().await;
        let outcome = scene.outcome(&job).await;
        assert_eq!(outcome, json!(["completed", null, 0, true]), "{scenario}");
        let heard = scene.heard();
        assert_eq!(heard.len(), 2);
        assert!(heard[1].1["broken"].is_array() && heard[1].1["days"].is_null());
    }
}

#[tokio::test]
async fn what_fails_once_is_tried_again_and_counted() {
    for (scenario, retries) in [
        ("rate-limit-once", 1),
        ("error@1-2", 2),
        ("reset@1-3", 3),
        ("failed-rate-limit-once", 1),
        ("overloaded-once", 1),
        ("expired-once", 0),
    ] {
        let scene = Scene::meeting(scenario).await;
        let _worker = scene.worker(vec![scene.openai()], false);
        let job = scene.job(&profile()).await;
        scene.end().await;
        let outcome = scene.outcome(&job).await;
        assert_eq!(
            outcome,
            json!(["completed", null, retries, true]),
            "{scenario}"
        );
    }
}

#[tokio::test]
async fn a_request_is_tried_again_too_and_what_was_answered_is_not_paid_for_again() {
    let scene = Scene::meeting("error@2-3").await;
    let _worker = scene.worker(vec![scene.openai()], false);
    let request = scene.request(ADA, TEXT).await;
    scene.end().await;
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["completed", null, true])
    );
    assert_eq!(scene.emulator.ledger().calls().len(), 2);
}

#[tokio::test]
async fn calls_that_fail_as_they_please_end_in_a_plan_where_rules_come_last() {
    for seed in 0..8 {
        let scene = Scene::rough(seed).await;
        let _worker = scene.worker(vec![scene.openai(), scene.deepseek()], true);
        let job = scene.job(&profile()).await;
        scene.end().await;
        let outcome = scene.outcome(&job).await;
        assert_eq!(outcome[0], json!("completed"), "seed {seed}: {outcome}");
    }
}
