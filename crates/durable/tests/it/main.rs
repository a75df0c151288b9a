//! The engine, tested on a real PostgreSQL, a database per test.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly, its helpers too"
)]

mod ambiguous;
mod budget;
mod cancel;
mod claim;
mod crash;
mod fence;
mod handle;
mod hook;
mod lease;
mod loose_handle;
mod migrate;
mod outage;
mod pending_write;
mod prune;
mod race;
mod retry;
mod spend;
mod step;
mod support;
mod upgrade;
mod work;
mod worker;
