//! Which tasks are meant, as flags.

use anyhow::ensure;
use durable::inspect::{Filter, TaskState};
use jiff::Timestamp;

/// Tasks that fit everything that is said.
#[derive(clap::Args)]
#[group(id = "which", multiple = true)]
pub(super) struct Which {
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
}

impl Which {
    /// The same for the engine.
    ///
    /// # Errors
    /// When `--text` is too short to look for.
    pub(super) fn filter(self) -> anyhow::Result<Filter> {
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
