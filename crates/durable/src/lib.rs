#![doc = include_str!("../README.md")]

mod attempt;
pub mod budget;
mod cancel;
mod duties;
mod error;
mod hint;
mod lease;
pub mod migrate;
mod persist;
mod policy;
mod step;
mod store;
mod task;
mod worker;

pub use attempt::Attempt;
pub use error::{Failure, describe};
pub use hint::Hint;
pub use policy::{MicroDollars, Policy};
pub use step::{Began, Priced, Step};
pub use store::spawn;
pub use task::{Done, Task};
pub use worker::{RunningWorker, Worker, WorkerOptions};
