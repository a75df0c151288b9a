//! `<data-dir>/dev.env`: what an app needs to speak to this `mesocycle dev`, as lines that a POSIX shell can source.

use std::fs;
use std::path::Path;

use anyhow::Context;
use coach::caller::Role;
use serde_json::Value;
use server::auth::{key_claims, mint};

use crate::secret::write_private;

/// The addresses and keys of a running `mesocycle dev`.
pub(crate) struct DevEnv {
    pub(crate) supabase_url: String,
    pub(crate) jwt_secret: String,
    pub(crate) anon_key: String,
    pub(crate) service_role_key: String,
    pub(crate) database_url: String,
}

impl DevEnv {
    /// The keys of the former `dev.env` if its secret is still the same, else new ones.
    ///
    /// # Errors
    /// When the secret is too short to sign with.
    pub(crate) fn new(
        data_dir: &Path,
        supabase_url: String,
        jwt_secret: String,
        database_url: String,
    ) -> anyhow::Result<DevEnv> {
        let former = read(data_dir).filter(|former| former.jwt_secret == jwt_secret);
        let (anon_key, service_role_key) = match former {
            Some(former) => (former.anon_key, former.service_role_key),
            None => (
                sign(&jwt_secret, &key_claims(Role::Anon))?,
                sign(&jwt_secret, &key_claims(Role::ServiceRole))?,
            ),
        };
        Ok(DevEnv {
            supabase_url,
            jwt_secret,
            anon_key,
            service_role_key,
            database_url,
        })
    }

    /// Writes the file, readable by its owner alone.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, data_dir: &Path) -> anyhow::Result<()> {
        let lines = [
            ("SUPABASE_URL", &self.supabase_url),
            ("SUPABASE_ANON_KEY", &self.anon_key),
            ("SUPABASE_SERVICE_ROLE_KEY", &self.service_role_key),
            ("SUPABASE_JWT_SECRET", &self.jwt_secret),
            ("DATABASE_URL", &self.database_url),
        ]
        .map(|(name, value)| format!("{name}='{}'\n", quoted(value)));
        write_private(&data_dir.join("dev.env"), &lines.concat())
    }
}

/// What the `dev.env` of a data directory says, if it is there and whole.
pub(crate) fn read(data_dir: &Path) -> Option<DevEnv> {
    let text = fs::read_to_string(data_dir.join("dev.env")).ok()?;
    Some(DevEnv {
        supabase_url: value_of(&text, "SUPABASE_URL")?,
        jwt_secret: value_of(&text, "SUPABASE_JWT_SECRET")?,
        anon_key: value_of(&text, "SUPABASE_ANON_KEY")?,
        service_role_key: value_of(&text, "SUPABASE_SERVICE_ROLE_KEY")?,
        database_url: value_of(&text, "DATABASE_URL")?,
    })
}

/// Signs claims with the development secret.
///
/// # Errors
/// When the secret is too short to sign with.
pub(crate) fn sign(secret: &str, claims: &Value) -> anyhow::Result<String> {
    mint(secret, claims).context("jwt_secret")
}

/// A single quote cannot stand inside single quotes: it is closed, escaped, opened.
fn quoted(value: &str) -> String {
    value.replace('\'', r"'\''")
}

fn value_of(text: &str, name: &str) -> Option<String> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix("='"))?;
    Some(line.strip_suffix('\'')?.replace(r"'\''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_survives_the_quotes() {
        for value in ["plain", "it's", "''", "a=b#c $d"] {
            let line = format!("NAME='{}'\n", quoted(value));
            assert_eq!(value_of(&line, "NAME").as_deref(), Some(value));
        }
        assert_eq!(value_of("NAMED='x'\n", "NAME"), None);
    }
}
