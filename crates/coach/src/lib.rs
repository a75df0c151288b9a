//! The domain: everything that knows what a set of squats is.

// What is trained and eaten: pure, no SQL, no clock.
pub mod brief;
pub mod exercise;
pub mod food;
pub mod plan;
pub mod planner;
pub mod profile;
mod words;
