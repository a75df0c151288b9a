//! `create-plan-job`: what it makes, what it finds, and what it refuses.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::{CREATE, TestDatabase, request, request_with};
use crate::support::{
    SECRET_KEY, answer, claims_of, refused, service_role_key, token, token_of, with,
};

fn job_of(answer: &Value) -> Uuid {
    answer["jobId"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_profile_becomes_a_pending_job_of_its_user_and_wakes_a_worker() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = Uuid::new_v4();
    let (status, body) = server.ask(CREATE, &token_of(user), &request()).await;
    assert_eq!(
        (status, &body["success"], &body["status"]),
        (200, &json!(true), &json!("created"))
    );
    assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    assert_eq!(
        database.jobs_of(user).await,
        [(job_of(&body), "pending".to_owned())]
    );
    assert_eq!(server.woken(), 1);
}

#[tokio::test]
async fn while_a_job_is_not_ended_every_further_call_finds_it() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = Uuid::new_v4();
    let (_, first) = server.ask(CREATE, &token_of(user), &request()).await;
    let redo_without_reason = request_with(json!({ "redo": true }));
    for body in [
        request(),
        redo_without_reason,
        request_with(json!({ "forceRegenerate": true })),
    ] {
        let (status, second) = server.ask(CREATE, &token_of(user), &body).await;
        assert_eq!(status, 200);
        assert_eq!(
            second,
            json!({ "success": true, "status": "existing", "existingJobId": first["jobId"] })
        );
    }
    assert_eq!((database.jobs_of(user).await.len(), server.woken()), (1, 1));
    let (_, another) = server
        .ask(CREATE, &token_of(Uuid::new_v4()), &request())
        .await;
    assert_eq!(another["status"], "created");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_calls_at_once_one_creates_and_the_others_find_its_job() {
    let database = TestDatabase::new().await;
    let server = std::sync::Arc::new(database.server().await);
    let user = Uuid::new_v4();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let server = server.clone();
        calls.spawn(async move { server.ask(CREATE, &token_of(user), &request()).await });
    }
    let answers = calls.join_all().await;
    assert!(
        answers.iter().all(|(status, _)| *status == 200),
        "{answers:?}"
    );
    let created: Vec<&Value> = answers
        .iter()
        .map(|(_, body)| body)
        .filter(|body| body["status"] == "created")
        .collect();
    let existing = answers
        .iter()
        .filter(|(_, body)| body["status"] == "existing");
    assert_eq!((created.len(), existing.clone().count()), (1, 49));
    let job = &created[0]["jobId"];
    assert!(
        existing
            .clone()
            .all(|(_, body)| body["existingJobId"] == *job)
    );
    assert_eq!(database.jobs_of(user).await.len(), 1);
}

#[tokio::test]
async fn a_key_answers_the_same_body_again_and_refuses_another() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = Uuid::new_v4();
    let keyed = request_with(json!({ "idempotencyKey": "press-1" }));
    let (_, first) = server.ask(CREATE, &token_of(user), &keyed).await;
    assert_eq!(
        server.ask(CREATE, &token_of(user), &keyed).await,
        (200, first.clone())
    );
    database.complete_next(user).await;
    assert_eq!(
        server.ask(CREATE, &token_of(user), &keyed).await,
        (200, first.clone())
    );
    let other_body = with(keyed.clone(), json!({ "forceRegenerate": true }));
    refused(
        server.ask(CREATE, &token_of(user), &other_body).await,
        409,
        "IDEMPOTENCY_CONFLICT",
    );

    let by_header = |key: &str, body: &Value| {
        server
            .post(CREATE)
            .bearer_auth(token_of(user))
            .header("Idempotency-Key", key)
            .json(body)
    };
    assert_eq!(
        answer(by_header("press-1", &request())).await,
        (200, first.clone())
    );
    assert_eq!(
        answer(by_header("ignored beside the body's", &keyed)).await,
        (200, first.clone())
    );
    let (_, another) = answer(by_header("press-2", &request())).await;
    assert_eq!(another["status"], "created");
    assert_ne!(another["jobId"], first["jobId"]);
    let (_, of_another_user) = server.ask(CREATE, &token_of(Uuid::new_v4()), &keyed).await;
    assert_ne!(of_another_user["jobId"], first["jobId"]);
}

#[tokio::test]
async fn an_idempotency_key_must_be_readable_and_short() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let long = request_with(json!({ "idempotencyKey": "k".repeat(256) }));
    refused(
        server.ask(CREATE, &token_of(Uuid::new_v4()), &long).await,
        400,
        "INVALID_REQUEST",
    );
    let odd = server
        .post(CREATE)
        .bearer_auth(token_of(Uuid::new_v4()))
        .header("Idempotency-Key", b"\xff".as_slice());
    refused(answer(odd.json(&request())).await, 400, "INVALID_REQUEST");
    assert_eq!(database.rows().await, 0);
}

#[tokio::test]
async fn the_service_role_acts_for_the_user_it_names_and_nobody_else_can() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let (named, user) = (Uuid::new_v4(), Uuid::new_v4());
    for key in [service_role_key(), SECRET_KEY.to_owned()] {
        refused(
            server.ask(CREATE, &key, &request()).await,
            400,
            "INVALID_REQUEST",
        );
    }
    let for_named = request_with(json!({ "userId": named }));
    let (_, created) = server.ask(CREATE, &service_role_key(), &for_named).await;
    assert_eq!(
        database.jobs_of(named).await,
        [(job_of(&created), "pending".to_owned())]
    );
    let (_, found) = server.ask(CREATE, SECRET_KEY, &for_named).await;
    assert_eq!(found["existingJobId"], created["jobId"]);

    for ignored in [json!(named), json!("somebody"), json!(7)] {
        let (status, _) = server
            .ask(
                CREATE,
                &token_of(user),
                &request_with(json!({ "userId": ignored })),
            )
            .await;
        assert_eq!(status, 200);
    }
    assert_eq!(
        (
            database.jobs_of(user).await.len(),
            database.jobs_of(named).await.len()
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_bad_profile_is_refused_at_the_door_by_the_name_of_its_field() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let cases = [
        ("profileSnapshot", json!({})),
        ("profileSnapshot", json!({ "profileSnapshot": null })),
        ("profileSnapshot", json!({ "profileSnapshot": [] })),
        ("goal", json!({ "profileSnapshot": { "trainingDays": 3 } })),
        (
            "goal",
            json!({ "profileSnapshot": { "goal": "GET_BIG", "trainingDays": 3 } }),
        ),
        (
            "trainingDays",
            json!({ "profileSnapshot": { "goal": "ENDURANCE" } }),
        ),
        (
            "trainingDays",
            json!({ "profileSnapshot": { "goal": "ENDURANCE", "trainingDays": 8 } }),
        ),
        (
            "age",
            json!({ "profileSnapshot": { "goal": "ENDURANCE", "trainingDays": 3, "age": -4 } }),
        ),
    ];
    for (field, body) in cases {
        let sentence = refused(
            server.ask(CREATE, &token_of(Uuid::new_v4()), &body).await,
            400,
            "INVALID_PROFILE",
        );
        assert!(
            sentence.contains(field),
            "{sentence:?} does not name {field}"
        );
    }
    assert_eq!((database.rows().await, server.woken()), (0, 0));
}

#[tokio::test]
async fn an_active_job_comes_before_a_bad_profile() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let token = token_of(Uuid::new_v4());
    let good = json!({ "profileSnapshot": { "goal": "ENDURANCE", "trainingDays": 3 } });
    let (_, created) = server.ask(CREATE, &token, &good).await;
    let bad = json!({ "profileSnapshot": { "goal": "GET_BIG", "trainingDays": 3 } });
    let (status, existing) = server.ask(CREATE, &token, &bad).await;
    assert_eq!(
        (status, &existing["status"], &existing["existingJobId"]),
        (200, &json!("existing"), &created["jobId"])
    );
}

#[tokio::test]
async fn what_is_plain_is_coerced_and_what_is_unknown_is_kept() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = Uuid::new_v4();
    let snapshot = json!({ "goal": "ENDURANCE", "trainingDays": "3", "equipment": "Dumbbells", "shoeSize": 44 });
    let (status, _) = server
        .ask(
            CREATE,
            &token_of(user),
            &json!({ "profileSnapshot": snapshot }),
        )
        .await;
    let stored: Value = sqlx::query_scalar(
        "select profile_snapshot from public.plan_generation_jobs where user_id = $1",
    )
    .bind(user)
    .fetch_one(&database.pool)
    .await
    .unwrap();
    assert_eq!(
        (status, &stored["shoeSize"], &stored["goal"]),
        (200, &json!(44), &json!("ENDURANCE"))
    );
}

#[tokio::test]
async fn a_health_check_writes_nothing() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let body = request_with(json!({ "healthCheck": true, "idempotencyKey": "k" }));
    let (status, _) = server.ask(CREATE, &token_of(Uuid::new_v4()), &body).await;
    assert_eq!((status, database.rows().await, server.woken()), (200, 0, 0));
}

#[tokio::test]
async fn a_body_of_exactly_256_kib_makes_a_job() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let body = |filler: usize| {
        json!({ "profileSnapshot": { "goal": "ENDURANCE", "trainingDays": 3, "specialRequests": "x".repeat(filler) } }).to_string()
    };
    let room = 262_144 - body(0).len();
    let post = |text: String| {
        server
            .post(CREATE)
            .bearer_auth(token_of(Uuid::new_v4()))
            .body(text)
    };
    let (status, created) = answer(post(body(room))).await;
    assert_eq!((status, &created["status"]), (200, &json!("created")));
    refused(answer(post(body(room + 1))).await, 413, "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn twenty_jobs_a_day_and_three_for_an_anonymous_user() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let (user, anonymous) = (Uuid::new_v4(), Uuid::new_v4());
    let anonymous_token = token(&with(claims_of(anonymous), json!({ "is_anonymous": true })));
    for (user, token, limit) in [(user, token_of(user), 20), (anonymous, anonymous_token, 3)] {
        database.ended_jobs(user, limit - 1).await;
        assert_eq!(
            server.ask(CREATE, &token, &request()).await.1["status"],
            "created"
        );
        assert_eq!(
            server.ask(CREATE, &token, &request()).await.1["status"],
            "existing"
        );
        database.complete_next(user).await;
        refused(
            server.ask(CREATE, &token, &request()).await,
            429,
            "TOO_MANY_REQUESTS",
        );
    }
}

#[tokio::test]
async fn a_redo_needs_a_reason_and_an_own_plan_of_this_week() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let (user, other) = (Uuid::new_v4(), Uuid::new_v4());
    let redo = |more: Value| {
        with(
            request_with(json!({ "redo": true, "redoReason": "too hard" })),
            more,
        )
    };
    refused(
        server.ask(CREATE, &token_of(user), &redo(json!({}))).await,
        400,
        "INVALID_REQUEST",
    );
    let plan = database.plan_of(user, "generated").await;
    let foreign = database.plan_of(other, "generated").await;
    for wrong in [
        json!({ "redoReason": null }),
        json!({ "redoReason": "x".repeat(501) }),
        json!({ "sourcePlanId": foreign }),
        json!({ "sourcePlanId": Uuid::new_v4() }),
    ] {
        refused(
            server.ask(CREATE, &token_of(user), &redo(wrong)).await,
            400,
            "INVALID_REQUEST",
        );
    }
    let (status, started) = server
        .ask(
            CREATE,
            &token_of(user),
            &redo(json!({ "redoType": "workout", "sourcePlanId": plan })),
        )
        .await;
    assert_eq!(
        (status, &started["success"], &started["status"]),
        (200, &json!(true), &json!("redo_started"))
    );
    assert_eq!(
        database.jobs_of(user).await,
        [(job_of(&started), "pending".to_owned())]
    );
    assert_eq!(server.woken(), 1);
}

#[tokio::test]
async fn a_redo_that_may_not_be_is_refused_with_200() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let redo = request_with(json!({ "redo": true, "redoReason": "too hard" }));
    for (status, expected) in [
        ("active", "redo_blocked_activated"),
        ("pending", "redo_blocked_generating"),
    ] {
        let user = Uuid::new_v4();
        let plan = database.plan_of(user, status).await;
        let (code, body) = server.ask(CREATE, &token_of(user), &redo).await;
        let error = body["error"].as_str().unwrap();
        assert_eq!(code, 200);
        assert_eq!(
            body,
            json!({ "success": false, "status": expected, "error": error, "existingPlanId": plan,
            "existingPlanStatus": status, "redoAllowed": false })
        );
    }
    assert_eq!((database.rows().await, server.woken()), (0, 0));
}

#[tokio::test]
async fn a_week_that_has_a_plan_says_so_where_one_is_the_rule() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    database
        .run("select coach.set_setting('one_plan_per_cycle', 'true')")
        .await;
    let user = Uuid::new_v4();
    let plan = database.plan_of(user, "generated").await;
    let (status, body) = server.ask(CREATE, &token_of(user), &request()).await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({ "success": true, "status": "plan_exists", "existingPlanId": plan,
        "existingPlanStatus": "generated", "redoAllowed": true })
    );
    let (_, forced) = server
        .ask(
            CREATE,
            &token_of(user),
            &request_with(json!({ "forceRegenerate": true })),
        )
        .await;
    assert_eq!(forced["status"], "created");
}

#[tokio::test]
async fn a_broken_database_is_500_and_says_nothing_of_itself() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    database.run("drop table coach.setting cascade").await;
    let sentence = refused(
        server
            .ask(CREATE, &token_of(Uuid::new_v4()), &request())
            .await,
        500,
        "INTERNAL_ERROR",
    );
    assert!(
        ["coach", "relation", "sql", "setting"]
            .iter()
            .all(|word| !sentence.to_lowercase().contains(word)),
        "{sentence}"
    );
}

#[tokio::test]
async fn where_users_have_accounts_a_user_without_one_is_told_so() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    database
        .run("create table public.accounts (id uuid primary key)")
        .await;
    database.run("alter table public.plan_generation_jobs add foreign key (user_id) references public.accounts").await;
    let answer = server
        .ask(CREATE, &token_of(Uuid::new_v4()), &request())
        .await;
    assert!(refused(answer, 400, "INVALID_REQUEST").contains("account"));
}
