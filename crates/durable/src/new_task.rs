//! A task about to be accepted: what it is, and when, how soon and in whose turn it may run.

use std::time::Duration;

use serde_json::Value;
use sqlx::{PgExecutor, query_file, query_file_scalar};
use uuid::Uuid;

/// A task about to be accepted. `spawn` takes any executor, so a caller's own transaction too: then the task exists if and
/// only if what the caller writes beside it does.
#[derive(Debug, Clone)]
pub struct NewTask {
    id: Uuid,
    kind: String,
    input: Value,
    key: Option<String>,
    lane: i32,
    max_retries: Option<i32>,
    delay: Option<Duration>,
    deadline: Option<Duration>,
}

impl NewTask {
    /// A task of a registered kind, due at once. The input should hold ids rather than data.
    pub fn new(kind: impl Into<String>, input: Value) -> Self {
        Self {
            id: Uuid::now_v7(),
            kind: kind.into(),
            input,
            key: None,
            lane: 0,
            max_retries: None,
            delay: None,
            deadline: None,
        }
    }

    /// Its id, where the caller has one already; version 7 keeps neighbours in time neighbours in the index.
    #[must_use]
    pub fn id(mut self, id: Uuid) -> Self {
        self.id = id;
        self
    }

    /// Whose turn it is, such as a user's: the queue's limit per key counts by it.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Its lane, 0 unless said otherwise; a smaller one is served first.
    #[must_use]
    pub fn lane(mut self, lane: i16) -> Self {
        self.lane = lane.into();
        self
    }

    /// Retries in place of the kind's.
    #[must_use]
    pub fn max_retries(mut self, retries: u16) -> Self {
        self.max_retries = Some(retries.into());
        self
    }

    /// Not before this much time has passed.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Fails with `TASK_DEADLINE_EXCEEDED` when it has not ended by then, wherever it is.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Accepts it and returns its id.
    ///
    /// # Errors
    /// SQLSTATE 23505 when the id exists, 22023 when the kind is not registered, or the connection's own error.
    pub async fn spawn(self, executor: impl PgExecutor<'_>) -> Result<Uuid, sqlx::Error> {
        query_file!(
            "queries/spawn.sql",
            self.id,
            self.kind,
            self.input,
            self.max_retries,
            self.delay.map(|delay| delay.as_secs_f64()),
            self.lane,
            self.key,
            self.deadline.map(|deadline| deadline.as_secs_f64())
        )
        .execute(executor)
        .await?;
        Ok(self.id)
    }

    /// Accepts it unless a task of its kind for `once` lives or has succeeded, and returns that one's id or its own. The
    /// id, a delay and a deadline are not used here.
    ///
    /// # Errors
    /// SQLSTATE 22023 when the kind is not registered, or the connection's own error.
    pub async fn spawn_once(
        self,
        once: &str,
        executor: impl PgExecutor<'_>,
    ) -> Result<Uuid, sqlx::Error> {
        query_file_scalar!(
            "queries/spawn_once.sql",
            self.kind,
            once,
            self.input,
            self.max_retries,
            self.lane,
            self.key
        )
        .fetch_one(executor)
        .await
    }
}

/// Accepts a task of a registered kind, in the executor's own transaction if it is one.
///
/// # Errors
/// As [`NewTask::spawn`].
pub async fn spawn(
    executor: impl PgExecutor<'_>,
    task: Uuid,
    kind: &str,
    input: &Value,
) -> Result<(), sqlx::Error> {
    NewTask::new(kind, input.clone())
        .id(task)
        .spawn(executor)
        .await
        .map(drop)
}
