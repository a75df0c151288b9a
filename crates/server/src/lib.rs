//! The wire: HTTP in, HTTP out. Every URL stands in [`router`].
//!
//! A handler reads a request (`functions`), knows who asks (`auth`), calls one operation of `coach` as that caller, and
//! words the answer or the refusal (`refused`). What the contract leaves open is decided here:
//!
//! - Refusals come in this order: 404 unknown URL, 405 wrong method, 413 too large (408 too slow), then
//!   `{"healthCheck": true}` is answered, then 401, 400 not JSON, 400 a field of the wrong type, then
//!   what the database says, and at last, where a job would be made, 400 `INVALID_PROFILE`.
//! - A body is read as JSON whatever its `Content-Type`; none, or nothing but white space, is `{}`.
//! - An optional field that is `null` counts as absent. Unknown fields are passed over.
//! - `idempotencyKey` in the body comes before the header `Idempotency-Key`.

mod accounts;
pub mod admin;
pub mod auth;
mod body;
mod cors;
mod dashboard;
mod functions;
mod graphql;
mod health;
mod observe;
mod openapi;
mod realtime;
mod refused;
mod rest;
mod serve;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use accounts::AccountSettings;
pub use cors::{AllowedOrigins, InvalidOrigin};
pub use serve::serve;
pub use state::{Readiness, Settings, State};

use functions::create_plan_job::create_plan_job;
use functions::process_plan_queue::process_plan_queue;
use functions::schedule_regeneration::schedule_regeneration;
use functions::trigger_workout_plan::trigger_workout_plan;

/// Every URL that is served.
pub fn router(state: State) -> Router {
    let state = Arc::new(state);
    let cors = cors::layer(&state.settings.allowed_origins);
    Router::new()
        .route("/functions/v1/create-plan-job", post(create_plan_job))
        .route("/functions/v1/process-plan-queue", post(process_plan_queue))
        .route(
            "/functions/v1/schedule-regeneration",
            post(schedule_regeneration),
        )
        .route("/functions/v1/trigger-workout-plan", workout_plan())
        .route("/functions/v1/generate-workout-plan", workout_plan())
        .merge(rest::routes())
        .route("/graphql/v1", post(graphql::graphql))
        .merge(accounts::router(&state))
        .merge(realtime::routes(&state))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/openapi.json", get(openapi::openapi))
        .fallback(refused::not_found)
        .method_not_allowed_fallback(refused::method_not_allowed)
        .layer(CatchPanicLayer::custom(refused::panicked))
        .layer(CompressionLayer::new())
        .layer(cors)
        // What follows has no CORS: no page of another origin is to read it.
        .nest("/admin/v1", admin::router(&state))
        .route("/metrics", get(admin::metrics))
        .merge(dashboard::routes())
        .layer(from_fn_with_state(Arc::clone(&state), observe::observe))
        .with_state(state)
}

/// The workout plan's function, which words its refusals in its own way.
fn workout_plan() -> MethodRouter<Arc<State>> {
    post(trigger_workout_plan).fallback(refused::method_not_allowed_bare)
}
