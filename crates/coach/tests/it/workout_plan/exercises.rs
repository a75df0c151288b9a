//! The exercises table: our catalogue comes in, what is there stays.

use serde_json::{Value, json};
use uuid::Uuid;

use super::database::{Database, plan_with, refused, user_caller};

async fn texts(database: &Database, slug: &str) -> Value {
    database
        .value(&format!(
            "select jsonb_build_array(name, instructions, trainer_notes, reviewed) from public.exercises where slug = '{slug}'"
        ))
        .await
}

#[tokio::test]
async fn the_catalogue_is_put_in_once_and_never_over_what_is_there() {
    let database = Database::fresh().await;
    let put = r#"select coach.put_exercises('[{"slug": "test-push-up", "name": "Test Push-Up", "instructions": "Ours", "trainer_notes": "Ours",
      "reviewed": true}, {"slug": "test-plank", "name": "Test Plank", "instructions": "Ours", "reviewed": true}]')"#;
    database.run("insert into public.exercises (slug, name, instructions) values ('test-push-up', 'Test Push-Up', 'The operator''s')").await;
    database.run(put).await;
    let versions =
        "select jsonb_agg(xmin::text order by slug) from public.exercises where slug like 'test-%'";
    let before = database.value(versions).await;
    database.run(put).await;
    assert_eq!(
        database.value(versions).await,
        before,
        "a second time must write nothing"
    );
    assert_eq!(
        texts(&database, "test-push-up").await,
        json!(["Test Push-Up", "The operator's", "Ours", false])
    );
    assert_eq!(
        texts(&database, "test-plank").await,
        json!(["Test Plank", "Ours", null, true])
    );
}

#[tokio::test]
async fn an_exercise_that_is_here_under_another_slug_is_found_by_its_name() {
    let database = Database::fresh().await;
    database
        .run(
            "insert into public.exercises (slug, name) values ('test-squat-with-barbell', 'Test Squat')",
        )
        .await;
    database.request(Uuid::new_v4()).await;
    let worker = database.worker().await;
    let claimed = database.claim(worker).await;
    database
        .publish(claimed, &plan_with(&[("test-squat", "Test Squat")]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        database
            .count("public.exercises where slug ~ '^(test|exercise)-'")
            .await,
        2
    );
    assert_eq!(
        database.count("public.workout_entries e join public.exercises x on x.id = e.exercise_id where x.slug = 'test-squat-with-barbell'").await,
        8
    );
}

#[tokio::test]
async fn everybody_who_is_signed_in_reads_exercises_and_nobody_writes_them() {
    let database = Database::fresh().await;
    database
        .run("insert into public.exercises (slug, name) values ('test-plank', 'Test Plank')")
        .await;
    database.run("insert into public.exercise_texts (exercise_id, language, name) select id, 'de', 'Unterarmstütz' from public.exercises where slug = 'test-plank'").await;
    let user = user_caller(Uuid::new_v4());
    let read = "select to_jsonb(t.name) from public.exercise_texts t join public.exercises e on e.id = t.exercise_id";
    assert_eq!(
        database.ask(&user, read).await.unwrap(),
        json!("Unterarmstütz")
    );
    for write in [
        "insert into public.exercises (slug, name) values ('mine', 'Mine')",
        "update public.exercises set name = 'Mine'",
        "delete from public.exercises",
        "delete from public.exercise_texts",
    ] {
        refused(database.ask(&user, write).await, "42501", "");
    }
}

#[tokio::test]
async fn a_slug_has_lower_case_letters_digits_and_single_hyphens() {
    let database = Database::fresh().await;
    for (slug, accepted) in [
        ("test-push-up", true),
        ("90-90-stretch", true),
        ("Push-up", false),
        ("push--up", false),
        ("-plank", false),
        ("", false),
    ] {
        let result = sqlx::query(
            "insert into public.exercises (slug, name) values ($1, gen_random_uuid()::text)",
        )
        .bind(slug)
        .execute(&database.pool)
        .await;
        assert_eq!(result.is_ok(), accepted, "{slug}");
    }
}

#[tokio::test]
async fn the_whole_catalogue_is_there_after_a_migration_with_every_text() {
    let database = Database::fresh().await;
    let texts = database
        .value(
            "select jsonb_build_array(count(*), count(*) filter (where reviewed),
               min(num_nonnulls(icon_description, instructions, video_description, required_equipment, workout_location,
                 rep_limitations_progression_rules, progression_by_client_feedback, pain_injury_protocol,
                 special_rules_by_location, trainer_notes)))
             from public.exercises",
        )
        .await;
    let all = coach::exercise::catalogue().len();
    assert!(all >= 150);
    assert_eq!(texts, json!([all, all, 10]));
}
