//! durable as a contestant: its worker on one kind of task.

use durable::{
    Attempt, Done, Failure, RunningWorker, Task, Worker, WorkerOptions, migrate::Script,
};
use serde::Deserialize;
use sqlx::PgPool;

use crate::engine::{Handled, Pace};

/// What a task does besides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    NoOp,
    /// One journalled step.
    Journalled,
    /// Nothing, but the kind's hook moves a row of the contract's size.
    WithContractRow,
}

impl Kind {
    /// As the database knows it; its queue bears the same name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NoOp => NoOp::KIND,
            Self::Journalled => Journalled::KIND,
            Self::WithContractRow => WithContractRow::KIND,
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::NoOp => "durable",
            Self::Journalled => "durable, a step journalled",
            Self::WithContractRow => "durable, a contract row moved",
        }
    }
}

#[derive(Deserialize)]
struct Input {
    number: u64,
}

struct NoOp(Handled);

impl Task for NoOp {
    const KIND: &'static str = "no_op";
    type Input = Input;

    async fn run(&self, input: Input, _attempt: Attempt) -> Result<Done, Failure> {
        self.0.note(input.number);
        Ok(Done::Output(input.number.into()))
    }
}

struct Journalled(Handled);

impl Task for Journalled {
    const KIND: &'static str = "journalled";
    type Input = Input;

    async fn run(&self, input: Input, attempt: Attempt) -> Result<Done, Failure> {
        let number = attempt
            .step("only", &input.number, async |_began| Ok(input.number))
            .await?;
        self.0.note(number);
        Ok(Done::Output(number.into()))
    }
}

struct WithContractRow(Handled);

impl Task for WithContractRow {
    const KIND: &'static str = "with_contract_row";
    type Input = Input;

    async fn run(&self, input: Input, _attempt: Attempt) -> Result<Done, Failure> {
        self.0.note(input.number);
        Ok(Done::Output(input.number.into()))
    }
}

/// Makes the engine's tables and the kinds.
pub(crate) async fn migrate(pool: &PgPool) -> Result<(), sqlx::Error> {
    Script::new()
        .engine()
        .once("bench/contract_row", include_str!("../sql/contract_row.sql"))
        .always("select durable.register_kind('no_op', 'no_op'), durable.register_kind('journalled', 'journalled');")
        .run(pool)
        .await
}

/// Spawns so many tasks in one statement, and lets the planner know of them.
pub(crate) async fn fill(pool: &PgPool, kind: Kind, tasks: u32) -> anyhow::Result<()> {
    let tasks = i32::try_from(tasks)?;
    let filled = match kind {
        Kind::WithContractRow => {
            sqlx::query(include_str!("../sql/contract_row_fill.sql")).bind(tasks)
        }
        _ => sqlx::query(include_str!("../sql/durable_fill.sql"))
            .bind(kind.name())
            .bind(tasks),
    };
    filled.execute(pool).await?;
    Ok(())
}

/// Starts a worker.
pub(crate) fn start(pool: &PgPool, kind: Kind, pace: Pace, handled: Handled) -> RunningWorker {
    let mut options = WorkerOptions::named("bench");
    options.concurrency = pace.concurrency();
    let worker = Worker::new(pool.clone(), options);
    let queue = kind.name();
    match kind {
        Kind::NoOp => worker.serve(queue, NoOp(handled)),
        Kind::Journalled => worker.serve(queue, Journalled(handled)),
        Kind::WithContractRow => worker.serve(queue, WithContractRow(handled)),
    }
    .start()
}
