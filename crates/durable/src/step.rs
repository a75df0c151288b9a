//! The journal of an attempt's steps: what was sent, under which handle the provider keeps it, how far it is, what it came to.

use std::{future::Future, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{query_file_as, query_file_scalar};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use crate::{
    Attempt, Failure, MicroDollars, Policy,
    error::describe,
    persist::{is_refusal, persist},
};

/// How long intents and handles are tried to be written; a result is tried for ever.
const PATIENCE: Duration = Duration::from_secs(30);
/// The least time between two writes of a partial result.
const PARTIAL_EVERY: Duration = Duration::from_secs(1);
/// What a partial result may hold up its own stream.
const PARTIAL_PATIENCE: Duration = Duration::from_secs(1);

/// Whether a step's work is known to begin for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Began {
    /// Nobody began this step before, or what was begun is known to have cost nothing.
    First,
    /// An earlier attempt began it and its end is not known: what it did in the outside world may be done twice.
    Again,
}

/// What a step's work came to.
#[derive(Debug, Clone)]
pub struct Priced<T> {
    /// The output, journalled and replayed.
    pub output: T,
    /// What this sending cost in truth; none: as estimated.
    pub cost: Option<MicroDollars>,
    /// What was used, as the provider counts it; the numbers `input_tokens` and `output_tokens` settle the step's budget.
    pub usage: Value,
}

impl<T> From<T> for Priced<T> {
    /// An output that cost what was estimated.
    fn from(output: T) -> Self {
        Self {
            output,
            cost: None,
            usage: Value::Null,
        }
    }
}

/// What the journal answers to a begin.
#[derive(Debug)]
struct Answer {
    state: String,
    output: Option<Value>,
    handle: Option<Value>,
    partial: Option<Value>,
    seconds: Option<f64>,
}

/// A begun step, in the hands of its work.
#[derive(Debug)]
pub struct Step {
    attempt: Attempt,
    name: String,
    request_hash: String,
    policy: Policy,
    began: Began,
    handle: Option<Value>,
    partial: Option<Value>,
    partial_kept: Option<Instant>,
}

impl Attempt {
    /// Does `work` under a name that is unique in the task, and journals its output: a later attempt gets the output
    /// instead of doing the work. `request` is what the work depends on. For work that costs nothing; else [`Attempt::call`].
    ///
    /// # Errors
    /// What `work` failed with; [`Failure::Lost`]; code `UNKNOWN` when the name was used for another request.
    pub async fn step<T, Work>(
        &self,
        name: &str,
        request: &impl Serialize,
        work: impl FnOnce(Began) -> Work,
    ) -> Result<T, Failure>
    where
        T: Serialize + DeserializeOwned,
        Work: Future<Output = Result<T, Failure>>,
    {
        let work = |step: Step| {
            let output = work(step.began);
            async { output.await.map(Priced::from) }
        };
        self.call(name, request, Policy::repeatable(), work).await
    }

    /// Does long, costly `work` under a name that is unique in the task, and journals what is sent, the provider's handle,
    /// partial results and the output. A later attempt gets the output; or, where the work left a handle, the work is
    /// called with it, to go on; or, where nobody knows how the last sending ended, `policy` decides. An output is written
    /// even if the attempt is abandoned meanwhile or the database is away. An error of the work is taken for an unknown
    /// end, unless the work has called [`Step::withdraw`].
    ///
    /// # Errors
    /// What `work` failed with; [`Failure::Lost`]; [`Failure::Suspended`] when the task was parked, to be passed on; never to be retried:
    /// `STEP_COST_CAP`, `SPEND_CAP`, `BUDGET_TOO_SMALL`, `STEP_DECLINED` (by a person), `STEP_DEADLINE_EXCEEDED`,
    /// `STEP_NOT_STORED` (the output is not JSON that PostgreSQL takes); [`Failure::Later`] when the budget is
    /// used up for longer than the policy waits; `UNKNOWN` when the name was used for another request.
    pub async fn call<T, Work>(
        &self,
        name: &str,
        request: &impl Serialize,
        policy: Policy,
        work: impl FnOnce(Step) -> Work,
    ) -> Result<T, Failure>
    where
        T: Serialize + DeserializeOwned,
        Work: Future<Output = Result<Priced<T>, Failure>>,
    {
        let mut step = Step {
            attempt: self.clone(),
            name: name.to_owned(),
            request_hash: hash(name, request)?,
            policy,
            began: Began::First,
            handle: None,
            partial: None,
            partial_kept: None,
        };
        let answer = step.begin(false).await?;
        if answer.state == "done" {
            return serde_json::from_value(answer.output.unwrap_or_default())
                .map_err(|error| not_stored(name, &error));
        }
        let work = work(step);
        let priced = match answer.seconds {
            None => work.await?,
            Some(seconds) => {
                let left = Duration::try_from_secs_f64(seconds).unwrap_or_default();
                match timeout(left, work).await {
                    Ok(priced) => priced?,
                    Err(_) => return Err(self.late(name).await),
                }
            }
        };
        let stored =
            serde_json::to_value(&priced.output).map_err(|error| not_stored(name, &error))?;
        self.finish_step(name, stored, priced.cost, priced.usage)
            .await?;
        Ok(priced.output)
    }

    /// Writes an output, in a task of its own that outlives the attempt's work and lasts until it is written or fenced out.
    async fn finish_step(
        &self,
        name: &str,
        output: Value,
        cost: Option<MicroDollars>,
        usage: Value,
    ) -> Result<(), Failure> {
        let (attempt, step) = (self.clone(), name.to_owned());
        let write = self.writes.spawn(async move {
            persist(None, || {
                query_file_scalar!(
                    "queries/finish_step.sql",
                    attempt.task,
                    attempt.token,
                    step,
                    output,
                    cost.map(|cost| cost.0),
                    usage
                )
                .fetch_one(&attempt.pool)
            })
            .await
        });
        match write.await {
            Ok(Ok(true)) => Ok(()),
            Ok(Err(error)) if is_refusal(&error) => Err(not_stored(name, &describe(&error))),
            Ok(Err(error)) => Err(error.into()),
            Ok(Ok(false)) | Err(_) => Err(Failure::Lost),
        }
    }

    /// Gives up a step whose time is over; the provider is told to stop.
    async fn late(&self, name: &str) -> Failure {
        let loosened =
            query_file_scalar!("queries/loosen_handles.sql", self.task, name).fetch_one(&self.pool);
        if let Err(error) = loosened.await {
            tracing::warn!(task = %self.task, step = name, error = describe(&error), "the provider is told when the task ends");
        }
        out_of_time(name)
    }
}

impl Step {
    /// Whether an earlier sending may have been paid for.
    #[must_use]
    pub fn began(&self) -> Began {
        self.began
    }

    /// The provider's handle to what an earlier attempt sent: go on with that instead of sending again.
    #[must_use]
    pub fn handle(&self) -> Option<&Value> {
        self.handle.as_ref()
    }

    /// How far an earlier attempt had come with that handle, as last kept.
    #[must_use]
    pub fn partial(&self) -> Option<&Value> {
        self.partial.as_ref()
    }

    /// Keeps the provider's handle to the work, on disk, before the work goes on.
    ///
    /// # Errors
    /// [`Failure::Lost`]; the database's error when it is away for longer than half a minute.
    pub async fn keep_handle(&mut self, handle: Value) -> Result<(), Failure> {
        let Attempt {
            pool, task, token, ..
        } = &self.attempt;
        let held = persist(Some(PATIENCE), || {
            query_file_scalar!("queries/keep_handle.sql", task, token, self.name, handle)
                .fetch_one(pool)
        });
        held_or_lost(held.await?)?;
        self.handle = Some(handle);
        Ok(())
    }

    /// Keeps how far the work has come: a cursor, and what was read up to it. Call it as often as there is news; it is
    /// written once a second at most. A database that is away does not stop the work.
    ///
    /// # Errors
    /// [`Failure::Lost`].
    pub async fn keep_partial(&mut self, partial: &impl Serialize) -> Result<(), Failure> {
        if self
            .partial_kept
            .is_some_and(|kept| kept.elapsed() < PARTIAL_EVERY)
        {
            return Ok(());
        }
        self.partial_kept = Some(Instant::now());
        let partial =
            serde_json::to_value(partial).map_err(|error| not_stored(&self.name, &error))?;
        let Attempt {
            pool, task, token, ..
        } = &self.attempt;
        let write = query_file_scalar!("queries/keep_partial.sql", task, token, self.name, partial)
            .fetch_one(pool);
        match timeout(PARTIAL_PATIENCE, write).await {
            Ok(Ok(held)) => held_or_lost(held),
            Ok(Err(error)) => {
                tracing::warn!(%task, step = self.name, error = describe(&error), "a partial result was not kept");
                Ok(())
            }
            Err(_) => Ok(()),
        }
    }

    /// Declares the handle dead (the provider has forgotten it): how the sending ended is not known, and the step's policy
    /// decides. On `Ok` the request may be sent again.
    ///
    /// # Errors
    /// As for [`Attempt::call`].
    pub async fn lose_handle(&mut self) -> Result<(), Failure> {
        self.begin(true).await.map(drop)
    }

    /// Takes the intent back: what was sent is known to have cost nothing (it was refused, or never left). Then the work
    /// returns its error, and the next attempt begins as if nothing had been sent.
    ///
    /// # Errors
    /// [`Failure::Lost`]; the database's error when it is away for longer than half a minute.
    pub async fn withdraw(&mut self) -> Result<(), Failure> {
        let Attempt {
            pool, task, token, ..
        } = &self.attempt;
        let held = persist(Some(PATIENCE), || {
            query_file_scalar!("queries/withdraw_step.sql", task, token, self.name).fetch_one(pool)
        });
        held_or_lost(held.await?)
    }

    /// Writes the intent, or learns what there is instead of it; waits for the budget as long as the policy says. `Ok`: the
    /// work may be done, or is `done`.
    async fn begin(&mut self, handle_dead: bool) -> Result<Answer, Failure> {
        let patience_ends = Instant::now() + self.policy.patience;
        let answer = loop {
            let answer = self.ask(handle_dead).await?;
            if answer.state != "wait" {
                break answer;
            }
            let Ok(wait) = Duration::try_from_secs_f64(answer.seconds.unwrap_or_default()) else {
                return Err(Failure::new(
                    "BUDGET_TOO_SMALL",
                    format!("step {} needs more than a minute's budget", self.name),
                ));
            };
            if Instant::now() + wait > patience_ends {
                return Err(budget_used_up(self.policy.budget_name(), wait));
            }
            sleep(wait).await;
        };
        if let Some(failure) = refusal(&self.name, &answer) {
            if answer.state == "parked" {
                tracing::warn!(task = %self.attempt.task, step = self.name, "nobody knows how a step ended; the task waits for durable.decide_step");
            }
            return Err(failure);
        }
        self.began = match answer.state.as_str() {
            "begun" => Began::First,
            _ => Began::Again,
        };
        self.handle.clone_from(&answer.handle);
        self.partial.clone_from(&answer.partial);
        Ok(answer)
    }

    async fn ask(&self, handle_dead: bool) -> Result<Answer, Failure> {
        let policy =
            serde_json::to_value(&self.policy).map_err(|error| not_stored(&self.name, &error))?;
        let sending = Uuid::now_v7();
        let answer = persist(Some(PATIENCE), || {
            query_file_as!(
                Answer,
                "queries/begin_step.sql",
                self.attempt.task,
                self.attempt.token,
                self.name,
                self.request_hash,
                policy,
                sending,
                handle_dead
            )
            .fetch_one(&self.attempt.pool)
        });
        Ok(answer.await?)
    }
}

/// Why the work may not be done; none: it may, or is done.
fn refusal(name: &str, answer: &Answer) -> Option<Failure> {
    let (code, message) = match answer.state.as_str() {
        "begun" | "repeat" | "resumed" | "done" => return None,
        "lost" => return Some(Failure::Lost),
        "parked" => return Some(Failure::Suspended),
        "late" => return Some(out_of_time(name)),
        "capped" => (
            "STEP_COST_CAP",
            format!("one more sending of step {name} would pass its cost cap"),
        ),
        "declined" => (
            "STEP_DECLINED",
            format!("a person decided that step {name} fails"),
        ),
        "refused" => {
            let of = |key| answer.output.as_ref().map(|cap| &cap[key]);
            let (scope, used, cap) = (of("scope"), of("used"), of("cap"));
            (
                "SPEND_CAP",
                format!(
                    "step {name} would pass the spend cap of {}: {} of {} micro-dollars are used",
                    scope.and_then(Value::as_str).unwrap_or_default(),
                    used.unwrap_or(&Value::Null),
                    cap.unwrap_or(&Value::Null),
                ),
            )
        }
        _ => return Some(Failure::changed(name)),
    };
    Some(Failure::new(code, message))
}

fn budget_used_up(budget: &str, wait: Duration) -> Failure {
    Failure::Later {
        after: wait,
        reason: format!("budget {budget} is used up"),
    }
}

fn held_or_lost(held: bool) -> Result<(), Failure> {
    if held { Ok(()) } else { Err(Failure::Lost) }
}

pub(crate) fn hash(name: &str, request: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_vec(request).map_err(|error| not_stored(name, &error))?;
    Ok(Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn out_of_time(name: &str) -> Failure {
    Failure::new(
        "STEP_DEADLINE_EXCEEDED",
        format!("step {name} took longer than its time limit"),
    )
}

fn not_stored(name: &str, error: &impl std::fmt::Display) -> Failure {
    Failure::new(
        "STEP_NOT_STORED",
        format!("step {name} cannot be journalled: {error}"),
    )
}
