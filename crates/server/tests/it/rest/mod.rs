//! `/rest/v1`, as supabase-js uses it.

mod embedding;
mod functions;
mod reads;
mod world;
mod writes;
