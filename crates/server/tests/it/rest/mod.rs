//! `/rest/v1`, as supabase-js uses it.

mod concurrency;
mod dice;
mod embedding;
mod errors;
mod functions;
mod injection;
mod property;
mod reads;
pub(crate) mod world;
mod writes;
