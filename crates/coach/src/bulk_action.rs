//! The operation "do that to all of these": a task of its own, so that it outlives its server, shows how far it is and can be cancelled.

use durable::inspect::{self, Filter, Position, TaskState};
use durable::{Attempt, Done, Failure, NewTask, Pool, Task};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::operate;
use crate::refusal::CallError;

/// The queue of this task.
pub const QUEUE: &str = "operations";
/// Tasks in one bounded step.
const BATCH: i64 = 200;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// [`operate::cancel`].
    Cancel,
    /// [`operate::retry`].
    Retry,
}

impl Action {
    /// The states that it makes sense in, the first being meant where none is said.
    fn states(self) -> &'static [TaskState] {
        match self {
            Self::Cancel => &[
                TaskState::Ready,
                TaskState::Waiting,
                TaskState::Parked,
                TaskState::Running,
            ],
            Self::Retry => &[
                TaskState::Failed,
                TaskState::Cancelled,
                TaskState::Parked,
                TaskState::Waiting,
            ],
        }
    }
}

/// What to do to which tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkAction {
    /// What is done.
    pub action: Action,
    /// To which tasks.
    pub filter: Filter,
}

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Tasks that it was done to.
    pub done: i64,
    /// Tasks that it was refused for: ended meanwhile, run again already, or against the contract.
    pub refused: i64,
}

/// A batch that was done, and where the next one begins.
#[derive(Debug, Serialize, Deserialize)]
struct Batch {
    progress: Progress,
    next: Option<Position>,
}

impl BulkAction {
    /// The same with every state that it will look at.
    ///
    /// # Errors
    /// A sentence when the filter names a state where the action does nothing, or nothing at all.
    pub fn states(&self) -> Result<Vec<TaskState>, String> {
        let possible = self.action.states();
        match (self.filter.state, self.action) {
            (Some(state), _) if possible.contains(&state) => Ok(vec![state]),
            (Some(state), _) => Err(format!(
                "There is nothing to do to {} tasks. Choose one of {}.",
                state.name(),
                possible
                    .iter()
                    .map(|state| state.name())
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
            (None, _) if self.filter == Filter::default() => {
                Err("Say which tasks: the filter is empty.".to_owned())
            }
            (None, Action::Cancel) => Ok(possible.to_vec()),
            (None, Action::Retry) => Ok(vec![TaskState::Failed]),
        }
    }
}

/// Accepts a bulk action and returns its task's id.
///
/// # Errors
/// The database's.
pub async fn start(pool: &Pool, bulk: &BulkAction) -> Result<Uuid, CallError> {
    Ok(NewTask::new(BulkTask::KIND, json!(bulk))
        .spawn(pool)
        .await?)
}

/// The kind `bulk_action`.
#[derive(Debug, Clone, Copy, Default)]
pub struct BulkTask;

impl Task for BulkTask {
    const KIND: &'static str = "bulk_action";
    type Input = BulkAction;

    async fn run(&self, bulk: BulkAction, attempt: Attempt) -> Result<Done, Failure> {
        let states = bulk
            .states()
            .map_err(|sentence| Failure::new("CONFIG_ERROR", sentence))?;
        let mut all = Progress::default();
        for state in states {
            let filter = Filter {
                state: Some(state),
                ..bulk.filter.clone()
            };
            let mut after = None;
            for number in 1.. {
                let name = format!("{} {number}", state.name());
                let pool = attempt.pool().clone();
                let batch: Batch = attempt
                    .step(&name, &after, async |_| {
                        act(&pool, bulk.action, &filter, after, attempt.task()).await
                    })
                    .await?;
                all.done += batch.progress.done;
                all.refused += batch.progress.refused;
                attempt.record("progress", &json!(all)).await?;
                after = batch.next;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(Done::Output(json!(all)))
    }
}

/// One batch. To do it twice does no harm: what has ended cannot be cancelled, what was run again is not retried.
async fn act(
    pool: &Pool,
    action: Action,
    filter: &Filter,
    after: Option<Position>,
    own: Uuid,
) -> Result<Batch, Failure> {
    let page = inspect::tasks(pool, filter, after, BATCH).await?;
    let mut progress = Progress::default();
    for task in page.tasks.iter().filter(|task| task.id != own) {
        let acted = match action {
            Action::Cancel => operate::cancel(pool, task.id).await,
            Action::Retry => operate::retry(pool, task.id).await.map(drop),
        };
        match acted {
            Ok(()) => progress.done += 1,
            Err(CallError::Refused(_)) => progress.refused += 1,
            Err(error) => return Err(Failure::new("NETWORK_ERROR", error.to_string())),
        }
    }
    Ok(Batch {
        progress,
        next: page.next,
    })
}
