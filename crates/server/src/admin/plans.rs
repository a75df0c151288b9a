//! `/weekly-plans`, `/workout-plans`, `/plan-schedules`, `/exercises`: what was made and will be, and what the rules say of it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use coach::review::{
    self, ExerciseRow, PlanScheduleRow, WeeklyPlanDetail, WeeklyPlanRow, WorkoutPlanDetail,
    WorkoutPlanRow,
};
use serde::Deserialize;
use serde_json::Value;

use super::query::{PageQuery, cursor, read};
use super::{Answer, Paged, found, id_of, told};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Plans {
    user: Option<String>,
}

/// Weekly plans, newest first (`?user=`).
pub(super) async fn weekly_plans(
    State(state): State<Arc<crate::State>>,
    uri: Uri,
) -> Answer<Paged<WeeklyPlanRow>> {
    let (plans, page): (Plans, PageQuery) = (read(&uri)?, read(&uri)?);
    let user = plans.user.as_deref().map(id_of).transpose()?;
    let rows = review::weekly_plans(&state.pool, user, page.after()?, page.limit()?).await;
    let (data, next) = told(rows)?;
    Ok(Json(Paged {
        data,
        next: next.map(cursor),
    }))
}

/// One weekly plan with its score and findings.
pub(super) async fn weekly_plan(
    State(state): State<Arc<crate::State>>,
    Path(id): Path<String>,
) -> Answer<WeeklyPlanDetail> {
    let plan = told(review::weekly_plan(&state.pool, id_of(&id)?).await)?;
    Ok(Json(found(plan, "There is no weekly plan of this id.")?))
}

/// Workout plans, newest first (`?user=`).
pub(super) async fn workout_plans(
    State(state): State<Arc<crate::State>>,
    uri: Uri,
) -> Answer<Paged<WorkoutPlanRow>> {
    let (plans, page): (Plans, PageQuery) = (read(&uri)?, read(&uri)?);
    let user = plans.user.as_deref().map(id_of).transpose()?;
    let rows = review::workout_plans(&state.pool, user, page.after()?, page.limit()?).await;
    let (data, next) = told(rows)?;
    Ok(Json(Paged {
        data,
        next: next.map(cursor),
    }))
}

/// One workout plan with its entries.
pub(super) async fn workout_plan(
    State(state): State<Arc<crate::State>>,
    Path(id): Path<String>,
) -> Answer<WorkoutPlanDetail> {
    let plan = told(review::workout_plan(&state.pool, id_of(&id)?).await)?;
    Ok(Json(found(plan, "There is no workout plan of this id.")?))
}

/// Athletes' schedules, newest first (`?user=`).
pub(super) async fn plan_schedules(
    State(state): State<Arc<crate::State>>,
    uri: Uri,
) -> Answer<Paged<PlanScheduleRow>> {
    let (plans, page): (Plans, PageQuery) = (read(&uri)?, read(&uri)?);
    let user = plans.user.as_deref().map(id_of).transpose()?;
    let rows = review::plan_schedules(&state.pool, user, page.after()?, page.limit()?).await;
    let (data, next) = told(rows)?;
    Ok(Json(Paged {
        data,
        next: next.map(cursor),
    }))
}

/// Exercises by name.
pub(super) async fn exercises(
    State(state): State<Arc<crate::State>>,
    uri: Uri,
) -> Answer<Paged<ExerciseRow>> {
    let page: PageQuery = read(&uri)?;
    let rows = review::exercises(&state.pool, page.raw_after(), page.limit()?).await;
    let (data, next) = told(rows)?;
    Ok(Json(Paged { data, next }))
}

/// One exercise with all of its texts.
pub(super) async fn exercise(
    State(state): State<Arc<crate::State>>,
    Path(id): Path<String>,
) -> Answer<Value> {
    let exercise = told(review::exercise(&state.pool, id_of(&id)?).await)?;
    Ok(Json(found(exercise, "There is no exercise of this id.")?))
}
