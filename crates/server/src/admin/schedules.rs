//! `/schedules`: what is spawned by the clock.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use coach::operate;
use durable::schedule::{self, Entry, Misfire, Schedule, ScheduleError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::actions::read_body;
use super::{Answer, List, found, invalid, told};
use crate::refused::{Bare, Refused};

/// Fire times that are shown.
const NEXT: usize = 5;
const UNKNOWN: &str = "There is no schedule of this name.";

/// A schedule in the list.
#[derive(Debug, Serialize)]
pub(super) struct ScheduleRow {
    name: String,
    kind: String,
    input: Value,
    cron: String,
    time_zone: String,
    misfire: &'static str,
    misfire_cap: u32,
    enabled: bool,
    next_at: Timestamp,
    next_fires: Vec<Timestamp>,
    last_at: Option<Timestamp>,
    missed: i64,
}

impl From<Entry> for ScheduleRow {
    fn from(entry: Entry) -> Self {
        let schedule = entry.schedule;
        let (misfire, misfire_cap) = match schedule.misfire {
            Misfire::Skip => ("skip", 10),
            Misfire::One => ("one", 10),
            Misfire::All { cap } => ("all", cap),
        };
        let fires =
            schedule::next_fires(&schedule.cron, &schedule.time_zone, Timestamp::now(), NEXT);
        Self {
            next_fires: fires.unwrap_or_default(),
            name: schedule.name,
            kind: schedule.kind,
            input: schedule.input,
            cron: schedule.cron,
            time_zone: schedule.time_zone,
            misfire,
            misfire_cap,
            enabled: entry.enabled,
            next_at: entry.next_at,
            last_at: entry.last_at,
            missed: entry.missed,
        }
    }
}

/// Every schedule.
pub(super) async fn schedules(State(state): State<Arc<crate::State>>) -> Answer<List<ScheduleRow>> {
    let entries = told(schedule::list(&state.pool).await)?;
    Ok(List::json(entries.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Write {
    kind: String,
    #[serde(default)]
    input: Value,
    cron: String,
    #[serde(default = "utc")]
    time_zone: String,
    #[serde(default = "one")]
    misfire: String,
    misfire_cap: Option<u32>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn one() -> String {
    "one".to_owned()
}

/// A schedule that was changed.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    schedule: String,
}

/// Makes a schedule or changes it.
pub(super) async fn write(
    State(state): State<Arc<crate::State>>,
    Path(name): Path<String>,
    content: Body,
) -> Answer<Changed> {
    let write: Write = read_body(content).await?;
    let misfire = match (write.misfire.as_str(), write.misfire_cap) {
        ("skip", _) => Misfire::Skip,
        ("one", _) => Misfire::One,
        ("all", None) => Misfire::ALL,
        ("all", Some(cap @ 1..=1000)) => Misfire::All { cap },
        ("all", _) => return Err(invalid("misfire_cap must be from 1 to 1000.")),
        _ => return Err(invalid("misfire must be skip, one or all.")),
    };
    let schedule = Schedule {
        name: name.clone(),
        kind: write.kind,
        input: write.input,
        cron: write.cron,
        time_zone: write.time_zone,
        misfire,
    };
    schedule::put(&state.pool, &schedule)
        .await
        .map_err(refusal)?;
    tracing::info!(schedule = name, "an operator wrote a schedule");
    Ok(Json(Changed { schedule: name }))
}

/// Removes a schedule; its tasks stay.
pub(super) async fn remove(
    State(state): State<Arc<crate::State>>,
    Path(name): Path<String>,
) -> Answer<Changed> {
    let removed = told(schedule::remove(&state.pool, &name).await)?;
    changed(removed, name)
}

/// Pauses a schedule.
pub(super) async fn pause(
    State(state): State<Arc<crate::State>>,
    Path(name): Path<String>,
) -> Answer<Changed> {
    let paused = told(schedule::pause(&state.pool, &name).await)?;
    changed(paused, name)
}

/// Lets a paused schedule fire again.
pub(super) async fn resume(
    State(state): State<Arc<crate::State>>,
    Path(name): Path<String>,
) -> Answer<Changed> {
    let resumed = schedule::resume(&state.pool, &name).await;
    if resumed.map_err(refusal)? {
        return Ok(Json(Changed { schedule: name }));
    }
    // It runs already, or there is none.
    let entries = told(schedule::list(&state.pool).await)?;
    let known = entries.iter().any(|entry| entry.schedule.name == name);
    changed(known, name)
}

/// The task of a schedule that was run by hand.
#[derive(Debug, Serialize)]
pub(super) struct Run {
    task: Uuid,
}

/// Spawns a schedule's task now, beside its fire times.
pub(super) async fn run(
    State(state): State<Arc<crate::State>>,
    Path(name): Path<String>,
) -> Answer<Run> {
    let task = told(operate::run_schedule(&state.pool, &name).await)?;
    let task = found(task, UNKNOWN)?;
    (state.wake)();
    tracing::info!(schedule = name, %task, "an operator ran a schedule");
    Ok(Json(Run { task }))
}

fn changed(done: bool, schedule: String) -> Answer<Changed> {
    let schedule = found(done.then_some(schedule), UNKNOWN)?;
    tracing::info!(schedule, "an operator changed a schedule");
    Ok(Json(Changed { schedule }))
}

fn refusal(error: ScheduleError) -> Bare {
    match error {
        ScheduleError::Database(error) => {
            let unknown_kind = error
                .as_database_error()
                .is_some_and(|error| error.code().as_deref() == Some("22023"));
            match unknown_kind {
                true => Bare(Refused::new(
                    StatusCode::BAD_REQUEST,
                    "INVALID_REQUEST",
                    "There is no kind of task of this name.",
                )),
                false => coach::refusal::CallError::from(error).into(),
            }
        }
        wrong => invalid(format!("{wrong}.")),
    }
}
