//! The domain: everything that knows what a set of squats is.

pub mod caller;
pub mod migrate;
pub mod process_plan_queue;
pub mod refusal;
pub mod request_plan;

pub use sqlx::PgPool;
