//! What an operator may ask of a database, and set in it: is it ours, what is wrong with it, and the cure.

use durable::Pool;
use serde_json::Value;

/// What there is to know about a database that answers.
#[derive(Debug)]
pub struct Overview {
    /// PostgreSQL's version as a number: 15.4 is 150004.
    pub version: i32,
    /// Its clock, in seconds since 1970.
    pub clock: f64,
    /// Whether [`crate::migrate`] has run here.
    pub migrated: bool,
    /// Those of the contract's roles that exist and that this connection may not become.
    pub forbidden_roles: Vec<String>,
}

/// Something that users may do on the contract's tables and functions beyond the contract.
#[derive(Debug)]
pub struct Finding {
    /// The table or function.
    pub object: String,
    /// What is too open.
    pub problem: String,
    /// The SQL statement that closes it.
    pub cure: String,
}

/// Looks at a database, migrated or not.
///
/// # Errors
/// When it does not answer.
pub async fn overview(pool: &Pool) -> Result<Overview, sqlx::Error> {
    sqlx::query_file_as!(Overview, "queries/overview.sql")
        .fetch_one(pool)
        .await
}

/// Whether a live worker listens on a queue of a migrated database.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn has_worker(pool: &Pool, queue: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_file_scalar!("queries/has_worker.sql", queue)
        .fetch_one(pool)
        .await
}

/// What is too open in a migrated database.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn findings(pool: &Pool) -> Result<Vec<Finding>, sqlx::Error> {
    sqlx::query_file_as!(Finding, "queries/findings.sql")
        .fetch_all(pool)
        .await
}

/// Closes everything that [`findings`] lists, in one transaction, and answers the statements that did it.
///
/// # Errors
/// When the database refuses one of them; then nothing was changed.
pub async fn harden(pool: &Pool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_file_scalar!("queries/harden.sql")
        .fetch_all(pool)
        .await
}

/// Changes a setting that lives in the database.
///
/// # Errors
/// When there is none of that name, or the value is of another type.
pub async fn set_setting(pool: &Pool, name: &str, value: &Value) -> Result<(), sqlx::Error> {
    sqlx::query_file_scalar!("queries/set_setting.sql", name, value)
        .fetch_one(pool)
        .await
        .map(drop)
}
