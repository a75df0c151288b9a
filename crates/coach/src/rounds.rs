//! What both flows need to ask a model: telling how far its answer is, and a second question about one that broke rules.

use std::future::Future;

use durable::{Attempt, Failure};
use serde_json::Value;
use tokio::sync::watch;

use crate::ask::{Provider, Question};

/// Asks, and tells of each entry of the answer as it is complete, beside the stream that brings it. What cannot be told is left out.
pub(crate) async fn ask_and_tell<Telling>(
    provider: &Provider,
    attempt: &Attempt,
    question: Question<'_>,
    tell: impl Fn(usize) -> Telling,
) -> Result<Value, Failure>
where
    Telling: Future<Output = Result<(), Failure>>,
{
    let (sender, mut counts) = watch::channel(0);
    let asking = async move {
        let arrived = |count| _ = sender.send(count);
        provider.ask(attempt, question, &arrived).await
    };
    let telling = async {
        while counts.changed().await.is_ok() {
            let count = *counts.borrow_and_update();
            if let Err(failure) = tell(count).await {
                tracing::debug!(task = %attempt.task(), %failure, "progress was not written");
            }
        }
    };
    tokio::join!(asking, telling).0
}

/// An answer that broke rules, for one more question.
pub(crate) struct Rejected<T> {
    /// What was read of it; none: nothing could be.
    pub(crate) draft: Option<T>,
    /// Which rules it broke, in lines of our own words.
    pub(crate) lines: Vec<String>,
    /// The days to write anew; null: all.
    pub(crate) days: Value,
    /// The ids of the broken rules.
    pub(crate) failure: Failure,
}

impl<T> Rejected<T> {
    /// An answer in which there was no plan.
    pub(crate) fn unreadable(failure: Failure) -> Box<Self> {
        Box::new(Self {
            draft: None,
            lines: vec!["the whole answer: form. Answer with all days in the given schema, and no longer than needed.".to_owned()],
            days: Value::Null,
            failure,
        })
    }

    /// A question that came to no answer of the schema gets one more; any other failure is the provider's.
    pub(crate) fn of_answer(failure: Failure) -> Result<Box<Self>, Failure> {
        match &failure {
            Failure::Failed { code, .. } if code == "VALIDATION_FAILED" => {
                Ok(Self::unreadable(failure))
            }
            _ => Err(failure),
        }
    }
}
