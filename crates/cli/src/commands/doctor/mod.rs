//! `mesocycle doctor`: what is wrong with configuration, keys, database and clock, and the cure. One file a check.

mod access;
mod clock;
#[cfg(feature = "otlp")]
mod collector;
mod database;
mod keys;
mod models;
mod pooler;
mod report;
mod workers;

use std::process::ExitCode;

use crate::config::{self, Flags, Settings};
use crate::{dev_env, output};
use report::Report;

/// Say what is wrong with settings, keys, database and clock, and how to mend it
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the findings as JSON: `{"findings": [{"level", "message", "cure"}], "errors", "warnings"}`
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

/// Prints one line for everything that was looked at; the exit status is 1 when something is wrong. A warning is not.
///
/// # Errors
/// None: what goes wrong is a finding.
pub(crate) async fn doctor(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut report = Report::new(arguments.json);
    match config::load(&arguments.flags, None) {
        Err(error) => report.wrong(
            &format!("settings: {}", output::chain(&error)),
            "correct it; `mesocycle settings` lists them all",
        ),
        Ok(settings) => {
            report.fine("settings can be read");
            examine(&settings.or_development(), &mut report).await;
        }
    }
    Ok(match report.end() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

async fn examine(settings: &Settings, report: &mut Report) {
    keys::examine(settings, report).await;
    models::examine(settings, report);
    #[cfg(feature = "otlp")]
    collector::examine(settings, report).await;
    database::examine(settings, report).await;
}

impl Settings {
    /// With the database and the keys of this directory's `mesocycle dev` where none is set.
    pub(crate) fn or_development(mut self) -> Settings {
        if let Some(env) = dev_env::read(&self.data_dir) {
            self.database_url = self.database_url.or(Some(env.database_url));
            if self.jwt_secret.is_none() {
                self.jwt_secret = Some(env.jwt_secret);
                self.anon_key = self.anon_key.or(Some(env.anon_key));
                self.service_role_key = self.service_role_key.or(Some(env.service_role_key));
            }
        }
        self
    }
}
