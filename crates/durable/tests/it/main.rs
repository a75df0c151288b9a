//! The engine, tested on a real PostgreSQL, a database per test.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly, its helpers too"
)]

mod cancel;
mod child;
mod claim;
mod crash;
mod dead_letter;
mod deadline;
mod fence;
mod history;
mod hook;
mod lease;
mod limit;
mod lock;
mod migrate;
mod model;
mod pause;
mod prune;
mod race;
mod retry;
mod sleep;
mod step;
mod support;
mod why;
mod worker;
