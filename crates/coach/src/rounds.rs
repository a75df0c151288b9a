//! What both flows need to ask a model: telling how far its answer is, and a second question about one that broke rules.

use std::{future::Future, time::Instant};

use durable::{Attempt, Failure};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    ask::{Provider, Question},
    chain::compute,
};

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

/// Does the work that makes and checks a draft `by` somebody, and notes in the task's log what that came to: how long it took, and which
/// rules the draft broke, in the words of `broken`.
///
/// # Errors
/// [`Failure::Lost`], or the database's error.
pub(crate) async fn checked<T, E>(
    attempt: &Attempt,
    by: &str,
    broken: impl Fn(&E) -> &Failure,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<Result<T, E>, Failure>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (checked, took) = compute(|| {
        let started = Instant::now();
        let checked = work();
        (checked, started.elapsed())
    })
    .await?;
    let broken = checked.as_ref().err().map(|error| rules(broken(error)));
    let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let data = json!({ "by": by, "microseconds": microseconds, "broken": broken });
    attempt.record("plan_checked", &data).await?;
    Ok(checked)
}

/// The broken rules; of any other failure no more than the code, since its sentence may speak of the athlete.
fn rules(failure: &Failure) -> &str {
    match failure {
        Failure::Failed { code, message, .. } if code == "VALIDATION_FAILED" => message,
        Failure::Failed { code, .. } => code,
        _ => "",
    }
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
