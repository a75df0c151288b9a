//! The task behind a workout plan request: text → reading → brief → template → check → eight weeks → the stored plan.

use durable::{Attempt, Connection, Done, Failure, Pool, Task};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    block::{self, Block},
    brief::Brief,
    chain::Chain,
    exercise, gate,
    generate_weekly_plan::{broken, seed},
    reader::{self, Reading},
};

/// The queue of this task.
pub const QUEUE: &str = "workout_plan";

/// Makes the plan of a workout plan request, in one attempt.
pub struct GenerateWorkoutPlan {
    #[expect(dead_code, reason = "who drafts is the rules alone so far")]
    chain: Chain,
}

impl GenerateWorkoutPlan {
    /// With these to draft the plan.
    #[must_use]
    pub fn new(chain: Chain) -> Self {
        Self { chain }
    }
}

/// Which request the task is for, by its row's id; everything about it stays in its rows.
#[derive(Debug, Deserialize)]
pub struct Input {
    request_id: Uuid,
}

/// The brief of what was read, if training may begin without a doctor's word first.
///
/// # Errors
/// `NEEDS_CLEARANCE` or `INVALID_PROFILE`, each with a sentence for the athlete.
pub fn brief_of(reading: &Reading) -> Result<Brief, Failure> {
    gate::of_reading(reading)?;
    Brief::from_reading(reading)
        .map_err(|invalid| Failure::new("INVALID_PROFILE", invalid.to_string()))
}

/// Makes and checks the eight weeks that follow `today`, a date where the athlete is. Another seed makes other weeks, equally
/// sound.
///
/// # Errors
/// `VALIDATION_FAILED` with the ids of the broken rules.
pub fn make_block(brief: &Brief, seed: u64, today: Date) -> Result<Block, Failure> {
    block::check_template(block::template(brief, seed), brief)
        .and_then(|template| template.expand(today))
        .map_err(|violations| Failure::new("VALIDATION_FAILED", broken(&violations)))
}

impl Task for GenerateWorkoutPlan {
    const KIND: &'static str = "generate_workout_plan";
    type Input = Input;

    fn subject(&self, input: &Input) -> String {
        input.request_id.to_string()
    }

    async fn run(&self, input: Input, attempt: Attempt) -> Result<Done, Failure> {
        let Some(request) = read_request(attempt.pool(), input.request_id).await? else {
            return Err(Failure::Lost);
        };
        report(
            &attempt,
            request.id,
            &Progress::step(1, "Reading what you wrote."),
            None,
        )
        .await?;
        let reading = reader::read(&request.user_profile);
        report(
            &attempt,
            request.id,
            &Progress::step(2, "Choosing your exercises."),
            Some(&reading),
        )
        .await?;
        let brief = brief_of(&reading)?;
        let today = date_of(attempt.pool(), request.zone(&reading)).await?;
        let seed = seed(request.user_id, request.plan_no);
        // Pure computing: off the threads that keep the heartbeat.
        let block = tokio::task::spawn_blocking(move || make_block(&brief, seed, today))
            .await
            .map_err(|_| Failure::new("UNKNOWN", "the planner panicked"))??;
        let exercises = block.exercises().len();
        report(
            &attempt,
            request.id,
            &Progress {
                exercises,
                ..Progress::step(3, "Writing your eight weeks.")
            },
            None,
        )
        .await?;
        publish(&attempt, request.id, &block).await?;
        Ok(Done::Settled)
    }
}

/// A request, as far as the generator needs it.
struct Request {
    id: Uuid,
    user_id: Uuid,
    user_profile: String,
    time_zone: Option<String>,
    plan_no: i32,
}

impl Request {
    /// The zone that the app named, else the one that the text names.
    fn zone<'a>(&'a self, reading: &'a Reading) -> Option<&'a str> {
        let read = || reading.time_zone.as_ref().map(|zone| zone.value.as_str());
        self.time_zone.as_deref().or_else(read)
    }
}

async fn read_request(pool: &Pool, id: Uuid) -> Result<Option<Request>, sqlx::Error> {
    sqlx::query_file_as!(Request, "queries/workout_request_input.sql", id)
        .fetch_optional(pool)
        .await
}

/// Today in the zone, or in the setting's.
async fn date_of(pool: &Pool, zone: Option<&str>) -> Result<Date, Failure> {
    let date = sqlx::query_file_scalar!("queries/date_in.sql", zone)
        .fetch_one(pool)
        .await?;
    date.parse()
        .map_err(|_| Failure::new("UNKNOWN", "the database's date is none"))
}

/// Where the work is.
struct Progress {
    step: i32,
    description: &'static str,
    exercises: usize,
}

impl Progress {
    fn step(step: i32, description: &'static str) -> Self {
        Self {
            step,
            description,
            exercises: 0,
        }
    }
}

/// Shows how far the work is and, once it is read, what was understood: fenced, in one transaction.
async fn report(
    attempt: &Attempt,
    request: Uuid,
    progress: &Progress,
    understood: Option<&Reading>,
) -> Result<(), Failure> {
    let mut transaction = attempt.pool().begin().await?;
    attempt.hold(&mut transaction).await?;
    if let Some(reading) = understood {
        keep_understood(&mut transaction, request, reading).await?;
    }
    let exercises = i32::try_from(progress.exercises).unwrap_or(i32::MAX);
    sqlx::query_file!(
        "queries/report_progress.sql",
        request,
        progress.step,
        progress.description,
        exercises
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn keep_understood(
    connection: &mut Connection,
    request: Uuid,
    reading: &Reading,
) -> Result<(), sqlx::Error> {
    sqlx::query_file!("queries/keep_understood.sql", request, json!(reading))
        .execute(connection)
        .await?;
    Ok(())
}

/// The plan, its request, the notification and the task's end, in one transaction. The fence comes last: an attempt that
/// lost its task rolls everything back.
async fn publish(attempt: &Attempt, request: Uuid, block: &Block) -> Result<(), Failure> {
    let mut plan = block.to_json();
    plan["exercises"] = block
        .exercises()
        .into_iter()
        .map(exercise::row::row)
        .collect::<Value>();
    let mut transaction = attempt.pool().begin().await?;
    let plan = sqlx::query_file_scalar!("queries/publish_workout_plan.sql", request, plan)
        .fetch_one(&mut *transaction)
        .await?;
    attempt
        .complete(&mut transaction, &json!({ "plan_id": plan }))
        .await?;
    transaction.commit().await?;
    tracing::info!(%request, %plan, "workout plan published");
    Ok(())
}
