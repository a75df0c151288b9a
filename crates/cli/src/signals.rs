//! Being told to stop.

use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Signals that come this soon after the first are the same one.
const ONE_PRESS: Duration = Duration::from_secs(1);

/// A token that is cancelled by the first SIGINT or SIGTERM. The second ends the process where it stands.
///
/// # Errors
/// When the signals cannot be listened for.
pub(crate) fn stop_token() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut signals = [
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    ];
    let told = stop.clone();
    tokio::spawn(async move {
        let mut since: Option<Instant> = None;
        loop {
            let [interrupt, terminate] = &mut signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            match since {
                None => tracing::info!("stopping; finishing what is open (once more: at once)"),
                // Whoever signals a process and its group (timeout, a terminal) means it once.
                Some(first) if first.elapsed() < ONE_PRESS => {}
                Some(_) => {
                    tracing::warn!("told to stop a second time: ending at once");
                    std::process::exit(1);
                }
            }
            since.get_or_insert_with(Instant::now);
            told.cancel();
        }
    });
    Ok(stop)
}
