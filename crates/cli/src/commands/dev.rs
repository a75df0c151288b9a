//! `mesocycle dev`: everything in one process on a private PostgreSQL.

use std::process::ExitCode;

use crate::config::{self, Flags, Listen};
use crate::instance::Instance;
use crate::{logs, output, signals};

/// Run everything in one process on a private PostgreSQL, for development
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    flags: Flags,
}

/// Runs until told to stop.
///
/// # Errors
/// What could not be started.
pub(crate) async fn dev(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = config::load(&arguments.flags, Some(&arguments.listen))?;
    logs::start(&settings)?;
    let stop = signals::stop_token()?;
    let env_file = settings.data_dir.join("dev.env");
    let instance = Instance::start(settings, &stop).await?;
    output::say(&format!(
        "Mesocycle is ready at {}",
        instance.env.supabase_url
    ));
    if let Some(url) = &instance.network_url {
        output::say(&format!("On this network (a phone): {url}"));
    }
    output::say(&format!("Dashboard: {}", instance.dashboard()));
    output::say(&format!("Keys and addresses: {}", env_file.display()));
    instance.run().await?;
    Ok(ExitCode::SUCCESS)
}
