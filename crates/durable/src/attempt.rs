//! One attempt at one task: what running code may do, and how its end is settled.

use std::time::Duration;

use serde_json::Value;
use tokio::{task::JoinHandle, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    Connection, Done, Failure, Pool,
    completer::Completer,
    error::describe,
    persist::persist,
    store::{self, Claim},
    task::Handler,
};

/// A running attempt, handed to [`Task::run`](crate::Task::run). Every write is fenced by its token.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub(crate) pool: Pool,
    pub(crate) task: Uuid,
    pub(crate) token: i64,
    retries: u32,
    max_retries: u32,
    /// When the run is cut; none: never.
    ends: Option<Instant>,
    /// Results on their way to the database; the attempt is not over before they have ended.
    pub(crate) writes: TaskTracker,
}

impl Attempt {
    /// The task's id.
    #[must_use]
    pub fn task(&self) -> Uuid {
        self.task
    }

    /// Its fencing token: no other attempt has it, and later attempts of the task have larger ones.
    #[must_use]
    pub fn token(&self) -> i64 {
        self.token
    }

    /// Failed attempts before this one.
    #[must_use]
    pub fn retries(&self) -> u32 {
        self.retries
    }

    /// Whether a failure of a class that is retried would fail the task now: there is no attempt after this one.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.retries >= self.max_retries
    }

    /// How long the run may still last before it is cut and fails with `DEADLINE_EXCEEDED`.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        let left = |ends: Instant| ends.saturating_duration_since(Instant::now());
        self.ends.map_or(Duration::MAX, left)
    }

    /// The worker's database. Statements run on it, and in transactions that it begins, work behind a pooler too.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Sleeps, counted from the first attempt that meets `name`, a step's name: the attempt ends with
    /// [`Failure::Suspended`] (pass it on), no worker is held, and a later attempt passes this point.
    ///
    /// # Errors
    /// [`Failure::Suspended`] while it lasts, [`Failure::Lost`], code `UNKNOWN` when the name stands for something else.
    pub async fn sleep(&self, name: &str, duration: Duration) -> Result<(), Failure> {
        match store::sleep(&self.pool, self.task, self.token, name, duration)
            .await?
            .as_str()
        {
            "done" => Ok(()),
            "waiting" | "ready" | "parked" => Err(Failure::Suspended),
            "lost" => Err(Failure::Lost),
            _ => Err(Failure::changed(name)),
        }
    }

    /// Appends an event to the task's log. `data` must hold nothing that may not be kept: no prompts, no health data.
    ///
    /// # Errors
    /// [`Failure::Lost`], or the database's error.
    pub async fn record(&self, r#type: &str, data: &Value) -> Result<(), Failure> {
        match store::record(&self.pool, self.task, self.token, r#type, data).await? {
            true => Ok(()),
            false => Err(Failure::Lost),
        }
    }

    /// Keeps hold of the task to the end of the caller's transaction (of [`pool`](Self::pool)): what is written there is fenced like all else.
    ///
    /// # Errors
    /// [`Failure::Lost`], or the database's error.
    pub async fn hold(&self, connection: &mut Connection) -> Result<(), Failure> {
        match store::holds(connection, self.task, self.token).await? {
            true => Ok(()),
            false => Err(Failure::Lost),
        }
    }

    /// Ends the task inside the caller's transaction (of [`pool`](Self::pool)), so that its result and its end are one. The caller commits on `Ok`,
    /// rolls back otherwise, and returns [`Done::Settled`] after the commit.
    ///
    /// # Errors
    /// [`Failure::Lost`]; code `UNKNOWN` when the kind's hook refused the transition; the database's error.
    pub async fn complete(
        &self,
        connection: &mut Connection,
        output: &Value,
    ) -> Result<(), Failure> {
        match store::complete(connection, self.task, self.token, output)
            .await?
            .as_str()
        {
            "succeeded" => Ok(()),
            "parked" => Err(Failure::new(
                "UNKNOWN",
                "the kind's hook refused the completion",
            )),
            _ => Err(Failure::Lost),
        }
    }
}

/// Runs a claimed task to the end of this attempt. `abandon` ends the work where it stands, without a word to the database.
pub(crate) async fn run(
    pool: Pool,
    handler: Handler,
    claim: Claim,
    abandon: CancellationToken,
    completer: Completer,
) {
    let limit = Duration::try_from_secs_f64(claim.run_limit_seconds).unwrap_or(Duration::MAX);
    let attempt = Attempt {
        pool,
        task: claim.task,
        token: claim.token,
        retries: claim.retries.unsigned_abs(),
        max_retries: claim.max_retries.unsigned_abs(),
        ends: Instant::now().checked_add(limit),
        writes: TaskTracker::new(),
    };
    let number = claim.retries + claim.losses + 1;
    let (subject, result) = match handler(claim.input, attempt.clone()) {
        Err(failure) => (String::new(), Some(Err(failure))),
        Ok((subject, work)) => {
            tracing::info!(task = %claim.task, job = subject, kind = claim.kind, attempt = number, "claimed");
            // A task of its own, so that a panic in the work is an end like any other.
            let mut work = tokio::spawn(work);
            let result = tokio::select! {
                result = &mut work => Some(result.unwrap_or_else(|_| Err(Failure::new("UNKNOWN", "the task's code panicked")))),
                () = tokio::time::sleep(limit) => {
                    drop_work(work).await;
                    Some(Err(Failure::new("DEADLINE_EXCEEDED", "the run took longer than its limit")))
                }
                () = abandon.cancelled() => {
                    drop_work(work).await;
                    None
                }
            };
            (subject, result)
        }
    };
    // A step's result that was paid for reaches the journal while the task is still held, whatever became of the work.
    attempt.writes.close();
    attempt.writes.wait().await;
    let outcome = match result {
        Some(result) => settle(&attempt, result, &completer).await,
        None => "abandoned".to_owned(),
    };
    tracing::info!(task = %claim.task, job = subject, kind = claim.kind, attempt = number, outcome, "attempt ended");
}

/// Ends the work where it stands and waits until nothing of it runs.
async fn drop_work(work: JoinHandle<Result<Done, Failure>>) {
    work.abort();
    let _ = work.await;
}

/// Writes how the attempt ended, as often as it takes: a result that was paid for outlives an outage of the database. An
/// output that the database refuses for good is a failure.
async fn settle(attempt: &Attempt, result: Result<Done, Failure>, completer: &Completer) -> String {
    if let Ok(Done::Output(output)) = &result
        && completer
            .complete(attempt.task, attempt.token, output.clone())
            .await
    {
        return "succeeded".to_owned();
    }
    match write_end(attempt, &result).await {
        Ok(outcome) => outcome,
        Err(error) => {
            let refused = Failure::new("UNKNOWN", describe(&error));
            match write_end(attempt, &Err(refused)).await {
                Ok(outcome) => outcome,
                Err(_) => "refused".to_owned(),
            }
        }
    }
}

async fn write_end(
    attempt: &Attempt,
    result: &Result<Done, Failure>,
) -> Result<String, sqlx::Error> {
    persist(None, || async {
        match result {
            Ok(Done::Settled) => Ok("succeeded".to_owned()),
            Err(Failure::Lost) => Ok("lost".to_owned()),
            Err(Failure::Suspended) => Ok("suspended".to_owned()),
            Err(Failure::Later { after, reason }) => {
                store::defer(&attempt.pool, attempt.task, attempt.token, *after, reason).await
            }
            Ok(Done::Output(output)) => {
                store::complete(&attempt.pool, attempt.task, attempt.token, output).await
            }
            Err(Failure::Failed {
                code,
                message,
                retry_after,
            }) => {
                tracing::warn!(task = %attempt.task, code, "attempt failed");
                store::fail(
                    &attempt.pool,
                    attempt.task,
                    attempt.token,
                    code,
                    message,
                    *retry_after,
                )
                .await
            }
        }
    })
    .await
}
