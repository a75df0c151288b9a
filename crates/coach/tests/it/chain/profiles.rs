//! Exercises that nobody has described in an athlete's language: child tasks, once ever, and never in a plan's way.

use std::collections::BTreeSet;

use coach::prompt::Prompt;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    athlete::{GERMAN, TEXT},
    scene::{PATIENCE, Scene, sound},
};
use crate::sql::support::{ADA, BEN};

/// The names of the exercises that were asked for, as often as they were.
fn described(scene: &Scene) -> Vec<String> {
    let heard = scene.heard().into_iter();
    heard
        .filter(|(prompt, _)| *prompt == Prompt::ExerciseProfile)
        .map(|(_, turn)| turn["name"].to_string())
        .collect()
}

/// Waits for the children too.
async fn rest(scene: &Scene) {
    scene.end().await;
    scene
        .until("select not exists (select from durable.task where outcome is null and kind <> 'send_push')")
        .await;
}

#[tokio::test]
async fn twenty_plans_at_once_pay_once_for_an_exercise() {
    let scene = Scene::new().await;
    let _worker = scene.worker(vec![scene.openai()], false);
    for _ in 0..20 {
        scene.request(&Uuid::new_v4().to_string(), GERMAN).await;
    }
    scene.end().await;
    let completed = "public.workout_plan_requests where status = 'completed'";
    assert_eq!(scene.count(completed).await, 20);
    let asked = described(&scene);
    let names: BTreeSet<&String> = asked.iter().collect();
    assert!(asked.len() > 5, "{asked:?}");
    assert_eq!(asked.len(), names.len(), "each once");
    let texts = "public.exercise_texts where language = 'de' and not reviewed and instructions like '%ohne Schmerz.'";
    assert_eq!(
        scene.count(texts).await,
        i64::try_from(asked.len()).expect("few")
    );
    assert_eq!(scene.emulator.ledger().calls().len(), 40 + asked.len());
    // The next plan of these exercises asks for none of them.
    scene.request(ADA, GERMAN).await;
    scene.end().await;
    let again = described(&scene);
    assert_eq!(again.iter().collect::<BTreeSet<_>>().len(), again.len());
}

#[tokio::test]
async fn a_plan_in_the_catalogues_language_has_no_children() {
    let scene = Scene::new().await;
    let _worker = scene.worker(vec![scene.openai()], false);
    scene.request(ADA, TEXT).await;
    scene.end().await;
    assert_eq!(scene.count("durable.child").await, 0);
    assert_eq!(scene.emulator.ledger().calls().len(), 2);
}

#[tokio::test]
async fn a_profile_that_cannot_be_had_does_not_fail_the_plan_and_is_asked_for_by_the_next() {
    let scene = Scene::new().await;
    // Reading and template are answered; then there is no credit.
    let models = vec![scene.openai_model("gpt-6-luna:scenario=quota@3-99")];
    let worker = scene.worker(models, false);
    let request = scene.request(ADA, GERMAN).await;
    rest(&scene).await;
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["completed", null, true])
    );
    let failed =
        "durable.task where kind = 'generate_exercise_profile' and error_code = 'QUOTA_EXCEEDED'";
    let missing = scene.count(failed).await;
    assert!(missing > 0);
    assert_eq!(scene.count("public.exercise_texts").await, 0);
    worker.drain(PATIENCE).await;
    let _worker = scene.worker(vec![scene.openai()], false);
    scene.request(BEN, GERMAN).await;
    rest(&scene).await;
    assert!(scene.count("public.exercise_texts").await > 0);
}

#[tokio::test]
async fn a_profile_that_may_not_be_shown_is_not_stored_and_not_paid_for_twice() {
    for spoilt in ["<script>alert(1)</script>", "https://example.com"] {
        let scene = Scene::answering(move |prompt, turn| {
            let mut answer = sound(prompt, turn);
            if prompt == Prompt::ExerciseProfile {
                answer["trainer_notes"] = json!(spoilt);
            }
            answer
        })
        .await;
        let _worker = scene.worker(vec![scene.openai()], false);
        let first = scene.request(ADA, GERMAN).await;
        rest(&scene).await;
        scene.request(BEN, GERMAN).await;
        rest(&scene).await;
        assert_eq!(
            scene.request_outcome(&first).await,
            json!(["completed", null, true])
        );
        assert_eq!(scene.count("public.exercise_texts").await, 0);
        let asked = described(&scene);
        assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len());
    }
}

#[tokio::test]
async fn what_an_operator_wrote_is_neither_asked_for_nor_changed() {
    let scene = Scene::new().await;
    scene
        .db
        .owner("insert into public.exercise_texts (exercise_id, language, name, reviewed) select id, 'de', name, true from public.exercises")
        .await;
    let _worker = scene.worker(vec![scene.openai()], false);
    let request = scene.request(ADA, GERMAN).await;
    scene.end().await;
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["completed", null, true])
    );
    assert_eq!(described(&scene), Vec::<String>::new());
    assert_eq!(
        scene
            .count("public.exercise_texts where not reviewed")
            .await,
        0
    );
}

#[tokio::test]
async fn a_text_that_comes_too_late_does_not_replace_one_that_is_there() {
    let scene = Scene::new().await;
    let add = |instructions: &str| {
        format!(
            "select coach.add_exercise_texts('{{\"slug\": \"plank\", \"name\": \"Plank\"}}', 'de', '{{\"instructions\": \"{instructions}\"}}')"
        )
    };
    scene.db.get(&add("first")).await;
    scene.db.get(&add("second")).await;
    let kept = "select jsonb_agg(instructions) from public.exercise_texts";
    assert_eq!(scene.db.get(kept).await, json!(["first"]));
}

#[tokio::test]
async fn a_plan_waits_for_its_children_without_a_worker_and_its_row_counts_them() {
    // One of the calls for a profile stalls for a while before it is read on.
    let scene = Scene::new().await;
    let _worker = scene.worker(
        vec![scene.openai_model("gpt-6-luna:scenario=stall-first@4")],
        false,
    );
    let request = scene.request(ADA, GERMAN).await;
    scene
        .until("select exists (select from durable.parked where wait = 'children')
              and not exists (select from durable.run r join durable.task t on t.id = r.task where t.kind = 'generate_workout_plan')")
        .await;
    scene
        .until("select exercises_completed between 1 and exercises_total - 1 from public.workout_plan_requests")
        .await;
    let row = scene.row(&request).await;
    assert_eq!(
        (&row["status"], &row["step_description"]),
        (&json!("processing"), &json!("Describing your exercises."))
    );
    scene.end().await;
    let row = scene.row(&request).await;
    assert_eq!(row["exercises_completed"], row["exercises_total"]);
    assert_eq!(row["status"], json!("completed"));
}

#[tokio::test]
async fn after_the_wait_nobody_is_asked_again() {
    let scene = Scene::new().await;
    let models = vec![scene.openai_model("no-such-model"), scene.deepseek()];
    let _worker = scene.worker(models, false);
    let request = scene.request(ADA, GERMAN).await;
    rest(&scene).await;
    assert_eq!(
        scene.request_outcome(&request).await,
        json!(["completed", null, true])
    );
    let passed_over = format!("durable.event where task = (select id from public.workout_plan_requests where request_id = '{request}')
        and type = 'provider_passed_over'");
    assert_eq!(
        scene.count(&passed_over).await,
        2,
        "once to read, once to draft"
    );
    let of_plan: Vec<Prompt> = scene.prompts();
    let drafts = of_plan.iter().filter(|one| **one == Prompt::BlockTemplate);
    assert_eq!(drafts.count(), 1);
}

#[tokio::test]
async fn a_cancelled_plan_leaves_no_children_at_work() {
    let scene = Scene::with("plain", Some(60.0), |prompt, turn| {
        let mut answer = sound(prompt, turn);
        // Short ones until the children are there.
        if prompt == Prompt::ExerciseProfile {
            answer["trainer_notes"] = json!("langsam ".repeat(80));
        }
        answer
    })
    .await;
    let _worker = scene.worker(vec![scene.openai()], false);
    let request = scene.request(ADA, GERMAN).await;
    scene
        .until("select exists (select from durable.step where handle is not null and name like 'profile%')")
        .await;
    let cancel = format!("select to_jsonb(public.cancel_workout_plan_request('{request}'))");
    let cancelled = scene
        .db
        .call(&crate::sql::support::user(ADA), &cancel)
        .await;
    assert_eq!(cancelled, Ok(Value::Bool(true)));
    scene
        .until("select bool_and(outcome = 'cancelled') from durable.task where kind = 'generate_exercise_profile'")
        .await;
}
