//! Tables that were here before us: rows and types stay, what is missing is added, running requests are taken over.

use serde_json::{Value, json};
use uuid::{Uuid, uuid};

use super::database::{Database, eight_weeks, user_caller};

const OLDER: &str = include_str!("../fixtures/older_workout.sql");
const ADA: Uuid = uuid!("00000000-0000-4000-8000-00000000000a");

async fn adopted() -> Database {
    let database = Database::before_us(OLDER, None).await;
    coach::migrate::migrate(&database.pool).await.unwrap();
    database
}

#[tokio::test]
async fn older_tables_keep_their_rows_and_get_what_they_lack() {
    let database = adopted().await;
    let requests = database
        .value("select jsonb_agg(jsonb_build_array(request_id, status, total_steps) order by created_at) from public.workout_plan_requests where status = 'processing'")
        .await;
    assert_eq!(
        requests,
        json!([
            ["10000000-0000-4000-8000-000000000001", "processing", 3],
            ["30000000-0000-4000-8000-000000000002", "processing", 3]
        ])
    );
    let slugs = database
        .value("select jsonb_agg(slug order by name) from public.exercises")
        .await;
    assert_eq!(
        slugs
            .as_array()
            .unwrap()
            .iter()
            .filter(|slug| **slug == "push-up")
            .count(),
        1
    );
    assert_eq!(
        slugs
            .as_array()
            .unwrap()
            .iter()
            .filter(|slug| slug.is_null())
            .count(),
        1
    );
    assert_eq!(
        database
            .count("public.workout_entries where week_number = 9")
            .await,
        3
    );
    let comment = "select to_jsonb(obj_description(oid, 'pg_constraint')) from pg_constraint where conname = 'the_exercise'";
    assert!(
        database
            .value(comment)
            .await
            .as_str()
            .unwrap()
            .contains("exercises")
    );
    coach::migrate::migrate(&database.pool).await.unwrap();
}

#[tokio::test]
async fn running_requests_of_before_are_worked_on_and_the_plan_fits_the_older_types() {
    let database = adopted().await;
    assert_eq!(
        database
            .count("durable.ready where queue = 'workout_plan'")
            .await,
        2
    );
    let worker = database.worker().await;
    for number in 1..=2 {
        let claimed = database.claim(worker).await;
        assert_eq!(
            claimed.0,
            Uuid::from_u128(0x1000_0000_0000_4000_8000_0000_0000_0000 + number)
        );
        database
            .publish(claimed, &eight_weeks())
            .await
            .unwrap()
            .unwrap();
    }
    assert_eq!(
        database
            .count("public.workout_plan_requests where status = 'completed'")
            .await,
        3
    );
    let plans = database
        .value("select jsonb_agg(status order by status) from public.workout_plans")
        .await;
    assert_eq!(plans, json!(["active", "paused", "paused"]));
    let texts = database
        .value("select to_jsonb(instructions) from public.exercises where slug = 'push-up'")
        .await;
    assert!(texts == "The old text" || texts == "Its double");
    // Two ran at once before; from now on it is one.
    let ask = "select public.request_workout_plan('run')";
    let first = database.ask(&user_caller(ADA), ask).await.unwrap();
    assert_eq!(database.ask(&user_caller(ADA), ask).await.unwrap(), first);
}

#[tokio::test]
async fn what_is_too_open_is_named_and_hardening_closes_it() {
    let database = adopted().await;
    let objects = "select jsonb_agg(distinct object order by object) from coach.findings()";
    let found = database.value(objects).await;
    for table in [
        "workout_plan_requests",
        "workout_plans",
        "workout_entries",
        "exercises",
    ] {
        assert!(
            found
                .as_array()
                .unwrap()
                .contains(&json!(format!("public.{table}"))),
            "{table} in {found}"
        );
    }
    let reading =
        "select to_jsonb(count(*)) from coach.findings() where problem like '%everybody reads%'";
    assert_eq!(
        database.value(reading).await,
        0,
        "exercises are for everybody to read"
    );
    database.run("select coach.harden()").await;
    assert_eq!(database.value(objects).await, Value::Null);
    let ask = "select public.request_workout_plan('run')";
    database
        .ask(&user_caller(Uuid::new_v4()), ask)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_cannot_be_reconciled_stops_the_migration_by_name() {
    let database = Database::before_us(
        "create table public.workout_plans (id uuid, user_id text);
         create table public.exercises (id uuid primary key);
         create type public.weekday as enum ('Mon', 'Tue');",
        None,
    )
    .await;
    let error = coach::migrate::migrate(&database.pool)
        .await
        .unwrap_err()
        .to_string();
    for part in [
        "workout_plans.user_id is text",
        "workout_plans.id is not unique",
        "exercises.name is missing",
        "lacks 'monday'",
    ] {
        assert!(error.contains(part), "{part:?} is not in {error}");
    }
    assert_eq!(
        database
            .value("select to_jsonb(to_regnamespace('coach'))")
            .await,
        Value::Null
    );
}
