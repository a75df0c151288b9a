//! `POST /functions/v1/process-plan-queue`: the trigger of old clients and crons. The workers need none.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use coach::caller::Caller;
use coach::process_plan_queue::{self as queue, wait_for_end};
use serde_json::Value;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::options;
use crate::body;
use crate::refused::Refused;

/// How many calls may wait at a time in this process; one more is answered at once, as if it had not asked to wait.
/// Each reads its job's row once a second, so this is also how many reads a second they cost at most.
static WAITING: Semaphore = Semaphore::const_new(64);

/// Answers `{"success", "status", "jobId"?, …}` at once, or with `{"wait": true}` when that job has ended.
pub(crate) async fn process_plan_queue(
    State(state): State<Arc<crate::State>>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let (parts, content) = request.into_parts();
    let body = body::parse(&body::read(content).await?);
    let caller = super::caller(&state, &parts.headers).await?;
    let wait = options::flag(&body?, "wait")?;
    let answer = queue::process_plan_queue(&state.pool, &caller).await?;
    (state.wake)();
    match processing_job(&answer) {
        Some(job) if wait => Ok(Json(
            wait_for(&state, &caller, job).await?.unwrap_or(answer),
        )),
        _ => Ok(Json(answer)),
    }
}

fn processing_job(answer: &Value) -> Option<Uuid> {
    answer.get("jobId")?.as_str()?.parse().ok()
}

/// How the job ended; `None` when the time is over, too many calls wait already, or the server is to stop.
async fn wait_for(
    state: &crate::State,
    caller: &Caller,
    job: Uuid,
) -> Result<Option<Value>, Refused> {
    let Ok(_place) = WAITING.try_acquire() else {
        return Ok(None);
    };
    tokio::select! {
        ended = wait_for_end(&state.pool, caller, job, state.settings.wait_limit) => Ok(ended?),
        () = state.shutdown.cancelled() => Ok(None),
    }
}
