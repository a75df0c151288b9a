//! The engine's SQL functions as Rust functions; nothing else.

use std::time::Duration;

use serde_json::Value;
use sqlx::{PgExecutor, query_file, query_file_scalar};
use uuid::Uuid;

/// One claimed task.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) task: Uuid,
    pub(crate) token: i64,
    pub(crate) kind: String,
    pub(crate) input: Value,
    pub(crate) retries: i32,
    pub(crate) losses: i32,
    pub(crate) run_limit_seconds: f64,
}

/// What the journal says of a step that is about to begin.
#[derive(Debug)]
pub(crate) struct StepState {
    pub(crate) state: String,
    pub(crate) output: Option<Value>,
}

/// Accepts a task of a registered kind, in the executor's own transaction if it is one.
///
/// # Errors
/// SQLSTATE 23505 when the id exists, 22023 when the kind is not registered, or the connection's own error.
pub async fn spawn(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    kind: &str,
    input: &Value,
) -> Result<(), sqlx::Error> {
    query_file!("queries/spawn.sql", task, kind, input)
        .execute(executor)
        .await
        .map(drop)
}

pub(crate) async fn claim(
    executor: impl PgExecutor<'_>,
    worker: i64,
    queue: &str,
    limit: i32,
) -> Result<Vec<Claim>, sqlx::Error> {
    sqlx::query_file_as!(Claim, "queries/claim.sql", worker, queue, limit)
        .fetch_all(executor)
        .await
}

pub(crate) async fn holds(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    token: i64,
) -> Result<bool, sqlx::Error> {
    query_file_scalar!("queries/holds.sql", task, token)
        .fetch_one(executor)
        .await
}

pub(crate) async fn complete(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    token: i64,
    output: &Value,
) -> Result<String, sqlx::Error> {
    query_file_scalar!("queries/complete.sql", task, token, output)
        .fetch_one(executor)
        .await
}

pub(crate) async fn fail(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    token: i64,
    code: &str,
    message: &str,
    retry_after: Option<Duration>,
) -> Result<String, sqlx::Error> {
    let seconds = retry_after.map(|wait| wait.as_secs_f64());
    query_file_scalar!("queries/fail.sql", task, token, code, message, seconds)
        .fetch_one(executor)
        .await
}

pub(crate) async fn record(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    token: i64,
    r#type: &str,
    data: &Value,
) -> Result<bool, sqlx::Error> {
    query_file_scalar!("queries/record.sql", task, token, r#type, data)
        .fetch_one(executor)
        .await
}

pub(crate) async fn begin_step(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    token: i64,
    name: &str,
    request_hash: &str,
) -> Result<StepState, sqlx::Error> {
    sqlx::query_file_as!(
        StepState,
        "queries/begin_step.sql",
        task,
        token,
        name,
        request_hash
    )
    .fetch_one(executor)
    .await
}

pub(crate) async fn finish_step(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    token: i64,
    name: &str,
    output: &Value,
) -> Result<bool, sqlx::Error> {
    query_file_scalar!("queries/finish_step.sql", task, token, name, output)
        .fetch_one(executor)
        .await
}

pub(crate) async fn start_worker(
    executor: impl PgExecutor<'_>,
    name: &str,
    queues: &[String],
    lease: Duration,
) -> Result<i64, sqlx::Error> {
    query_file_scalar!(
        "queries/start_worker.sql",
        name,
        queues,
        lease.as_secs_f64()
    )
    .fetch_one(executor)
    .await
}

pub(crate) async fn beat(
    executor: impl PgExecutor<'_>,
    worker: i64,
    tasks: &[Uuid],
    tokens: &[i64],
    lease: Duration,
) -> Result<Vec<Uuid>, sqlx::Error> {
    query_file_scalar!(
        "queries/beat.sql",
        worker,
        tasks,
        tokens,
        lease.as_secs_f64()
    )
    .fetch_all(executor)
    .await
}

pub(crate) async fn stop_worker(
    executor: impl PgExecutor<'_>,
    worker: i64,
) -> Result<(), sqlx::Error> {
    query_file!("queries/stop_worker.sql", worker)
        .execute(executor)
        .await
        .map(drop)
}

pub(crate) async fn promote(executor: impl PgExecutor<'_>, limit: i32) -> Result<i32, sqlx::Error> {
    query_file_scalar!("queries/promote.sql", limit)
        .fetch_one(executor)
        .await
}

pub(crate) async fn reap(executor: impl PgExecutor<'_>) -> Result<i32, sqlx::Error> {
    query_file_scalar!("queries/reap.sql")
        .fetch_one(executor)
        .await
}

pub(crate) async fn expire(executor: impl PgExecutor<'_>) -> Result<i32, sqlx::Error> {
    query_file_scalar!("queries/expire.sql")
        .fetch_one(executor)
        .await
}

pub(crate) async fn prune(
    executor: impl PgExecutor<'_>,
    older_than: Duration,
    limit: i32,
) -> Result<i32, sqlx::Error> {
    query_file_scalar!("queries/prune.sql", older_than.as_secs_f64(), limit)
        .fetch_one(executor)
        .await
}

pub(crate) async fn analyse(executor: impl PgExecutor<'_>) -> Result<i32, sqlx::Error> {
    query_file_scalar!("queries/analyse.sql")
        .fetch_one(executor)
        .await
}

/// Whether the database says that this worker was reaped.
pub(crate) fn is_worker_gone(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code == "DW001")
}
