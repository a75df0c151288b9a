//! What the catalogue says of a table that the feed hears of.

use std::collections::HashMap;

use durable::Pool;
use serde::Deserialize;

use crate::caller::Role;
use crate::refusal::CallError;

/// A table of schema `public` with the feed's trigger.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Whether row level security is on.
    pub row_security: bool,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// By role: the condition of the policies under which it may see a row; `None` where it may see every row.
    conditions: HashMap<String, Option<String>>,
}

/// A column of a table.
#[derive(Debug, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The internal name of its type: `int4`, `_text`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Its type as SQL writes it.
    pub(super) sql_type: String,
    /// Whether it is part of the primary key.
    pub is_key: bool,
    /// The callers' roles that may read it.
    readers: Vec<String>,
}

impl Column {
    /// Whether the grants let `role` read it.
    #[must_use]
    pub fn is_readable_by(&self, role: Role) -> bool {
        self.readers.iter().any(|reader| reader == role.name())
    }
}

impl Table {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The primary key; empty where there is none.
    pub fn key(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.is_key)
    }

    /// Whether `role` may see every row.
    #[must_use]
    pub fn is_open_to(&self, role: Role) -> bool {
        self.condition(role).is_none()
    }

    /// The condition under which `role` may see a row, as SQL of the catalogue; `None` where it may see every row.
    pub(super) fn condition(&self, role: Role) -> Option<&str> {
        match self.conditions.get(role.name()) {
            Some(condition) => condition.as_deref(),
            None => Some("false"),
        }
    }

    /// Its name for SQL text, with the schema.
    pub(super) fn sql_name(&self) -> String {
        format!("public.{}", quote(&self.name))
    }
}

/// Looks a table up; `None` where there is none of that name that the feed hears of.
///
/// # Errors
/// When the database does not answer.
pub async fn describe(pool: &Pool, name: &str) -> Result<Option<Table>, CallError> {
    let Some(found) = sqlx::query_file!("queries/change_feed/table.sql", name)
        .fetch_optional(pool)
        .await?
    else {
        return Ok(None);
    };
    let decode = |error: serde_json::Error| sqlx::Error::Decode(error.into());
    Ok(Some(Table {
        name: name.to_owned(),
        row_security: found.row_security,
        columns: serde_json::from_str(&found.columns).map_err(decode)?,
        conditions: serde_json::from_str(&found.conditions).map_err(decode)?,
    }))
}

/// Whether the feed hears of any table at all.
///
/// # Errors
/// When the database does not answer.
pub async fn is_installed(pool: &Pool) -> Result<bool, CallError> {
    let count = sqlx::query_file_scalar!("queries/change_feed/tables.sql")
        .fetch_one(pool)
        .await?;
    Ok(count > 0)
}

/// An identifier for SQL text.
pub(super) fn quote(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}
