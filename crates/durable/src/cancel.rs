//! Telling providers to stop: calls the cancel hook of a kind with the handles that ended tasks have left behind.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use serde_json::Value;
use sqlx::{query_file, query_file_as};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};
use uuid::Uuid;

use crate::{Failure, Pool, Task, error::describe};

const ROUND: Duration = Duration::from_secs(1);
/// Below the first wait of `durable.take_loose_handles`, so that a hook is not called twice at once.
const PATIENCE: Duration = Duration::from_secs(10);
/// Hooks at once.
const ROOM: usize = 16;

type Cancelling = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;
type Hook = Arc<dyn Fn(Value) -> Cancelling + Send + Sync>;
/// The cancel hook of every kind that a worker serves.
pub(crate) type Hooks = BTreeMap<&'static str, Hook>;

pub(crate) fn hook<T: Task>(task: Arc<T>) -> Hook {
    Arc::new(move |handle| {
        let task = Arc::clone(&task);
        Box::pin(async move { task.cancel(handle).await })
    })
}

#[derive(Debug)]
struct Loose {
    task: Uuid,
    step: String,
    kind: String,
    handle: Value,
}

/// Takes what is due, for ever. Who takes a handle and dies leaves it to another, later.
pub(crate) async fn keep(pool: &Pool, hooks: &Hooks) {
    let kinds: Vec<String> = hooks.keys().map(|kind| (*kind).to_owned()).collect();
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut calls = JoinSet::new();
    loop {
        rounds.tick().await;
        while calls.try_join_next().is_some() {}
        let room = i32::try_from(ROOM.saturating_sub(calls.len())).unwrap_or(0);
        match take(pool, &kinds, room).await {
            Ok(due) => {
                for loose in due {
                    if let Some(hook) = hooks.get(loose.kind.as_str()) {
                        calls.spawn(call(pool.clone(), Arc::clone(hook), loose));
                    }
                }
            }
            Err(error) => {
                tracing::warn!(error = describe(&error), "handles could not be looked for");
            }
        }
    }
}

async fn take(pool: &Pool, kinds: &[String], room: i32) -> Result<Vec<Loose>, sqlx::Error> {
    query_file_as!(Loose, "queries/take_loose_handles.sql", kinds, room)
        .fetch_all(pool)
        .await
}

async fn call(pool: Pool, hook: Hook, loose: Loose) {
    let (task, step) = (loose.task, loose.step);
    match timeout(PATIENCE, hook(loose.handle)).await {
        Ok(Ok(())) => {
            let dropped = query_file!("queries/drop_loose_handle.sql", task, step).execute(&pool);
            if let Err(error) = dropped.await {
                tracing::warn!(%task, step, error = describe(&error), "a cancelled handle will be cancelled again");
            }
        }
        Ok(Err(failure)) => {
            tracing::warn!(%task, step, %failure, "the cancel hook failed; it will be called again");
        }
        Err(_) => {
            tracing::warn!(%task, step, "the cancel hook took too long; it will be called again");
        }
    }
}
