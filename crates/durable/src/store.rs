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
    pub(crate) max_retries: i32,
    pub(crate) run_limit_seconds: f64,
}

/// An attempt that a worker must abandon, and why.
#[derive(Debug)]
pub(crate) struct LostAttempt {
    pub(crate) task: Uuid,
    pub(crate) reason: String,
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

/// The tasks that ended; the others are to be completed one by one.
pub(crate) async fn complete_many(
    executor: impl PgExecutor<'_>,
    tasks: &[Uuid],
    tokens: &[i64],
    outputs: &[Value],
) -> Result<Vec<Uuid>, sqlx::Error> {
    query_file_scalar!("queries/complete_many.sql", tasks, tokens, outputs)
        .fetch_all(executor)
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

pub(crate) async fn defer(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    token: i64,
    after: Duration,
    reason: &str,
) -> Result<String, sqlx::Error> {
    query_file_scalar!(
        "queries/defer.sql",
        task,
        token,
        after.as_secs_f64(),
        reason
    )
    .fetch_one(executor)
    .await
}

pub(crate) async fn sleep(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    token: i64,
    name: &str,
    duration: Duration,
) -> Result<String, sqlx::Error> {
    query_file_scalar!(
        "queries/sleep.sql",
        task,
        token,
        name,
        duration.as_secs_f64()
    )
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
) -> Result<Vec<LostAttempt>, sqlx::Error> {
    sqlx::query_file_as!(
        LostAttempt,
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

pub(crate) async fn disown(executor: impl PgExecutor<'_>) -> Result<i32, sqlx::Error> {
    query_file_scalar!("queries/disown.sql")
        .fetch_one(executor)
        .await
}

pub(crate) async fn settle_queues(executor: impl PgExecutor<'_>) -> Result<i32, sqlx::Error> {
    query_file_scalar!("queries/settle_queues.sql")
        .fetch_one(executor)
        .await
}

pub(crate) async fn raise_floor(executor: impl PgExecutor<'_>) -> Result<i32, sqlx::Error> {
    query_file_scalar!("queries/raise_floor.sql")
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
