//! `mesocycle settings`: the reference of all settings, fit to be `mesocycle.toml`.

use std::process::ExitCode;

use crate::{config, output};

/// Print every setting with its meaning, environment variable and default, as a commented mesocycle.toml
#[derive(clap::Args)]
pub(crate) struct Arguments {}

/// Prints the reference file.
pub(crate) fn settings() -> anyhow::Result<ExitCode> {
    output::say(config::reference().trim_end());
    Ok(ExitCode::SUCCESS)
}
