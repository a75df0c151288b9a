//! Builds and runs migration scripts: one text that may run any number of times, from here or from psql.

use sqlx::{Executor, PgPool};

/// The advisory lock that keeps two migrations of one database apart. An arbitrary number, held to the end of the transaction.
const LOCK: i64 = 0x6d65_736f_6379_636c;

/// The engine's own tables, in the order of their birth.
const MIGRATIONS: &[(&str, &str)] = &[
    (
        "durable/0001_engine",
        include_str!("../migrations/0001_engine.sql"),
    ),
    (
        "durable/0002_queue",
        include_str!("../migrations/0002_queue.sql"),
    ),
    (
        "durable/0003_step",
        include_str!("../migrations/0003_step.sql"),
    ),
    (
        "durable/0004_budget",
        include_str!("../migrations/0004_budget.sql"),
    ),
    (
        "durable/0005_schedule",
        include_str!("../migrations/0005_schedule.sql"),
    ),
    (
        "durable/0006_housekeeping",
        include_str!("../migrations/0006_housekeeping.sql"),
    ),
    (
        "durable/0007_budget_line",
        include_str!("../migrations/0007_budget_line.sql"),
    ),
    (
        "durable/0008_inspect",
        include_str!("../migrations/0008_inspect.sql"),
    ),
    (
        "durable/0009_budget_use",
        include_str!("../migrations/0009_budget_use.sql"),
    ),
    (
        "durable/0010_budget_share",
        include_str!("../migrations/0010_budget_share.sql"),
    ),
];

/// The engine's functions. Those that others use in their declarations come first.
const FUNCTIONS: &[&str] = &[
    include_str!("../sql/kind/register_kind.sql"),
    include_str!("../sql/kind/register_error.sql"),
    include_str!("../sql/kind/call_hook.sql"),
    include_str!("../sql/limit/wake_waiting.sql"),
    include_str!("../sql/limit/free_slots.sql"),
    include_str!("../sql/limit/take_slot.sql"),
    include_str!("../sql/limit/take_slots.sql"),
    include_str!("../sql/limit/admit.sql"),
    include_str!("../sql/limit/limit_queue.sql"),
    include_str!("../sql/queue/set_aside.sql"),
    include_str!("../sql/queue/pause_queue.sql"),
    include_str!("../sql/queue/resume_queue.sql"),
    include_str!("../sql/task/tell.sql"),
    include_str!("../sql/task/end_run.sql"),
    include_str!("../sql/child/child_ended.sql"),
    include_str!("../sql/task/end_task.sql"),
    include_str!("../sql/task/backoff.sql"),
    include_str!("../sql/task/put_back.sql"),
    include_str!("../sql/task/return_run.sql"),
    include_str!("../sql/task/spawn.sql"),
    include_str!("../sql/task/spawn_once.sql"),
    include_str!("../sql/task/claim_lane.sql"),
    include_str!("../sql/task/claim.sql"),
    include_str!("../sql/task/complete.sql"),
    include_str!("../sql/task/complete_many.sql"),
    include_str!("../sql/task/fail.sql"),
    include_str!("../sql/task/defer.sql"),
    include_str!("../sql/task/release.sql"),
    include_str!("../sql/task/finish.sql"),
    include_str!("../sql/task/holder.sql"),
    include_str!("../sql/task/holds.sql"),
    include_str!("../sql/task/note.sql"),
    include_str!("../sql/task/record.sql"),
    include_str!("../sql/task/unpark.sql"),
    include_str!("../sql/task/hasten.sql"),
    include_str!("../sql/task/replay.sql"),
    include_str!("../sql/task/forget.sql"),
    include_str!("../sql/task/erase.sql"),
    include_str!("../sql/budget/burst.sql"),
    include_str!("../sql/budget/flow.sql"),
    include_str!("../sql/budget/refilled.sql"),
    include_str!("../sql/budget/lock_budget.sql"),
    include_str!("../sql/budget/write_budget.sql"),
    include_str!("../sql/budget/set_budget.sql"),
    include_str!("../sql/budget/budget_wait.sql"),
    include_str!("../sql/budget/line_up.sql"),
    include_str!("../sql/budget/reserve_budget.sql"),
    include_str!("../sql/budget/token_count.sql"),
    include_str!("../sql/budget/share.sql"),
    include_str!("../sql/budget/settle_budget.sql"),
    include_str!("../sql/budget/count_use.sql"),
    include_str!("../sql/budget/lower_budget.sql"),
    include_str!("../sql/budget/block_budget.sql"),
    include_str!("../sql/budget/budget_free_at.sql"),
    include_str!("../sql/spend/spend.sql"),
    include_str!("../sql/spend/spend_scopes.sql"),
    include_str!("../sql/spend/spend_refusal.sql"),
    include_str!("../sql/step/begin_step.sql"),
    include_str!("../sql/step/send_step.sql"),
    include_str!("../sql/step/keep_handle.sql"),
    include_str!("../sql/step/keep_partial.sql"),
    include_str!("../sql/step/withdraw_step.sql"),
    include_str!("../sql/step/finish_step.sql"),
    include_str!("../sql/step/copy_steps.sql"),
    include_str!("../sql/step/sleep.sql"),
    include_str!("../sql/child/spawn_children.sql"),
    include_str!("../sql/child/wait_children.sql"),
    include_str!("../sql/child/child_ends.sql"),
    include_str!("../sql/step/park_step.sql"),
    include_str!("../sql/step/decide_step.sql"),
    include_str!("../sql/step/loosen_handles.sql"),
    include_str!("../sql/worker/start_worker.sql"),
    include_str!("../sql/worker/beat.sql"),
    include_str!("../sql/worker/extend_lease.sql"),
    include_str!("../sql/worker/stop_worker.sql"),
    include_str!("../sql/worker/has_worker.sql"),
    include_str!("../sql/schedule/put_schedule.sql"),
    include_str!("../sql/schedule/fire_schedule.sql"),
    include_str!("../sql/duty/promote.sql"),
    include_str!("../sql/duty/reap.sql"),
    include_str!("../sql/duty/expire.sql"),
    include_str!("../sql/duty/prune.sql"),
    include_str!("../sql/duty/disown.sql"),
    include_str!("../sql/duty/settle_queues.sql"),
    include_str!("../sql/duty/raise_floor.sql"),
    include_str!("../sql/inspect/clock_time.sql"),
    include_str!("../sql/inspect/duration.sql"),
    include_str!("../sql/inspect/why_paused.sql"),
    include_str!("../sql/inspect/why.sql"),
    include_str!("../sql/inspect/moment.sql"),
    include_str!("../sql/inspect/micros.sql"),
    include_str!("../sql/inspect/at.sql"),
    include_str!("../sql/inspect/model_of.sql"),
    include_str!("../sql/inspect/settle_events.sql"),
    include_str!("../sql/inspect/count_ends.sql"),
    include_str!("../sql/inspect/count_events.sql"),
    include_str!("../sql/duty/take_loose_handles.sql"),
    include_str!("../sql/duty/drop_loose_handle.sql"),
    include_str!("../sql/duty/analyse.sql"),
];

const PREAMBLE: &str = include_str!("../sql/migrate/preamble.sql");
const REVOKE: &str = include_str!("../sql/migrate/revoke.sql");

/// A migration script under construction. Its text holds no transaction statements: whoever runs it wraps it in one.
#[derive(Debug, Clone)]
pub struct Script {
    text: String,
}

impl Script {
    /// A script that starts with the lock and the history table `durable.migration`.
    #[must_use]
    pub fn new() -> Self {
        Self {
            text: format!("select pg_advisory_xact_lock({LOCK});\n\n{PREAMBLE}\n"),
        }
    }

    /// Adds SQL that runs every time: checks before a change, functions created or replaced, grants.
    #[must_use]
    pub fn always(mut self, sql: &str) -> Self {
        self.text.push_str(sql);
        self.text.push('\n');
        self
    }

    /// Adds SQL that runs once in a database's life, remembered under `name`. The text must not hold `$migration$`.
    #[must_use]
    pub fn once(mut self, name: &str, sql: &str) -> Self {
        self.text.push_str(&format!(
            "do $guard$ begin\nif not exists (select from durable.migration where name = '{name}') then\nexecute $migration$\n{sql}\n$migration$;\ninsert into durable.migration (name) values ('{name}');\nend if;\nend $guard$;\n\n"
        ));
        self
    }

    /// Adds the engine itself: its tables once, its functions every time, closed to everyone but their owner.
    #[must_use]
    pub fn engine(self) -> Self {
        let tables = MIGRATIONS
            .iter()
            .fold(self, |script, (name, sql)| script.once(name, sql));
        FUNCTIONS
            .iter()
            .fold(tables, |script, sql| script.always(sql))
            .always(REVOKE)
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Runs the text in one transaction.
    ///
    /// # Errors
    /// Whatever PostgreSQL refused; then nothing was changed.
    pub async fn run(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut transaction = pool.begin().await?;
        // The text is built of files of this program alone.
        transaction
            .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(self.text.clone())))
            .await?;
        transaction.commit().await
    }
}

impl Default for Script {
    fn default() -> Self {
        Self::new()
    }
}
