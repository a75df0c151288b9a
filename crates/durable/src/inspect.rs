//! What an operator may look at: lists of tasks, one task with all that hangs on it, queues, workers, figures, changes.
//!
//! Every read here is bounded: a page, a window of hours, the rows of one task. None counts over all tasks. Moments are
//! texts in UTC (`2026-11-22T11:00:00.123456Z`), money is in micro-dollars, and all types serialize under their own names.

mod changes;
mod figures;
mod queues;
mod task;
mod tasks;

pub use changes::{Change, Changes, changes, latest_change};
pub use figures::{
    Ended, EndedBucket, ErrorGroup, ErrorsEver, Ever, Span, Spent, Totals, count_events, ended,
    errors, ever, spent, totals,
};
pub use queues::{BudgetRow, QueueRow, SpendRow, WorkerRow, budgets, queues, spend_today, workers};
pub use task::{AttemptRow, EventRow, RelatedTask, StepRow, TaskDetail, task};
pub use tasks::{Filter, Page, Position, TaskRow, TaskState, tasks};
