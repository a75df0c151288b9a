//! `mesocycle tasks list`: the newest tasks that fit.

use anyhow::{Context, ensure};
use durable::Pool;
use durable::inspect::{self, Filter, TaskState};
use jiff::Timestamp;
use serde_json::json;

use crate::operator::{Operator, cell, dollars, moment, seconds};

/// The most that is asked of the database at once.
const PAGE: i64 = 200;

/// List the newest tasks that fit everything that is said
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Such as generate_weekly_plan
    #[arg(long)]
    kind: Option<String>,
    /// ready, waiting, parked, running, succeeded, failed or cancelled
    #[arg(long)]
    state: Option<TaskState>,
    /// Such as weekly_plan
    #[arg(long)]
    queue: Option<String>,
    /// Whose
    #[arg(long)]
    user: Option<String>,
    /// Accepted at this moment or later: 2026-11-22T11:00:00Z
    #[arg(long, value_name = "MOMENT")]
    since: Option<Timestamp>,
    /// Accepted before this moment
    #[arg(long, value_name = "MOMENT")]
    until: Option<Timestamp>,
    /// The code it ended with, such as AI_TIMEOUT
    #[arg(long, value_name = "CODE")]
    error_code: Option<String>,
    /// Cost at least so many micro-dollars
    #[arg(long, value_name = "MICRODOLLARS")]
    min_cost: Option<i64>,
    /// How its id or its user begins, from four characters
    #[arg(long)]
    text: Option<String>,
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
    let filter = arguments.filter()?;
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

impl Arguments {
    fn filter(self) -> anyhow::Result<Filter> {
        let short = |text: &String| text.chars().count() < 4;
        ensure!(
            !self.text.as_ref().is_some_and(short),
            "--text must have at least four characters"
        );
        Ok(Filter {
            kind: self.kind,
            state: self.state,
            queue: self.queue,
            user: self.user,
            since: self.since.map(Timestamp::as_microsecond),
            until: self.until.map(Timestamp::as_microsecond),
            error_code: self.error_code,
            least_cost: self.min_cost,
            text: self.text.map(|text| text.to_lowercase()),
        })
    }
}
