//! The push door against the emulator, and against servers that answer nonsense.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly, its helpers too"
)]

mod failure;
mod receipts;
mod send;
mod support;
