//! Who drafts a plan: the providers in their order, and the rules as the last resort.

use std::{future::Future, sync::Arc, time::Duration};

use durable::{Attempt, Failure};
use serde_json::{Value, json};
use sqlx::query_file_scalar;
use tokio::time::timeout;

use crate::ask::Provider;

/// What is left of a run for those who come after the providers: the rules, and what is stored.
const RESERVE: Duration = Duration::from_secs(20);

/// The providers that are asked one after the other, as the contract's section 4 says, and whether the rules make the plan
/// when none of them did.
#[derive(Clone)]
pub struct Chain {
    providers: Arc<[Provider]>,
    rules: bool,
}

impl Chain {
    /// These providers in this order; `rules`: with the rule planner at the end.
    #[must_use]
    pub fn new(providers: Vec<Provider>, rules: bool) -> Self {
        Self {
            providers: providers.into(),
            rules,
        }
    }

    /// The rule planner alone.
    #[must_use]
    pub fn rules() -> Self {
        Self::new(Vec::new(), true)
    }

    /// What the first provider that can comes to: the first with the job's retries, each later one by one try an attempt. `Ok(Err(_))`: none
    /// of them, and why the last one did not (no providers: nothing to say).
    ///
    /// # Errors
    /// What ends the attempt: a failure of the first provider that is tried again, or one that is no provider's.
    pub(crate) async fn ask<'a, T, Work>(
        &'a self,
        attempt: &Attempt,
        by: impl Fn(&'a Provider) -> Work,
    ) -> Result<Result<T, Option<Failure>>, Failure>
    where
        Work: Future<Output = Result<T, Failure>>,
    {
        let mut last = None;
        for (no, provider) in self.providers.iter().enumerate() {
            let time = attempt.time_left().saturating_sub(RESERVE);
            let failure = match timeout(time, by(provider)).await {
                Ok(Ok(found)) => return Ok(Ok(found)),
                Ok(Err(failure)) => failure,
                Err(_) => Failure::new("DEADLINE_EXCEEDED", "the run's time was used up"),
            };
            let Some(code) = code_of_provider(&failure) else {
                return Err(failure);
            };
            if no == 0 && !attempt.is_last() && is_retried(attempt, code).await? {
                return Err(failure);
            }
            let data = json!({ "provider": provider.name(), "code": code });
            attempt.record("provider_passed_over", &data).await?;
            last = Some(failure);
        }
        Ok(Err(last))
    }

    /// Whether the rules may make what no provider made.
    ///
    /// # Errors
    /// Why the last provider made nothing.
    pub(crate) fn leave_to_rules(&self, failure: Option<Failure>) -> Result<(), Failure> {
        match failure {
            _ if self.rules => Ok(()),
            Some(failure) => Err(failure),
            None => Err(Failure::new("CONFIG_ERROR", "there is nobody to draft")),
        }
    }

    /// Stops the work behind a handle at the provider that gave it.
    ///
    /// # Errors
    /// The contract's codes; to be tried again.
    pub(crate) async fn cancel(&self, handle: &Value) -> Result<(), Failure> {
        for provider in self.providers.iter() {
            provider.cancel(handle).await?;
        }
        Ok(())
    }
}

/// The code of a failure that another provider may not meet; none: it ends the attempt, whoever is asked.
fn code_of_provider(failure: &Failure) -> Option<&str> {
    match failure {
        Failure::Failed { code, .. }
            if !["INVALID_PROFILE", "NEEDS_CLEARANCE"].contains(&code.as_str()) =>
        {
            Some(code)
        }
        _ => None,
    }
}

async fn is_retried(attempt: &Attempt, code: &str) -> Result<bool, sqlx::Error> {
    query_file_scalar!("queries/is_retried.sql", code)
        .fetch_one(attempt.pool())
        .await
}

/// Pure computing, off the threads that keep the heartbeat.
pub(crate) async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Failure::new("UNKNOWN", "the planner panicked"))
}
