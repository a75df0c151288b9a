//! The push door: hands notifications for phones to a push service and says, message by message, what became of each.
//!
//! It has never heard of workouts or SQL, keeps nothing and tries nothing again: who calls it decides what is sent anew.
//! No token and no text of a message reaches a log or a `Debug` print.

mod service;
pub mod services;

pub use service::{
    Answer, Code, Message, Priority, PushService, Receipt, Refusal, RequestFailure, Sent,
};
pub use services::Expo;
