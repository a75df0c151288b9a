//! `mesocycle tasks cancel` and `retry` with a filter: a task of its own does it, and this looks on.

use std::io::stderr;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use coach::bulk_action::{self, Action, BulkAction, Progress};
use durable::Pool;
use durable::inspect::{self, Filter, TaskDetail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use uuid::Uuid;

use crate::operator::Operator;
use crate::{output, signals};

const POLL: Duration = Duration::from_millis(300);

/// Begins the action and shows how far it is, until it has ended. Told to stop, it leaves the action going on.
///
/// # Errors
/// When the filter is empty or names a state where there is nothing to do, or the action failed.
pub(super) async fn bulk(
    operator: &Operator,
    pool: &Pool,
    action: Action,
    filter: Filter,
) -> anyhow::Result<()> {
    let bulk = BulkAction { action, filter };
    ensure!(
        bulk.filter != Filter::default(),
        "say which tasks: their ids, or flags such as --state failed --kind generate_weekly_plan"
    );
    bulk.states().map_err(anyhow::Error::msg)?;
    let stop = signals::stop_token()?;
    let id = bulk_action::start(pool, &bulk).await?;
    let bar = bar();
    loop {
        let task = inspect::task(pool, id, false).await?;
        let task = task.context("the action is gone: its task was pruned")?;
        let progress = progress_of(&task);
        if task.task.ended_at.is_some() {
            bar.finish_and_clear();
            return end(operator, id, &task, progress);
        }
        bar.set_message(match task.task.state.as_str() {
            "running" => words(progress),
            _ => task.why.clone(),
        });
        let pause = tokio::time::sleep(POLL);
        if stop.run_until_cancelled(pause).await.is_none() {
            bar.finish_and_clear();
            output::complain(&format!(
                "It goes on without this: mesocycle tasks show {id}, or tasks cancel {id} to stop it."
            ));
            return Ok(());
        }
    }
}

fn end(operator: &Operator, id: Uuid, task: &TaskDetail, progress: Progress) -> anyhow::Result<()> {
    let answer = json!({ "id": id, "state": task.task.state, "done": progress.done, "refused": progress.refused });
    operator.answer(&answer, &words(progress));
    if task.task.state != "succeeded" {
        bail!("{}", task.why);
    }
    Ok(())
}

fn words(progress: Progress) -> String {
    match progress.refused {
        0 => format!("{} done", progress.done),
        refused => format!(
            "{} done, {refused} refused: ended meanwhile or run again already",
            progress.done
        ),
    }
}

fn progress_of(task: &TaskDetail) -> Progress {
    let latest = task.events.iter().rfind(|event| event.r#type == "progress");
    latest
        .and_then(|event| serde_json::from_value(event.data.clone()).ok())
        .unwrap_or_default()
}

/// On a terminal; how many tasks there are nobody knows before the end.
fn bar() -> ProgressBar {
    if !std::io::IsTerminal::is_terminal(&stderr()) {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new_spinner();
    let template = match output::has_colours(&stderr()) {
        true => "{spinner:.cyan} {msg} ({elapsed})",
        false => "{spinner} {msg} ({elapsed})",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
