//! One task with all that hangs on it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder, query_file, query_file_as};
use uuid::Uuid;

use super::tasks::{COLUMNS, PLACES, TaskRow};
use crate::Pool;

/// The newest events that are shown.
const EVENTS: i64 = 1_000;

/// A task with all that hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDetail {
    /// As in a list.
    #[serde(flatten)]
    pub task: TaskRow,
    /// Why it is where it is, in a sentence.
    pub why: String,
    /// What it was given: ids rather than data.
    pub input: Value,
    /// What it ended with.
    pub output: Option<Value>,
    /// What went wrong, for an operator.
    pub error_message: Option<String>,
    /// When it fails wherever it is.
    pub deadline: Option<String>,
    /// Each time a worker had it.
    pub attempts: Vec<AttemptRow>,
    /// What it did and what that cost.
    pub steps: Vec<StepRow>,
    /// The newest thousand, oldest first.
    pub events: Vec<EventRow>,
    /// Tasks that it spawned and waits, or waited, for.
    pub children: Vec<RelatedTask>,
    /// Tasks that wait, or waited, for it.
    pub parents: Vec<RelatedTask>,
}

/// One claim of a task by one worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptRow {
    /// From 1.
    pub attempt: i32,
    /// Who had it.
    pub worker: Option<String>,
    /// When it was claimed.
    pub started_at: Option<String>,
    /// When that was over; none while it runs.
    pub ended_at: Option<String>,
    /// `running`, how the task ended with it, or why it was left: `retried`, `lost`, `released`, `deferred` …
    pub outcome: String,
    /// The code it failed with.
    pub error_code: Option<String>,
    /// What went wrong, for an operator.
    pub error_message: Option<String>,
}

/// A step of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRow {
    /// Its name, unique in the task.
    pub name: String,
    /// `begun`, `parked`, `approved`, `declined`, `withdrawn` or `done`.
    pub state: String,
    /// How often it was sent.
    pub sent: i32,
    /// Sendings after one whose end nobody knew.
    pub repeats: i32,
    /// Attempts that went on with the provider's handle of an earlier one.
    pub resumed: i32,
    /// Whether the provider's name of the work is known.
    pub has_handle: bool,
    /// Of the latest sending, in micro-dollars.
    pub estimate: i64,
    /// Of all sendings, in micro-dollars: real where known, else estimated.
    pub cost: i64,
    /// As the provider told it: `input_tokens`, `output_tokens` …
    pub usage: Option<Value>,
    /// Who was asked.
    pub model: String,
    /// When it was first begun.
    pub started_at: String,
    /// When it was done.
    pub ended_at: Option<String>,
    /// When it is given up.
    pub deadline: Option<String>,
    /// What came back; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// What has come so far; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<Value>,
}

/// An entry of a task's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventRow {
    /// Grows.
    pub id: i64,
    /// When.
    pub at: String,
    /// What happened.
    pub r#type: String,
    /// Its particulars.
    pub data: Value,
}

/// A child or a parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelatedTask {
    /// The step of the parent that waits.
    pub step: String,
    /// Its id.
    pub id: Uuid,
    /// Its kind; none when it was forgotten.
    pub kind: Option<String>,
    /// How it ended; none while it lives.
    pub outcome: Option<String>,
    /// The code it ended with.
    pub error_code: Option<String>,
    /// Whether the wait for it is over.
    pub done: bool,
    /// Whether its failure would not fail the parent.
    pub tolerated: bool,
}

/// A task; none when there is none of that id. With `reveal`, what its steps were answered is shown: it may hold health data.
///
/// # Errors
/// The database's.
pub async fn task(pool: &Pool, id: Uuid, reveal: bool) -> Result<Option<TaskDetail>, sqlx::Error> {
    let Some(task) = row(pool, id).await? else {
        return Ok(None);
    };
    let header = query_file!("queries/inspect/header.sql", id)
        .fetch_optional(pool)
        .await?;
    let Some(header) = header else {
        return Ok(None);
    };
    let attempts = query_file_as!(AttemptRow, "queries/inspect/attempts.sql", id)
        .fetch_all(pool)
        .await?;
    let steps = query_file_as!(StepRow, "queries/inspect/steps.sql", id, reveal)
        .fetch_all(pool)
        .await?;
    let events = query_file_as!(EventRow, "queries/inspect/events.sql", id, EVENTS)
        .fetch_all(pool)
        .await?;
    Ok(Some(TaskDetail {
        task,
        why: header.why,
        input: header.input,
        output: header.output,
        error_message: header.error_message,
        deadline: header.deadline,
        attempts,
        steps,
        events,
        children: related(pool, id, false).await?,
        parents: related(pool, id, true).await?,
    }))
}

async fn row(pool: &Pool, id: Uuid) -> Result<Option<TaskRow>, sqlx::Error> {
    let mut query = QueryBuilder::<Postgres>::new("select ");
    query
        .push(COLUMNS)
        .push(", 0::bigint as position_at from durable.task t");
    query.push(PLACES).push(" where t.id = ").push_bind(id);
    query.build_query_as().fetch_optional(pool).await
}

async fn related(pool: &Pool, id: Uuid, parents: bool) -> Result<Vec<RelatedTask>, sqlx::Error> {
    query_file_as!(RelatedTask, "queries/inspect/related.sql", id, parents)
        .fetch_all(pool)
        .await
}
