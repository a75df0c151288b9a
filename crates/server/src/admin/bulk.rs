//! `/bulk`: cancel or retry all tasks that fit a filter. The work is a task of its own.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use coach::bulk_action::{self, Action, BulkAction, Progress};
use durable::inspect;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions::read_body;
use super::query::TaskFilter;
use super::{Answer, found, id_of, invalid, told};
use crate::refused::Bare;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    action: Action,
    filter: TaskFilter,
}

/// A bulk action that was accepted.
#[derive(Debug, Serialize)]
pub(super) struct Started {
    id: Uuid,
}

/// Accepts a bulk action.
pub(super) async fn start(
    State(state): State<Arc<crate::State>>,
    content: Body,
) -> Result<(StatusCode, Json<Started>), Bare> {
    let start: Start = read_body(content).await?;
    let bulk = BulkAction {
        action: start.action,
        filter: start.filter.read()?,
    };
    bulk.states().map_err(invalid)?;
    let id = told(bulk_action::start(&state.pool, &bulk).await)?;
    (state.wake)();
    tracing::info!(bulk = %id, "an operator began a bulk action");
    Ok((StatusCode::ACCEPTED, Json(Started { id })))
}

/// How far a bulk action is.
#[derive(Debug, Serialize)]
pub(super) struct BulkProgress {
    id: Uuid,
    action: Action,
    state: String,
    why: String,
    #[serde(flatten)]
    progress: Progress,
}

/// How far a bulk action is; it is a task, so it can be cancelled as one.
pub(super) async fn progress(
    State(state): State<Arc<crate::State>>,
    Path(id): Path<String>,
) -> Answer<BulkProgress> {
    let unknown = "There is no bulk action of this id.";
    let detail = told(inspect::task(&state.pool, id_of(&id)?, false).await)?;
    let detail = found(detail, unknown)?;
    let bulk = serde_json::from_value::<BulkAction>(detail.input).ok();
    let bulk = found(bulk, unknown)?;
    let latest = detail
        .events
        .into_iter()
        .rfind(|event| event.r#type == "progress");
    let progress = latest.and_then(|event| serde_json::from_value(event.data).ok());
    Ok(Json(BulkProgress {
        id: detail.task.id,
        action: bulk.action,
        state: detail.task.state,
        why: detail.why,
        progress: progress.unwrap_or_default(),
    }))
}
