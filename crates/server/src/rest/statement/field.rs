//! A field as an SQL expression, with its type.

use super::{Parameters, quoted};
use crate::rest::error::RestError;
use crate::rest::request::{Field, Target};
use crate::rest::tree::Relation;

/// An expression and the type that a value must be cast to in order to be compared with it.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) sql: String,
    pub(super) data_type: String,
}

impl Parameters {
    /// The field of the relation that the statement knows as `alias`.
    ///
    /// # Errors
    /// 42703 for a column that is not there.
    pub(super) fn field(
        &mut self,
        relation: Relation<'_>,
        alias: &str,
        field: &Field,
    ) -> Result<Expression, RestError> {
        let column = relation.column(&field.column)?;
        let plain = format!("{alias}.{}", quoted(&column.name));
        let Some(last) = field.path.last() else {
            return Ok(Expression {
                sql: plain,
                data_type: column.data_type.clone(),
            });
        };
        let (mut sql, document_type) = match column.data_type.as_str() {
            document @ ("json" | "jsonb") => (plain, document),
            // Arrays and composites can be walked into as well.
            _ => (format!("pg_catalog.to_jsonb({plain})"), "jsonb"),
        };
        for step in &field.path {
            let arrow = if step.as_text { "->>" } else { "->" };
            let to = match &step.to {
                Target::Key(key) => self.text(key.clone()),
                Target::Index(index) => format!("({index})"),
            };
            sql = format!("({sql}{arrow}{to})");
        }
        let data_type = if last.as_text { "text" } else { document_type };
        Ok(Expression {
            sql,
            data_type: data_type.to_owned(),
        })
    }
}
