//! `/functions/v1/…`: one file a function, each read → who asks → operation → answer.

pub(crate) mod create_plan_job;
mod options;
pub(crate) mod process_plan_queue;
pub(crate) mod schedule_regeneration;
pub(crate) mod trigger_workout_plan;

use axum::http::HeaderMap;
use coach::caller::{Caller, Role};

use crate::State;
use crate::auth::AuthError;
use crate::refused::Refused;

/// The user or the service role behind the request; an app's key alone is nobody.
async fn caller(state: &State, headers: &HeaderMap) -> Result<Caller, Refused> {
    let caller = state.keys.caller(headers).await?;
    match caller.role {
        Role::Anon => Err(Refused::unauthorized(AuthError::NoUser)),
        Role::Authenticated | Role::ServiceRole => Ok(caller),
    }
}
