//! `mesocycle settings`: the reference of all settings, fit to be `mesocycle.toml`.

use std::process::ExitCode;

use crate::{config, output};

/// Print every setting with its meaning, environment variable and default, as a commented mesocycle.toml
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print them as JSON: `[{"name", "variable", "default", "doc"}]`
    #[arg(long)]
    json: bool,
}

/// Prints the reference file.
pub(crate) fn settings(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    output::say(&match arguments.json {
        true => config::reference_json().to_string(),
        false => config::reference().trim_end().to_owned(),
    });
    Ok(ExitCode::SUCCESS)
}
