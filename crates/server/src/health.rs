//! Is it alive (`/healthz`), and may it be sent work (`/readyz`)?

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::time::timeout;

type Answer = (StatusCode, Json<Value>);

/// 200 for as long as the process answers at all.
pub(crate) async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// 200 when everything that was started is up and the database answers; 503 otherwise, and why.
pub(crate) async fn readyz(State(state): State<Arc<crate::State>>) -> Answer {
    if state.shutdown.is_cancelled() {
        return not_ready("stopping", "This server is about to stop.");
    }
    if !state.readiness.is_ready() {
        return not_ready("starting", "This server has not finished starting.");
    }
    match timeout(Duration::from_secs(2), coach::caller::ping(&state.pool)).await {
        Ok(Ok(())) => (StatusCode::OK, Json(json!({ "status": "ready" }))),
        _ => not_ready("unavailable", "The database does not answer."),
    }
}

fn not_ready(status: &str, reason: &str) -> Answer {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        Json(json!({ "status": status, "reason": reason })),
    )
}
