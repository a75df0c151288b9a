//! The engine, tested on a real PostgreSQL, a database per test.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly, its helpers too"
)]

mod cancel;
mod claim;
mod crash;
mod daylight_saving;
mod fence;
mod hook;
mod housekeeping;
mod lease;
mod migrate;
mod pooler;
mod prune;
mod race;
mod retry;
mod schedule;
mod silence;
mod step;
mod support;
mod worker;
