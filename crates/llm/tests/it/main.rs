//! The model door against servers that play exact bytes: what each provider does, and what becomes of it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly, its helpers too"
)]

mod chat;
mod chunking;
mod deepseek;
mod emulated;
mod events;
mod failures;
mod responses;
mod scripted;
mod server;
mod support;
mod timers;
