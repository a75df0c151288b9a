//! `mesocycle tasks`: what is done, waits and failed, and what an operator does about it.

mod bulk;
mod list;
mod show;
mod watch;
mod which;

use std::process::ExitCode;

use clap::Subcommand;
use coach::bulk_action::Action;
use coach::operate;
use serde_json::json;
use uuid::Uuid;

use which::Which;

use crate::operator::Operator;
use crate::wire;

/// List tasks, show one, watch, cancel, retry, replay
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    operator: Operator,
}

#[derive(Subcommand)]
enum Verb {
    List(list::Arguments),
    Show(show::Arguments),
    Watch(watch::Arguments),
    /// End tasks, and their job rows with them: those of these ids, or all that fit
    Cancel(Meant),
    /// Try tasks now: those that wait go on, those that failed or were cancelled are run again, once. All that fit means the
    /// failed ones unless --state says others
    Retry(Meant),
    /// Run an ended task again as a new one
    Replay {
        /// Its id
        task: Uuid,
        /// Do again this step and those after it, not those before (not for plans, which are made from the start)
        #[arg(long, value_name = "STEP")]
        from_step: Option<String>,
    },
}

/// Tasks by their ids, or by what fits them.
#[derive(clap::Args)]
struct Meant {
    /// Their ids
    #[arg(conflicts_with = "which")]
    tasks: Vec<Uuid>,
    #[command(flatten)]
    which: Which,
}

/// Does what was asked.
///
/// # Errors
/// What the database refused, in a sentence.
pub(crate) async fn tasks(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let operator = arguments.operator;
    let pool = operator.pool().await?;
    match arguments.verb {
        Verb::List(list) => list::list(&operator, &pool, list).await?,
        Verb::Show(show) => show::show(&operator, &pool, &show).await?,
        Verb::Watch(watch) => watch::watch(&operator, &pool, &watch).await?,
        Verb::Cancel(Meant { tasks, which }) if tasks.is_empty() => {
            bulk::bulk(&operator, &pool, Action::Cancel, which.filter()?).await?;
        }
        Verb::Retry(Meant { tasks, which }) if tasks.is_empty() => {
            bulk::bulk(&operator, &pool, Action::Retry, which.filter()?).await?;
        }
        Verb::Cancel(Meant { tasks, .. }) => {
            for task in tasks {
                operate::cancel(&pool, task).await?;
                operator.answer(&json!({ "task": task }), &format!("cancelled {task}"));
            }
        }
        Verb::Retry(Meant { tasks, .. }) => {
            for task in tasks {
                let on = operate::retry(&pool, task).await?;
                let words = match on == task {
                    true => format!("{task} goes on"),
                    false => format!("{task} is run again as {on}"),
                };
                operator.answer(&json!({ "task": on }), &words);
            }
        }
        Verb::Replay { task, from_step } => {
            let new = operate::replay(&pool, task, from_step.as_deref()).await?;
            operator.answer(
                &json!({ "task": new }),
                &format!("{task} is run again as {new}"),
            );
        }
    }
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}
