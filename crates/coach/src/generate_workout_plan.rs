//! The task behind a workout plan request: text → reading → brief → template by the chain → check → eight weeks → the stored plan.

use std::sync::Arc;

use durable::{Attempt, Child, Connection, Done, Failure, Pool, Task};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    answer::reading,
    ask_block::{self, BlockQuestion},
    block::{self, Block, Template},
    brief::Brief,
    chain::Chain,
    exercise::{self, Exercise},
    gate, generate_exercise_profile,
    generate_weekly_plan::{broken, seed},
    prompt::{self, Prompt},
    reader::{self, Language, Reading},
    rounds::checked,
};

/// The queue of this task.
pub const QUEUE: &str = "workout_plan";

/// Makes the plan of a workout plan request.
pub struct GenerateWorkoutPlan {
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
        .map_err(|violations| broken(&violations))
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
        let code = reader::read(&request.user_profile);
        let progress = Progress::step(1, "Reading what you wrote.");
        report(&attempt, request.id, progress, Some(&code)).await?;
        gate::of_reading(&code)?;
        let kept = kept(&attempt).await?;
        let answer = match &kept {
            Some(kept) => kept.reading.clone(),
            None => self.read(&attempt, &request).await?,
        };
        let reading = match &answer {
            Some(answer) => reading::merge(&code, answer, &request.user_profile),
            None => code,
        };
        let progress = Progress::step(2, "Choosing your exercises.");
        report(&attempt, request.id, progress, Some(&reading)).await?;
        let brief = brief_of(&reading)?;
        let today = date_of(attempt.pool(), request.zone(&reading)).await?;
        let question = Arc::new(request.question(&reading, brief, today));
        let block = match kept
            .and_then(|kept| Some((question.expand(kept.template.clone()).ok()?, kept)))
        {
            Some((drafted, kept)) => {
                describe(&attempt, request.id, &drafted.block, &kept).await?;
                drafted.block
            }
            None => self.draft(&attempt, &request, &question, answer).await?,
        };
        let exercises = block.exercises().len();
        let progress = Progress::step(3, "Writing your eight weeks.");
        report(&attempt, request.id, progress.of(exercises, 0), None).await?;
        publish(&attempt, request.id, &block).await?;
        Ok(Done::Settled)
    }

    async fn cancel(&self, handle: Value) -> Result<(), Failure> {
        self.chain.cancel(&handle).await
    }
}

impl GenerateWorkoutPlan {
    /// What the first provider that can reads out of the text; none: the code's own reading has to do.
    async fn read(&self, attempt: &Attempt, request: &Request) -> Result<Option<Value>, Failure> {
        let by = |provider| {
            ask_block::reading(provider, attempt, &request.user_profile, request.user_id)
        };
        Ok(self.chain.ask(attempt, by).await?.ok())
    }

    /// A block by the chain; where a model drafted it, its exercises are described.
    async fn draft(
        &self,
        attempt: &Attempt,
        request: &Request,
        question: &Arc<BlockQuestion>,
        reading: Option<Value>,
    ) -> Result<Block, Failure> {
        let tell = |day: usize, days: usize| async move {
            let words = format!("Choosing your exercises: day {day} of {days}.");
            report(attempt, request.id, Progress::step(2, words), None).await
        };
        let drafted = match self
            .chain
            .ask(attempt, |provider| question.ask(provider, attempt, tell))
            .await?
        {
            Ok(drafted) => drafted,
            Err(failure) => {
                self.chain.leave_to_rules(failure)?;
                let question = Arc::clone(question);
                let make = move || make_block(&question.brief, question.seed, question.today);
                return checked(attempt, "rules", |failure| failure, make).await?;
            }
        };
        let exercises = without_texts(attempt.pool(), &drafted.block, question.language).await?;
        if !exercises.is_empty() {
            let kept = Kept {
                reading,
                template: drafted.template,
                exercises,
                language: question.language,
                version: Prompt::ExerciseProfile.version(),
            };
            let kept = attempt.step(KEPT, &(), |_| async { Ok(kept) }).await?;
            describe(attempt, request.id, &drafted.block, &kept).await?;
        }
        Ok(drafted.block)
    }
}

/// The step that holds a draft while its exercises are described.
const KEPT: &str = "draft";

/// What the attempt after the wait goes on with, so that nobody is asked again.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The model's answer, if one read the text.
    reading: Option<Value>,
    template: Template,
    /// The slugs of those that lack texts in this language.
    exercises: Vec<String>,
    language: Language,
    /// Of the prompt that describes them.
    version: String,
}

async fn kept(attempt: &Attempt) -> Result<Option<Kept>, Failure> {
    let output = sqlx::query_file_scalar!("queries/kept_step.sql", attempt.task(), KEPT)
        .fetch_optional(attempt.pool())
        .await?;
    // What a later release cannot read any more is drafted again.
    Ok(output.and_then(|output| serde_json::from_value(output).ok()))
}

/// The slugs of a block's exercises that nobody has described in the language yet; all have our own English texts.
async fn without_texts(
    pool: &Pool,
    block: &Block,
    language: Language,
) -> Result<Vec<String>, Failure> {
    if language == Language::En {
        return Ok(Vec::new());
    }
    let named = |exercise: &&Exercise| json!({ "slug": exercise.slug, "name": exercise.name });
    let exercises: Value = block.exercises().iter().map(named).collect();
    let query = sqlx::query_file_scalar!(
        "queries/exercises_without_texts.sql",
        exercises,
        language.name()
    );
    Ok(query.fetch_one(pool).await?)
}

/// Waits for the children that describe exercises, without a worker; a plan whose exercises could not be described is as good.
async fn describe(
    attempt: &Attempt,
    request: Uuid,
    block: &Block,
    kept: &Kept,
) -> Result<(), Failure> {
    let progress = Progress::step(3, "Describing your exercises.");
    let progress = progress.of(block.exercises().len(), kept.exercises.len());
    report(attempt, request, progress, None).await?;
    let child =
        |slug: &String| generate_exercise_profile::child(slug, kept.language, &kept.version);
    let children: Vec<Child> = kept.exercises.iter().map(child).collect();
    attempt.children("exercises", &children).await?;
    Ok(())
}

/// A request, as far as the generator needs it.
struct Request {
    id: Uuid,
    user_id: Uuid,
    user_profile: String,
    system_prompt: Option<String>,
    time_zone: Option<String>,
    plan_no: i32,
}

impl Request {
    /// The zone that the app named, else the one that the text names.
    fn zone<'a>(&'a self, reading: &'a Reading) -> Option<&'a str> {
        let read = || reading.time_zone.as_ref().map(|zone| zone.value.as_str());
        self.time_zone.as_deref().or_else(read)
    }

    fn question(&self, reading: &Reading, brief: Brief, today: Date) -> BlockQuestion {
        let style = self.system_prompt.as_deref();
        BlockQuestion {
            user: self.user_id,
            turn: prompt::block_template(&self.user_profile, reading, &brief, style),
            language: reading.language.unwrap_or(Language::En),
            seed: seed(self.user_id, self.plan_no),
            brief,
            today,
        }
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
    description: String,
    exercises: usize,
    completed: usize,
}

impl Progress {
    fn step(step: i32, description: impl Into<String>) -> Self {
        Self {
            step,
            description: description.into(),
            exercises: 0,
            completed: 0,
        }
    }

    /// With so many exercises, of which some are not described yet.
    fn of(self, exercises: usize, missing: usize) -> Self {
        Self {
            exercises,
            completed: exercises - missing.min(exercises),
            ..self
        }
    }
}

/// Shows how far the work is and, once it is read, what was understood: fenced, in one transaction.
async fn report(
    attempt: &Attempt,
    request: Uuid,
    progress: Progress,
    understood: Option<&Reading>,
) -> Result<(), Failure> {
    let mut transaction = attempt.pool().begin().await?;
    attempt.hold(&mut transaction).await?;
    if let Some(reading) = understood {
        keep_understood(&mut transaction, request, reading).await?;
    }
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    sqlx::query_file!(
        "queries/report_progress.sql",
        request,
        progress.step,
        progress.description,
        number(progress.exercises),
        number(progress.completed)
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
