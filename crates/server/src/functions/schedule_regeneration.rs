//! `POST /functions/v1/schedule-regeneration`: an athlete's schedule, set.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use coach::plan_schedule::{ScheduleRequest, schedule_regeneration as set_schedule};
use serde_json::Value;

use super::options::{self, Kind};
use crate::body;
use crate::refused::Refused;

const FIELDS: &[(&str, Kind)] = &[
    ("cron", Kind::Text),
    ("timeZone", Kind::Text),
    ("enabled", Kind::Flag),
];

/// Answers `{"success", "status", "next_at"}` as the database words it.
pub(crate) async fn schedule_regeneration(
    State(state): State<Arc<crate::State>>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let (parts, content) = request.into_parts();
    let body = body::parse(&body::read(content).await?);
    let caller = super::caller(&state, &parts.headers).await?;
    let fields = options::collect(FIELDS, &mut body?, &parts.headers, &caller)?;
    let text = |name| fields.get(name).and_then(Value::as_str);
    let schedule = ScheduleRequest {
        cron: text("cron"),
        time_zone: text("timeZone"),
        enabled: fields.get("enabled").and_then(Value::as_bool),
        user_id: text("userId").and_then(|text| text.parse().ok()),
    };
    Ok(Json(set_schedule(&state.pool, &caller, schedule).await?))
}
