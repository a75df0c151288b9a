//! `mesocycle queues`: what stands in line, pausing, resuming, limits.

use std::process::ExitCode;

use clap::Subcommand;
use coach::operate;
use durable::inspect;
use serde_json::json;

use crate::operator::{Operator, cell, seconds};
use crate::wire;

/// List queues, pause, resume, limit them
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    operator: Operator,
}

#[derive(Subcommand)]
enum Verb {
    /// List every queue with what stands in it
    List,
    /// Stop a queue: what runs goes on, nothing new of it is begun
    Pause {
        /// Its name
        queue: String,
        /// Why, for others to read
        #[arg(long, value_name = "WORDS")]
        because: Option<String>,
    },
    /// Let a queue go on
    Resume {
        /// Its name
        queue: String,
    },
    /// Set how many of a queue may be under way at once over all workers; what is not said is without limit
    Limit {
        /// Its name; '*' for all queues together
        queue: String,
        /// In all
        #[arg(long, value_name = "N")]
        running: Option<i32>,
        /// For each user
        #[arg(long, value_name = "N")]
        per_user: Option<i32>,
    },
}

/// Does what was asked.
///
/// # Errors
/// What the database refused, in a sentence.
pub(crate) async fn queues(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let operator = arguments.operator;
    let pool = operator.pool().await?;
    match arguments.verb {
        Verb::List => {
            let (queues, _) = inspect::queues(&pool).await?;
            operator.rows(
                [
                    "NAME", "READY", "OLDEST", "WAITING", "PARKED", "RUNNING", "LIMIT", "PER USER",
                    "PAUSED", "WORKER",
                ],
                &json!(queues),
                |queue| {
                    [
                        cell(queue, "name"),
                        cell(queue, "ready"),
                        seconds(queue, "oldest_seconds"),
                        cell(queue, "waiting"),
                        cell(queue, "parked"),
                        cell(queue, "running"),
                        cell(queue, "max_running"),
                        cell(queue, "max_per_key"),
                        match queue["paused_at"].is_null() {
                            true => "-".to_owned(),
                            false => format!("yes: {}", cell(queue, "paused_because")),
                        },
                        if queue["has_worker"] == true {
                            "yes"
                        } else {
                            "NONE"
                        }
                        .to_owned(),
                    ]
                },
            );
        }
        Verb::Pause { queue, because } => {
            operate::pause_queue(&pool, &queue, because.as_deref()).await?;
            operator.answer(&json!({ "queue": queue }), &format!("{queue} is paused"));
        }
        Verb::Resume { queue } => {
            operate::resume_queue(&pool, &queue).await?;
            operator.answer(&json!({ "queue": queue }), &format!("{queue} goes on"));
        }
        Verb::Limit {
            queue,
            running,
            per_user,
        } => {
            operate::limit_queue(&pool, &queue, running, per_user).await?;
            operator.answer(
                &json!({ "queue": queue }),
                &format!("the limits of {queue} are set"),
            );
        }
    }
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}
