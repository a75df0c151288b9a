//! `/queues`, `/workers`, `/providers`: what stands in line, who works, and what all share.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use coach::operate;
use coach::provider_health::{OpenBreaker, open_breakers};
use durable::inspect::{self, BudgetRow, QueueRow, SpendRow, WorkerRow};
use serde::{Deserialize, Serialize};

use super::actions::read_body;
use super::{Answer, List, told};

/// Every queue, and the limit of all together.
#[derive(Debug, Serialize)]
pub(super) struct Queues {
    data: Vec<QueueRow>,
    max_running: Option<i32>,
}

/// Every queue.
pub(super) async fn queues(State(state): State<Arc<crate::State>>) -> Answer<Queues> {
    let (data, max_running) = told(inspect::queues(&state.pool).await)?;
    Ok(Json(Queues { data, max_running }))
}

/// A queue that was changed.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    queue: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Pause {
    because: Option<String>,
}

/// Stops a queue.
pub(super) async fn pause(
    State(state): State<Arc<crate::State>>,
    Path(queue): Path<String>,
    content: Body,
) -> Answer<Changed> {
    let pause: Pause = read_body(content).await?;
    told(operate::pause_queue(&state.pool, &queue, pause.because.as_deref()).await)?;
    tracing::info!(queue, "an operator paused a queue");
    Ok(Json(Changed { queue }))
}

/// Lets a queue go on.
pub(super) async fn resume(
    State(state): State<Arc<crate::State>>,
    Path(queue): Path<String>,
) -> Answer<Changed> {
    told(operate::resume_queue(&state.pool, &queue).await)?;
    tracing::info!(queue, "an operator resumed a queue");
    Ok(Json(Changed { queue }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Limit {
    max_running: Option<i32>,
    max_per_key: Option<i32>,
}

/// Sets a queue's limits, both at once; `*` is all queues together.
pub(super) async fn limit(
    State(state): State<Arc<crate::State>>,
    Path(queue): Path<String>,
    content: Body,
) -> Answer<Changed> {
    let limit: Limit = read_body(content).await?;
    let (running, per_key) = (limit.max_running, limit.max_per_key);
    told(operate::limit_queue(&state.pool, &queue, running, per_key).await)?;
    tracing::info!(queue, running, per_key, "an operator limited a queue");
    Ok(Json(Changed { queue }))
}

/// Every worker.
pub(super) async fn workers(State(state): State<Arc<crate::State>>) -> Answer<List<WorkerRow>> {
    Ok(List::json(told(inspect::workers(&state.pool).await)?))
}

/// What all workers share in the use of providers, and whom they do not ask for a while.
#[derive(Debug, Serialize)]
pub(super) struct Providers {
    budgets: Vec<BudgetRow>,
    spent_today: Vec<SpendRow>,
    open_breakers: Vec<OpenBreaker>,
}

/// Budgets, what was spent today, open breakers.
pub(super) async fn providers(State(state): State<Arc<crate::State>>) -> Answer<Providers> {
    Ok(Json(Providers {
        budgets: told(inspect::budgets(&state.pool).await)?,
        spent_today: told(inspect::spend_today(&state.pool).await)?,
        open_breakers: told(open_breakers(&state.pool).await)?,
    }))
}
