//! `mesocycle work`: a worker alone, in any number.

use std::process::ExitCode;

use crate::config::{self, Flags};
use crate::telemetry::Telemetry;
use crate::{logs, signals, wire};

/// Do the jobs of a migrated database
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

/// Works until told to stop, then finishes what is running.
///
/// # Errors
/// When the database cannot be used.
pub(crate) async fn work(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = config::load(&arguments.flags, None)?;
    logs::start(&settings)?;
    let stop = signals::stop_token()?;
    let pool = wire::pool(&settings, wire::database_url(&settings)?).await?;
    wire::require_migrated(&pool, &settings).await?;
    let worker = wire::worker(&pool, &settings).await?;
    let telemetry = Telemetry::start(&pool, &settings)?;
    let worker = worker.start();
    stop.cancelled().await;
    worker.drain(settings.drain).await;
    telemetry.stop().await;
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}
