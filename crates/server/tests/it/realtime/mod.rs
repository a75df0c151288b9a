//! Realtime, by the frames that supabase-js sends and expects.

mod admission;
mod broadcasts;
mod changes;
mod filters;
mod gaps;
mod isolation;
mod joins;
mod limits;
pub(crate) mod support;
mod tokens;
