//! `process-plan-queue`: a nudge that answers, and waits when asked to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use server::Settings;
use uuid::Uuid;

use crate::database::{CREATE, PROCESS, TestDatabase, request};
use crate::support::{
    SECRET_KEY, TestServer, answer, capture_log, refused, service_role_key, token_of,
};

/// A database with a worker and one waiting job.
async fn one_job(user: Uuid) -> (TestDatabase, Arc<TestServer>, Value) {
    let database = TestDatabase::new().await;
    database.idle_worker().await;
    let server = Arc::new(database.server().await);
    let (_, created) = server.ask(CREATE, &token_of(user), &request()).await;
    (database, server, created["jobId"].clone())
}

/// Asks to wait, on a task of its own; returns when the call knows which job it waits for.
async fn waiting(server: &Arc<TestServer>, user: Uuid) -> tokio::task::JoinHandle<(u16, Value)> {
    let woken = server.woken();
    let asking = server.clone();
    let call = tokio::spawn(async move {
        asking
            .ask(PROCESS, &token_of(user), &json!({ "wait": true }))
            .await
    });
    while server.woken() == woken {
        tokio::task::yield_now().await;
    }
    call
}

#[tokio::test]
async fn without_a_worker_it_is_503() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = token_of(Uuid::new_v4());
    refused(
        server.ask(PROCESS, &user, &json!({})).await,
        503,
        "NO_WORKER",
    );
    refused(
        server
            .ask(PROCESS, &service_role_key(), &json!({ "wait": true }))
            .await,
        503,
        "NO_WORKER",
    );
}

#[tokio::test]
async fn it_names_the_next_job_claims_nothing_and_nudges() {
    let user = Uuid::new_v4();
    let (database, server, job) = one_job(user).await;
    let woken = server.woken();
    let expected = json!({ "success": true, "jobId": job, "status": "processing" });
    assert_eq!(
        server.ask(PROCESS, &token_of(user), &json!({})).await,
        (200, expected.clone())
    );
    assert_eq!(
        answer(server.post(PROCESS).bearer_auth(token_of(user))).await,
        (200, expected)
    );
    assert_eq!(database.jobs_of(user).await[0].1, "pending");
    assert_eq!(server.woken(), woken + 2);
}

#[tokio::test]
async fn a_user_sees_own_jobs_and_the_service_role_all() {
    let (_database, server, job) = one_job(Uuid::new_v4()).await;
    let none = json!({ "success": true, "status": "no_jobs", "noJobsAvailable": true });
    assert_eq!(
        server
            .ask(PROCESS, &token_of(Uuid::new_v4()), &json!({}))
            .await,
        (200, none.clone())
    );
    assert_eq!(
        server
            .ask(PROCESS, &token_of(Uuid::new_v4()), &json!({ "wait": true }))
            .await,
        (200, none)
    );
    for key in [service_role_key(), SECRET_KEY.to_owned()] {
        assert_eq!(server.ask(PROCESS, &key, &json!({})).await.1["jobId"], job);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_calls_at_once_all_get_the_same_answer() {
    let user = Uuid::new_v4();
    let (database, server, job) = one_job(user).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let server = server.clone();
        calls.spawn(async move { server.ask(PROCESS, &token_of(user), &json!({})).await });
    }
    let expected = (
        200,
        json!({ "success": true, "jobId": job, "status": "processing" }),
    );
    assert!(
        calls
            .join_all()
            .await
            .iter()
            .all(|answer| *answer == expected)
    );
    assert_eq!(database.jobs_of(user).await.len(), 1);
}

#[tokio::test]
async fn asked_to_wait_it_answers_with_the_plan() {
    let user = Uuid::new_v4();
    let (database, server, job) = one_job(user).await;
    let answer = waiting(&server, user).await;
    let plan = database.complete_next(user).await;
    let expected = json!({ "success": true, "jobId": job, "status": "completed", "planId": plan });
    assert_eq!(answer.await.unwrap(), (200, expected));
}

#[tokio::test]
async fn asked_to_wait_it_answers_with_the_error() {
    let user = Uuid::new_v4();
    let (database, server, job) = one_job(user).await;
    let answer = waiting(&server, user).await;
    database
        .run("select public.claim_next_plan_job('outside')")
        .await;
    database.run("select public.fail_plan_job(id, 'Say how old you are.', 'INVALID_PROFILE') from public.plan_generation_jobs").await;
    let (status, body) = answer.await.unwrap();
    assert_eq!(
        (status, &body["success"], &body["status"], &body["code"]),
        (
            200,
            &json!(false),
            &json!("failed"),
            &json!("INVALID_PROFILE")
        )
    );
    assert_eq!(body["jobId"], job);
    assert!(
        body["error"]
            .as_str()
            .is_some_and(|error| !error.is_empty())
    );
}

#[tokio::test]
async fn a_job_that_is_deleted_ends_the_waiting() {
    let user = Uuid::new_v4();
    let (database, server, job) = one_job(user).await;
    let answer = waiting(&server, user).await;
    database
        .run("delete from public.plan_generation_jobs")
        .await;
    let (status, body) = answer.await.unwrap();
    assert_eq!((status, &body["status"]), (200, &json!("failed")));
    assert_eq!(
        (&body["jobId"], &body["code"]),
        (&job, &json!("JOB_NOT_FOUND"))
    );
}

#[tokio::test]
async fn the_waiting_ends_with_its_limit() {
    let user = Uuid::new_v4();
    let (database, _server, job) = one_job(user).await;
    let settings = Settings {
        wait_limit: Duration::from_millis(600),
        ..Settings::default()
    };
    let server = TestServer::start_with(database.pool.clone(), settings).await;
    let started = Instant::now();
    let answer = server
        .ask(PROCESS, &token_of(user), &json!({ "wait": true }))
        .await;
    assert_eq!(
        answer,
        (
            200,
            json!({ "success": true, "jobId": job, "status": "processing" })
        )
    );
    assert!(started.elapsed() >= Duration::from_millis(600));
}

#[tokio::test]
async fn a_server_that_stops_lets_nobody_wait() {
    let user = Uuid::new_v4();
    let (_database, server, job) = one_job(user).await;
    let answer = waiting(&server, user).await;
    server.shutdown.cancel();
    let answer = tokio::time::timeout(Duration::from_secs(10), answer)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        answer,
        (
            200,
            json!({ "success": true, "jobId": job, "status": "processing" })
        )
    );
}

#[tokio::test]
async fn a_client_that_leaves_ends_its_waiting() {
    let log = capture_log();
    let user = Uuid::new_v4();
    let (_database, server, _job) = one_job(user).await;
    waiting(&server, user).await.abort();
    let ended = |line: &str| line.contains(PROCESS) && line.contains(r#""message":"close""#);
    let seen = async {
        while !log.text().lines().any(ended) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Its limit is 55 s: an end before that is the client's.
    tokio::time::timeout(Duration::from_secs(20), seen)
        .await
        .unwrap();
    let answered = |line: &str| line.contains(PROCESS) && line.contains("answered");
    assert!(!log.text().lines().any(answered));
}
