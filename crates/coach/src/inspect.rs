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
    /// What the last migration left as its mark, [`crate::migrate::form`] of the build that ran it.
    pub form: Option<String>,
    /// Those of the contract's roles that do not exist.
    pub missing_roles: Vec<String>,
    /// Those of the contract's roles that exist and that this connection may not become.
    pub forbidden_roles: Vec<String>,
}

/// Something that is not as the contract has it: too open, or missing.
#[derive(Debug)]
pub struct Finding {
    /// The table, function, schema or publication.
    pub object: String,
    /// What is wrong with it.
    pub problem: String,
    /// The SQL statement that mends it.
    pub cure: String,
}

/// A queue of a migrated database.
#[derive(Debug)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Whether a live worker of ours serves it.
    pub has_worker: bool,
    /// Whether an operator stopped it.
    pub paused: bool,
    /// What the operator said about that.
    pub paused_because: Option<String>,
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

/// The changes that a migrated database has seen and this build knows nothing of: a newer one made them.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn unknown_migrations(pool: &Pool) -> Result<Vec<String>, sqlx::Error> {
    let mut names = sqlx::query_file_scalar!("queries/migrations.sql")
        .fetch_all(pool)
        .await?;
    let script = crate::migrate::script();
    names.retain(|name| !script.contains(&format!("'{name}'")));
    Ok(names)
}

/// Every queue of a migrated database that tasks stand in.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn queues(pool: &Pool) -> Result<Vec<Queue>, sqlx::Error> {
    sqlx::query_file_as!(Queue, "queries/queues.sql")
        .fetch_all(pool)
        .await
}

/// What is too open in a migrated database; [`harden`] closes it.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn findings(pool: &Pool) -> Result<Vec<Finding>, sqlx::Error> {
    sqlx::query_file_as!(Finding, "queries/findings.sql")
        .fetch_all(pool)
        .await
}

/// The contract's tables and functions that a migrated database has lost, such as `table public.workout_plans`.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn missing_objects(pool: &Pool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_file_scalar!("queries/missing_objects.sql")
        .fetch_all(pool)
        .await
}

/// What the contract lets users and the service role do, and a migrated database does not: grants that were taken
/// away, tables without a policy to read by.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn missing_access(pool: &Pool) -> Result<Vec<Finding>, sqlx::Error> {
    let mut missing = sqlx::query_file_as!(Finding, "queries/missing_grants.sql")
        .fetch_all(pool)
        .await?;
    let policies = sqlx::query_file_as!(Finding, "queries/missing_policies.sql")
        .fetch_all(pool)
        .await?;
    missing.extend(policies);
    Ok(missing)
}

/// What Supabase's Realtime would not hear of in a migrated database; nothing where there is no Supabase.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn missing_publication(pool: &Pool) -> Result<Vec<Finding>, sqlx::Error> {
    sqlx::query_file_as!(Finding, "queries/missing_publication.sql")
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
