//! `mesocycle doctor`: what is wrong with configuration, keys, database and clock, and the cure. One file a check.

mod access;
mod clock;
mod database;
mod keys;
mod report;
mod workers;

use std::process::ExitCode;

use crate::config::{self, Flags, Settings};
use crate::{dev_env, output};
use report::Report;

/// Say what is wrong with settings, keys, database and clock, and how to mend it
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

/// Prints one line for everything that was looked at; the exit status is 1 when something is wrong.
///
/// # Errors
/// None: what goes wrong is a finding.
pub(crate) async fn doctor(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
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
    keys::examine(settings, report);
    database::examine(settings, report).await;
}

impl Settings {
    /// With the database and the secret of this directory's `mesocycle dev` where none is set.
    fn or_development(mut self) -> Settings {
        if let Some(env) = dev_env::read(&self.data_dir) {
            self.database_url = self.database_url.or(Some(env.database_url));
            self.jwt_secret = self.jwt_secret.or(Some(env.jwt_secret));
        }
        self
    }
}
