//! Completions that come together are written together: one statement and one commit for all that were waiting.

use std::collections::HashSet;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::{Pool, error::describe, store};

/// How many completions one statement takes.
const BATCH: usize = 500;

struct Completion {
    task: Uuid,
    token: i64,
    output: Value,
    written: oneshot::Sender<bool>,
}

/// Writes completions in the order in which they come. While one statement runs, the next batch gathers, so nothing waits for
/// company on an idle system.
#[derive(Debug, Clone)]
pub(crate) struct Completer(mpsc::Sender<Completion>);

impl Completer {
    /// Starts it; it ends when the last of its clones is dropped.
    pub(crate) fn start(pool: Pool) -> Self {
        let (sender, receiver) = mpsc::channel(BATCH);
        tokio::spawn(write_all(pool, receiver));
        Self(sender)
    }

    /// Completes an attempt among others. False when it was not written so: then it is to be completed by itself, which
    /// also tells a lost attempt from one whose end concerns others.
    pub(crate) async fn complete(&self, task: Uuid, token: i64, output: Value) -> bool {
        let (written, answer) = oneshot::channel();
        let completion = Completion {
            task,
            token,
            output,
            written,
        };
        self.0.send(completion).await.is_ok() && answer.await.unwrap_or(false)
    }
}

async fn write_all(pool: Pool, mut receiver: mpsc::Receiver<Completion>) {
    let mut batch = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        let tasks: Vec<_> = batch.iter().map(|one| one.task).collect();
        let tokens: Vec<_> = batch.iter().map(|one| one.token).collect();
        let outputs: Vec<_> = batch.iter_mut().map(|one| one.output.take()).collect();
        let ended: HashSet<_> = match store::complete_many(&pool, &tasks, &tokens, &outputs).await {
            Ok(ended) => ended.into_iter().collect(),
            Err(error) => {
                tracing::debug!(
                    error = describe(&error),
                    "a batch of completions is written one by one"
                );
                HashSet::new()
            }
        };
        for one in batch.drain(..) {
            let _ = one.written.send(ended.contains(&one.task));
        }
    }
}
