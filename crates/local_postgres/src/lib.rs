//! A private PostgreSQL under a data directory: found or fetched, started, kept alive, stopped.
