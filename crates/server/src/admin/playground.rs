//! `POST /playground`: an operator asks for a plan as an app would, for a user who is named or for the playground's own.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use coach::caller::{Caller, Role};
use coach::request_plan::create_plan_job;
use coach::request_workout_plan::{WorkoutPlanRequest, request_workout_plan};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::{Uuid, uuid};

use super::actions::{Acted, read_body};
use super::{Answer, found, id_of, invalid};
use crate::refused::{Bare, Refused};

/// Whose plans they are where nobody is named. Beside Supabase it has no account, so somebody must be named there.
const PLAYER: Uuid = uuid!("00000000-0000-4000-8000-0000706c6179");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    user: Option<String>,
    /// A `profileSnapshot`.
    weekly: Option<Map<String, Value>>,
    workout: Option<Workout>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Workout {
    text: String,
    time_zone: Option<String>,
    system_prompt: Option<String>,
}

/// Asks for a plan through the functions that apps call, so that every limit and gate holds. Answers with the task: a new one,
/// or the one that makes a plan for this user already.
pub(super) async fn play(State(state): State<Arc<crate::State>>, content: Body) -> Answer<Acted> {
    let play: Play = read_body(content).await?;
    let user = play.user.as_deref().map_or(Ok(PLAYER), id_of)?;
    let task = match (play.weekly, play.workout) {
        (Some(profile), None) => weekly(&state, user, profile).await,
        (None, Some(wanted)) => workout(&state, user, &wanted).await,
        _ => {
            return Err(invalid(
                "Send either \"weekly\" with a profile or \"workout\" with a text.",
            ));
        }
    }?;
    (state.wake)();
    tracing::info!(%task, "an operator asked for a plan on the playground");
    Ok(Json(Acted { task }))
}

async fn weekly(
    state: &crate::State,
    user: Uuid,
    profile: Map<String, Value>,
) -> Result<Uuid, Bare> {
    // The playground's own user keeps no plan that would be missed.
    let options = json!({ "userId": user, "forceRegenerate": user == PLAYER });
    let service = Caller::of_role(Role::ServiceRole);
    let answer = create_plan_job(&state.pool, &service, &Value::Object(profile), &options).await?;
    if answer["status"] == "plan_exists" {
        return Err(Bare(Refused::new(
            axum::http::StatusCode::CONFLICT,
            "PLAN_EXISTS",
            "This user has a plan of this week, and the setting one_plan_per_cycle allows no other.",
        )));
    }
    task_of(&answer, &["jobId", "existingJobId"])
}

async fn workout(state: &crate::State, user: Uuid, wanted: &Workout) -> Result<Uuid, Bare> {
    let request = WorkoutPlanRequest {
        user_profile: Some(&wanted.text),
        system_prompt: wanted.system_prompt.as_deref(),
        time_zone: wanted.time_zone.as_deref(),
        idempotency_key: None,
        user_id: Some(user),
    };
    let service = Caller::of_role(Role::ServiceRole);
    let answer = request_workout_plan(&state.pool, &service, request).await?;
    task_of(&answer, &["request_id"])
}

fn task_of(answer: &Value, names: &[&str]) -> Result<Uuid, Bare> {
    let id = names.iter().find_map(|name| answer[name].as_str());
    found(
        id.and_then(|id| Uuid::try_parse(id).ok()),
        "No task was made for this.",
    )
}
