//! A model that answers badly on purpose, through to the stored rows: whatever is there is sound, and nothing is stored of the rest.

use std::sync::atomic::{AtomicU64, Ordering};

use coach::{exercise, generate_workout_plan::brief_of, plan::check_days, prompt::Prompt, reader};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::{Scene, sound};
use crate::{
    answers::adversary::{
        Dice, exercise_is_fit, plan_is_sound, spoil, spoil_day, spoil_food, texts_are_clean,
    },
    athletes,
    sql::support::{create_sql, user},
};

/// Plans of each flow; each question has its number as its seed.
const PLANS: usize = 24;

/// Waits, and answers how many plans came; the others were refused as not valid.
async fn completed(scene: &Scene, table: &str) -> i64 {
    scene.end().await;
    let ended = scene
        .db
        .get(&format!(
            "select jsonb_agg(distinct error_code) from {table} where status = 'failed'"
        ))
        .await;
    assert!(
        [json!(null), json!(["VALIDATION_FAILED"])].contains(&ended),
        "{ended}"
    );
    let count = scene
        .count(&format!("{table} where status = 'completed'"))
        .await;
    assert!(
        count > PLANS as i64 / 4,
        "{count} of {PLANS}: too few to prove anything"
    );
    count
}

#[tokio::test]
async fn nothing_unsound_of_a_week_is_stored() {
    let profile = json!({ "goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": "Dumbbells, Bench", "injuries": "old knee pain",
        "dietaryPrefs": ["Vegetarian"], "dietaryNotes": "nut allergy", "mealCount": 3 });
    let brief = athletes::brief(&profile);
    let (seeds, spoils) = (AtomicU64::new(0), brief.clone());
    let scene = Scene::answering(move |prompt, turn| {
        let mut answer = sound(prompt, turn);
        let mut dice = Dice(seeds.fetch_add(1, Ordering::Relaxed));
        for _ in 0..dice.below(4) {
            let day = dice.below(answer["days"].as_array().map_or(0, Vec::len));
            match dice.below(6) {
                0 => spoil(&mut answer, &mut dice),
                _ if !answer["days"][day].is_object() => {}
                1 | 2 => spoil_food(&mut answer["days"][day], &spoils, &mut dice),
                _ => spoil_day(&mut answer["days"][day], "work", &spoils, &mut dice),
            }
        }
        answer
    })
    .await;
    let _worker = scene.worker(vec![scene.deepseek()], false);
    for _ in 0..PLANS {
        let ask = create_sql(&profile, &json!({}));
        let asker = user(&Uuid::new_v4().to_string());
        scene.db.call(&asker, &ask).await.expect("a job");
    }
    let count = completed(&scene, "public.plan_generation_jobs").await;
    let stored = scene
        .db
        .get("select jsonb_agg(days) from public.weekly_base_plans")
        .await;
    let stored = stored.as_array().expect("plans");
    assert_eq!(i64::try_from(stored.len()), Ok(count));
    for (no, days) in (0..).zip(stored) {
        let plan = check_days(days, &brief).expect("a plan that breaks no rule");
        plan_is_sound(&plan, &brief, no);
    }
}

#[tokio::test]
async fn nothing_unsound_of_a_block_is_stored_and_no_injury_is_read_away() {
    let text = "Dumbbells and a bench at home, 3 days a week, 45 min, build muscle. My right shoulder hurts. 40 years old.";
    let brief = brief_of(&reader::read(text)).expect("a brief");
    let (seeds, spoils) = (AtomicU64::new(0), brief.clone());
    let scene = Scene::answering(move |prompt, turn| {
        let mut answer = sound(prompt, turn);
        let mut dice = Dice(seeds.fetch_add(1, Ordering::Relaxed));
        if prompt == Prompt::Reading {
            answer["injuries"] = json!([]);
            answer["gym"] = json!({ "value": "full", "text": "at home" });
            return answer;
        }
        for _ in 0..dice.below(4) {
            let day = dice.below(answer["days"].as_array().map_or(0, Vec::len));
            match dice.below(5) {
                0 => spoil(&mut answer, &mut dice),
                _ if !answer["days"][day].is_object() => {}
                _ => spoil_day(&mut answer["days"][day], "slots", &spoils, &mut dice),
            }
        }
        answer
    })
    .await;
    let _worker = scene.worker(vec![scene.deepseek()], false);
    for _ in 0..PLANS {
        scene.request(&Uuid::new_v4().to_string(), text).await;
    }
    completed(&scene, "public.workout_plan_requests").await;
    let stored = scene
        .db
        .get("select jsonb_agg(jsonb_build_array(x.slug, s.slug, e.sets)) from public.workout_entries e
              join public.exercises x on x.id = e.exercise_id left join public.exercises s on s.id = e.streak_exercise_id")
        .await;
    for (no, entry) in (0..).zip(stored.as_array().expect("entries")) {
        let slugs = [&entry[0], &entry[1]].into_iter().filter_map(Value::as_str);
        for slug in slugs {
            let exercise = exercise::find(slug).expect("an exercise of the catalogue");
            exercise_is_fit(exercise, &brief, no);
        }
        assert!(
            (1..=10).contains(&entry[2].as_i64().expect("sets")),
            "{entry}"
        );
    }
    let texts = "select jsonb_agg(jsonb_build_array(p.summary, e.notes, e.day_name)) from public.workout_plans p
                 join public.workout_entries e on e.workout_plan_id = p.id";
    texts_are_clean(&scene.db.get(texts).await, 0);
}
