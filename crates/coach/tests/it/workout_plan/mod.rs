//! The workout plan flow in SQL: who may do what, what a request becomes, how a plan is stored.

mod access;
mod adopt;
mod cancel;
mod database;
mod date;
mod exercises;
mod mirror;
mod progress;
mod publish;
mod request;

