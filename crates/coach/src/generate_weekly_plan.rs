//! The task behind a plan job: profile → gate → brief → draft by the chain → check → the stored week.

use std::sync::Arc;

use durable::{Attempt, Done, Failure, Pool, Task};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    ask_week::WeekQuestion,
    brief::Brief,
    chain::Chain,
    gate,
    plan::{Plan, Violation, check},
    planner::{self, RedoType},
    profile::ProfileSnapshot,
    rounds::checked,
};

/// The queue of this task.
pub const QUEUE: &str = "weekly_plan";

/// Makes the week of a plan job.
pub struct GenerateWeeklyPlan {
    chain: Chain,
}

impl GenerateWeeklyPlan {
    /// With these to draft the plan.
    #[must_use]
    pub fn new(chain: Chain) -> Self {
        Self { chain }
    }
}

/// Which job the task is for; everything about it stays in its row.
#[derive(Debug, Deserialize)]
pub struct Input {
    job_id: Uuid,
}

/// What a week is made from.
#[derive(Debug)]
pub struct Request<'a> {
    /// The profile as the app sent it.
    pub snapshot: &'a Value,
    /// Another number makes another week, equally sound.
    pub seed: u64,
    /// The week to make anew in part, and why.
    pub redo: Option<Redo<'a>>,
}

/// The week that a redo starts from.
#[derive(Debug)]
pub struct Redo<'a> {
    /// Which half is made anew.
    pub part: RedoType,
    /// The athlete's own words; they can only tighten the brief.
    pub reason: &'a str,
    /// The stored `days`.
    pub days: &'a Value,
}

/// The profile and the brief of a snapshot, if training may begin without a doctor's word first. `reason` is a redo's, else empty; it can only
/// tighten the brief.
///
/// # Errors
/// `INVALID_PROFILE` or `NEEDS_CLEARANCE`, each with a sentence for the athlete.
pub fn brief_of(snapshot: &Value, reason: &str) -> Result<(ProfileSnapshot, Brief), Failure> {
    let profile = ProfileSnapshot::parse(snapshot)
        .map_err(|invalid| Failure::new("INVALID_PROFILE", invalid.to_string()))?;
    gate::of_profile(&profile, reason)?;
    let brief = Brief::from_profile(&profile).with_request(reason);
    Ok((profile, brief))
}

/// Makes and checks a week.
///
/// # Errors
/// `INVALID_PROFILE` or `NEEDS_CLEARANCE` with a sentence for the athlete, or `VALIDATION_FAILED` with the ids of the broken rules.
pub fn make_week(request: &Request<'_>) -> Result<Plan, Failure> {
    let reason = request.redo.as_ref().map_or("", |redo| redo.reason);
    let (_, brief) = brief_of(request.snapshot, reason)?;
    let draft = match &request.redo {
        None => planner::draft_week(&brief, request.seed),
        Some(redo) => planner::redo_week(&brief, request.seed, redo.days, redo.part),
    };
    check(draft, &brief).map_err(|violations| broken(&violations))
}

/// `VALIDATION_FAILED` with the ids of the broken rules, each once; places and texts stay out, since they speak of the athlete.
pub(crate) fn broken(violations: &[Violation]) -> Failure {
    let mut rules: Vec<_> = violations.iter().map(|violation| violation.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    Failure::new(
        "VALIDATION_FAILED",
        format!("broken rules: {}", rules.join(", ")),
    )
}

impl Task for GenerateWeeklyPlan {
    const KIND: &'static str = "generate_weekly_plan";
    type Input = Input;

    fn subject(&self, input: &Input) -> String {
        input.job_id.to_string()
    }

    async fn run(&self, input: Input, attempt: Attempt) -> Result<Done, Failure> {
        let Some(job) = read_job(attempt.pool(), input.job_id).await? else {
            return Err(Failure::Lost);
        };
        let question = Arc::new(job.question()?);
        let by = |provider| {
            let (question, attempt) = (&question, &attempt);
            async move { question.ask(provider, attempt).await }
        };
        let plan = match self.chain.ask(&attempt, by).await? {
            Ok(plan) => plan,
            Err(failure) => {
                self.chain.leave_to_rules(failure)?;
                checked(
                    &attempt,
                    "rules",
                    |failure| failure,
                    move || job.make_week(),
                )
                .await??
            }
        };
        publish(&attempt, input.job_id, &plan).await?;
        Ok(Done::Settled)
    }

    async fn cancel(&self, handle: Value) -> Result<(), Failure> {
        self.chain.cancel(&handle).await
    }
}

/// A job's row, as far as the generator needs it.
struct Job {
    user_id: Uuid,
    profile_snapshot: Value,
    is_redo: bool,
    request_reason: Option<String>,
    redo_type: Option<String>,
    source_plan_days: Option<Value>,
    plan_no: i32,
}

impl Job {
    fn redo(&self) -> Option<Redo<'_>> {
        let days = self.source_plan_days.as_ref().filter(|_| self.is_redo)?;
        let part = self.redo_type.as_deref().and_then(RedoType::read);
        Some(Redo {
            part: part.unwrap_or(RedoType::Both),
            reason: self.request_reason.as_deref().unwrap_or_default(),
            days,
        })
    }

    /// What a model is asked; nobody who needs a doctor's word first.
    fn question(&self) -> Result<WeekQuestion, Failure> {
        let redo = self.redo();
        let reason = redo.as_ref().map_or("", |redo| redo.reason);
        let (profile, brief) = brief_of(&self.profile_snapshot, reason)?;
        Ok(WeekQuestion {
            user: self.user_id,
            language: gate::language(&profile, reason),
            reason: reason.to_owned(),
            redo: redo.as_ref().map(|redo| (redo.part, redo.days.clone())),
            seed: seed(self.user_id, self.plan_no),
            profile,
            brief,
        })
    }

    fn make_week(&self) -> Result<Plan, Failure> {
        make_week(&Request {
            snapshot: &self.profile_snapshot,
            seed: seed(self.user_id, self.plan_no),
            redo: self.redo(),
        })
    }
}

/// The same for every attempt at one plan, another for the user's next plan; `plan_no` counts those before.
pub(crate) fn seed(user: Uuid, plan_no: i32) -> u64 {
    let (high, low) = user.as_u64_pair();
    (high ^ low).wrapping_add(u64::from(plan_no.unsigned_abs()))
}

async fn read_job(pool: &Pool, job: Uuid) -> Result<Option<Job>, sqlx::Error> {
    sqlx::query_file_as!(Job, "queries/weekly_job_input.sql", job)
        .fetch_optional(pool)
        .await
}

/// The plan, its job, the notification and the task's end, in one transaction. The fence comes last: an attempt that
/// lost its task rolls everything back.
async fn publish(attempt: &Attempt, job: Uuid, plan: &Plan) -> Result<(), Failure> {
    let mut transaction = attempt.pool().begin().await?;
    let plan = sqlx::query_file_scalar!("queries/publish_weekly_plan.sql", job, plan.to_days())
        .fetch_one(&mut *transaction)
        .await?;
    attempt
        .complete(&mut transaction, &json!({ "plan_id": plan }))
        .await?;
    transaction.commit().await?;
    tracing::info!(job = %job, %plan, "weekly plan published");
    Ok(())
}
