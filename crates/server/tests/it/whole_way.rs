//! One request through all rooms: HTTP → job → engine → worker → planner → checker → stored plan → notification.
//! Read this second, after docs/architecture.md.

use std::time::Duration;

use coach::brief::Brief;
use coach::caller::{Caller, Role, begin};
use coach::chain::Chain;
use coach::generate_weekly_plan::{GenerateWeeklyPlan, QUEUE};
use coach::plan::check_days;
use coach::profile::ProfileSnapshot;
use durable::{Worker, WorkerOptions};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::{CREATE, PROCESS, TestDatabase};
use crate::support::{claims_of, token_of};

fn athlete() -> Value {
    json!({
        "goal": "MUSCLE_GAIN", "trainingDays": 4, "trainingLevel": "Intermediate", "equipment": ["Dumbbells"], "sessionLength": 60,
        "age": 34, "sex": "Female", "height": 168, "weight": 64, "dietaryPrefs": ["Vegetarian"], "injuries": "old shoulder pain",
    })
}

#[tokio::test]
async fn a_profile_goes_in_by_http_and_a_checked_week_comes_out_of_the_database() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let worker = Worker::new(database.pool.clone(), WorkerOptions::named("test"))
        .serve(QUEUE, GenerateWeeklyPlan::new(Chain::rules()))
        .start();
    worker.listening().await;
    let (user, other) = (Uuid::new_v4(), Uuid::new_v4());
    let profile = athlete();

    // The app asks, and asks how it ends.
    let (status, created) = server
        .ask(
            CREATE,
            &token_of(user),
            &json!({ "profileSnapshot": profile }),
        )
        .await;
    assert_eq!(
        (status, &created["status"]),
        (200, &json!("created")),
        "{created}"
    );
    worker.wake();
    let (status, ended) = server
        .ask(PROCESS, &token_of(user), &json!({ "wait": true }))
        .await;
    let plan = plan_of(&database, user, &created).await;
    if ended["status"] != json!("no_jobs") {
        // A plan is made in milliseconds: the job may have ended before the second call came.
        assert_eq!(
            (status, &ended["status"]),
            (200, &json!("completed")),
            "{ended}"
        );
        assert_eq!(ended["planId"], plan["id"]);
    }

    // What was stored is the contract's week, and it passes the checker for this athlete.
    let days = plan["days"].as_object().unwrap();
    let mut keys: Vec<_> = days.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "friday",
            "monday",
            "saturday",
            "sunday",
            "thursday",
            "tuesday",
            "wednesday"
        ]
    );
    let brief = Brief::from_profile(&ProfileSnapshot::parse(&profile).unwrap());
    check_days(&plan["days"], &brief).unwrap();
    assert_eq!(
        (&plan["version"], &plan["status"]),
        (&json!(1), &json!("generated"))
    );

    // The athlete is told; nobody else sees anything.
    let told = seen_by(
        &database,
        user,
        "select data from public.user_notifications t",
    )
    .await;
    assert_eq!(
        told,
        [json!({ "type": "base_plan_ready", "screen": "/plan-preview", "planId": plan["id"] })]
    );
    for table in [
        "plan_generation_jobs",
        "weekly_base_plans",
        "user_notifications",
    ] {
        let seen = seen_by(
            &database,
            other,
            &format!("select to_jsonb(t) from public.{table} t"),
        )
        .await;
        assert!(seen.is_empty(), "{table}");
    }
    worker.drain(Duration::from_secs(10)).await;
}

/// The plan that the job's row names once it is completed, read as its user.
async fn plan_of(database: &TestDatabase, user: Uuid, created: &Value) -> Value {
    let job = created["jobId"].as_str().unwrap();
    let row = format!("select to_jsonb(t) from public.plan_generation_jobs t where t.id = '{job}'");
    let ended = async {
        loop {
            let row = seen_by(database, user, &row).await.remove(0);
            match row["status"].as_str().unwrap() {
                "pending" | "processing" => tokio::task::yield_now().await,
                _ => return row,
            }
        }
    };
    let row = tokio::time::timeout(Duration::from_secs(30), ended)
        .await
        .unwrap();
    assert_eq!(
        (&row["status"], &row["error_code"]),
        (&json!("completed"), &Value::Null),
        "{row}"
    );
    let plan = row["result_plan_id"].as_str().unwrap();
    seen_by(
        database,
        user,
        &format!("select to_jsonb(t) from public.weekly_base_plans t where t.id = '{plan}'"),
    )
    .await
    .remove(0)
}

/// What a query shows this user under row level security.
async fn seen_by(database: &TestDatabase, user: Uuid, query: &str) -> Vec<Value> {
    let caller = Caller {
        role: Role::Authenticated,
        claims: claims_of(user),
    };
    let mut transaction = begin(&database.pool, &caller).await.unwrap();
    sqlx::query_scalar(sqlx::AssertSqlSafe(query))
        .fetch_all(&mut *transaction)
        .await
        .unwrap()
}
