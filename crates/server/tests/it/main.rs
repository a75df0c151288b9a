//! The wire, tried by the door a client takes: real HTTP on a loopback port.

mod cors;
mod create_plan_job;
mod database;
mod health;
mod jwks;
mod logs;
mod panics;
mod process_plan_queue;
mod refusals;
mod shutdown;
mod support;
mod tokens;
