//! The duties that those who use the engine bring along.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::sync::Notify;

use crate::{Pool, error::describe, pool::within};

const ROUND: Duration = Duration::from_secs(1);

type Round = Pin<Box<dyn Future<Output = Result<i32, sqlx::Error>> + Send>>;

/// A duty: one round of it on a pool answers how much it made ready.
pub(crate) type Duty = Arc<dyn Fn(Pool) -> Round + Send + Sync>;

/// A duty of this function.
pub(crate) fn duty<F, R>(round: F) -> Duty
where
    F: Fn(Pool) -> R + Send + Sync + 'static,
    R: Future<Output = Result<i32, sqlx::Error>> + Send + 'static,
{
    Arc::new(move |pool| Box::pin(round(pool)))
}

/// Does them for ever, one after another each second.
pub(super) async fn keep(pool: &Pool, wake: &Notify, duties: &[Duty]) {
    loop {
        for duty in duties {
            match within(super::PATIENCE, duty(pool.clone())).await {
                Ok(0) => {}
                Ok(_) => wake.notify_one(),
                Err(error) => tracing::warn!(error = describe(&error), "a duty failed"),
            }
        }
        tokio::time::sleep(ROUND).await;
    }
}
