//! What the database says of its tables, as the caller's role sees them.

use durable::Transaction;
use serde::Deserialize;

use super::error::{Failure, internal};

/// Schema `public`.
#[derive(Deserialize)]
pub(super) struct Catalogue {
    pub(super) comment: Option<String>,
    pub(super) tables: Vec<TableRow>,
    pub(super) foreign_keys: Vec<ForeignKey>,
}

/// A table of which the role may select at least one column.
#[derive(Deserialize)]
pub(super) struct TableRow {
    pub(super) name: String,
    pub(super) comment: Option<String>,
    pub(super) deletable: bool,
    pub(super) primary_key: Vec<String>,
    pub(super) columns: Vec<ColumnRow>,
}

#[derive(Deserialize)]
pub(super) struct ColumnRow {
    pub(super) name: String,
    pub(super) comment: Option<String>,
    pub(super) not_null: bool,
    pub(super) selectable: bool,
    pub(super) insertable: bool,
    pub(super) updatable: bool,
    pub(super) is_list: bool,
    pub(super) type_schema: String,
    pub(super) type_name: String,
    /// The built-in type behind lists and domains.
    pub(super) base_type: Option<String>,
    pub(super) is_composite: bool,
    pub(super) enum_name: Option<String>,
    pub(super) enum_values: Option<Vec<String>>,
}

/// A foreign key between two tables of which the role may select.
#[derive(Deserialize)]
pub(super) struct ForeignKey {
    pub(super) comment: Option<String>,
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    pub(super) foreign_table: String,
    pub(super) foreign_columns: Vec<String>,
    /// Whether a row of the foreign table has at most one of this table.
    pub(super) is_unique: bool,
}

/// Reads it in the caller's transaction.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn read(transaction: &mut Transaction) -> Result<Catalogue, Failure> {
    let read = sqlx::query_file_scalar!("queries/graphql_catalogue.sql")
        .fetch_one(&mut **transaction)
        .await?;
    serde_json::from_value(read).map_err(|error| {
        tracing::error!(%error, "the catalogue cannot be read");
        Failure::Errors(internal())
    })
}
