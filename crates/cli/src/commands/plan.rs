//! `mesocycle plan`: one week, made on this machine, without a database.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use coach::generate_weekly_plan::{Request, make_week};
use durable::Failure;

use crate::{output, profile_file, week};

/// Make one week on this machine, without a database, and print it
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A profile snapshot, or the body of a request with one, as JSON; - reads standard input
    profile: PathBuf,
    /// Print the contract's `days` as JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Another number makes another week, equally sound
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Prints the week.
///
/// # Errors
/// When the file cannot be read, or no week can be made of the profile: what is wrong in it.
pub(crate) fn plan(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let snapshot = profile_file::read(&arguments.profile)?;
    if stderr().is_terminal() {
        output::complain("Planning a week …");
    }
    let days = match make_week(&Request {
        snapshot: &snapshot,
        seed: arguments.seed,
        redo: None,
    }) {
        Ok(plan) => plan.to_days(),
        Err(Failure::Failed { code, message, .. }) => bail!("{message} ({code})"),
        Err(failure) => bail!(failure),
    };
    match arguments.json {
        true => output::say(&serde_json::to_string_pretty(&days)?),
        false => output::say(&week::table(&days)),
    }
    Ok(ExitCode::SUCCESS)
}
