//! `mesocycle workers`: who works.

use std::process::ExitCode;

use durable::inspect;
use serde_json::json;

use crate::operator::{Operator, cell, moment};
use crate::wire;

/// List workers, the living first
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    operator: Operator,
}

/// Prints the list.
///
/// # Errors
/// The database's.
pub(crate) async fn workers(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let operator = arguments.operator;
    let pool = operator.pool().await?;
    let workers = inspect::workers(&pool).await?;
    operator.rows(
        ["NAME", "ALIVE", "RUNNING", "SINCE", "LEASE", "QUEUES"],
        &json!(workers),
        |worker| {
            let queues = worker["queues"].as_array().map_or(&[][..], Vec::as_slice);
            let queues: Vec<_> = queues.iter().filter_map(|queue| queue.as_str()).collect();
            [
                cell(worker, "name"),
                if worker["alive"] == true { "yes" } else { "NO" }.to_owned(),
                cell(worker, "running"),
                moment(worker, "started_at"),
                moment(worker, "lease_until"),
                queues.join(", "),
            ]
        },
    );
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}
