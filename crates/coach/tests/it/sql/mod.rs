//! The contract's tables and functions, called as the roles that call them.

mod access;
mod agree;
mod by_hand;
mod create;
mod migrate;
mod missing;
mod outside_worker;
mod own_job;
mod plan_schedule;
mod publish;
mod push_token;
pub(crate) mod support;
