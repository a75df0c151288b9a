//! Fan out and in: a task spawns others and goes on when they have ended; it holds no worker while it waits.

use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{query_file_as, query_file_scalar};
use uuid::Uuid;

use crate::{Attempt, Failure, step::hash};

/// A task that another spawns and waits for.
#[derive(Debug, Clone, Serialize)]
pub struct Child {
    kind: String,
    input: Value,
    once: Option<String>,
    key: Option<String>,
    lane: i16,
    tolerated: bool,
}

impl Child {
    /// A child of a registered kind.
    pub fn new(kind: impl Into<String>, input: Value) -> Self {
        Self {
            kind: kind.into(),
            input,
            once: None,
            key: None,
            lane: 0,
            tolerated: false,
        }
    }

    /// The one task of its kind for this key: if it lives or has succeeded, whoever's child it is, that one is waited for.
    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.once = Some(key.into());
        self
    }

    /// Whose turn it is, as for [`NewTask::key`](crate::NewTask::key).
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Its lane; a smaller one is served first.
    #[must_use]
    pub fn lane(mut self, lane: i16) -> Self {
        self.lane = lane;
        self
    }

    /// Its failure is an answer like any other and does not fail the parent.
    #[must_use]
    pub fn tolerated(mut self) -> Self {
        self.tolerated = true;
        self
    }
}

/// How a child ended.
#[derive(Debug, Clone, PartialEq)]
pub enum ChildEnd {
    /// With this output.
    Succeeded(Value),
    /// With this code; only of children that are [tolerated](Child::tolerated).
    Failed(String),
    /// It was cancelled; only of children that are tolerated.
    Cancelled,
}

/// A row of `durable.child_ends`.
struct Row {
    task: Uuid,
    outcome: Option<String>,
    output: Option<Value>,
    error_code: Option<String>,
    tolerated: bool,
}

impl Attempt {
    /// Spawns children, all in one transaction and once whatever attempts follow, and waits for them: where some are still
    /// live this attempt ends with [`Failure::Suspended`] (pass it on), and the next one gets their ends, in order. `name`
    /// is a step's name, unique in the task.
    ///
    /// # Errors
    /// [`Failure::Suspended`] and [`Failure::Lost`]; code `CHILD_FAILED`, as soon as it is so, when a child that is not
    /// tolerated failed or was cancelled; code `UNKNOWN` when the name was used for other children.
    pub async fn children(&self, name: &str, children: &[Child]) -> Result<Vec<ChildEnd>, Failure> {
        let request = hash(name, &children)?;
        let spawned = query_file_scalar!(
            "queries/spawn_children.sql",
            self.task(),
            self.token(),
            name,
            request,
            json!(children)
        )
        .fetch_one(self.pool())
        .await?;
        match spawned.as_str() {
            "spawned" | "done" => {}
            "lost" => return Err(Failure::Lost),
            _ => return Err(Failure::changed(name)),
        }
        let waited =
            query_file_scalar!("queries/wait_children.sql", self.task(), self.token(), name)
                .fetch_one(self.pool())
                .await?;
        match waited.as_str() {
            "done" => self.ends(name).await,
            "lost" => Err(Failure::Lost),
            _ => Err(Failure::Suspended),
        }
    }

    async fn ends(&self, name: &str) -> Result<Vec<ChildEnd>, Failure> {
        let rows = query_file_as!(Row, "queries/child_ends.sql", self.task(), name)
            .fetch_all(self.pool())
            .await?;
        rows.into_iter().filter_map(Row::end).collect()
    }
}

impl Row {
    /// None for a child that is live, beside one whose failure is the end of the step.
    fn end(self) -> Option<Result<ChildEnd, Failure>> {
        let end = match self.outcome?.as_str() {
            "succeeded" => ChildEnd::Succeeded(self.output.unwrap_or_default()),
            "cancelled" => ChildEnd::Cancelled,
            _ => ChildEnd::Failed(self.error_code.unwrap_or_default()),
        };
        Some(match end {
            ChildEnd::Succeeded(_) => Ok(end),
            _ if self.tolerated => Ok(end),
            _ => Err(Failure::new(
                "CHILD_FAILED",
                format!("child {} ended {end:?}", self.task),
            )),
        })
    }
}
