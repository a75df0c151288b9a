//! `POST /functions/v1/trigger-workout-plan`, once called `generate-workout-plan`: a text becomes a request, in milliseconds.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::{Extension, Json};
use coach::request_workout_plan::{WorkoutPlanRequest, request_workout_plan};
use serde_json::{Map, Value};

use super::options::{self, Kind};
use crate::body;
use crate::observe::BegunJob;
use crate::refused::{Bare, Refused};

const FIELDS: &[(&str, Kind)] = &[
    ("userProfile", Kind::Text),
    ("systemPrompt", Kind::Text),
    ("timeZone", Kind::Text),
];

/// Answers `{"request_id", "status", "message"}` as the database words it, before anything is generated.
pub(crate) async fn trigger_workout_plan(
    State(state): State<Arc<crate::State>>,
    request: Request,
) -> Result<(Option<Extension<BegunJob>>, Json<Value>), Bare> {
    let answer = answer(&state, request).await.map_err(Bare)?;
    let begun = text(&answer, "request_id").and_then(|id| id.parse().ok());
    Ok((begun.map(|id| Extension(BegunJob(id))), Json(answer)))
}

async fn answer(state: &crate::State, request: Request) -> Result<Value, Refused> {
    let (parts, content) = request.into_parts();
    let body = body::parse(&body::read(content).await?);
    let caller = super::caller(state, &parts.headers).await?;
    let fields = options::collect(FIELDS, &mut body?, &parts.headers, &caller)?;
    let answer = request_workout_plan(&state.pool, &caller, wanted(&fields)).await?;
    tracing::info!(
        request = text(&answer, "request_id"),
        "workout plan requested"
    );
    (state.wake)();
    Ok(answer)
}

fn wanted(fields: &Map<String, Value>) -> WorkoutPlanRequest<'_> {
    let field = |name| fields.get(name).and_then(Value::as_str);
    WorkoutPlanRequest {
        user_profile: field("userProfile"),
        system_prompt: field("systemPrompt"),
        time_zone: field("timeZone"),
        idempotency_key: field("idempotencyKey"),
        user_id: field("userId").and_then(|text| text.parse().ok()),
    }
}

fn text<'a>(answer: &'a Value, name: &str) -> Option<&'a str> {
    answer.get(name)?.as_str()
}
