//! `/tasks`: lists of tasks, and one with all that hangs on it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::{Extension, Json};
use coach::review::{self, Asked};
use durable::inspect::{self, TaskDetail, TaskRow};
use serde::{Deserialize, Serialize};

use super::access::Operator;
use super::query::{cursor, read, task_list};
use super::{Answer, Paged, found, id_of, told};

/// Tasks, newest first.
pub(super) async fn tasks(
    State(state): State<Arc<crate::State>>,
    uri: Uri,
) -> Answer<Paged<TaskRow>> {
    let (filter, page) = task_list(&uri)?;
    let (after, limit) = (page.after()?, page.limit()?);
    let page = told(inspect::tasks(&state.pool, &filter, after, limit).await)?;
    Ok(Json(Paged {
        data: page.tasks,
        next: page.next.map(cursor),
    }))
}

/// Whether to show what was asked and answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Reveal {
    reveal: Option<u8>,
}

/// A task, and with `?reveal=1` what it was asked for.
#[derive(Debug, Serialize)]
pub(super) struct OneTask {
    #[serde(flatten)]
    task: TaskDetail,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<Asked>,
}

/// One task.
pub(super) async fn task(
    State(state): State<Arc<crate::State>>,
    Extension(operator): Extension<Operator>,
    Path(id): Path<String>,
    uri: Uri,
) -> Answer<OneTask> {
    let id = id_of(&id)?;
    let reveal = read::<Reveal>(&uri)?.reveal == Some(1);
    if reveal {
        operator.reveal(id)?;
    }
    let task = told(inspect::task(&state.pool, id, reveal).await)?;
    let task = found(task, "There is no task of this id.")?;
    let asked = match reveal {
        true => told(review::asked(&state.pool, id).await)?,
        false => None,
    };
    Ok(Json(OneTask { task, asked }))
}
