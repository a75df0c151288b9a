#![doc = include_str!("../README.md")]

pub mod breaker;
mod call;
pub mod chat;
mod error;
pub mod extract;
mod fault;
mod http;
mod model;
pub mod models;
mod price;
pub mod progress;
mod rate_limits;
pub mod schema;
pub mod sse;
mod timers;
pub mod tokens;

pub use breaker::{Breaker, Turn};
pub use error::{Class, Error, Facts, Mismatch, Permanent};
pub use fault::Fault;
pub use http::InvalidEndpoint;
pub use model::{
    Answer, ApiKey, Endpoint, Estimate, Handle, Journal, Model, Next, Partial, Reply, Request,
    Resume, Spent, Usage,
};
pub use price::{InvalidPrices, MicroDollars, Peak, Price, Prices};
pub use rate_limits::{Allowance, RateLimits};
pub use schema::Schema;
pub use timers::{Timer, Timers};
