//! The operation "did they arrive": asks for the receipts of one notification's pushes and acts on each.

use std::{sync::Arc, time::Duration};

use durable::{Attempt, Done, Failure, Task};
use push::{PushService, Receipt};
use serde_json::json;

use crate::push_ticket::{self, Accepted, Outcome, PushInput};

/// Expo keeps receipts for a day; after that there is nothing to ask for.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// The shortest wait for a receipt that is not there yet; else as long again as it is overdue.
const SHORTEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Kind `check_push_receipts`, spawned 15 minutes after a push was accepted.
pub struct CheckPushReceipts {
    service: Arc<dyn PushService>,
}

impl CheckPushReceipts {
    /// The kind, on this service.
    #[must_use]
    pub fn new(service: Arc<dyn PushService>) -> Self {
        Self { service }
    }
}

impl Task for CheckPushReceipts {
    const KIND: &'static str = "check_push_receipts";
    type Input = PushInput;

    fn subject(&self, input: &PushInput) -> String {
        input.job_id.to_string()
    }

    async fn run(&self, input: PushInput, attempt: Attempt) -> Result<Done, Failure> {
        let pushes = push_ticket::accepted(attempt.pool(), &input).await?;
        let ids: Vec<String> = pushes.iter().map(|push| push.receipt_id.clone()).collect();
        let receipts = self.service.receipts(&ids).await;
        let outcomes: Vec<Option<Outcome>> = pushes.iter().zip(&receipts).map(outcome).collect();
        let next_look = pushes
            .iter()
            .zip(&outcomes)
            .filter(|(_, outcome)| outcome.is_none())
            .map(|(push, _)| push.age().max(SHORTEST_WAIT))
            .min();
        let outcomes: Vec<Outcome> = outcomes.into_iter().flatten().collect();
        let output =
            json!({ "receipts": outcomes.len(), "missing": pushes.len() - outcomes.len() });
        // One transaction with the task's end: a look that is repeated must not plan a second chain of looks.
        let mut transaction = attempt.pool().begin().await?;
        push_ticket::record(&mut *transaction, &input, &outcomes, next_look).await?;
        attempt.complete(&mut transaction, &output).await?;
        transaction.commit().await?;
        Ok(Done::Settled)
    }
}

/// `None` while there is no receipt: to be asked for again.
fn outcome((push, receipt): (&Accepted, &Receipt)) -> Option<Outcome> {
    match receipt {
        Receipt::Delivered => Some(push.became("delivered")),
        Receipt::Refused(refusal) => Some(push.refused(refusal)),
        Receipt::Missing => None,
        Receipt::Unknown(failure) => {
            tracing::warn!(%failure, "receipts of pushes could not be asked for");
            None
        }
    }
    .or_else(|| (push.age() >= KEPT).then(|| push.became("expired")))
}
