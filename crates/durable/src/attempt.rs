//! One attempt at one task: what running code may do, and how its end is settled.

use std::{future::Future, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Done, Failure,
    error::describe,
    store::{self, Claim},
    task::Handler,
};

/// Whether a step's work is known to begin for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Began {
    /// Nobody began this step before.
    First,
    /// An earlier attempt began it and its end is not known: what it did in the outside world may be done twice.
    Again,
}

/// A running attempt, handed to [`Task::run`](crate::Task::run). Every write is fenced by its token.
#[derive(Debug, Clone)]
pub struct Attempt {
    pool: PgPool,
    task: Uuid,
    token: i64,
    retries: u32,
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

    /// The worker's database.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Does `work` under a name that is unique in the task, and journals its output: a later attempt gets the output
    /// instead of doing the work. `request` is what the work depends on.
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
        let hash = hash(request)?;
        let journal = store::begin_step(&self.pool, self.task, self.token, name, &hash).await?;
        let began = match journal.state.as_str() {
            "begun" => Began::First,
            "repeat" => Began::Again,
            "done" => {
                return serde_json::from_value(journal.output.unwrap_or_default())
                    .map_err(|error| Failure::malformed(name, &error));
            }
            "lost" => return Err(Failure::Lost),
            _ => {
                return Err(Failure::changed(name));
            }
        };
        let output = work(began).await?;
        let stored =
            serde_json::to_value(&output).map_err(|error| Failure::malformed(name, &error))?;
        match store::finish_step(&self.pool, self.task, self.token, name, &stored).await? {
            true => Ok(output),
            false => Err(Failure::Lost),
        }
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

    /// Keeps hold of the task to the end of the caller's transaction: what is written there is fenced like all else.
    ///
    /// # Errors
    /// [`Failure::Lost`], or the database's error.
    pub async fn hold(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        match store::holds(connection, self.task, self.token).await? {
            true => Ok(()),
            false => Err(Failure::Lost),
        }
    }

    /// Ends the task inside the caller's transaction, so that its result and its end are one. The caller commits on `Ok`,
    /// rolls back otherwise, and returns [`Done::Settled`] after the commit.
    ///
    /// # Errors
    /// [`Failure::Lost`]; code `UNKNOWN` when the kind's hook refused the transition; the database's error.
    pub async fn complete(
        &self,
        connection: &mut PgConnection,
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

pub(crate) fn hash(request: &impl Serialize) -> Result<String, Failure> {
    let text =
        serde_json::to_vec(request).map_err(|error| Failure::malformed("request", &error))?;
    Ok(Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Runs a claimed task to the end of this attempt. `abandon` ends the work where it stands, without a word to the database.
pub(crate) async fn run(pool: PgPool, handler: Handler, claim: Claim, abandon: CancellationToken) {
    let attempt = Attempt {
        pool,
        task: claim.task,
        token: claim.token,
        retries: claim.retries.unsigned_abs(),
    };
    let limit = Duration::try_from_secs_f64(claim.run_limit_seconds).unwrap_or(Duration::MAX);
    let number = claim.retries + claim.losses + 1;
    let (subject, result) = match handler(claim.input, attempt.clone()) {
        Err(failure) => (String::new(), Some(Err(failure))),
        Ok((subject, work)) => {
            tracing::info!(task = %claim.task, job = subject, kind = claim.kind, attempt = number, "claimed");
            // A task of its own, so that a panic in the work is an end like any other.
            let mut work = tokio::spawn(work);
            let result = tokio::select! {
                result = &mut work => Some(result.unwrap_or_else(|_| Err(Failure::new("UNKNOWN", "the task's code panicked")))),
                () = tokio::time::sleep(limit) => Some(Err(Failure::new("DEADLINE_EXCEEDED", "the run took longer than its limit"))),
                () = abandon.cancelled() => None,
            };
            work.abort();
            (subject, result)
        }
    };
    let outcome = match result {
        Some(result) => settle(&attempt, result).await,
        None => "abandoned".to_owned(),
    };
    tracing::info!(task = %claim.task, job = subject, kind = claim.kind, attempt = number, outcome, "attempt ended");
}

/// Writes how the attempt ended, as often as it takes: a result that was paid for outlives an outage of the database.
async fn settle(attempt: &Attempt, result: Result<Done, Failure>) -> String {
    let mut wait = Duration::from_millis(100);
    loop {
        let written = match &result {
            Ok(Done::Settled) => return "succeeded".to_owned(),
            Err(Failure::Lost) => return "lost".to_owned(),
            Err(Failure::Suspended) => return "suspended".to_owned(),
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
        };
        match written {
            Ok(outcome) => return outcome,
            Err(error) => {
                tracing::warn!(task = %attempt.task, error = describe(&error), "the end of an attempt could not be written yet")
            }
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(5));
    }
}
