//! One change of one row.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// A row by its columns' names: each value as JSON, digit for digit as PostgreSQL wrote it.
pub type Record = BTreeMap<String, Box<RawValue>>;

/// What was done to the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is new.
    Insert,
    /// It has other values.
    Update,
    /// It is gone.
    Delete,
}

impl Kind {
    /// The word that SQL and the wire have for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }

    pub(super) fn from_name(name: &str) -> Self {
        match name {
            "INSERT" => Self::Insert,
            "UPDATE" => Self::Update,
            _ => Self::Delete,
        }
    }
}

/// A change, as the trigger kept it.
#[derive(Debug)]
pub struct Change {
    /// Of one row, later changes have larger ones.
    pub id: i64,
    /// The table, in schema `public`.
    pub table: String,
    /// What was done.
    pub kind: Kind,
    /// When, in UTC: `2026-11-22T03:06:33.552Z`.
    pub changed_at: String,
    /// The row as it was written; of a delete, as it had been: then for checks only, never to be sent.
    pub record: Record,
    /// Of an update or a delete, what the replica identity keeps of the former row: its primary key, or all of it.
    pub old_record: Record,
    /// Whether the row was over 1 MiB and lost every value of more than 64 bytes.
    pub is_cut: bool,
}

impl Change {
    /// What a filter is tested on: the row as it is now, of a delete what is told of the former one.
    #[must_use]
    pub fn told(&self) -> &Record {
        match self.kind {
            Kind::Delete => &self.old_record,
            Kind::Insert | Kind::Update => &self.record,
        }
    }
}

/// A part of a record as a JSON object.
pub(super) fn object<'a>(fields: impl Iterator<Item = (&'a str, &'a RawValue)>) -> String {
    let fields: BTreeMap<&str, &RawValue> = fields.collect();
    serde_json::to_string(&fields).unwrap_or_else(|_| "{}".into())
}
