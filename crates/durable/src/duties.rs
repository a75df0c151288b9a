//! What keeps the engine going whoever works: due timers, lost workers, runs past their limit. Any worker may do it.

use std::{sync::Arc, time::Duration};

use sqlx::PgPool;
use tokio::sync::Notify;

use crate::{error::describe, store};

const ROUND: Duration = Duration::from_secs(1);

/// Does the duties once a second, for ever. A round that made something ready wakes the worker.
pub(crate) async fn keep(pool: PgPool, wake: Arc<Notify>) {
    let mut rounds = tokio::time::interval(ROUND);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        match round(&pool).await {
            Ok(0) => {}
            Ok(_) => wake.notify_one(),
            Err(error) => tracing::warn!(error = describe(&error), "a round of duties failed"),
        }
    }
}

async fn round(pool: &PgPool) -> Result<i32, sqlx::Error> {
    let lost = store::reap(pool).await?;
    if lost > 0 {
        tracing::warn!(workers = lost, "lost workers were reaped");
    }
    Ok(lost + store::expire(pool).await? + store::promote(pool).await?)
}
