//! `/admin/v1/…`: what an operator may see and do. `README.md` beside this file lists every address with an answer.
//!
//! Who asks is decided in one place, `access`, before any handler: GET needs the permission to read, everything else the
//! one to act. Refusals are `{"error", "code"}`. There is no CORS here: a page of another origin gets nothing.

mod access;
mod actions;
mod bulk;
mod changes;
mod lists;
mod metrics;
mod overview;
mod plans;
mod playground;
mod query;
mod queues;
mod schedules;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use coach::refusal::CallError;
use serde::Serialize;
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

use crate::State;
use crate::openapi;
use crate::refused::{self, Bare, Refused};

pub(crate) use access::is_from_here;
pub use metrics::Metrics;
pub(crate) use metrics::metrics;

/// What the operator's side of a server may use.
#[derive(Debug, Clone, Default)]
pub struct Admin {
    /// In `dev`: the word that the page of this start shows to be let in, from this machine alone.
    pub page_token: Option<String>,
    /// In `dev`: whether `/metrics` is open to this machine.
    pub open_metrics: bool,
    /// The settings of this process as they may be shown: secrets are masked by who hands them over.
    pub settings: Vec<Setting>,
    /// What this process counts.
    pub metrics: Arc<Metrics>,
    /// Where traces are wanted: who hears of each request that began a job, when it is answered. One that is not heard at once is dropped.
    pub job_requests: Option<Sender<JobRequest>>,
}

/// A request that began a job.
#[derive(Debug, Clone)]
pub struct JobRequest {
    /// The job: the id of its task.
    pub job: Uuid,
    /// The request's own id, as its lines in the log have it.
    pub id: String,
    /// `POST`.
    pub method: String,
    /// The address as the router knows it.
    pub route: String,
    /// How it was answered.
    pub status: u16,
    /// When it came.
    pub started: SystemTime,
    /// Until its answer.
    pub took: Duration,
    /// The caller's header `traceparent`, unread.
    pub trace_parent: Option<String>,
}

/// A setting as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value, a secret's masked; none: unset.
    pub value: Option<String>,
    /// The environment variable that sets it.
    pub variable: String,
    /// What it is for, as the reference file says it.
    pub meaning: String,
}

/// Every address below `/admin/v1`.
pub(crate) fn router(state: &Arc<State>) -> Router<Arc<State>> {
    Router::new()
        .route("/overview", get(overview::overview))
        .route("/costs", get(overview::costs))
        .route("/errors", get(overview::errors))
        .route("/tasks", get(lists::tasks))
        .route("/tasks/{id}", get(lists::task))
        .route("/tasks/{id}/cancel", post(actions::cancel))
        .route("/tasks/{id}/retry", post(actions::retry))
        .route("/tasks/{id}/replay", post(actions::replay))
        .route("/bulk", post(bulk::start))
        .route("/bulk/{id}", get(bulk::progress))
        .route("/queues", get(queues::queues))
        .route("/queues/{name}/pause", post(queues::pause))
        .route("/queues/{name}/resume", post(queues::resume))
        .route("/queues/{name}/limit", put(queues::limit))
        .route("/workers", get(queues::workers))
        .route("/providers", get(queues::providers))
        .route("/schedules", get(schedules::schedules))
        .route(
            "/schedules/{name}",
            put(schedules::write).delete(schedules::remove),
        )
        .route("/schedules/{name}/pause", post(schedules::pause))
        .route("/schedules/{name}/resume", post(schedules::resume))
        .route("/schedules/{name}/run", post(schedules::run))
        .route("/weekly-plans", get(plans::weekly_plans))
        .route("/weekly-plans/{id}", get(plans::weekly_plan))
        .route("/workout-plans", get(plans::workout_plans))
        .route("/workout-plans/{id}", get(plans::workout_plan))
        .route("/plan-schedules", get(plans::plan_schedules))
        .route("/exercises", get(plans::exercises))
        .route("/exercises/{id}", get(plans::exercise))
        .route("/playground", post(playground::play))
        .route("/settings", get(settings))
        .route("/changes", get(changes::changes))
        .route("/openapi.json", get(openapi::admin_openapi))
        .fallback(not_found)
        .method_not_allowed_fallback(refused::method_not_allowed_bare)
        .layer(from_fn_with_state(Arc::clone(state), access::guard))
}

type Answer<T> = Result<Json<T>, Bare>;

/// A list that is not paged.
#[derive(Debug, Serialize)]
struct List<T> {
    data: Vec<T>,
}

impl<T> List<T> {
    fn json(data: Vec<T>) -> Json<Self> {
        Json(Self { data })
    }
}

/// A page of a list; `next` is the `after` of the next one, none at the end.
#[derive(Debug, Serialize)]
struct Paged<T> {
    data: Vec<T>,
    next: Option<String>,
}

impl From<CallError> for Bare {
    fn from(error: CallError) -> Self {
        Self(error.into())
    }
}

/// What a read of the database answered, or the refusal that tells nothing of it.
fn told<T>(answer: Result<T, impl Into<CallError>>) -> Result<T, Bare> {
    answer.map_err(|error| Bare::from(error.into()))
}

fn found<T>(answer: Option<T>, what: &'static str) -> Result<T, Bare> {
    answer.ok_or_else(|| {
        Bare(Refused::new(
            axum::http::StatusCode::NOT_FOUND,
            "NOT_FOUND",
            what,
        ))
    })
}

fn invalid(sentence: impl Into<String>) -> Bare {
    Bare(Refused::invalid_request(sentence.into()))
}

fn id_of(text: &str) -> Result<Uuid, Bare> {
    Uuid::try_parse(text)
        .map_err(|_| invalid("An id is a uuid such as \"6f1c2a34-5b67-4c89-9d01-23456789abcd\"."))
}

async fn settings(state: axum::extract::State<Arc<State>>) -> Json<List<Setting>> {
    List::json(state.admin.settings.clone())
}

async fn not_found() -> Bare {
    Bare(refused::not_found().await)
}
