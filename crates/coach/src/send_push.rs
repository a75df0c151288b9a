//! The operation "tell the phones": sends one notification to each live device of its user.

use std::{sync::Arc, time::Duration};

use durable::{Attempt, Done, Failure, Task, Worker};
use push::{Message, PushService, RequestFailure, Sent};
use serde_json::json;

use crate::{
    check_push_receipts::CheckPushReceipts,
    push_ticket::{self, Begun, Outcome, PushInput},
};

/// Expo's documentation: ask for receipts 15 minutes after sending.
const FIRST_LOOK: Duration = Duration::from_secs(15 * 60);

/// Lets a worker tell the phones: it serves the queue `push`, with both its kinds, on this service.
#[must_use]
pub fn serve(worker: Worker, service: &Arc<dyn PushService>) -> Worker {
    const QUEUE: &str = "push";
    worker
        .serve(QUEUE, SendPush::new(Arc::clone(service)))
        .serve(QUEUE, CheckPushReceipts::new(Arc::clone(service)))
}

/// Kind `send_push`, spawned by `coach.notify` in the transaction that ends a job.
///
/// At most one message a notification and device, save where an earlier attempt was cut off between its intent and its answer:
/// then the message goes out again under the same collapse id, so that the device shows it once.
pub struct SendPush {
    service: Arc<dyn PushService>,
}

impl SendPush {
    /// The kind, on this service.
    #[must_use]
    pub fn new(service: Arc<dyn PushService>) -> Self {
        Self { service }
    }
}

impl Task for SendPush {
    const KIND: &'static str = "send_push";
    type Input = PushInput;

    fn subject(&self, input: &PushInput) -> String {
        input.job_id.to_string()
    }

    async fn run(&self, input: PushInput, attempt: Attempt) -> Result<Done, Failure> {
        // An attempt that was overtaken ends here, before it writes an intent.
        attempt.record("push_begun", &json!({})).await?;
        let begun = push_ticket::begin(attempt.pool(), &input).await?;
        if begun.is_empty() {
            return Ok(Done::Output(json!({ "sent": 0 })));
        }
        let repeats = begun.iter().filter(|push| push.perhaps_sent).count();
        if repeats > 0 {
            tracing::warn!(job = %input.job_id, repeats, "pushes that were perhaps sent before go out again under their collapse id");
        }
        let messages: Vec<Message> = begun.iter().map(|push| push.message(&input)).collect();
        let sent = self.service.send(&messages).await;
        let outcomes: Vec<Outcome> = begun.iter().zip(&sent).filter_map(outcome).collect();
        let accepted = outcomes
            .iter()
            .filter(|outcome| outcome.is("accepted"))
            .count();
        // Even an attempt that was overtaken by now writes what it learned: it spares its successor a repetition.
        push_ticket::record(
            attempt.pool(),
            &input,
            &outcomes,
            (accepted > 0).then_some(FIRST_LOOK),
        )
        .await?;
        match worst(&sent) {
            None => Ok(Done::Output(
                json!({ "sent": begun.len(), "accepted": accepted }),
            )),
            Some(failure) => Err(push_ticket::failure(failure)),
        }
    }
}

/// `None` while nobody knows: the ticket stays as it is.
fn outcome((push, sent): (&Begun, &Sent)) -> Option<Outcome> {
    match sent {
        Sent::Accepted { receipt_id } => {
            let mut outcome = push.became("accepted");
            outcome.receipt_id = Some(receipt_id.clone());
            Some(outcome)
        }
        Sent::Refused(refusal) => Some(push.refused(refusal)),
        Sent::Failed(RequestFailure::Retry { .. }) => Some(push.became("waiting")),
        Sent::Failed(RequestFailure::Ambiguous { .. }) => None,
        Sent::Failed(RequestFailure::Permanent { reason }) => {
            tracing::warn!(
                reason,
                "the push service refuses our requests: check its address and access token"
            );
            let mut outcome = push.became("refused");
            outcome.code = Some(reason.clone());
            Some(outcome)
        }
    }
}

/// The failure that the attempt ends with: one after which there is something left to send, before one that is final.
fn worst(sent: &[Sent]) -> Option<&RequestFailure> {
    let failures = || {
        sent.iter().filter_map(|sent| match sent {
            Sent::Failed(failure) => Some(failure),
            _ => None,
        })
    };
    failures()
        .find(|failure| !matches!(failure, RequestFailure::Permanent { .. }))
        .or_else(|| failures().next())
}
