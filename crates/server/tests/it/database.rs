//! A database of one test's own, and what the tests do in it behind the server's back.

use coach::Pool;
use local_postgres::testing::{Database, PgBouncer, fresh_database};
use serde_json::{Value, json};
use sqlx::postgres::PgPoolOptions;
use uuid::Uuid;

use crate::support::{TestServer, listen_to_every_place};

pub(crate) const CREATE: &str = "/functions/v1/create-plan-job";
pub(crate) const PROCESS: &str = "/functions/v1/process-plan-queue";

/// A migrated database; dropped with this value.
pub(crate) struct TestDatabase {
    pub(crate) pool: Pool,
    database: Database,
}

impl TestDatabase {
    pub(crate) async fn new() -> Self {
        listen_to_every_place();
        let database = fresh_database(&coach::migrate::script()).unwrap();
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .connect(database.url())
            .await
            .unwrap();
        Self {
            pool: pool.into(),
            database,
        }
    }

    /// A server on this database, with no worker.
    pub(crate) async fn server(&self) -> TestServer {
        TestServer::start(self.pool.clone()).await
    }

    /// A transaction-mode pooler with so many connections to this database.
    pub(crate) fn bouncer(&self, servers: u32) -> PgBouncer {
        PgBouncer::start(&self.database, servers).unwrap()
    }

    /// Enters a worker that lives for an hour and takes nothing.
    pub(crate) async fn idle_worker(&self) {
        self.run("select durable.start_worker('idle', array['weekly_plan'], p_lease => '1 hour')")
            .await;
    }

    pub(crate) async fn run(&self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&self.pool).await.unwrap();
    }

    /// How many rows there are that a request could have left behind.
    pub(crate) async fn rows(&self) -> i64 {
        sqlx::query_scalar(
            "select (select count(*) from public.plan_generation_jobs) + (select count(*) from durable.task)
                  + (select count(*) from coach.idempotency)",
        )
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    pub(crate) async fn jobs_of(&self, user: Uuid) -> Vec<(Uuid, String)> {
        sqlx::query_as("select id, status::text from public.plan_generation_jobs where user_id = $1 order by created_at")
            .bind(user)
            .fetch_all(&self.pool)
            .await
            .unwrap()
    }

    /// Works `user`'s only waiting job as an outside worker would, and returns the plan.
    pub(crate) async fn complete_next(&self, user: Uuid) -> Uuid {
        let job: Uuid = sqlx::query_scalar(
            "select public.claim_next_plan_job('outside-' || gen_random_uuid())",
        )
        .fetch_one(&self.pool)
        .await
        .unwrap();
        let plan = self.plan_of(user, "generated").await;
        let done: bool = sqlx::query_scalar("select public.complete_plan_job($1, $2)")
            .bind(job)
            .bind(plan)
            .fetch_one(&self.pool)
            .await
            .unwrap();
        assert!(done);
        plan
    }

    /// A plan of this week (of UTC) that is `user`'s.
    pub(crate) async fn plan_of(&self, user: Uuid, status: &str) -> Uuid {
        sqlx::query_scalar(
            "insert into public.weekly_base_plans (user_id, days, status, week_start_date)
             values ($1, '{}', $2, date_trunc('week', now() at time zone 'UTC')::date) returning id",
        )
        .bind(user)
        .bind(status)
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    /// Jobs of today that have ended.
    pub(crate) async fn ended_jobs(&self, user: Uuid, count: i32) {
        sqlx::query(
            "insert into public.plan_generation_jobs (user_id, profile_snapshot, status, completed_at)
             select $1, '{}', 'failed', now() from generate_series(1, $2)",
        )
        .bind(user)
        .bind(count)
        .execute(&self.pool)
        .await
        .unwrap();
    }
}

/// The least body that makes a job.
pub(crate) fn request() -> Value {
    json!({ "profileSnapshot": { "goal": "MUSCLE_GAIN", "trainingDays": 4 } })
}

/// That body with further fields.
pub(crate) fn request_with(options: Value) -> Value {
    crate::support::with(request(), options)
}
