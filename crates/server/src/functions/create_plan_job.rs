//! `POST /functions/v1/create-plan-job`: a profile becomes a job, in milliseconds.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::{Extension, Json};
use coach::request_plan;
use serde_json::{Map, Value, json};

use super::options::{self, Kind};
use crate::body;
use crate::observe::BegunJob;
use crate::refused::Refused;

const FIELDS: &[(&str, Kind)] = &[
    ("redo", Kind::Flag),
    ("redoReason", Kind::Text),
    ("redoType", Kind::OneOf(&["workout", "nutrition", "both"])),
    ("sourcePlanId", Kind::Uuid),
    ("forceRegenerate", Kind::Flag),
];

/// Answers `{"success", "status", "jobId"?, …}` as the database words it.
pub(crate) async fn create_plan_job(
    State(state): State<Arc<crate::State>>,
    request: Request,
) -> Result<(Option<Extension<BegunJob>>, Json<Value>), Refused> {
    let (parts, content) = request.into_parts();
    let body = body::parse(&body::read(content).await?);
    if body.as_ref().is_ok_and(is_health_check) {
        let healthy = json!({ "success": true, "status": "healthy" });
        return Ok((None, Json(healthy)));
    }
    let caller = super::caller(&state, &parts.headers).await?;
    let mut body = body?;
    let options = Value::Object(options::collect(
        FIELDS,
        &mut body,
        &parts.headers,
        &caller,
    )?);
    let snapshot = body.remove("profileSnapshot").unwrap_or(Value::Null);
    let answer = request_plan::create_plan_job(&state.pool, &caller, &snapshot, &options).await?;
    let started = request_plan::started_job(&answer);
    if let Some(job) = started {
        tracing::info!(job, "plan job queued");
        (state.wake)();
    }
    let begun = started.and_then(|job| job.parse().ok()).map(BegunJob);
    Ok((begun.map(Extension), Json(answer)))
}

/// Clients ask so whether the service is there at all.
fn is_health_check(body: &Map<String, Value>) -> bool {
    body.get("healthCheck") == Some(&Value::Bool(true))
}
