//! `request_workout_plan` and the plain INSERT: what they make, find and refuse.

use serde_json::{Value, json};
use uuid::Uuid;

use super::database::{Database, anonymous_caller, refused, service, user_caller};

const ASK: &str = "select public.request_workout_plan('three days a week, muscle')";

#[tokio::test]
async fn a_text_becomes_a_request_that_is_being_worked_on() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let answer = database.ask(&user_caller(user), ASK).await.unwrap();
    let request: Uuid = answer["request_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        answer,
        json!({ "request_id": request, "status": "processing",
            "message": "Workout plan generation started. You will be notified when complete." })
    );
    let row = database.row(request).await;
    assert_eq!(
        [
            &row["status"],
            &row["user_id"],
            &row["id"],
            &row["user_profile"]
        ],
        [
            &json!("processing"),
            &json!(user),
            &json!(request),
            &json!("three days a week, muscle")
        ]
    );
    assert_eq!(
        [
            &row["current_step"],
            &row["total_steps"],
            &row["exercises_total"],
            &row["exercises_completed"]
        ],
        [&json!(0), &json!(3), &json!(0), &json!(0)]
    );
    let task = database
        .value("select jsonb_build_array(t.id, t.kind, t.queue, t.input) from durable.task t join durable.ready r on r.task = t.id")
        .await;
    assert_eq!(
        task,
        json!([request, "generate_workout_plan", "workout_plan", { "request_id": request }])
    );
}

#[tokio::test]
async fn while_it_is_being_worked_on_every_further_call_gets_its_id() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let first = database.ask(&user_caller(user), ASK).await.unwrap();
    let second = database
        .ask(
            &user_caller(user),
            "select public.request_workout_plan('something else', 'be kind', 'Europe/Berlin')",
        )
        .await
        .unwrap();
    assert_eq!(first, second);
    assert_eq!(
        (
            database.count("public.workout_plan_requests").await,
            database.count("durable.task").await
        ),
        (1, 1)
    );
    assert_ne!(
        database
            .ask(&user_caller(Uuid::new_v4()), ASK)
            .await
            .unwrap(),
        first
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_calls_and_inserts_at_once_one_makes_a_request() {
    let database = std::sync::Arc::new(Database::fresh().await);
    let user = Uuid::new_v4();
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..100 {
        let database = database.clone();
        calls.spawn(async move {
            if number % 4 == 0 {
                let insert = format!(
                    "insert into public.workout_plan_requests (user_id, user_profile) values ('{user}', 'three days')"
                );
                database.ask(&user_caller(user), &insert).await
            } else {
                database.ask(&user_caller(user), ASK).await
            }
        });
    }
    let only: Uuid = {
        let answers = calls.join_all().await;
        for refusal in answers.iter().filter_map(|answer| answer.as_ref().err()) {
            assert_eq!(refusal.state, "23505");
        }
        let ids: std::collections::BTreeSet<&str> = answers
            .iter()
            .filter_map(|answer| answer.as_ref().ok()?.get("request_id")?.as_str())
            .collect();
        assert_eq!(ids.len(), 1);
        ids.first().unwrap().parse().unwrap()
    };
    assert_eq!(database.row(only).await["status"], "processing");
    assert_eq!(
        (
            database.count("public.workout_plan_requests").await,
            database.count("durable.ready").await
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_plain_insert_is_queued_and_may_bring_its_own_request_id() {
    let database = Database::fresh().await;
    let (user, own) = (Uuid::new_v4(), Uuid::new_v4());
    let insert = |user: Uuid, request: Uuid| {
        format!(
            "insert into public.workout_plan_requests (user_id, request_id, user_profile) values ('{user}', '{request}', 'run')"
        )
    };
    database
        .ask(&user_caller(user), &insert(user, own))
        .await
        .unwrap();
    let row = database.row(own).await;
    assert_eq!(row["status"], "processing");
    assert_ne!(row["id"], row["request_id"]);
    assert_eq!(
        database
            .value("select to_jsonb(task) from durable.ready")
            .await,
        row["id"]
    );
    assert_eq!(
        database.ask(&user_caller(user), ASK).await.unwrap()["request_id"],
        json!(own)
    );
    let inputs = database
        .ask(
            &user_caller(user),
            "select to_jsonb(request_id) from public.workout_plan_inputs",
        )
        .await;
    assert_eq!(inputs.unwrap(), json!(own));
    // One a user, one a request id, and only for oneself.
    refused(
        database
            .ask(&user_caller(user), &insert(user, Uuid::new_v4()))
            .await,
        "23505",
        "",
    );
    let other = Uuid::new_v4();
    refused(
        database.ask(&user_caller(other), &insert(other, own)).await,
        "23505",
        "",
    );
    refused(
        database
            .ask(&user_caller(other), &insert(user, Uuid::new_v4()))
            .await,
        "42501",
        "",
    );
    refused(
        database.ask(&user_caller(other), "insert into public.workout_plan_requests (user_profile, status) values ('run', 'completed')").await,
        "42501",
        "",
    );
    // The user is who asks, unless the row says otherwise.
    database
        .ask(
            &user_caller(other),
            "insert into public.workout_plan_requests (user_profile) values ('run')",
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_text_must_be_there_and_not_too_long_by_either_door() {
    let database = Database::fresh().await;
    let user = user_caller(Uuid::new_v4());
    for (text, state, code) in [
        ("null", "PT400", "INVALID_REQUEST"),
        ("''", "PT400", "INVALID_REQUEST"),
        ("e' \\n\\t '", "PT400", "INVALID_REQUEST"),
        ("repeat('ä', 20001)", "PT413", "PAYLOAD_TOO_LARGE"),
    ] {
        refused(
            database
                .ask(
                    &user,
                    &format!("select public.request_workout_plan({text})"),
                )
                .await,
            state,
            code,
        );
        let insert =
            format!("insert into public.workout_plan_requests (user_profile) values ({text})");
        refused(database.ask(&user, &insert).await, state, code);
    }
    assert_eq!(database.count("public.workout_plan_requests").await, 0);
    database
        .ask(
            &user,
            "select public.request_workout_plan(repeat('ä', 20000))",
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn the_same_key_gets_the_same_answer_for_a_day_and_another_body_is_refused() {
    let database = Database::fresh().await;
    let user = user_caller(Uuid::new_v4());
    let with_key = |text: &str| {
        format!("select public.request_workout_plan('{text}', p_idempotency_key => 'k')")
    };
    let first = database.ask(&user, &with_key("run")).await.unwrap();
    let cancel = format!(
        "select to_jsonb(public.cancel_workout_plan_request('{}'))",
        first["request_id"].as_str().unwrap()
    );
    database.ask(&user, &cancel).await.unwrap();
    assert_eq!(database.ask(&user, &with_key("run")).await.unwrap(), first);
    refused(
        database.ask(&user, &with_key("swim")).await,
        "PT409",
        "IDEMPOTENCY_CONFLICT",
    );
    refused(
        database
            .ask(
                &user,
                "select public.request_workout_plan('run', p_idempotency_key => '')",
            )
            .await,
        "PT400",
        "INVALID_REQUEST",
    );
    // Keys are a user's and a flow's own.
    let another = database
        .ask(&user_caller(Uuid::new_v4()), &with_key("swim"))
        .await
        .unwrap();
    assert_ne!(another, first);
    database
        .run("update coach.idempotency set created_at = now() - interval '25 hours'")
        .await;
    assert_ne!(database.ask(&user, &with_key("swim")).await.unwrap(), first);
}

#[tokio::test]
async fn twenty_a_day_and_three_for_an_anonymous_user_cancelled_ones_counted() {
    let database = Database::fresh().await;
    for (caller, limit) in [(user_caller as fn(Uuid) -> _, 20), (anonymous_caller, 3)] {
        let user = Uuid::new_v4();
        for _ in 0..limit {
            let answer = database.ask(&caller(user), ASK).await.unwrap();
            let cancel = format!(
                "select to_jsonb(public.cancel_workout_plan_request('{}'))",
                answer["request_id"].as_str().unwrap()
            );
            database.ask(&caller(user), &cancel).await.unwrap();
        }
        refused(
            database.ask(&caller(user), ASK).await,
            "PT429",
            "TOO_MANY_REQUESTS",
        );
        let insert = "insert into public.workout_plan_requests (user_profile) values ('run')";
        refused(
            database.ask(&caller(user), insert).await,
            "PT429",
            "TOO_MANY_REQUESTS",
        );
        // The other flow counts its own.
        let weekly = r#"select public.create_plan_job('{"goal": "ENDURANCE", "trainingDays": 3}')"#;
        assert_eq!(
            database.ask(&caller(user), weekly).await.unwrap()["status"],
            "created"
        );
        database
            .run(&format!("update public.workout_plan_requests set created_at = created_at - interval '1 day' where user_id = '{user}'"))
            .await;
        database.ask(&caller(user), ASK).await.unwrap();
    }
}

#[tokio::test]
async fn the_service_role_names_the_user_and_nobody_else_can() {
    let database = Database::fresh().await;
    let (user, other) = (Uuid::new_v4(), Uuid::new_v4());
    let named = format!("select public.request_workout_plan('run', p_user_id => '{user}')");
    refused(
        database.ask(&service(), ASK).await,
        "PT400",
        "INVALID_REQUEST",
    );
    let answer = database.ask(&service(), &named).await.unwrap();
    assert_eq!(database.ask(&user_caller(user), ASK).await.unwrap(), answer);
    let own = database.ask(&user_caller(other), &named).await.unwrap();
    let row = database
        .row(own["request_id"].as_str().unwrap().parse().unwrap())
        .await;
    assert_eq!(row["user_id"], json!(other));
}

/// What is kept beside a request that was made with this call's further arguments.
async fn inputs(database: &Database, arguments: &str) -> (Value, Value) {
    let answer = database
        .ask(
            &user_caller(Uuid::new_v4()),
            &format!("select public.request_workout_plan('run', {arguments})"),
        )
        .await
        .unwrap();
    let request = answer["request_id"].as_str().unwrap();
    (
        database.value(&format!("select to_jsonb(i) from public.workout_plan_inputs i where i.request_id = '{request}'")).await,
        database
            .value(&format!("select jsonb_agg(jsonb_build_array(e.type, e.data)) from durable.event e where e.task = '{request}'"))
            .await,
    )
}

#[tokio::test]
async fn a_long_style_note_is_cut_for_the_model_and_that_is_noted() {
    let database = Database::fresh().await;
    let (kept, events) = inputs(&database, "repeat('ü', 4001)").await;
    assert_eq!(
        kept["system_prompt"].as_str().unwrap().chars().count(),
        4000
    );
    assert_eq!(
        events,
        json!([["system_prompt_cut", { "characters": 4001, "kept": 4000 }]])
    );
    let (kept, events) = inputs(&database, "repeat('ü', 4000)").await;
    assert_eq!(
        kept["system_prompt"].as_str().unwrap().chars().count(),
        4000
    );
    assert_eq!(events, Value::Null);
    assert_eq!(
        inputs(&database, "'  '").await.0["system_prompt"],
        Value::Null
    );
}

#[tokio::test]
async fn an_operator_may_forbid_style_notes() {
    let database = Database::fresh().await;
    database
        .run("select coach.set_setting('allow_system_prompt', 'false')")
        .await;
    let (kept, events) = inputs(&database, "'be a pirate'").await;
    assert_eq!(kept["system_prompt"], Value::Null);
    assert_eq!(
        events,
        json!([["system_prompt_left_out", { "characters": 11 }]])
    );
}

#[tokio::test]
async fn a_time_zone_is_kept_if_it_is_one() {
    let database = Database::fresh().await;
    for (zone, kept) in [
        ("Europe/Berlin", json!("Europe/Berlin")),
        ("UTC", json!("UTC")),
        ("Mars/Olympus", Value::Null),
        ("FOO+3", Value::Null),
        ("'; drop table x", Value::Null),
    ] {
        let arguments = format!("p_time_zone => $zone${zone}$zone$");
        assert_eq!(
            inputs(&database, &arguments).await.0["time_zone"],
            kept,
            "{zone}"
        );
    }
}
