//! The duties that can wait: forgetting what ended long ago, and statistics. Apart from the others, since they may take long.

use std::time::Duration;

use crate::{Pool, error::describe, store};

const ROUND: Duration = Duration::from_secs(60);
/// Tasks forgotten in one transaction: some tens of milliseconds, so that nobody waits for its locks.
const BATCH: i32 = 1000;
/// Between two batches, so that pruning takes a share of the database and not all of it.
const BREATH: Duration = Duration::from_millis(100);

/// Does them for ever.
pub(super) async fn keep(pool: &Pool, keep_ended: Duration) {
    loop {
        if let Err(error) = round(pool, keep_ended).await {
            tracing::warn!(error = describe(&error), "a round of tidying failed");
        }
        tokio::time::sleep(ROUND).await;
    }
}

async fn round(pool: &Pool, keep_ended: Duration) -> Result<(), sqlx::Error> {
    store::analyse(pool).await?;
    while store::prune(pool, keep_ended, BATCH).await? == BATCH {
        tokio::time::sleep(BREATH).await;
    }
    Ok(())
}
