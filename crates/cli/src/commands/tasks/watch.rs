//! `mesocycle tasks watch`: what happens, as it happens.

use std::time::Duration;

use anyhow::Context;
use durable::Pool;
use durable::inspect::{self, Change, Changes};
use serde_json::json;
use uuid::Uuid;

use crate::operator::Operator;
use crate::signals;

const POLL: Duration = Duration::from_millis(300);
const BATCH: i64 = 500;

/// Print what happens to tasks as it happens; with an id, to that one, until it has ended
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Its id
    task: Option<Uuid>,
}

/// Prints a line for every change, until told to stop or the task has ended.
pub(super) async fn watch(
    operator: &Operator,
    pool: &Pool,
    arguments: &Arguments,
) -> anyhow::Result<()> {
    let stop = signals::stop_token()?;
    let mut looks = Changes::default();
    let mut after = inspect::latest_change(pool).await?;
    loop {
        let until = looks.look(pool).await.context("the log cannot be read")?;
        while after < until {
            let changes = inspect::changes(pool, after, until, BATCH).await?;
            let full = i64::try_from(changes.len()).is_ok_and(|count| count == BATCH);
            after = changes.last().map_or(until, |last| last.id);
            for change in changes.iter().filter(|change| is_meant(arguments, change)) {
                tell(operator, change);
            }
            if !full {
                after = until;
            }
        }
        // What has ended before we came leaves no further event.
        if let Some(task) = arguments.task {
            let detail = inspect::task(pool, task, false).await?;
            let detail = detail.context("there is no task of this id")?;
            if detail.task.ended_at.is_some()
                && detail.events.last().is_none_or(|last| last.id <= after)
            {
                operator.answer(&json!(detail.task), &detail.why);
                return Ok(());
            }
        }
        if stop
            .run_until_cancelled(tokio::time::sleep(POLL))
            .await
            .is_none()
        {
            return Ok(());
        }
    }
}

fn is_meant(arguments: &Arguments, change: &Change) -> bool {
    arguments.task.is_none_or(|task| task == change.task)
}

fn tell(operator: &Operator, change: &Change) {
    let words = [
        Some(change.at.as_str()),
        Some(&change.task.to_string()),
        change.kind.as_deref(),
        Some(&change.r#type),
        change.error_code.as_deref(),
    ];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    operator.answer(&json!(change), &words.join("  "));
}
