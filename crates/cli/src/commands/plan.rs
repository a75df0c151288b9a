//! `mesocycle plan`: one plan, made on this machine, without a database.

use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use coach::generate_weekly_plan::{Request, make_week};
use coach::generate_workout_plan::{brief_of, make_block};
use coach::reader;
use durable::Failure;
use jiff::Zoned;

use crate::{output, profile_file, week, weeks};

/// Make one plan on this machine, without a database, and print it
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A profile snapshot, or the body of a request with one, as JSON; - reads standard input. Makes a week
    #[arg(required_unless_present = "text")]
    profile: Option<PathBuf>,
    /// What an athlete writes of themselves, in their own words. Makes eight weeks of training
    #[arg(long, conflicts_with = "profile")]
    text: Option<String>,
    /// Print the plan as JSON, as the app gets it, instead of tables
    #[arg(long)]
    json: bool,
    /// Another number makes another plan, equally sound
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Prints the plan.
///
/// # Errors
/// When the file cannot be read, or no plan can be made of the profile: what is wrong in it.
pub(crate) fn plan(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if stderr().is_terminal() {
        output::complain("Planning …");
    }
    let printed = match (&arguments.text, &arguments.profile) {
        (Some(text), _) => eight_weeks(text, arguments)?,
        (None, Some(profile)) => one_week(profile, arguments)?,
        (None, None) => return Err(anyhow!("name a profile, or describe yourself with --text")),
    };
    output::say(&printed);
    Ok(ExitCode::SUCCESS)
}

fn one_week(profile: &Path, arguments: &Arguments) -> anyhow::Result<String> {
    let snapshot = profile_file::read(profile)?;
    let plan = make_week(&Request {
        snapshot: &snapshot,
        seed: arguments.seed,
        redo: None,
    })
    .map_err(said)?;
    let days = plan.to_days();
    Ok(match arguments.json {
        true => serde_json::to_string_pretty(&days)?,
        false => week::table(&days),
    })
}

fn eight_weeks(text: &str, arguments: &Arguments) -> anyhow::Result<String> {
    let reading = reader::read(text);
    let now = Zoned::now();
    let zone = reading.time_zone.as_ref().map(|zone| zone.value.as_str());
    // A zone that is none falls to this machine's.
    let now = zone.and_then(|zone| now.in_tz(zone).ok()).unwrap_or(now);
    let brief = brief_of(&reading).map_err(said)?;
    let block = make_block(&brief, arguments.seed, now.date()).map_err(said)?;
    Ok(match arguments.json {
        true => serde_json::to_string_pretty(&block.to_json())?,
        false => weeks::tables(&block),
    })
}

/// The sentence of a failure, for the person who asked.
fn said(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Failed { code, message, .. } => anyhow!("{message} ({code})"),
        failure => anyhow!(failure),
    }
}
