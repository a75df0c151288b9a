//! Keys for operators and their tools: random, shown once, kept as a hash.

use durable::Pool;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{query_file, query_file_as, query_file_scalar};
use uuid::Uuid;

/// What every key begins with.
pub const PREFIX: &str = "meso_admin_";

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// To look at everything but what models were told and answered.
    Read,
    /// To cancel, retry, pause and so on.
    Act,
    /// To look at profiles and at what models answered: health data.
    Reveal,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Act, Self::Reveal];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Act => "act",
            Self::Reveal => "reveal",
        }
    }

    /// The permission of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.name() == name)
    }
}

/// A key as it is listed: everything but the key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyRow {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// Names of [`Permission`]s.
    pub permissions: Vec<String>,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, to the minute.
    pub last_used_at: Option<String>,
    /// Since when it is good no more.
    pub revoked_at: Option<String>,
}

/// A key that was found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodKey {
    /// Its id, which may be logged.
    pub id: Uuid,
    /// What it may be used for.
    pub permissions: Vec<Permission>,
}

/// Makes a key and returns it with its id. The key itself can never be read again.
///
/// # Errors
/// SQLSTATE 23514 when the name is empty or longer than 100 characters; the database's.
pub async fn create(
    pool: &Pool,
    name: &str,
    permissions: &[Permission],
) -> Result<(Uuid, String), sqlx::Error> {
    // Each uuid of version 4 brings 122 random bits of the system's source.
    let key = format!(
        "{PREFIX}{}{}",
        Uuid::new_v4().simple(),
        Uuid::new_v4().simple()
    );
    let names: Vec<String> = permissions
        .iter()
        .map(|permission| permission.name().to_owned())
        .collect();
    let id = query_file_scalar!(
        "queries/admin_key/create.sql",
        name,
        &hash(&key)[..],
        &names
    )
    .fetch_one(pool)
    .await?;
    Ok((id, key))
}

/// Every key, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list(pool: &Pool) -> Result<Vec<KeyRow>, sqlx::Error> {
    query_file_as!(KeyRow, "queries/admin_key/list.sql")
        .fetch_all(pool)
        .await
}

/// Revokes the keys of this id or name that are good, and returns their ids.
///
/// # Errors
/// The database's.
pub async fn revoke(pool: &Pool, id_or_name: &str) -> Result<Vec<Uuid>, sqlx::Error> {
    query_file_scalar!("queries/admin_key/revoke.sql", id_or_name)
        .fetch_all(pool)
        .await
}

/// The key behind this text, if it is good.
///
/// # Errors
/// The database's.
pub async fn find(pool: &Pool, key: &str) -> Result<Option<GoodKey>, sqlx::Error> {
    let found = query_file!("queries/admin_key/find.sql", &hash(key)[..])
        .fetch_optional(pool)
        .await?;
    Ok(found.map(|row| GoodKey {
        id: row.id,
        permissions: row
            .permissions
            .iter()
            .filter_map(|name| Permission::from_name(name))
            .collect(),
    }))
}

fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}
