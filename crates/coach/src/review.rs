//! What an operator may look at of plans: lists, one with what the rules say of it, and what was asked for.

use std::collections::BTreeMap;

use durable::Pool;
use durable::inspect::Position;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{query_file, query_file_as, query_file_scalar};
use uuid::Uuid;

use crate::generate_weekly_plan::brief_of;
use crate::plan::rules::RULES;
use crate::plan::{Draft, check_days, weekly_sets};

/// A weekly plan in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeeklyPlanRow {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// When it was stored.
    pub created_at: String,
    /// `pending`, `generating`, `generated`, `active` or `archived`.
    pub status: String,
    /// Grows with each redo.
    pub version: i32,
    /// Its Monday.
    pub week_start_date: Option<String>,
    /// The task that made it; none for a plan of the app's own.
    pub generation_job_id: Option<Uuid>,
    #[serde(skip)]
    at: i64,
}

/// A weekly plan and what the rules say of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeeklyPlanDetail {
    /// As in a list.
    #[serde(flatten)]
    pub plan: WeeklyPlanRow,
    /// The contract's `days`.
    pub days: Value,
    /// What the rules say; none where the job, and with it the profile, is gone.
    pub review: Option<Review>,
    /// Working sets a week by muscle, of those that are known; empty when the days are not of the contract's form.
    pub sets_per_muscle: BTreeMap<String, f64>,
}

/// What the rules say of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The share of rules that it keeps, 0 to 100.
    pub score: f64,
    /// How many rules there are.
    pub rules: usize,
    /// Where it breaks one. None while nobody has changed a plan that we made.
    pub findings: Vec<Finding>,
}

/// A rule that a plan breaks, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// What it demands.
    pub demands: String,
    /// Where in `days`.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A workout plan in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkoutPlanRow {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// When it was stored.
    pub created_at: String,
    /// `active`, `paused` or `completed`.
    pub status: String,
    /// The first Monday.
    pub start_date: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    #[serde(skip)]
    at: i64,
}

/// A workout plan with its entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkoutPlanDetail {
    /// As in a list.
    #[serde(flatten)]
    pub plan: WorkoutPlanRow,
    /// The task that made it, while its request is kept.
    pub request_id: Option<Uuid>,
    /// Every exercise of the eight weeks, in order.
    pub entries: Vec<EntryRow>,
}

/// An entry of a workout plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the contract's columns of workout_entries")]
pub struct EntryRow {
    pub week_number: i32,
    pub day: String,
    pub day_name: Option<String>,
    pub position: i32,
    pub date: Option<String>,
    pub exercise: String,
    pub sets: Option<i32>,
    pub reps: Option<String>,
    pub weight: Option<String>,
    pub time: Option<String>,
    pub equipment: Option<String>,
    pub notes: Option<String>,
    pub is_adjusted: bool,
    pub adjustment_reason: Option<String>,
}

/// An athlete's schedule in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanScheduleRow {
    /// Whose it is.
    pub user_id: Uuid,
    /// Five fields such as `0 18 * * SUN`.
    pub cron: String,
    /// An IANA name.
    pub time_zone: String,
    /// Whether it fires.
    pub enabled: bool,
    /// The next fire time that will make a plan; none while it is off.
    pub next_at: Option<String>,
    /// When it last asked for a plan.
    pub last_at: Option<String>,
    /// The task of that.
    pub last_job_id: Option<Uuid>,
    /// The latest fire time that asked for none.
    pub skipped_at: Option<String>,
    /// Why: `TOO_SOON`, `EXISTING`, `PLAN_EXISTS`, `NO_PROFILE`, `TOO_MANY_REQUESTS` …
    pub skipped_because: Option<String>,
    /// When it was first set.
    pub created_at: String,
    /// When it was last set.
    pub updated_at: String,
    #[serde(skip)]
    at: i64,
}

/// An exercise in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExerciseRow {
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: Option<String>,
    /// Its name.
    pub name: String,
    /// What it needs.
    pub required_equipment: Option<String>,
    /// Where it can be done.
    pub workout_location: Option<String>,
    /// Whether a person has looked over its texts.
    pub reviewed: bool,
}

/// What a plan task was asked for: health data, to be shown only to who may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Who asked.
    pub user_id: Uuid,
    /// The profile: an object, or the text that was sent.
    pub profile: Value,
    /// Why a redo was asked for, or the style note of a workout plan.
    pub request_reason: Option<String>,
}

/// A page of a list, and where the next begins.
pub type Page<Row> = (Vec<Row>, Option<Position>);

/// Weekly plans, newest first.
///
/// # Errors
/// The database's.
pub async fn weekly_plans(
    pool: &Pool,
    user: Option<Uuid>,
    after: Option<Position>,
    limit: i64,
) -> Result<Page<WeeklyPlanRow>, sqlx::Error> {
    let after = after.unwrap_or(Position::FIRST);
    let rows = query_file_as!(
        WeeklyPlanRow,
        "queries/review/weekly_plans.sql",
        user,
        after.at,
        after.id,
        limit + 1
    )
    .fetch_all(pool)
    .await?;
    Ok(paged(rows, limit, |row| Position {
        at: row.at,
        id: row.id,
    }))
}

/// Athletes' schedules, newest first; of a user the only one.
///
/// # Errors
/// The database's.
pub async fn plan_schedules(
    pool: &Pool,
    user: Option<Uuid>,
    after: Option<Position>,
    limit: i64,
) -> Result<Page<PlanScheduleRow>, sqlx::Error> {
    let after = after.unwrap_or(Position::FIRST);
    let rows = query_file_as!(
        PlanScheduleRow,
        "queries/review/plan_schedules.sql",
        user,
        after.at,
        after.id,
        limit + 1
    )
    .fetch_all(pool)
    .await?;
    Ok(paged(rows, limit, |row| Position {
        at: row.at,
        id: row.user_id,
    }))
}

/// A weekly plan; none when there is none of that id.
///
/// # Errors
/// The database's.
pub async fn weekly_plan(pool: &Pool, id: Uuid) -> Result<Option<WeeklyPlanDetail>, sqlx::Error> {
    let Some(row) = query_file!("queries/review/weekly_plan.sql", id)
        .fetch_optional(pool)
        .await?
    else {
        return Ok(None);
    };
    let review = row.profile_snapshot.as_ref().and_then(|profile| {
        review(
            &row.days,
            profile,
            row.request_reason.as_deref().unwrap_or_default(),
        )
    });
    let sets_per_muscle = Draft::deserialize(&row.days)
        .map(|draft| weekly_sets(&draft))
        .unwrap_or_default()
        .into_iter()
        .map(|(muscle, sets)| (muscle.name().to_owned(), sets))
        .collect();
    Ok(Some(WeeklyPlanDetail {
        plan: WeeklyPlanRow {
            id: row.id,
            user_id: row.user_id,
            created_at: row.created_at,
            status: row.status,
            version: row.version,
            week_start_date: row.week_start_date,
            generation_job_id: row.generation_job_id,
            at: row.at,
        },
        days: row.days,
        review,
        sets_per_muscle,
    }))
}

/// What the rules say; none when the profile is none that a plan could be made from.
fn review(days: &Value, profile: &Value, reason: &str) -> Option<Review> {
    let (_, brief) = brief_of(profile, reason).ok()?;
    let violations = check_days(days, &brief).err().unwrap_or_default();
    let mut broken: Vec<_> = violations.iter().map(|violation| violation.rule).collect();
    broken.sort_unstable();
    broken.dedup();
    #[expect(clippy::cast_precision_loss, reason = "a few dozen rules")]
    let score = 100.0 * (1.0 - broken.len() as f64 / RULES.len().max(1) as f64);
    let demands = |id: &str| {
        let rule = RULES.iter().find(|rule| rule.id == id);
        rule.map_or_else(String::new, |rule| rule.sentence.to_owned())
    };
    Some(Review {
        score,
        rules: RULES.len(),
        findings: violations
            .into_iter()
            .map(|violation| Finding {
                rule: violation.rule.to_owned(),
                demands: demands(violation.rule),
                place: violation.place,
                message: violation.message,
            })
            .collect(),
    })
}

/// Workout plans, newest first.
///
/// # Errors
/// The database's.
pub async fn workout_plans(
    pool: &Pool,
    user: Option<Uuid>,
    after: Option<Position>,
    limit: i64,
) -> Result<Page<WorkoutPlanRow>, sqlx::Error> {
    let after = after.unwrap_or(Position::FIRST);
    let rows = query_file_as!(
        WorkoutPlanRow,
        "queries/review/workout_plans.sql",
        user,
        after.at,
        after.id,
        limit + 1
    )
    .fetch_all(pool)
    .await?;
    Ok(paged(rows, limit, |row| Position {
        at: row.at,
        id: row.id,
    }))
}

/// A workout plan; none when there is none of that id.
///
/// # Errors
/// The database's.
pub async fn workout_plan(pool: &Pool, id: Uuid) -> Result<Option<WorkoutPlanDetail>, sqlx::Error> {
    let Some(row) = query_file!("queries/review/workout_plan.sql", id)
        .fetch_optional(pool)
        .await?
    else {
        return Ok(None);
    };
    let entries = query_file_as!(EntryRow, "queries/review/workout_entries.sql", id)
        .fetch_all(pool)
        .await?;
    Ok(Some(WorkoutPlanDetail {
        plan: WorkoutPlanRow {
            id: row.id,
            user_id: row.user_id,
            created_at: row.created_at,
            status: row.status,
            start_date: row.start_date,
            summary: row.summary,
            at: row.at,
        },
        request_id: row.request_id,
        entries,
    }))
}

/// Exercises by name, those after `after`, and the name after which there are more.
///
/// # Errors
/// The database's.
pub async fn exercises(
    pool: &Pool,
    after: Option<&str>,
    limit: i64,
) -> Result<(Vec<ExerciseRow>, Option<String>), sqlx::Error> {
    let mut rows = query_file_as!(
        ExerciseRow,
        "queries/review/exercises.sql",
        after,
        limit + 1
    )
    .fetch_all(pool)
    .await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.name.clone());
    Ok((rows, next))
}

/// An exercise with all its columns; none when there is none of that id.
///
/// # Errors
/// The database's.
pub async fn exercise(pool: &Pool, id: Uuid) -> Result<Option<Value>, sqlx::Error> {
    query_file_scalar!("queries/review/exercise.sql", id)
        .fetch_optional(pool)
        .await
}

/// What a plan task was asked for; none for any other task, and once its row is gone.
///
/// # Errors
/// The database's.
pub async fn asked(pool: &Pool, task: Uuid) -> Result<Option<Asked>, sqlx::Error> {
    query_file_as!(Asked, "queries/review/profile.sql", task)
        .fetch_optional(pool)
        .await
}

fn paged<Row>(mut rows: Vec<Row>, limit: i64, position: impl Fn(&Row) -> Position) -> Page<Row> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(position);
    (rows, next)
}
