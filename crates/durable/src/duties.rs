//! What keeps the engine going whoever works: due timers, lost workers, passed deadlines, orphans, limits with room, tasks
//! long ended. Any worker may do it.

use std::{sync::Arc, time::Duration};

use sqlx::PgPool;
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval},
};

use crate::{error::describe, store};

const ROUND: Duration = Duration::from_secs(1);
/// A batch is a thousand tasks.
const PRUNING: Duration = Duration::from_secs(60);

/// Does the duties for ever. A round that made something ready wakes the worker.
pub(crate) async fn keep(pool: PgPool, wake: Arc<Notify>) {
    let mut rounds = interval(ROUND);
    let mut prunings = interval(PRUNING);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    prunings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            _ = rounds.tick() => round(&pool, &wake).await,
            _ = prunings.tick() => store::prune(&pool).await.map(drop),
        };
        if let Err(error) = done {
            tracing::warn!(error = describe(&error), "a round of duties failed");
        }
    }
}

async fn round(pool: &PgPool, wake: &Notify) -> Result<(), sqlx::Error> {
    let lost = store::reap(pool).await?;
    if lost > 0 {
        tracing::warn!(workers = lost, "lost workers were reaped");
    }
    let moved = store::expire(pool).await?
        + store::disown(pool).await?
        + store::settle_queues(pool).await?
        + promote(pool).await?;
    if lost + moved > 0 {
        wake.notify_one();
    }
    store::raise_floor(pool).await?;
    Ok(())
}

/// Takes every timer that is due. Returns how many.
pub(crate) async fn promote(pool: &PgPool) -> Result<i32, sqlx::Error> {
    let mut all = 0;
    loop {
        match store::promote(pool).await? {
            0 => return Ok(all),
            some => all += some,
        }
    }
}
