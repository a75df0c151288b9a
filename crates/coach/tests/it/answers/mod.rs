//! What a model is asked and what becomes of its answer, whatever it is.

pub(crate) mod adversary;
mod prompts;
mod repairs;
mod round_trip;
mod schema;
mod whole_way;
