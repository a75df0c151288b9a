//! What keeps the engine going whoever works: due timers and schedules, lost workers, runs past their limit, tasks long
//! ended. Any worker may do it; each duty is a short statement that passes over what another worker has in hand.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval},
};

use crate::{Pool, error::describe, schedule, store};

const ROUND: Duration = Duration::from_secs(1);
/// A batch is a thousand tasks.
const PRUNING: Duration = Duration::from_secs(60);

/// Does the duties for ever. A round that made something ready wakes the worker.
pub(crate) async fn keep(pool: Pool, wake: Arc<Notify>) {
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

async fn round(pool: &Pool, wake: &Notify) -> Result<(), sqlx::Error> {
    let lost = store::reap(pool).await?;
    if lost > 0 {
        tracing::warn!(workers = lost, "lost workers were reaped");
    }
    let moved = lost + store::expire(pool).await? + store::promote(pool).await?;
    if moved + schedule::fire_due(pool, None).await? > 0 {
        wake.notify_one();
    }
    Ok(())
}
