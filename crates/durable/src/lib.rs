#![doc = include_str!("../README.md")]

mod attempt;
pub mod budget;
mod cancel;
mod children;
mod completer;
mod duties;
mod error;
mod hint;
pub mod inspect;
mod lease;
pub mod migrate;
mod new_task;
pub mod operate;
mod persist;
mod policy;
mod pool;
pub mod schedule;
pub mod spend;
mod step;
mod store;
mod task;
mod worker;

pub use attempt::Attempt;
pub use children::{Child, ChildEnd};
pub use error::{Failure, describe};
pub use hint::Hint;
pub use new_task::{NewTask, spawn};
pub use policy::{MicroDollars, Policy};
pub use pool::{Connection, Pool, Transaction};
pub use step::{Began, Priced, Step};
pub use task::{Done, Task};
pub use worker::{RunningWorker, Worker, WorkerOptions};
