//! What may be done to one task: cancel, retry, replay.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use coach::operate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Answer, id_of, invalid, told};
use crate::body;
use crate::refused::Bare;

/// The task that goes on: the same one, or the new one that was made of it.
#[derive(Debug, Serialize)]
pub(super) struct Acted {
    pub(super) task: Uuid,
}

/// Ends a task and its job row.
pub(super) async fn cancel(
    State(state): State<Arc<crate::State>>,
    Path(id): Path<String>,
) -> Answer<Acted> {
    let task = id_of(&id)?;
    told(operate::cancel(&state.pool, task).await)?;
    tracing::info!(%task, "an operator cancelled a task");
    Ok(Json(Acted { task }))
}

/// Tries a task now.
pub(super) async fn retry(
    State(state): State<Arc<crate::State>>,
    Path(id): Path<String>,
) -> Answer<Acted> {
    let old = id_of(&id)?;
    let task = told(operate::retry(&state.pool, old).await)?;
    (state.wake)();
    tracing::info!(task = %old, goes_on = %task, "an operator retried a task");
    Ok(Json(Acted { task }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Replay {
    from_step: Option<String>,
}

/// Runs an ended task again as a new one.
pub(super) async fn replay(
    State(state): State<Arc<crate::State>>,
    Path(id): Path<String>,
    content: Body,
) -> Answer<Acted> {
    let old = id_of(&id)?;
    let replay: Replay = read_body(content).await?;
    let task = told(operate::replay(&state.pool, old, replay.from_step.as_deref()).await)?;
    (state.wake)();
    tracing::info!(task = %old, as = %task, "an operator replayed a task");
    Ok(Json(Acted { task }))
}

/// A body as `T`, whose fields are known; nothing at all is `{}`.
///
/// # Errors
/// 400 that names what is wrong, 413 when it is too large.
pub(super) async fn read_body<T: for<'de> Deserialize<'de>>(content: Body) -> Result<T, Bare> {
    let bytes = body::read(content).await.map_err(Bare)?;
    let fields = body::parse(&bytes).map_err(Bare)?;
    serde_json::from_value(Value::Object(fields))
        .map_err(|error| invalid(format!("The body cannot be read: {error}.")))
}
