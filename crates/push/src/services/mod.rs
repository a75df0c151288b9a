//! The push services there are.

mod expo;

pub use expo::{Expo, ExpoOptions, InvalidExpoOptions};
