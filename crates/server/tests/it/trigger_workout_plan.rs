//! `trigger-workout-plan`, also under its old name: what it makes, what it finds, and what it refuses.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::TestDatabase;
use crate::support::{
    SECRET_KEY, TestServer, anon_key, answer, claims_of, no_database, token, token_of, with,
};

const TRIGGER: &str = "/functions/v1/trigger-workout-plan";
const OLD_NAME: &str = "/functions/v1/generate-workout-plan";

fn text() -> Value {
    json!({ "userProfile": "I want to build muscle, three days a week, dumbbells at home." })
}

fn request_of(answer: &Value) -> Uuid {
    answer["request_id"].as_str().unwrap().parse().unwrap()
}

/// Asserts the flow's envelope, without `success`, and returns its sentence.
fn refused((status, body): (u16, Value), expected: u16, code: &str) -> String {
    assert_eq!((status, &body["code"]), (expected, &json!(code)), "{body}");
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    let sentence = body["error"].as_str().unwrap();
    assert!(
        sentence.len() > 10 && sentence.contains(' '),
        "{sentence:?} is no sentence"
    );
    sentence.to_owned()
}

async fn row(database: &TestDatabase, request: Uuid) -> Value {
    sqlx::query_scalar(
        "select to_jsonb(r) || jsonb_build_object('inputs', to_jsonb(i)) from public.workout_plan_requests r
         join public.workout_plan_inputs i on i.id = r.id where r.request_id = $1",
    )
    .bind(request)
    .fetch_one(&database.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_text_becomes_a_request_of_its_user_under_both_names_and_wakes_a_worker() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    for (before, path) in [(0, TRIGGER), (2, OLD_NAME)] {
        let user = Uuid::new_v4();
        let (status, body) = server.ask(path, &token_of(user), &text()).await;
        assert_eq!(status, 200);
        let request = request_of(&body);
        assert_eq!(
            body,
            json!({ "request_id": request, "status": "processing",
                "message": "Workout plan generation started. You will be notified when complete." })
        );
        let row = row(&database, request).await;
        assert_eq!(
            (
                &row["user_id"],
                &row["user_profile"],
                &row["status"],
                &row["current_step"]
            ),
            (
                &json!(user),
                &text()["userProfile"],
                &json!("processing"),
                &json!(0)
            )
        );
        assert_eq!(server.woken(), before + 1);
        let (_, again) = server
            .ask(
                path,
                &token_of(user),
                &json!({ "userProfile": "something else" }),
            )
            .await;
        assert_eq!(again, body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_users_at_once_get_a_request_each_and_one_user_only_one() {
    let database = TestDatabase::new().await;
    let server = std::sync::Arc::new(database.server().await);
    let one = Uuid::new_v4();
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..100 {
        let server = server.clone();
        let user = if number < 50 { Uuid::new_v4() } else { one };
        calls.spawn(async move { (user, server.ask(TRIGGER, &token_of(user), &text()).await) });
    }
    let mut requests = std::collections::BTreeSet::new();
    for (user, (status, body)) in calls.join_all().await {
        assert_eq!(status, 200, "{body}");
        requests.insert((user, request_of(&body)));
    }
    assert_eq!(requests.len(), 51);
    let rows: (i64, i64) = sqlx::query_as(
        "select (select count(*) from public.workout_plan_requests), (select count(*) from durable.ready where queue = 'workout_plan')",
    )
    .fetch_one(&database.pool)
    .await
    .unwrap();
    assert_eq!(rows, (51, 51));
}

#[tokio::test]
async fn a_text_that_is_missing_blank_or_no_text_is_400_and_one_that_is_too_long_413() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = token_of(Uuid::new_v4());
    for body in [
        json!({}),
        json!({ "userProfile": null }),
        json!({ "userProfile": "" }),
        json!({ "userProfile": " \n\t " }),
        json!({ "userProfile": ["three days"] }),
    ] {
        let sentence = refused(
            server.ask(TRIGGER, &user, &body).await,
            400,
            "INVALID_REQUEST",
        );
        assert!(sentence.contains("userProfile"), "{sentence}");
    }
    for field in ["systemPrompt", "timeZone", "idempotencyKey"] {
        let body = with(text(), json!({ field: 7 }));
        let sentence = refused(
            server.ask(TRIGGER, &user, &body).await,
            400,
            "INVALID_REQUEST",
        );
        assert!(sentence.contains(field), "{sentence}");
    }
    let long = |characters: usize| json!({ "userProfile": "ü".repeat(characters) });
    refused(
        server.ask(TRIGGER, &user, &long(20_001)).await,
        413,
        "PAYLOAD_TOO_LARGE",
    );
    refused(
        server.ask(TRIGGER, &user, &long(200_000)).await,
        413,
        "PAYLOAD_TOO_LARGE",
    );
    assert_eq!((database.rows().await, server.woken()), (0, 0));
    assert_eq!(server.ask(TRIGGER, &user, &long(20_000)).await.0, 200);
}

#[tokio::test]
async fn a_style_note_of_any_length_is_taken_and_kept_to_four_thousand_characters() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let body = with(
        text(),
        json!({ "systemPrompt": "é".repeat(50_000), "timeZone": "America/New_York" }),
    );
    let (status, answer) = server.ask(TRIGGER, &token_of(Uuid::new_v4()), &body).await;
    assert_eq!(status, 200, "{answer}");
    let inputs = row(&database, request_of(&answer)).await["inputs"].take();
    assert_eq!(
        inputs["system_prompt"].as_str().unwrap().chars().count(),
        4000
    );
    assert_eq!(inputs["time_zone"], "America/New_York");
    let unknown = with(text(), json!({ "timeZone": "Mars/Olympus" }));
    let (status, answer) = server
        .ask(TRIGGER, &token_of(Uuid::new_v4()), &unknown)
        .await;
    assert_eq!(
        (
            status,
            &row(&database, request_of(&answer)).await["inputs"]["time_zone"]
        ),
        (200, &Value::Null)
    );
}

#[tokio::test]
async fn a_key_in_body_or_header_gets_the_same_answer_and_another_body_409() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let (user, key) = (Uuid::new_v4(), json!({ "idempotencyKey": "once" }));
    let (_, first) = server
        .ask(TRIGGER, &token_of(user), &with(text(), key.clone()))
        .await;
    sqlx::query("select durable.finish($1, 'failed', null, 'VALIDATION_FAILED')")
        .bind(request_of(&first))
        .execute(&database.pool)
        .await
        .unwrap();
    let by_header = server
        .post(OLD_NAME)
        .bearer_auth(token_of(user))
        .header("Idempotency-Key", "once")
        .json(&text());
    assert_eq!(answer(by_header).await, (200, first.clone()));
    let other = with(json!({ "userProfile": "swim" }), key.clone());
    refused(
        server.ask(TRIGGER, &token_of(user), &other).await,
        409,
        "IDEMPOTENCY_CONFLICT",
    );
    // A key is a user's own, and a flow's own.
    assert_ne!(
        server
            .ask(
                TRIGGER,
                &token_of(Uuid::new_v4()),
                &with(text(), key.clone())
            )
            .await
            .1,
        first
    );
    let weekly = with(crate::database::request(), key);
    assert_eq!(
        server
            .ask(crate::database::CREATE, &token_of(user), &weekly)
            .await
            .1["status"],
        "created"
    );
}

#[tokio::test]
async fn the_service_role_names_the_user_and_nobody_else_can() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let (user, other) = (Uuid::new_v4(), Uuid::new_v4());
    let named = with(text(), json!({ "userId": user }));
    let (_, by_service) = server.ask(TRIGGER, SECRET_KEY, &named).await;
    assert_eq!(
        row(&database, request_of(&by_service)).await["user_id"],
        json!(user)
    );
    let (_, own) = server.ask(TRIGGER, &token_of(other), &named).await;
    assert_eq!(
        row(&database, request_of(&own)).await["user_id"],
        json!(other)
    );
    refused(
        server.ask(TRIGGER, SECRET_KEY, &text()).await,
        400,
        "INVALID_REQUEST",
    );
}

#[tokio::test]
async fn an_anonymous_user_has_three_a_day() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = Uuid::new_v4();
    let anonymous = token(&with(claims_of(user), json!({ "is_anonymous": true })));
    for _ in 0..3 {
        let (_, answer) = server.ask(TRIGGER, &anonymous, &text()).await;
        sqlx::query("select durable.finish($1, 'failed', null, 'VALIDATION_FAILED')")
            .bind(request_of(&answer))
            .execute(&database.pool)
            .await
            .unwrap();
    }
    refused(
        server.ask(TRIGGER, &anonymous, &text()).await,
        429,
        "TOO_MANY_REQUESTS",
    );
}

#[tokio::test]
async fn every_refusal_has_the_flows_own_form() {
    let server = TestServer::start(no_database()).await;
    let user = token_of(Uuid::new_v4());
    for path in [TRIGGER, OLD_NAME] {
        refused(
            answer(server.post(path).json(&text())).await,
            401,
            "UNAUTHORIZED",
        );
        refused(
            server.ask(path, &anon_key(), &text()).await,
            401,
            "UNAUTHORIZED",
        );
        refused(
            answer(server.post(path).bearer_auth(&user).body("{")).await,
            400,
            "INVALID_JSON",
        );
        refused(
            answer(
                server
                    .post(path)
                    .bearer_auth(&user)
                    .body("x".repeat(300_000)),
            )
            .await,
            413,
            "PAYLOAD_TOO_LARGE",
        );
        refused(server.ask(path, &user, &text()).await, 503, "UNAVAILABLE");
        let get = server.client.get(format!("{}{path}", server.url));
        let response = get.try_clone().unwrap().send().await.unwrap();
        assert_eq!(response.headers()["allow"], "POST");
        refused(answer(get).await, 405, "METHOD_NOT_ALLOWED");
    }
    assert_eq!(server.woken(), 0);
}
