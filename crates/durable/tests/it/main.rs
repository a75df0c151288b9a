//! The engine, tested on a real PostgreSQL, a database per test.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly, its helpers too"
)]

mod cancel;
mod child;
mod claim;
mod complete_many;
mod crash;
mod dead_letter;
mod deadline;
mod fence;
mod floor;
mod hook;
mod lease;
mod limit;
mod migrate;
mod pause;
mod prune;
mod race;
mod retry;
mod sleep;
mod spawn;
mod step;
mod support;
mod why;
mod worker;
