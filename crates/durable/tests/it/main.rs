//! The engine, tested on a real PostgreSQL, a database per test.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly, its helpers too"
)]

mod ambiguous;
mod budget;
mod cancel;
mod child;
mod claim;
mod complete_many;
mod crash;
mod daylight_saving;
mod dead_letter;
mod deadline;
mod fence;
mod floor;
mod handle;
mod history;
mod hook;
mod housekeeping;
mod lease;
mod limit;
mod lock;
mod loose_handle;
mod migrate;
mod model;
mod outage;
mod pause;
mod pay_once;
mod pending_write;
mod pooler;
mod prune;
mod race;
mod retry;
mod schedule;
mod silence;
mod sleep;
mod spawn;
mod spend;
mod step;
mod support;
mod upgrade;
mod why;
mod work;
mod worker;
