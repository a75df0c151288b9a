//! `mesocycle tasks list`: the newest tasks that fit.

use anyhow::Context;
use durable::Pool;
use durable::inspect;
use serde_json::json;

use super::which::Which;
use crate::operator::{Operator, cell, dollars, moment, seconds};

/// The most that is asked of the database at once.
const PAGE: i64 = 200;

/// List the newest tasks that fit everything that is said
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// How many
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// Prints the list.
pub(super) async fn list(
    operator: &Operator,
    pool: &Pool,
    arguments: Arguments,
) -> anyhow::Result<()> {
    let limit = arguments.limit;
    let filter = arguments.which.filter()?;
    let (mut tasks, mut after) = (Vec::new(), None);
    while tasks.len() < limit {
        let left = i64::try_from(limit - tasks.len()).unwrap_or(PAGE).min(PAGE);
        let page = inspect::tasks(pool, &filter, after, left)
            .await
            .context("the tasks cannot be read")?;
        tasks.extend(page.tasks);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    operator.rows(
        [
            "ID", "KIND", "STATE", "ACCEPTED", "TOOK", "COST", "ERROR", "USER",
        ],
        &json!(tasks),
        |task| {
            [
                cell(task, "id"),
                cell(task, "kind"),
                cell(task, "state"),
                moment(task, "created_at"),
                seconds(task, "seconds"),
                dollars(task, "cost"),
                cell(task, "error_code"),
                cell(task, "user"),
            ]
        },
    );
    Ok(())
}
