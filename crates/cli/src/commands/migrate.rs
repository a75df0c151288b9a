//! `mesocycle migrate`: brings a database to the present form, or prints the SQL that does.

use std::process::ExitCode;

use anyhow::Context;
use coach::inspect;
use serde_json::json;

use crate::config::{self, Flags};
use crate::{logs, output, wire};

/// Bring a database to the present form
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the SQL instead of running it, for supabase/migrations/; needs no database
    #[arg(long, conflicts_with = "harden")]
    print: bool,
    /// Then close the grants and policies that are too open (`mesocycle doctor` lists them)
    #[arg(long)]
    harden: bool,
    /// Then install the change feed of Realtime: triggers on Mesocycle's tables (not needed beside Supabase, which has its own)
    #[arg(long, conflicts_with = "print")]
    realtime: bool,
    /// Answer with JSON: `{"migrated", "realtime", "closed"}`, the last being the statements that closed something
    #[arg(long, conflicts_with = "print")]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

/// Migrates, or prints.
///
/// # Errors
/// When the database cannot be reached, or something in it cannot be reconciled.
pub(crate) async fn migrate(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = config::load(&arguments.flags, None)?;
    if arguments.print {
        output::say(coach::migrate::script().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    logs::start(&settings)?;
    let pool = wire::pool(&settings, wire::database_url(&settings)?).await?;
    wire::migrate(&pool, &settings).await?;
    let tell = |words: &str| {
        if !arguments.json {
            output::say(words);
        }
    };
    tell("The database is up to date.");
    if arguments.realtime {
        wire::install_change_feed(&pool).await?;
        tell("Realtime hears of changes.");
    }
    let mut closed = Vec::new();
    if arguments.harden {
        closed = inspect::harden(&pool)
            .await
            .context("what is too open cannot be closed")?;
        for statement in &closed {
            tell(&format!("{statement};"));
        }
        tell(&format!(
            "{} too open grants and policies were closed.",
            closed.len()
        ));
    }
    if arguments.json {
        let answer = json!({ "migrated": true, "realtime": arguments.realtime, "closed": closed });
        output::say(&answer.to_string());
    }
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}
