//! The domain: everything that knows what a set of squats is.

pub mod migrate;
