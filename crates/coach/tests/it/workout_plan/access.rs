//! Whose rows are whose, on a database that looks like a Supabase project.

use serde_json::json;
use uuid::{Uuid, uuid};

use super::database::{Database, refused, service, user_caller};

const SUPABASE: &str = include_str!("../fixtures/supabase.sql");
const ADA: Uuid = uuid!("00000000-0000-4000-8000-00000000000a");
const BEN: Uuid = uuid!("00000000-0000-4000-8000-00000000000b");
async fn supabase() -> Database {
    let database = Database::before_us(SUPABASE, Some("project_owner")).await;
    coach::migrate::migrate(&database.pool).await.unwrap();
    database
}

#[tokio::test]
async fn a_user_sees_and_touches_only_own_rows() {
    let database = supabase().await;
    let worker = database.worker().await;
    let plan = database.completed_plan(ADA, worker).await;
    let (ada, ben) = (user_caller(ADA), user_caller(BEN));
    for table in [
        "workout_plan_requests",
        "workout_plan_inputs",
        "workout_plans",
        "workout_entries",
    ] {
        let count = format!("select to_jsonb(count(*)) from public.{table}");
        let expected = if table == "workout_entries" { 16 } else { 1 };
        assert_eq!(
            database.ask(&ada, &count).await.unwrap(),
            expected,
            "{table}"
        );
        assert_eq!(
            database.ask(&service(), &count).await.unwrap(),
            expected,
            "{table}"
        );
        assert_eq!(database.ask(&ben, &count).await.unwrap(), 0, "{table}");
        let nobody = coach::caller::Caller::of_role(coach::caller::Role::Authenticated);
        assert_eq!(database.ask(&nobody, &count).await.unwrap(), 0, "{table}");
    }
    let insert = format!(
        "insert into public.workout_entries (workout_plan_id, week_number, day, exercise_id)
         select '{plan}', 1, 'friday', id from public.exercises limit 1 returning to_jsonb(day)"
    );
    assert_eq!(database.ask(&ada, &insert).await.unwrap(), "friday");
    refused(database.ask(&ben, &insert).await, "42501", "");
    let count =
        |change: &str| format!("with c as ({change} returning 1) select to_jsonb(count(*)) from c");
    assert_eq!(
        database
            .ask(&ben, &count("update public.workout_entries set sets = 1"))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        database
            .ask(&ben, &count("delete from public.workout_entries"))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        database
            .ask(
                &ada,
                &count("update public.workout_entries set sets = 1 where day = 'friday'")
            )
            .await
            .unwrap(),
        1
    );
    // An entry cannot be moved into another's plan.
    let bens = database.completed_plan(BEN, worker).await;
    refused(
        database
            .ask(
                &ada,
                &format!("update public.workout_entries set workout_plan_id = '{bens}'"),
            )
            .await,
        "42501",
        "",
    );
    assert_eq!(
        database
            .ask(
                &ada,
                &count("delete from public.workout_entries where day = 'friday'")
            )
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn rows_go_with_their_user_and_realtime_hears_of_the_tables() {
    let database = supabase().await;
    let worker = database.worker().await;
    database.completed_plan(ADA, worker).await;
    database.request(ADA).await;
    database
        .run(&format!("delete from auth.users where id = '{ADA}'"))
        .await;
    for table in [
        "workout_plan_requests",
        "workout_plan_inputs",
        "workout_plans",
        "workout_entries",
    ] {
        assert_eq!(
            database.count(&format!("public.{table}")).await,
            0,
            "{table}"
        );
    }
    assert_eq!(
        database
            .count("durable.ready where queue = 'workout_plan'")
            .await,
        0
    );
    let heard = database
        .value("select jsonb_agg(tablename order by tablename) from pg_publication_tables where pubname = 'supabase_realtime' and tablename ~ 'workout|exercise'")
        .await;
    assert_eq!(
        heard,
        json!([
            "exercise_texts",
            "exercises",
            "workout_entries",
            "workout_plan_requests",
            "workout_plans"
        ])
    );
}

#[tokio::test]
async fn graphql_finds_the_names_of_the_two_exercises_of_an_entry() {
    let database = supabase().await;
    let names = database
        .value(
            "select jsonb_object_agg(a.attname, substring(obj_description(k.oid, 'pg_constraint') from '\"foreign_name\": \"(\\w+)\"'))
             from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
             where k.conrelid = 'public.workout_entries'::regclass and k.confrelid = 'public.exercises'::regclass",
        )
        .await;
    assert_eq!(
        names,
        json!({ "exercise_id": "exercises", "streak_exercise_id": "streakExercises" })
    );
}
