//! The operator's side, by HTTP, on rows that real runs have left.

mod access;
mod actions;
mod bulk;
mod changes;
mod figures;
mod metrics;
mod plans;
mod playground;
mod queues;
mod schedules;
mod tasks;

use std::time::Duration;

use coach::bulk_action::{self, BulkTask};
use coach::chain::Chain;
use coach::{generate_weekly_plan, generate_workout_plan};
use durable::{RunningWorker, Worker, WorkerOptions};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::{CREATE, TestDatabase, request_with};
use crate::support::{TestServer, answer, service_role_key, token_of};

/// A database with a server on it, and who asks it.
struct Room {
    database: TestDatabase,
    server: TestServer,
}

impl Room {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let server = database.server().await;
        Self { database, server }
    }

    /// A worker that makes plans by the rules and does what operators ask for; not pushes.
    async fn worker(&self) -> RunningWorker {
        let worker = Worker::new(self.database.pool.clone(), WorkerOptions::named("test"))
            .serve(
                generate_weekly_plan::QUEUE,
                generate_weekly_plan::GenerateWeeklyPlan::new(Chain::rules()),
            )
            .serve(
                generate_workout_plan::QUEUE,
                generate_workout_plan::GenerateWorkoutPlan::new(Chain::rules()),
            )
            .serve(bulk_action::QUEUE, BulkTask)
            .start();
        worker.listening().await;
        worker
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.get_as(&service_role_key(), path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    async fn get_as(&self, token: &str, path: &str) -> (u16, Value) {
        let url = format!("{}/admin/v1{path}", self.server.url);
        answer(self.server.client.get(url).bearer_auth(token)).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let path = format!("/admin/v1{path}");
        self.server.ask(&path, &service_role_key(), &body).await
    }

    async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/admin/v1{path}", self.server.url);
        let request = self.server.client.put(url).json(&body);
        answer(request.bearer_auth(service_role_key())).await
    }

    /// A plan job of `user`, asked for as an app does.
    async fn ask_for_plan(&self, user: Uuid, options: Value) -> Uuid {
        let body = request_with(options);
        let (status, created) = self.server.ask(CREATE, &token_of(user), &body).await;
        assert_eq!(status, 200, "{created}");
        created["jobId"].as_str().unwrap().parse().unwrap()
    }

    /// A job that failed for a reason that lies in its profile.
    async fn failed_job(&self) -> Uuid {
        let user = Uuid::new_v4();
        let snapshot = json!({ "goal": "MUSCLE_GAIN", "trainingDays": 3, "injuries": "chest pain when I climb stairs" });
        let (status, created) = self
            .server
            .ask(
                CREATE,
                &token_of(user),
                &json!({ "profileSnapshot": snapshot }),
            )
            .await;
        assert_eq!(status, 200, "{created}");
        let job = created["jobId"].as_str().unwrap().parse().unwrap();
        let task = self.ended(job).await;
        assert_eq!(task["state"], "failed", "{task}");
        job
    }

    /// The task once it has ended.
    async fn ended(&self, id: Uuid) -> Value {
        self.until(&format!("/tasks/{id}"), |task| {
            ["succeeded", "failed", "cancelled"].contains(&task["state"].as_str().unwrap())
        })
        .await
    }

    /// The answer once it is as it should be.
    async fn until(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let seen = async {
            loop {
                let body = self.get(path).await;
                if is_so(&body) {
                    return body;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), seen)
            .await
            .unwrap_or_else(|_| panic!("{path} was never as it should be"))
    }

    async fn job(&self, id: Uuid) -> Value {
        sqlx::query_scalar("select to_jsonb(j) from public.plan_generation_jobs j where j.id = $1")
            .bind(id)
            .fetch_one(&self.database.pool)
            .await
            .unwrap()
    }
}

/// Asserts the form of the operator's refusals and returns the sentence.
fn refused((status, body): (u16, Value), expected: u16, code: &str) -> String {
    assert_eq!((status, &body["code"]), (expected, &json!(code)), "{body}");
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    let sentence = body["error"].as_str().unwrap().to_owned();
    assert!(
        sentence.len() > 10 && sentence.contains(' '),
        "{sentence:?} is no sentence"
    );
    sentence
}

fn id(row: &Value) -> Uuid {
    row["id"].as_str().unwrap().parse().unwrap()
}

fn ids(page: &Value) -> Vec<Uuid> {
    page["data"].as_array().unwrap().iter().map(id).collect()
}
