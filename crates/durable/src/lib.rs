#![doc = include_str!("../README.md")]

mod attempt;
mod duties;
mod error;
mod hint;
mod lease;
pub mod migrate;
mod pool;
pub mod schedule;
mod store;
mod task;
mod worker;

pub use attempt::{Attempt, Began};
pub use error::{Failure, describe};
pub use hint::Hint;
pub use pool::{Connection, Pool, Transaction};
pub use store::spawn;
pub use task::{Done, Task};
pub use worker::{RunningWorker, Worker, WorkerOptions};
