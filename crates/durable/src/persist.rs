//! Writing to a database that may be away for a while.

use std::{future::Future, time::Duration};

use tokio::time::{Instant, sleep, timeout};

use crate::error::describe;

/// One try; a server that went away without a word must not keep a write waiting for ever.
const TRY: Duration = Duration::from_secs(10);
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Tries `write`, which must be safe to repeat, until the database has answered: for ever, or while `patience` lasts.
///
/// # Errors
/// What the database refused for good, or the last error once patience ran out.
pub(crate) async fn persist<T, Write>(
    patience: Option<Duration>,
    mut write: impl FnMut() -> Write,
) -> Result<T, sqlx::Error>
where
    Write: Future<Output = Result<T, sqlx::Error>>,
{
    let began = Instant::now();
    let mut wait = FIRST_WAIT;
    loop {
        let error = match timeout(TRY, write()).await {
            Ok(Ok(written)) => return Ok(written),
            Ok(Err(error)) => error,
            Err(_) => sqlx::Error::PoolTimedOut,
        };
        let impatient = patience.is_some_and(|patience| began.elapsed() + wait > patience);
        if impatient || is_refusal(&error) {
            return Err(error);
        }
        tracing::warn!(error = describe(&error), "not written yet");
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// Whether another try cannot end otherwise: the value (22), a constraint (23), the statement (42), a limit (54), raised
/// by a function (P0). Everything else is the database's state, and states pass.
pub(crate) fn is_refusal(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| {
            ["22", "23", "42", "54", "P0"].contains(&code.get(..2).unwrap_or_default())
        }),
        sqlx::Error::PoolClosed
        | sqlx::Error::Encode(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::RowNotFound => true,
        _ => false,
    }
}
