//! What a kind of task is to the engine: a name, an input, and code that runs it.

use std::{future::Future, pin::Pin, sync::Arc};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Attempt, Failure};

/// How an attempt succeeded.
#[derive(Debug)]
pub enum Done {
    /// With this output, which the engine is to store as it ends the task.
    Output(Value),
    /// The attempt ended the task itself, by [`Attempt::complete`] in a transaction of its own.
    Settled,
}

/// A kind of task.
pub trait Task: Send + Sync + 'static {
    /// The kind's name, as registered by `durable.register_kind`.
    const KIND: &'static str;
    /// What the task is given; ids rather than data, since it outlives what it is about.
    type Input: DeserializeOwned + Send;

    /// What the task is for, by id alone, for the log.
    fn subject(&self, _input: &Self::Input) -> String {
        String::new()
    }

    /// Does the work of one attempt. Dropped where it stands when the task is cancelled or taken over.
    fn run(
        &self,
        input: Self::Input,
        attempt: Attempt,
    ) -> impl Future<Output = Result<Done, Failure>> + Send;

    /// Tells the provider to stop what it still does under a handle that a step had kept, after the task has ended or the
    /// step's time is over. May be called again until it succeeds; a handle that the provider no longer knows is a success.
    fn cancel(&self, _handle: Value) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }
}

type Work = Pin<Box<dyn Future<Output = Result<Done, Failure>> + Send>>;

/// A [`Task`] with its types erased: parses the input, names the subject, starts the work.
pub(crate) type Handler =
    Arc<dyn Fn(Value, Attempt) -> Result<(String, Work), Failure> + Send + Sync>;

pub(crate) fn handler<T: Task>(task: Arc<T>) -> Handler {
    Arc::new(move |input, attempt| {
        let input: T::Input = serde_json::from_value(input).map_err(|error| {
            Failure::new(
                "UNKNOWN",
                format!("input of kind {} is malformed: {error}", T::KIND),
            )
        })?;
        let subject = task.subject(&input);
        let task = Arc::clone(&task);
        Ok((
            subject,
            Box::pin(async move { task.run(input, attempt).await }),
        ))
    })
}
