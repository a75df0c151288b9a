//! Serving until told to stop, and then only as long as open requests need.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt;
use axum::{Extension, Router};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// How long open requests may take to end once the server is to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The connections that became WebSockets: the library loses sight of them. An extension of every request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upgraded(TaskTracker);

impl Upgraded {
    /// Counts one more, until the token is dropped.
    pub(crate) fn token(&self) -> TaskTrackerToken {
        self.0.token()
    }
}

/// Serves `router` on `listener` until `shutdown` is cancelled: then no connection is taken, open requests are
/// answered, WebSockets are told goodbye, and after ten seconds the rest is left behind.
///
/// # Errors
/// None at present; the signature is that of the library.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    let upgraded = Upgraded::default();
    let router = router.layer(Extension(upgraded.clone()));
    let served = axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(shutdown.clone().cancelled_owned());
    let drained = async {
        let result = served.await;
        upgraded.0.close();
        upgraded.0.wait().await;
        result
    };
    let overdue = async {
        shutdown.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = drained => result,
        () = overdue => {
            tracing::warn!(seconds = GRACE.as_secs(), "stopped with requests still open");
            Ok(())
        }
    }
}
