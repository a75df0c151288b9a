//! The engine, tested on a real PostgreSQL, a database per test.

mod cancel;
mod claim;
mod crash;
mod fence;
mod hook;
mod lease;
mod migrate;
mod race;
mod retry;
mod step;
mod support;
mod worker;
