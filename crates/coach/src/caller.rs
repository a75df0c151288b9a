//! The one door through which anything runs as the caller: a transaction under their role, with their claims.

use durable::{Pool, Transaction};
use serde_json::{Value, json};

use crate::refusal::CallError;

/// The database role that a verified credential speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nobody in particular: the public key of an app.
    Anon,
    /// A signed-in user, also an anonymous one.
    Authenticated,
    /// The operator's own key, which passes row level security.
    ServiceRole,
}

impl Role {
    /// The role's name in PostgreSQL and in the claim `role`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anon => "anon",
            Self::Authenticated => "authenticated",
            Self::ServiceRole => "service_role",
        }
    }

    /// The role of that name; none for any other, so that no token can choose a role of the database at will.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Anon, Self::Authenticated, Self::ServiceRole]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// Who asks: the role and the claims of a credential that has been verified.
#[derive(Clone, PartialEq)]
pub struct Caller {
    /// The role the transaction runs under.
    pub role: Role,
    /// The claims that SQL reads through `auth.uid()`, `auth.role()` and `auth.jwt()`: a JSON object.
    pub claims: Value,
}

impl Caller {
    /// The caller behind a key that is no token and so carries no claims of its own.
    pub fn of_role(role: Role) -> Self {
        Self {
            role,
            claims: json!({ "role": role.name() }),
        }
    }
}

impl std::fmt::Debug for Caller {
    /// Says the role alone: claims name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Opens a transaction that runs as `caller` until it ends; dropped without `commit`, it rolls back.
///
/// # Errors
/// When no connection can be had, or the connection's own role may not take the caller's.
pub async fn begin(pool: &Pool, caller: &Caller) -> Result<Transaction, CallError> {
    let mut transaction = pool.begin().await?;
    // `set_config('role', …, true)` is SET LOCAL ROLE with a parameter: one round trip for all settings. A person waits
    // for the answer, so a statement that hangs on somebody's lock is given up while they still do.
    sqlx::query_file!(
        "queries/become_caller.sql",
        caller.role.name(),
        caller.claims.to_string()
    )
    .fetch_one(&mut *transaction)
    .await?;
    Ok(transaction)
}

/// Whether the database answers.
///
/// # Errors
/// When it does not.
pub async fn ping(pool: &Pool) -> Result<(), CallError> {
    sqlx::query_file_scalar!("queries/ping.sql")
        .fetch_one(pool)
        .await?;
    Ok(())
}
