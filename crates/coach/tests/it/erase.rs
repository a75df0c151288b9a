//! A user is erased: afterwards no table holds their id or a word of their profile.

use serde_json::{Value, json};

use crate::chain::scene::Scene;
use crate::sql::support::{ADA, BEN, Db, SUPABASE, user};

/// Words that only the profiles of these users hold.
const WORDS: [&str; 3] = ["quokka", "zanzibar", "ExponentPushToken[ada]"];

/// Every column of every table of ours in which one of the words stands, however it is written.
async fn tables_with(db: &Db, words: &[&str]) -> Vec<String> {
    let tables: Value = db
        .get(
            "select jsonb_agg(c.oid::regclass::text) from pg_class c
             where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('public', 'coach', 'durable', 'auth')",
        )
        .await;
    let mut found = Vec::new();
    for table in tables.as_array().unwrap() {
        let table = table.as_str().unwrap();
        for word in words {
            let sql = format!(
                "select count(*) from {table} t where position(lower($w${word}$w$) in lower(t::text)) > 0"
            );
            if db.get(&sql).await != 0 {
                found.push(format!("{table}: {word}"));
            }
        }
    }
    found
}

/// Plans of both kinds, made by a model, a schedule, a device, an idempotency key, a job that failed, and one that waits.
async fn live(scene: &Scene) {
    let db = &scene.db;
    let token = "insert into public.push_tokens (token) values ('ExponentPushToken[ada]')";
    db.run(&user(ADA), token).await.unwrap();
    let profile = json!({ "goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "name": "Quokka",
        "specialRequests": "I train for Zanzibar." });
    let sql = crate::sql::support::create_sql(&profile, &json!({ "idempotencyKey": "press-1" }));
    let created = db.call(&user(ADA), &sql).await.unwrap();
    let job = created["jobId"].as_str().unwrap().to_owned();
    let request = scene
        .request(
            ADA,
            "I am Quokka, 30, from Zanzibar. Build muscle, 3 days a week, 45 minutes, full gym.",
        )
        .await;
    let worker = scene.worker(vec![scene.openai()], false);
    scene.end().await;
    assert_eq!(scene.outcome(&job).await[0], "completed");
    assert_eq!(scene.request_outcome(&request).await[0], "completed");
    worker.drain(std::time::Duration::from_secs(10)).await;
    let schedule = "select public.schedule_regeneration('0 18 * * SUN', 'UTC')";
    db.call(&user(ADA), schedule).await.unwrap();
    db.call(
        &user(ADA),
        &crate::sql::support::create_sql(&profile, &json!({})),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn of_a_user_who_is_erased_no_table_keeps_a_word() {
    let scene = Scene::new().await;
    live(&scene).await;
    let db = &scene.db;
    let words = [&WORDS[..], &[ADA]].concat();
    let before = tables_with(db, &words).await;
    for place in [
        "plan_generation_jobs: quokka",
        "workout_plan_requests: zanzibar",
    ] {
        assert!(before.contains(&place.to_owned()), "{before:?}");
    }
    let theirs = db.job_of(BEN).await;
    let erased = db.get(&format!("select coach.erase_user('{ADA}')")).await;
    assert!(erased["tasks"].as_i64().unwrap() >= 3, "{erased}");
    assert_eq!(tables_with(db, &words).await, Vec::<String>::new());
    assert_eq!(
        db.place(&theirs).await,
        "ready",
        "another's job is left alone"
    );
    assert_eq!(
        db.get(&format!("select coach.erase_user('{ADA}')")).await,
        json!({ "tasks": 0, "rows": 0 })
    );
}

#[tokio::test]
async fn beside_supabase_the_rows_go_with_the_account_and_the_rest_by_hand() {
    let db = Db::with(&format!("{SUPABASE}\n{}", coach::migrate::script())).await;
    let (job, _) = db.publish(ADA).await;
    db.job_of(ADA).await;
    db.owner(&format!(
        "insert into durable.step (task, name, request_hash, state, begun, output, started_at)
                       select '{job}', 'draft', '', 'done', 1, '{{\"said\": \"quokka\"}}', now()"
    ))
    .await;
    db.owner(&format!("delete from auth.users where id = '{ADA}'"))
        .await;
    let left = tables_with(&db, &["quokka", ADA]).await;
    assert!(
        left.iter().all(|place| place.starts_with("durable.")),
        "the engine's own record alone: {left:?}"
    );
    db.owner(&format!("select coach.erase_user('{ADA}')")).await;
    assert_eq!(
        tables_with(&db, &["quokka", ADA]).await,
        Vec::<String>::new()
    );
}
