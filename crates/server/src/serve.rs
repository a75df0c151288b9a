//! Serving until told to stop, and then only as long as open requests need.

use std::io;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::connections::Connections;

/// How long open requests may take to end once the server is to stop.
const GRACE: Duration = Duration::from_secs(10);

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
    let open = TaskTracker::new();
    let served = axum::serve(Connections::new(listener, open.clone()), router)
        .with_graceful_shutdown(shutdown.clone().cancelled_owned());
    let drained = async {
        let result = served.await;
        open.close();
        open.wait().await;
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
