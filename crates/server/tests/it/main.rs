//! The wire, tried by the door a client takes: real HTTP on a loopback port.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly, its helpers too"
)]

mod accounts;
mod admin;
mod cors;
mod create_plan_job;
mod dashboard;
mod database;
mod graphql;
mod health;
mod jwks;
mod logs;
mod matrix;
mod openapi;
mod panics;
mod process_plan_queue;
mod proxies;
mod realtime;
mod refusals;
mod rest;
mod schedule_regeneration;
mod shutdown;
mod support;
mod tokens;
mod trigger_workout_plan;
mod whole_way;
