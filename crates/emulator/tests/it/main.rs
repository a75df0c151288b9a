//! The emulated model providers, met on the wire with a plain TCP client.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails loudly, its helpers too"
)]

mod answer;
mod chat;
mod deepseek;
mod http;
mod ledger;
mod limits;
mod program;
mod refusals;
mod responses;
mod scenario;
mod strict;
mod support;
