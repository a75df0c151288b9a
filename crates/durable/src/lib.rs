//! Durable tasks on PostgreSQL.
