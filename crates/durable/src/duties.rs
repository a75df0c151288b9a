//! What keeps the engine going whoever works: due timers and schedules, lost workers, passed deadlines, orphans, limits with
//! room, tasks long ended, figures, statistics. Any worker may do it; each duty is a short statement that passes over what another
//! has in hand.

mod count;
mod own;
mod tidy;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval},
};

pub(crate) use own::{Duty, duty};

use crate::{Pool, error::describe, pool::within, schedule, store};

const ROUND: Duration = Duration::from_secs(1);
/// After this the connection has fallen silent, and the next round takes another.
const PATIENCE: Duration = Duration::from_secs(30);
/// Timers promoted in one transaction.
const BATCH: i32 = 500;

/// Does the duties for ever, `others` beside our own. Tasks that ended longer ago than `keep_ended` are forgotten.
pub(crate) async fn keep(pool: Pool, wake: Arc<Notify>, keep_ended: Duration, others: &[Duty]) {
    tokio::join!(
        rounds(&pool, &wake),
        count::keep(&pool),
        tidy::keep(&pool, keep_ended),
        own::keep(&pool, &wake, others)
    );
}

/// A round that made something ready wakes the worker.
async fn rounds(pool: &Pool, wake: &Notify) {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        match within(PATIENCE, round(pool)).await {
            Ok(0) => {}
            Ok(_) => wake.notify_one(),
            Err(error) => {
                tracing::warn!(error = describe(&error), "a round of duties failed")
            }
        }
    }
}

/// How much was made ready.
async fn round(pool: &Pool) -> Result<i32, sqlx::Error> {
    let lost = store::reap(pool).await?;
    if lost > 0 {
        tracing::warn!(workers = lost, "lost workers were reaped");
    }
    let moved = store::expire(pool).await?
        + store::disown(pool).await?
        + store::settle_queues(pool).await?
        + promote(pool).await?
        + schedule::fire_due(pool, None).await?;
    store::raise_floor(pool).await?;
    Ok(lost + moved)
}

/// Takes every timer that is due. Returns how many.
pub(crate) async fn promote(pool: &Pool) -> Result<i32, sqlx::Error> {
    let mut all = 0;
    loop {
        let promoted = store::promote(pool, BATCH).await?;
        all += promoted;
        if promoted < BATCH {
            return Ok(all);
        }
    }
}
