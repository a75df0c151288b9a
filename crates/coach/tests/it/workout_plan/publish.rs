//! `coach.publish_workout_plan`: a plan and all its rows, once, or nothing.

use coach::block::{self, Entry};
use coach::brief::Brief;
use coach::exercise::Exercise;
use coach::profile::ProfileSnapshot;
use serde_json::{Value, json};
use uuid::Uuid;

use super::database::{Database, eight_weeks, plan_with, refused, user_caller};

#[tokio::test]
async fn a_plan_is_stored_with_its_weeks_and_every_exercise_it_names() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let worker = database.worker().await;
    let plan = database.completed_plan(user, worker).await;
    let stored = database
        .ask(
            &user_caller(user),
            "select to_jsonb(p) from public.workout_plans p",
        )
        .await
        .unwrap();
    assert_eq!(
        [
            &stored["id"],
            &stored["summary"],
            &stored["start_date"],
            &stored["status"]
        ],
        [
            &json!(plan),
            &json!("Eight weeks"),
            &json!("2026-01-05"),
            &json!("active")
        ]
    );
    let entries = database
        .ask(
            &user_caller(user),
            "select jsonb_build_array(count(*), count(distinct week_number), count(x.instructions), count(s.instructions))
             from public.workout_entries e join public.exercises x on x.id = e.exercise_id
             join public.exercises s on s.id = e.streak_exercise_id",
        )
        .await
        .unwrap();
    assert_eq!(entries, json!([16, 8, 16, 16]));
    let first = database
        .ask(&user_caller(user), "select to_jsonb(e) from public.workout_entries e order by week_number, position limit 1")
        .await
        .unwrap();
    assert_eq!(
        [
            &first["day"],
            &first["day_name"],
            &first["sets"],
            &first["reps"],
            &first["notes"],
            &first["is_adjusted"]
        ],
        [
            &json!("monday"),
            &json!("Full-Body"),
            &json!(3),
            &json!("8-12"),
            &json!("2 left in reserve"),
            &json!(false)
        ]
    );
}

#[tokio::test]
async fn a_superseded_attempt_stores_nothing() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    database.request(user).await;
    let (lost, present) = (database.worker().await, database.worker().await);
    let old = database.claim(lost).await;
    database
        .run(&format!(
            "update durable.worker set lease_until = now() - interval '1 minute' where id = {lost}"
        ))
        .await;
    database.run("select durable.reap()").await;
    let new = database.claim(present).await;
    assert_eq!((old.0, old.1 < new.1), (new.0, true));
    assert_eq!(database.publish(old, &eight_weeks()).await, Ok(None));
    assert_eq!(
        (
            database.count("public.workout_plans").await,
            database
                .count("public.exercises where slug ~ '^(test|exercise)-'")
                .await
        ),
        (0, 0)
    );
    let plan = database.publish(new, &eight_weeks()).await.unwrap();
    assert!(plan.is_some());
    assert_eq!(database.publish(new, &eight_weeks()).await, Ok(None));
    assert_eq!(
        (
            database.count("public.workout_plans").await,
            database.count("public.workout_entries").await
        ),
        (1, 16)
    );
    assert_eq!(database.notifications(user).await.len(), 1);
}

#[tokio::test]
async fn a_new_plan_pauses_the_former_and_a_user_may_pause_and_resume() {
    let database = Database::fresh().await;
    let (user, other) = (Uuid::new_v4(), Uuid::new_v4());
    let worker = database.worker().await;
    let others = database.completed_plan(other, worker).await;
    let first = database.completed_plan(user, worker).await;
    let second = database.completed_plan(user, worker).await;
    let status = async |plan: Uuid| {
        database
            .value(&format!(
                "select to_jsonb(status) from public.workout_plans where id = '{plan}'"
            ))
            .await
    };
    assert_eq!(
        (
            status(first).await,
            status(second).await,
            status(others).await
        ),
        (json!("paused"), json!("active"), json!("active"))
    );
    for next in ["paused", "completed", "active"] {
        let update = format!(
            "update public.workout_plans set status = '{next}' where id = '{second}' returning to_jsonb(status)"
        );
        assert_eq!(
            database.ask(&user_caller(user), &update).await.unwrap(),
            json!(next)
        );
    }
    let foreign = format!(
        "update public.workout_plans set status = 'paused' where id = '{others}' returning to_jsonb(id)"
    );
    assert_eq!(
        database.ask(&user_caller(user), &foreign).await.unwrap(),
        Value::Null
    );
    let summary = format!("update public.workout_plans set summary = 'mine' where id = '{second}'");
    refused(
        database.ask(&user_caller(user), &summary).await,
        "42501",
        "",
    );
}

#[tokio::test]
async fn a_plan_without_all_its_weeks_or_with_unknown_exercises_is_not_stored() {
    let database = Database::fresh().await;
    database.request(Uuid::new_v4()).await;
    let worker = database.worker().await;
    let claimed = database.claim(worker).await;
    let mut short = eight_weeks();
    short["entries"]
        .as_array_mut()
        .unwrap()
        .retain(|entry| entry["week_number"] != 8);
    let mut unknown = eight_weeks();
    unknown["entries"][3]["streak_exercise"] = json!("levitation");
    let mut foreign_day = eight_weeks();
    foreign_day["entries"][0]["day"] = json!("someday");
    let empty =
        json!({ "summary": "nothing", "start_date": "2026-01-05", "exercises": [], "entries": [] });
    for (plan, state) in [
        (&short, "22023"),
        (&unknown, "22023"),
        (&empty, "22023"),
        (&foreign_day, "22P02"),
    ] {
        let no = database.publish(claimed, plan).await.unwrap_err();
        assert_eq!(no.state, state, "{no:?}");
        assert_eq!(
            no.message.contains("levitation"),
            std::ptr::eq(plan, &unknown)
        );
    }
    assert_eq!(
        (
            database.count("public.workout_plans").await,
            database
                .count("public.exercises where slug ~ '^(test|exercise)-'")
                .await
        ),
        (0, 0)
    );
    refused(
        database.publish((Uuid::new_v4(), 1), &eight_weeks()).await,
        "PT404",
        "NOT_FOUND",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_plans_at_once_double_no_exercise_and_no_plan() {
    let database = std::sync::Arc::new(Database::fresh().await);
    let worker = database.worker().await;
    let mut claimed = Vec::new();
    for _ in 0..100 {
        database.request(Uuid::new_v4()).await;
        claimed.push(database.claim(worker).await);
    }
    let names: Vec<(String, String)> = (0..30)
        .map(|n| (format!("exercise-{n}"), format!("Exercise {n}")))
        .collect();
    let mut publishing = tokio::task::JoinSet::new();
    for (number, attempt) in claimed.into_iter().enumerate() {
        let (database, mut names) = (database.clone(), names.clone());
        publishing.spawn(async move {
            names.rotate_left(number % 30); // every plan names them in another order
            let exercises: Vec<(&str, &str)> = names
                .iter()
                .map(|(slug, name)| (slug.as_str(), name.as_str()))
                .collect();
            database.publish(attempt, &plan_with(&exercises)).await
        });
    }
    for published in publishing.join_all().await {
        published.unwrap().unwrap();
    }
    assert_eq!(
        (
            database.count("public.workout_plans").await,
            database.count("public.workout_entries").await,
            database
                .count("public.exercises where slug ~ '^(test|exercise)-'")
                .await,
            database
                .count("public.workout_plan_requests where status = 'completed'")
                .await,
        ),
        (100, 100 * 30 * 8, 31, 100)
    );
}

#[tokio::test]
async fn a_block_is_stored_row_by_row_with_its_substitutes() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let worker = database.worker().await;
    database.request(user).await;
    let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "injuries": "knee pain"});
    let brief = Brief::from_profile(&ProfileSnapshot::parse(&profile).unwrap());
    let checked = block::check_template(block::template(&brief, 1), &brief).unwrap();
    let block = checked
        .expand(jiff::civil::date(2026, 10, 20))
        .expect("a block");
    let mut plan = block.to_json();
    let row = |exercise: &&Exercise| json!({ "slug": exercise.slug, "name": exercise.name, "instructions": "Slowly." });
    plan["exercises"] = block.exercises().iter().map(row).collect();
    let claimed = database.claim(worker).await;
    let stored = database.publish(claimed, &plan).await.unwrap();
    assert!(stored.is_some());
    let counts = database
        .ask(
            &user_caller(user),
            "select jsonb_build_array(count(*), count(x.slug), count(s.slug), count(*) filter (where e.is_adjusted),
                 count(*) filter (where extract(isodow from e.date) = array_position(enum_range(null::public.weekday), e.day)))
             from public.workout_entries e join public.exercises x on x.id = e.exercise_id
             left join public.exercises s on s.id = e.streak_exercise_id",
        )
        .await
        .unwrap();
    let entries = block.entries();
    let count = |holds: fn(&Entry) -> bool| entries.iter().filter(|entry| holds(entry)).count();
    let substituted = count(|entry| entry.streak_exercise.is_some());
    let adjusted = count(|entry| entry.adjustment_reason.is_some());
    assert_eq!(
        counts,
        json!([
            entries.len(),
            entries.len(),
            substituted,
            adjusted,
            entries.len()
        ])
    );
    assert!(substituted > entries.len() / 2 && adjusted > 0);
}
