//! One request, all rooms: HTTP → job and task → worker → planner and checker → the stored week → HTTP.

use std::sync::Arc;

use coach::generate_weekly_plan::{GenerateWeeklyPlan, QUEUE};
use durable::{Worker, WorkerOptions};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::{CREATE, PROCESS, TestDatabase, request};
use crate::support::{TestServer, token_of};

const DAYS: [&str; 7] = [
    "friday",
    "monday",
    "saturday",
    "sunday",
    "thursday",
    "tuesday",
    "wednesday",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_goes_in_by_http_and_a_week_comes_out_of_the_database() {
    let database = TestDatabase::new().await;
    let options = WorkerOptions::named("whole-way");
    let worker = Arc::new(
        Worker::new(database.pool.clone(), options)
            .serve(QUEUE, GenerateWeeklyPlan)
            .start(),
    );
    let waking = worker.clone();
    database.worker_is_listening().await;
    let server =
        TestServer::start_with_wake(database.pool.clone(), Arc::new(move || waking.wake())).await;
    let user = Uuid::new_v4();

    let (_, created) = server.ask(CREATE, &token_of(user), &request()).await;
    assert_eq!(created["status"], "created");
    let ended = server
        .ask(PROCESS, &token_of(user), &json!({ "wait": true }))
        .await
        .1;

    let (job, status): (Uuid, String) = database.jobs_of(user).await.remove(0);
    assert_eq!(
        (created["jobId"].as_str(), status.as_str()),
        (Some(job.to_string().as_str()), "completed")
    );
    let (plan, days): (Uuid, Value) =
        sqlx::query_as("select id, days from public.weekly_base_plans where user_id = $1 and generation_job_id = $2")
            .bind(user)
            .bind(job)
            .fetch_one(&database.pool)
            .await
            .unwrap();
    let mut names: Vec<&String> = days.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, DAYS);
    // Quicker than the call that waits for it, the job may be done before there is one to wait for.
    match ended["status"].as_str() {
        Some("completed") => assert_eq!(
            (&ended["jobId"], &ended["planId"]),
            (&created["jobId"], &json!(plan))
        ),
        other => assert_eq!(other, Some("no_jobs")),
    }
}
