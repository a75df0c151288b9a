//! What a model is asked and what becomes of its answer, whatever it is.

mod adversary;
mod prompts;
mod round_trip;
mod schema;
