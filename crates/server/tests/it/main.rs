//! The wire, tried by the door a client takes: real HTTP on a loopback port.

mod cors;
mod health;
mod jwks;
mod refusals;
mod shutdown;
mod support;
mod tokens;
