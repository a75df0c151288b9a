//! A release with other questions, or another model, while a job is on its way.

use coach::prompt::Prompt;
use serde_json::json;

use super::{
    athlete::{TEXT, profile},
    scene::{PATIENCE, Scene, sound},
};
use crate::sql::support::ADA;

#[tokio::test]
async fn an_answer_that_is_there_is_used_and_only_what_lacks_is_asked_anew() {
    let scene = Scene::meeting("error@2").await;
    let worker = scene.worker(vec![scene.openai()], false);
    let request = scene.request(ADA, TEXT).await;
    scene
        .until(
            "select exists (select from durable.timer where reason = 'retry after NETWORK_ERROR')",
        )
        .await;
    worker.drain(PATIENCE).await;
    // From here on every question is another one.
    let other = TEXT.replace("60 min", "50 min");
    scene
        .db
        .owner(&format!(
            "update public.workout_plan_requests set user_profile = '{other}'"
        ))
        .await;
    let worker = scene.worker(vec![scene.openai_model("gpt-6.1-terra")], false);
    scene.end().await;
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["completed", null, true])
    );
    let readings = scene
        .prompts()
        .into_iter()
        .filter(|one| *one == Prompt::Reading);
    assert_eq!(readings.count(), 1, "the answer is in the journal");
    let models: Vec<_> = scene
        .events("model_asked")
        .await
        .iter()
        .map(|event| json!([event["prompt"], event["model"]]))
        .collect();
    assert_eq!(
        models,
        [
            json!(["reading", "gpt-6-luna"]),
            json!(["block_template", "gpt-6-luna"]),
            json!(["block_template", "gpt-6.1-terra"]),
        ]
    );
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn what_a_provider_still_makes_for_an_older_question_is_gone_on_with() {
    let scene = Scene::with("plain", Some(800.0), sound).await;
    let older = scene.worker(vec![scene.openai()], false);
    let job = scene.job(&profile()).await;
    scene
        .until("select exists (select from durable.step where handle is not null)")
        .await;
    older.drain(std::time::Duration::ZERO).await;
    scene
        .db
        .owner("update public.plan_generation_jobs set profile_snapshot = profile_snapshot || '{\"specialRequests\": \"more rows\"}'")
        .await;
    let _newer = scene.worker(vec![scene.openai_model("gpt-6.1-terra")], false);
    scene.end().await;
    assert_eq!(
        scene.outcome(&job).await,
        json!(["completed", null, 0, true])
    );
    assert_eq!(scene.emulator.ledger().calls().len(), 1, "paid once");
}
