//! The domain: everything that knows what a set of squats is.

// What is trained and eaten: pure, no SQL, no clock.
pub mod alert;
pub mod answer;
pub mod block;
pub mod brief;
pub mod exercise;
pub mod food;
pub mod gate;
pub mod plan;
pub mod planner;
pub mod profile;
pub mod prompt;
pub mod reader;
mod words;

// What is asked for and stored.
pub mod ask;
mod ask_block;
mod ask_week;
pub mod caller;
pub mod chain;
pub mod change_feed;
pub mod generate_exercise_profile;
pub mod generate_weekly_plan;
pub mod generate_workout_plan;
pub mod inspect;
pub mod migrate;
pub mod plan_schedule;
pub mod process_plan_queue;
pub mod read_plan;
pub mod refusal;
pub mod request_plan;
pub mod request_workout_plan;
mod rounds;

// What an operator does.
pub mod admin_key;
pub mod bulk_action;
pub mod operate;
pub mod provider_health;
pub mod review;
pub mod trace;
pub mod watch;

// What a phone is told.
pub mod check_push_receipts;
mod push_ticket;
pub mod send_push;

pub use durable::Pool;
