//! The hint that work has come: sent after a spawn's commit, never inside it, and heard by idle workers.
//!
//! A NOTIFY takes one server-wide lock at commit; inside every spawn it would make concurrent spawns wait for one another.

use std::{sync::Arc, time::Duration};

use sqlx::{Connection, Executor, PgConnection, PgPool, postgres::PgListener};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::error::describe;

const READY: &str = "durable_ready";
/// Sent by `durable.finish` with the end of a running attempt's task.
const CANCEL: &str = "durable_cancel";
/// Spawns within this time share one NOTIFY.
const COALESCE: Duration = Duration::from_millis(5);
const RECONNECT: Duration = Duration::from_secs(1);

/// Tells workers of other processes that something became ready. Losing a hint costs one poll interval, nothing else.
#[derive(Debug, Clone)]
pub struct Hint(Arc<Notify>);

impl Hint {
    /// Starts the sender, on a connection of its own, until `stop`.
    #[must_use]
    pub fn start(pool: &PgPool, stop: CancellationToken) -> Self {
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

async fn send_all(pool: PgPool, wanted: Arc<Notify>) {
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

async fn send_from_own_connection(pool: &PgPool, wanted: &Notify) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(&pool.connect_options()).await?;
    // A lone NOTIFY takes a transaction id and would wait for a flush; a hint need not survive a crash.
    connection.execute("set synchronous_commit = off").await?;
    loop {
        tokio::time::sleep(COALESCE).await;
        connection.execute("notify durable_ready").await?;
        wanted.notified().await;
    }
}

/// Wakes `wake` at every hint and `nudge` at every cancel, and both once after every new connection, since what was sent
/// before it was not heard.
pub(crate) async fn listen(pool: PgPool, wake: Arc<Notify>, nudge: Arc<Notify>) {
    loop {
        if let Err(error) = listen_once(&pool, &wake, &nudge).await {
            tracing::debug!(
                error = describe(&error),
                "hints cannot be heard, the worker polls"
            );
        }
        tokio::time::sleep(RECONNECT).await;
    }
}

async fn listen_once(pool: &PgPool, wake: &Notify, nudge: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.eager_reconnect(false);
    listener.listen_all([READY, CANCEL]).await?;
    wake.notify_one();
    nudge.notify_one();
    while let Some(heard) = listener.try_recv().await? {
        match heard.channel() {
            CANCEL => nudge.notify_one(),
            _ => wake.notify_one(),
        }
    }
    Ok(())
}
