//! A database per test, and the engine's functions as the tests call them.

use durable::migrate::Script;
use local_postgres::testing::PgBouncer;
use sqlx::{Executor, PgPool, postgres::PgPoolOptions, query_scalar};
use uuid::Uuid;

use crate::history;

/// One claimed attempt.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Run {
    pub(crate) task: Uuid,
    pub(crate) token: i64,
    pub(crate) retries: i32,
    pub(crate) losses: i32,
}

/// A database of its own with the engine in it and a kind `plain` in a queue of that name. Its history is recorded, and
/// judged when the test is over.
pub(crate) struct Database {
    pub(crate) pool: PgPool,
    own: local_postgres::testing::Database,
    judged: bool,
}

impl Database {
    pub(crate) async fn fresh() -> Self {
        let script = Script::new()
            .engine()
            .always("select durable.register_kind('plain', 'plain');")
            .always(history::RECORD)
            .always(history::CHECK);
        let own = local_postgres::testing::fresh_database(script.text()).expect("a database");
        let pool = PgPoolOptions::new()
            .max_connections(12)
            .connect(own.url())
            .await
            .expect("connect");
        Self {
            pool,
            own,
            judged: true,
        }
    }

    /// A database whose history is not judged at the end, for a test that breaks the engine's promises by hand.
    pub(crate) async fn unjudged() -> Self {
        let mut database = Self::fresh().await;
        database.judged = false;
        database
    }

    /// A pgbouncer in transaction mode with `servers` connections to this database.
    pub(crate) fn bouncer(&self, servers: u32) -> PgBouncer {
        PgBouncer::start(&self.own, servers).expect("pgbouncer")
    }

    pub(crate) fn url(&self) -> &str {
        self.own.url()
    }

    pub(crate) async fn execute(&self, sql: &str) {
        self.pool
            .execute(sqlx::AssertSqlSafe(sql))
            .await
            .expect(sql);
    }

    pub(crate) async fn int(&self, sql: &str) -> i32 {
        query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&self.pool)
            .await
            .expect(sql)
    }

    pub(crate) async fn text(&self, sql: &str) -> String {
        query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&self.pool)
            .await
            .expect(sql)
    }

    pub(crate) async fn count(&self, table: &str) -> i32 {
        self.int(&format!("select count(*)::int from {table}"))
            .await
    }

    /// Looks again and again until the query says true; the caller sets the limit.
    pub(crate) async fn until(&self, sql: &str) {
        while !query_scalar::<_, bool>(sqlx::AssertSqlSafe(sql))
            .fetch_one(&self.pool)
            .await
            .expect(sql)
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn ended(&self, task: Uuid) {
        self.until(&format!(
            "select outcome is not null from durable.task where id = '{task}'"
        ))
        .await;
    }

    pub(crate) async fn spawn_kind(&self, kind: &str) -> Uuid {
        let task = Uuid::now_v7();
        durable::spawn(&self.pool, task, kind, &serde_json::json!({}))
            .await
            .expect("spawn");
        task
    }

    pub(crate) async fn spawn(&self) -> Uuid {
        self.spawn_kind("plain").await
    }

    pub(crate) async fn spawn_in_lane(&self, lane: i32) -> Uuid {
        let task = Uuid::now_v7();
        self.execute(&format!(
            "select durable.spawn('{task}', 'plain', '{{}}', p_lane => {lane})"
        ))
        .await;
        task
    }

    pub(crate) async fn worker(&self, name: &str) -> i64 {
        query_scalar("select durable.start_worker($1, array['plain'])")
            .bind(name)
            .fetch_one(&self.pool)
            .await
            .expect("start_worker")
    }

    pub(crate) async fn try_claim(&self, worker: i64, limit: i32) -> Result<Vec<Run>, sqlx::Error> {
        sqlx::query_as("select task, token, retries, losses from durable.claim($1, 'plain', $2)")
            .bind(worker)
            .bind(limit)
            .fetch_all(&self.pool)
            .await
    }

    pub(crate) async fn claim(&self, worker: i64, limit: i32) -> Vec<Run> {
        self.try_claim(worker, limit).await.expect("claim")
    }

    /// Claims one task for a new worker.
    pub(crate) async fn claim_one(&self, worker: &str) -> Run {
        let worker = self.worker(worker).await;
        self.claim(worker, 1).await.pop().expect("a task to claim")
    }

    pub(crate) async fn complete(&self, run: &Run, output: &str) -> String {
        self.of_run(run, &format!("select durable.complete($1, $2, '{output}')"))
            .await
    }

    pub(crate) async fn fail(&self, run: &Run, code: &str) -> String {
        self.of_run(
            run,
            &format!("select durable.fail($1, $2, '{code}', 'message')"),
        )
        .await
    }

    pub(crate) async fn release(&self, run: &Run) -> String {
        self.of_run(run, "select durable.release($1, $2)").await
    }

    pub(crate) async fn begin_step(&self, run: &Run, name: &str, hash: &str) -> String {
        self.of_run(run, &format!("select concat_ws(' ', state, output::text) from durable.begin_step($1, $2, '{name}', '{hash}')")).await
    }

    pub(crate) async fn finish_step(&self, run: &Run, name: &str, output: &str) -> bool {
        self.of_run(
            run,
            &format!("select durable.finish_step($1, $2, '{name}', '{output}')::text"),
        )
        .await
            == "true"
    }

    pub(crate) async fn record(&self, run: &Run) -> bool {
        self.of_run(run, "select durable.record($1, $2, 'progress')::text")
            .await
            == "true"
    }

    /// A call of one of the engine's functions that takes (task, token) as $1 and $2 and returns text.
    pub(crate) async fn of_run(&self, run: &Run, sql: &str) -> String {
        query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(run.task)
            .bind(run.token)
            .fetch_one(&self.pool)
            .await
            .expect(sql)
    }

    pub(crate) async fn finish(&self, task: Uuid, outcome: &str) -> bool {
        query_scalar("select durable.finish($1, $2)")
            .bind(task)
            .bind(outcome)
            .fetch_one(&self.pool)
            .await
            .expect("finish")
    }

    pub(crate) async fn outcome(&self, task: Uuid) -> (String, Option<String>) {
        sqlx::query_as("select outcome, error_code from durable.task where id = $1")
            .bind(task)
            .fetch_one(&self.pool)
            .await
            .expect("outcome")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.judged && !std::thread::panicking() {
            let faults = history::faults_now(self.own.url());
            assert!(
                faults.is_empty(),
                "the history shows faults:\n{}",
                faults.join("\n")
            );
        }
    }
}
