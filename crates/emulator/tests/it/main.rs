//! The emulated model providers, met on the wire with a plain TCP client.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly, its helpers too"
)]

mod http;
mod scenario;
mod support;
