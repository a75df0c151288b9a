//! The hint that work has come: sent after a spawn's commit, never inside it, and heard by idle workers.
//!
//! A NOTIFY takes one server-wide lock at commit; inside every spawn it would make concurrent spawns wait for one another.

use std::{sync::Arc, time::Duration};

use sqlx::{Executor, PgPool, postgres::PgListener};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{Pool, error::describe, pool::within};

const READY: &str = "durable_ready";
/// Sent by `durable.finish` with the end of a running attempt's task.
const CANCEL: &str = "durable_cancel";
/// One message, one transaction, no state left in the session. A lone NOTIFY takes a transaction id and would wait for a
/// flush; a hint need not survive a crash.
const SEND: &str = "begin; set local synchronous_commit = off; notify durable_ready; commit";
/// Spawns within this time share one NOTIFY.
const COALESCE: Duration = Duration::from_millis(5);
const RECONNECT: Duration = Duration::from_secs(1);
/// A listener that heard nothing for this long asks whether the other end is still there: a peer that vanished without a
/// word never closes the connection.
const SILENCE: Duration = Duration::from_secs(10);
/// How long the other end may take to answer.
const ANSWER: Duration = Duration::from_secs(5);
/// The longest wait between two looks for work where no hints are heard.
const UNHEARD: Duration = Duration::from_millis(250);

/// Tells workers of other processes that something became ready. Losing a hint costs one poll interval, nothing else.
#[derive(Debug, Clone)]
pub struct Hint(Arc<Notify>);

impl Hint {
    /// Starts the sender, on a connection of its own, until `stop`.
    #[must_use]
    pub fn start(pool: &Pool, stop: CancellationToken) -> Self {
        let wanted = Arc::new(Notify::new());
        let (pool, signal) = (pool.clone(), Arc::clone(&wanted));
        tokio::spawn(async move {
            stop.run_until_cancelled(send_all(pool, signal)).await;
        });
        Self(wanted)
    }

    /// Asks for a hint to be sent; returns at once.
    pub fn send(&self) {
        self.0.notify_one();
    }
}

async fn send_all(pool: Pool, wanted: Arc<Notify>) {
    loop {
        wanted.notified().await;
        if let Err(error) = send_from_own_connection(&pool, &wanted).await {
            tracing::debug!(
                error = describe(&error),
                "hints cannot be sent, workers poll"
            );
            tokio::time::sleep(RECONNECT).await;
        }
    }
}

async fn send_from_own_connection(pool: &Pool, wanted: &Notify) -> Result<(), sqlx::Error> {
    let own = pool.single();
    loop {
        tokio::time::sleep(COALESCE).await;
        within(ANSWER, own.connections().execute(SEND)).await?;
        wanted.notified().await;
    }
}

/// The longest wait between two looks for work: shorter where no hint comes.
pub(crate) fn ceiling(pool: &Pool, idle: Duration) -> Duration {
    match pool.listener() {
        Some(_) => idle,
        None => idle.min(UNHEARD),
    }
}

/// Wakes `wake` at every hint and `nudge` at every cancel, and both once after every new connection, since what was sent
/// before it was not heard. Where LISTEN does not work, does nothing for ever.
pub(crate) async fn listen(pool: Pool, wake: Arc<Notify>, nudge: Arc<Notify>) {
    while let Some(own) = pool.listener() {
        if let Err(error) = listen_once(own, &wake, &nudge).await {
            tracing::debug!(
                error = describe(&error),
                "hints cannot be heard, the worker polls"
            );
        }
        tokio::time::sleep(RECONNECT).await;
    }
    std::future::pending().await
}

async fn listen_once(own: PgPool, wake: &Notify, nudge: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(&own).await?;
    listener.eager_reconnect(false);
    within(ANSWER, listener.listen_all([READY, CANCEL])).await?;
    wake.notify_one();
    nudge.notify_one();
    loop {
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(heard) => match heard? {
                Some(heard) if heard.channel() == CANCEL => nudge.notify_one(),
                Some(_) => wake.notify_one(),
                None => return Ok(()),
            },
            Err(_) => within(ANSWER, listener.execute("select")).await.map(drop)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{PgPool, query_scalar};

    use super::*;

    const LISTENERS: &str = "select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and query like 'LISTEN%'";

    #[tokio::test]
    async fn a_lost_connection_is_made_again_and_wakes_once_for_what_was_missed() {
        let database = local_postgres::testing::fresh_database("select").unwrap();
        let pool = PgPool::connect(database.url()).await.unwrap();
        let wake = Arc::new(Notify::new());
        let nudge = Arc::new(Notify::new());
        tokio::spawn(listen(pool.clone().into(), Arc::clone(&wake), nudge));
        let woken = async || {
            let patience = Duration::from_secs(20);
            timeout(patience, wake.notified()).await.expect("a wake");
        };
        woken().await;
        for _ in 0..3 {
            let ended: bool = query_scalar(LISTENERS).fetch_one(&pool).await.unwrap();
            assert!(ended, "the listener was connected");
            woken().await;
        }
        pool.execute("notify durable_ready").await.unwrap();
        woken().await;
    }
}
