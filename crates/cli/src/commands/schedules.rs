//! `mesocycle schedules`: what is begun by the clock.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Subcommand;
use coach::operate;
use durable::schedule::{self, Misfire, Schedule};
use serde_json::{Value, json};

use crate::operator::{Operator, cell};
use crate::wire;

/// List schedules, make, pause, resume, run, remove them
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    operator: Operator,
}

#[derive(Subcommand)]
enum Verb {
    /// List every schedule with its next fire time
    List,
    /// Make a schedule or change it
    Put {
        /// Its name
        name: String,
        /// What is begun, such as bulk_action
        #[arg(long)]
        kind: String,
        /// minute hour day month weekday: "0 18 * * SUN"
        #[arg(long)]
        cron: String,
        /// An IANA name
        #[arg(long, default_value = "UTC")]
        time_zone: String,
        /// What each task is given, as JSON
        #[arg(long, default_value = "{}")]
        input: String,
    },
    /// Pause a schedule
    Pause {
        /// Its name
        name: String,
    },
    /// Let a paused schedule fire again, from now on
    Resume {
        /// Its name
        name: String,
    },
    /// Begin its task now, beside its fire times
    Run {
        /// Its name
        name: String,
    },
    /// Remove a schedule; its tasks stay
    Remove {
        /// Its name
        name: String,
    },
}

/// Does what was asked.
///
/// # Errors
/// What is wrong with a pattern or a zone; when there is no such schedule.
pub(crate) async fn schedules(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let operator = arguments.operator;
    let pool = operator.pool().await?;
    let unknown = "there is no schedule of this name, or it is as it should be already";
    let (name, done) = match arguments.verb {
        Verb::List => {
            let entries = schedule::list(&pool).await?;
            let rows: Value = entries.iter().map(row).collect();
            operator.rows(
                [
                    "NAME", "KIND", "CRON", "ZONE", "NEXT", "LAST", "MISSED", "ENABLED",
                ],
                &rows,
                |row| {
                    [
                        "name",
                        "kind",
                        "cron",
                        "time_zone",
                        "next_at",
                        "last_at",
                        "missed",
                        "enabled",
                    ]
                    .map(|field| cell(row, field))
                },
            );
            wire::close(&pool).await;
            return Ok(ExitCode::SUCCESS);
        }
        Verb::Put {
            name,
            kind,
            cron,
            time_zone,
            input,
        } => {
            let input = serde_json::from_str(&input).context("--input is no JSON")?;
            let misfire = Misfire::One;
            let schedule = Schedule {
                name: name.clone(),
                kind,
                input,
                cron,
                time_zone,
                misfire,
            };
            schedule::put(&pool, &schedule).await?;
            (name, true)
        }
        Verb::Pause { name } => (name.clone(), schedule::pause(&pool, &name).await?),
        Verb::Resume { name } => (name.clone(), schedule::resume(&pool, &name).await?),
        Verb::Remove { name } => (name.clone(), schedule::remove(&pool, &name).await?),
        Verb::Run { name } => {
            let task = operate::run_schedule(&pool, &name).await?;
            let task = task.context(unknown)?;
            operator.answer(&json!({ "task": task }), &task.to_string());
            wire::close(&pool).await;
            return Ok(ExitCode::SUCCESS);
        }
    };
    ensure!(done, unknown);
    operator.answer(&json!({ "schedule": name }), &format!("{name}: done"));
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}

fn row(entry: &schedule::Entry) -> Value {
    let schedule = &entry.schedule;
    json!({
        "name": schedule.name, "kind": schedule.kind, "input": schedule.input, "cron": schedule.cron, "time_zone": schedule.time_zone,
        "enabled": entry.enabled, "next_at": entry.next_at, "last_at": entry.last_at, "missed": entry.missed,
    })
}
