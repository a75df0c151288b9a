//! What an operator may ask of a database, and set in it: is it ours, what is wrong with it, and the cure.

use serde_json::Value;
use sqlx::PgPool;

use crate::caller::Role;

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
#[derive(Debug, sqlx::FromRow)]
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
pub async fn overview(pool: &PgPool) -> Result<Overview, sqlx::Error> {
    let roles = [Role::Anon, Role::Authenticated, Role::ServiceRole].map(Role::name);
    let (version, clock, migrated, forbidden_roles) = sqlx::query_as(
        "select current_setting('server_version_num')::int, extract(epoch from clock_timestamp())::float8, \
         to_regclass('coach.setting') is not null, \
         array(select rolname::text from pg_roles where rolname = any ($1) and not pg_has_role(oid, 'member'))",
    )
    .bind(roles.as_slice())
    .fetch_one(pool)
    .await?;
    Ok(Overview { version, clock, migrated, forbidden_roles })
}

/// Whether a live worker listens on a queue of a migrated database.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn has_worker(pool: &PgPool, queue: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select durable.has_worker($1)").bind(queue).fetch_one(pool).await
}

/// What is too open in a migrated database.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn findings(pool: &PgPool) -> Result<Vec<Finding>, sqlx::Error> {
    sqlx::query_as("select object, problem, cure from coach.findings()").fetch_all(pool).await
}

/// Closes everything that [`findings`] lists, in one transaction, and answers the statements that did it.
///
/// # Errors
/// When the database refuses one of them; then nothing was changed.
pub async fn harden(pool: &PgPool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("select * from coach.harden()").fetch_all(pool).await
}

/// Changes a setting that lives in the database.
///
/// # Errors
/// When there is none of that name, or the value is of another type.
pub async fn set_setting(pool: &PgPool, name: &str, value: &Value) -> Result<(), sqlx::Error> {
    sqlx::query("select coach.set_setting($1, $2)").bind(name).bind(value).execute(pool).await.map(drop)
}
