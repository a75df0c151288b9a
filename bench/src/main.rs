//! How fast the engine is beside its fastest peer and beside bare statements, in one run and as ratios.

mod cpu;
mod database;
mod drain;
mod durable_engine;
mod engine;
mod enqueue;
mod graphile_engine;
mod old_way;
mod pgbench;
mod pick_up;
mod pinned;
mod plan;
mod report;
mod statements;

use std::{path::PathBuf, time::Duration};

use clap::Parser;

use crate::{database::Postgres, report::Report};

/// What is measured, how often and how long.
#[derive(Debug, Parser)]
#[command(name = "bench/run", about)]
struct Arguments {
    /// Tasks in each drain.
    #[arg(long, default_value_t = 40_000)]
    tasks: u32,
    /// Rounds of drain and enqueue; a round measures every contestant once, in turn.
    #[arg(long, default_value_t = 3)]
    repetitions: u32,
    /// Seconds of each enqueue window.
    #[arg(long, default_value_t = 3.0)]
    window: f64,
    /// Tasks whose pick-up is timed, for each contestant.
    #[arg(long, default_value_t = 400)]
    pick_ups: u32,
    /// Seconds for which a transaction is held open under load.
    #[arg(long, default_value_t = 30)]
    pinned: u32,
    /// The measures to take, of drain, enqueue, pick-up, pinned and plan; all unless said.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "drain,enqueue,pick-up,pinned,plan"
    )]
    only: Vec<String>,
    /// What the pauses between pick-ups are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Say which statements took how long in each drain (it needs the extension pg_stat_statements, and slows them).
    #[arg(long)]
    statements: bool,
    /// A folder for the private PostgreSQL, on a disk: it is removed afterwards.
    #[arg(long)]
    data: PathBuf,
    /// The file that gets every single sample, one JSON object a line.
    #[arg(long)]
    samples: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let postgres = Postgres::start(&arguments.data, arguments.statements).await?;
    let mut report = Report::create(&arguments.samples)?;
    let wanted = |measure: &str| arguments.only.iter().any(|name| name == measure);
    let window = Duration::from_secs_f64(arguments.window);

    if wanted("drain") {
        drain::measure(
            &postgres,
            &mut report,
            arguments.tasks,
            arguments.repetitions,
            arguments.statements,
        )
        .await?;
    }
    if wanted("enqueue") {
        enqueue::measure(&postgres, &mut report, window, arguments.repetitions).await?;
        pgbench::measure(&postgres, &mut report, window, arguments.repetitions).await?;
    }
    if wanted("pick-up") {
        pick_up::measure(&postgres, &mut report, arguments.pick_ups, arguments.seed).await?;
    }
    if wanted("pinned") {
        pinned::measure(&postgres, &mut report, arguments.pinned).await?;
    }
    if wanted("plan") {
        plan::measure(&postgres, &mut report).await?;
    }
    println!("\nevery sample: {}", arguments.samples.display());
    postgres.remove()
}
