//! `mesocycle serve`: the HTTP server alone, in any number, beside `mesocycle work`.

use std::process::ExitCode;

use durable::Hint;

use crate::config::{self, Flags, Listen};
use crate::telemetry::Telemetry;
use crate::{listen, logs, signals, wire};

/// Serve HTTP for a migrated database; the jobs are done by `mesocycle work`
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    flags: Flags,
}

/// Serves until told to stop.
///
/// # Errors
/// When the database, the keys or the port cannot be used.
pub(crate) async fn serve(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = config::load(&arguments.flags, Some(&arguments.listen))?;
    logs::start(&settings)?;
    let stop = signals::stop_token()?;
    let keys = wire::keys(&settings, settings.jwt_secret.clone())?;
    let listener = listen::listen(&settings).await?;
    let pool = wire::pool(&settings, wire::database_url(&settings)?).await?;
    wire::require_migrated(&pool, &settings).await?;
    let hint = Hint::start(&pool, stop.clone());
    let mut state = wire::state(&settings, &pool, keys, move || hint.send(), &stop)?;
    let address = listener.local_addr()?;
    let urls = (listen::local_url(address), listen::network_url(address));
    let secret = settings.jwt_secret.clone();
    state.settings.accounts = wire::accounts(&settings, &pool, secret, urls, false).await?;
    let telemetry = Telemetry::start(&pool, &settings)?;
    state.admin.job_requests.clone_from(&telemetry.job_requests);
    state.readiness.set_ready();
    tracing::info!(url = listen::local_url(address), "serving");
    server::serve(listener, server::router(state), stop).await?;
    telemetry.stop().await;
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}
