//! What serving accounts takes.

use std::fmt;

use coach::Pool;
use coach::refusal::CallError;

use crate::auth::InvalidKeys;

/// How accounts are served.
#[derive(Clone)]
pub struct AccountSettings {
    jwt_secret: String,
    url: String,
    hosts: Vec<String>,
}

impl AccountSettings {
    /// Signs tokens with `jwt_secret` (HS256), which must be among the keys that tokens are verified with, for the server that
    /// apps reach at `url`, such as `http://127.0.0.1:54321`. Beside loopback, it is known by the names or addresses in `hosts`.
    ///
    /// # Errors
    /// When the secret is too short to be safe.
    pub fn new(
        jwt_secret: String,
        url: impl Into<String>,
        hosts: Vec<String>,
    ) -> Result<Self, InvalidKeys> {
        crate::auth::check_secret(&jwt_secret)?;
        Ok(Self {
            jwt_secret,
            url: url.into(),
            hosts,
        })
    }

    /// Whether this database keeps accounts of ours: not one of Supabase, which has its own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn are_kept_in(pool: &Pool) -> Result<bool, CallError> {
        Ok(sqlx::query_file_scalar!("queries/has_accounts.sql")
            .fetch_one(pool)
            .await?)
    }

    pub(super) fn jwt_secret(&self) -> &str {
        &self.jwt_secret
    }

    /// Who the tokens say they are from.
    pub(super) fn issuer(&self) -> String {
        format!("{}/auth/v1", self.url)
    }

    pub(super) fn hosts(&self) -> &[String] {
        &self.hosts
    }
}

impl fmt::Debug for AccountSettings {
    /// Says everything but the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountSettings")
            .field("url", &self.url)
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}
