//! The domain, tested through the doors its callers take; what touches SQL on a real PostgreSQL with a database per test.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly, its helpers too"
)]

mod alert;
mod answers;
mod ask;
mod athletes;
mod blocks;
mod chain;
mod erase;
mod kill;
mod process;
mod provider_health;
mod push;
mod sql;
mod trace;
mod watch;
mod weeks;
mod workout_plan;
