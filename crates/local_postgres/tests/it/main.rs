//! LocalPostgres and the shared test server, with real servers.

#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod shared;
