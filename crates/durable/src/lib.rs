#![doc = include_str!("../README.md")]

mod attempt;
mod children;
mod completer;
mod duties;
mod error;
mod hint;
mod lease;
pub mod migrate;
mod new_task;
pub mod operate;
mod store;
mod task;
mod worker;

pub use attempt::{Attempt, Began};
pub use children::{Child, ChildEnd};
pub use error::{Failure, describe};
pub use hint::Hint;
pub use new_task::{NewTask, spawn};
pub use task::{Done, Task};
pub use worker::{RunningWorker, Worker, WorkerOptions};
