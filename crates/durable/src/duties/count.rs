//! The duty that keeps the figures: adds what has ended to the sums of its hour and day, a second or two after its commit.

use std::time::Duration;

use crate::{Pool, error::describe, inspect};

const ROUND: Duration = Duration::from_secs(1);
/// Events in one transaction: some tens of milliseconds.
const BATCH: i32 = 2000;
/// Between two batches of a backlog, so that counting takes a share of the database and not all of it.
const BREATH: Duration = Duration::from_millis(100);

/// Does it for ever.
pub(super) async fn keep(pool: &Pool) {
    loop {
        let pause = match inspect::count_events(pool, BATCH).await {
            Ok(0) => ROUND,
            Ok(_) => BREATH,
            Err(error) => {
                tracing::warn!(
                    error = describe(&error),
                    "what has ended could not be counted"
                );
                ROUND
            }
        };
        tokio::time::sleep(pause).await;
    }
}
