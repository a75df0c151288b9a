//! `orderBy`, and what comes behind a cursor in that order.

use super::compiler::Compiler;
use super::error::GraphqlError;
use super::input::Input;
use super::schema::{Column, Table};
use super::statement::Parameter;

/// How many columns an order may name.
const MOST_COLUMNS: usize = 20;

/// The directions, as `OrderByDirection` names them: ascending or not, nulls first or not.
pub(super) const DIRECTIONS: [(&str, bool, bool); 4] = [
    ("AscNullsFirst", true, true),
    ("AscNullsLast", true, false),
    ("DescNullsFirst", false, true),
    ("DescNullsLast", false, false),
];

/// One column of an order.
#[derive(Clone, Copy)]
pub(super) struct Key<'c> {
    column: &'c Column,
    ascending: bool,
    nulls_first: bool,
}

/// The columns that an order may name.
pub(super) fn sortable(table: &Table) -> impl Iterator<Item = &Column> {
    table
        .selectable()
        .filter(|column| column.scalar.is_ordered() && !column.is_list)
}

/// The order that is asked for, then the primary key, so that every row has its one place.
///
/// # Errors
/// When a column or direction is unknown.
pub(super) fn order<'c>(
    table: &'c Table,
    wanted: Option<&Input>,
) -> Result<Vec<Key<'c>>, GraphqlError> {
    let type_name = format!("{}OrderBy", table.type_name);
    let column = |name: &str| sortable(table).find(|column| column.field == name);
    let mut keys = Vec::new();
    for item in wanted.unwrap_or(&Input::Null).items() {
        if *item == Input::Null {
            continue;
        }
        for (name, direction) in item.fields(&type_name, |name| column(name).is_some())? {
            let (Some(column), false) = (column(name), *direction == Input::Null) else {
                continue;
            };
            let known = DIRECTIONS
                .iter()
                .find(|(name, ..)| *direction == Input::Text((*name).to_owned()));
            let Some((_, ascending, nulls_first)) = known else {
                return Err(GraphqlError::new("Invalid input for OrderByDirection type"));
            };
            keys.push(Key {
                column,
                ascending: *ascending,
                nulls_first: *nulls_first,
            });
        }
    }
    if keys.len() > MOST_COLUMNS {
        return Err(GraphqlError::too_large("orderBy names too many columns"));
    }
    keys.extend(table.key_columns().map(|column| Key {
        column,
        ascending: true,
        nulls_first: false,
    }));
    Ok(keys)
}

/// The same order from its end.
pub(super) fn reversed<'c>(keys: &[Key<'c>]) -> Vec<Key<'c>> {
    keys.iter()
        .map(|key| Key {
            ascending: !key.ascending,
            nulls_first: !key.nulls_first,
            ..*key
        })
        .collect()
}

/// What stands behind ORDER BY.
pub(super) fn clause(keys: &[Key<'_>], block: &str) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|key| {
            let direction = if key.ascending { "asc" } else { "desc" };
            let nulls = if key.nulls_first { "first" } else { "last" };
            format!("{block}.{} {direction} nulls {nulls}", key.column.sql)
        })
        .collect();
    keys.join(", ")
}

/// SQL of the cursor of `block`'s row.
pub(super) fn cursor(keys: &[Key<'_>], block: &str) -> String {
    let values: Vec<String> = keys
        .iter()
        .map(|key| format!("{block}.{}", key.column.sql))
        .collect();
    super::cursor::encoded(&format!(
        "pg_catalog.jsonb_build_array({})",
        values.join(", ")
    ))
}

impl Compiler<'_> {
    /// SQL that is true for the rows of `block` that come behind the cursor.
    ///
    /// # Errors
    /// When it is no cursor of this order.
    pub(super) fn behind(
        &mut self,
        keys: &[Key<'_>],
        cursor: &str,
        block: &str,
    ) -> Result<String, GraphqlError> {
        let values = super::cursor::decode(cursor)
            .ok_or_else(|| GraphqlError::new("Failed to decode cursor"))?;
        if values.is_empty() || values.len() > keys.len() {
            return Err(GraphqlError::new(
                "orderBy clause incompatible with pagination cursor",
            ));
        }
        // From the last column to the first: behind in this one, or level here and behind in the next.
        let mut behind = "false".to_owned();
        for (key, value) in keys.iter().zip(values).rev() {
            let own = format!("{block}.{}", key.column.sql);
            behind = match value {
                None if key.nulls_first => {
                    format!("({own} is not null or {own} is null and {behind})")
                }
                None => format!("({own} is null and {behind})"),
                Some(value) => {
                    let value = (self.statement)
                        .bind(Parameter::Text(Some(value)), &key.column.sql_type)?;
                    let sign = if key.ascending { ">" } else { "<" };
                    let nulls = match key.nulls_first {
                        true => String::new(),
                        false => format!(" or {own} is null"),
                    };
                    format!("({own} {sign} {value}{nulls} or {own} = {value} and {behind})")
                }
            };
        }
        Ok(behind)
    }
}
