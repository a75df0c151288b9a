//! INSERT, UPDATE and DELETE, each returning what the answer needs of its rows.

use super::rows::where_all;
use super::{Parameters, qualified, quoted, quoted_list};
use crate::rest::catalogue::{Column, Table};
use crate::rest::error::RestError;
use crate::rest::request::{Payload, Resolution};
use crate::rest::tree::Node;

/// What becomes of a new row that is there already.
#[derive(Debug)]
pub(in crate::rest) struct Conflict {
    pub(in crate::rest) resolution: Resolution,
    /// The columns of a unique rule.
    pub(in crate::rest) columns: Vec<String>,
}

impl Parameters {
    /// Inserts all rows of the payload.
    ///
    /// # Errors
    /// PGRST204 for a column that is not there.
    pub(in crate::rest) fn insert(
        &mut self,
        table: &Table,
        payload: &Payload,
        missing_is_default: bool,
        conflict: Option<&Conflict>,
        returning: &str,
    ) -> Result<String, RestError> {
        let columns = columns_of(table, &payload.columns)?;
        let target = qualified(&table.name);
        let conflict = conflict
            .map(|conflict| on_conflict(table, conflict, &columns))
            .transpose()?
            .unwrap_or_default();
        if columns.is_empty() {
            return Ok(format!(
                "insert into {target} as t0 select from pg_catalog.generate_series(1, {}) {conflict} returning {returning}",
                payload.rows
            ));
        }
        let mut rows = format!("{}::json", self.text(payload.text.as_str()));
        if !payload.is_list {
            rows = format!("pg_catalog.json_build_array({rows})");
        }
        if missing_is_default {
            rows = with_defaults(&rows, &columns);
        }
        let names = quoted_list(columns.iter().map(|column| column.name.as_str()));
        Ok(format!(
            "insert into {target} as t0 ({names}) select {} from pg_catalog.json_to_recordset({rows}) as r({}) {conflict} returning {returning}",
            prefixed("r", &columns),
            definitions(&columns),
        ))
    }

    /// Updates the rows that `node`'s conditions let pass to what the payload's only row says.
    ///
    /// # Errors
    /// PGRST204 for a column that is not there, 42703 for one in a condition.
    pub(in crate::rest) fn update(
        &mut self,
        table: &Table,
        node: &Node<'_>,
        payload: &Payload,
        returning: &str,
    ) -> Result<String, RestError> {
        let columns = columns_of(table, &payload.columns)?;
        let row = self.text(payload.text.as_str());
        let row = match payload.is_list {
            true => format!("({row}::json->0)"),
            false => format!("{row}::json"),
        };
        let assignments: Vec<_> = columns
            .iter()
            .map(|column| format!("{0} = r.{0}", quoted(&column.name)))
            .collect();
        let conditions = where_all(&self.filters(node, "t0")?);
        Ok(format!(
            "update {} as t0 set {} from pg_catalog.json_to_record({row}) as r({}){conditions} returning {returning}",
            qualified(&table.name),
            assignments.join(", "),
            definitions(&columns),
        ))
    }

    /// Deletes the rows that `node`'s conditions let pass.
    ///
    /// # Errors
    /// 42703 for a column that is not there.
    pub(in crate::rest) fn delete(
        &mut self,
        table: &Table,
        node: &Node<'_>,
        returning: &str,
    ) -> Result<String, RestError> {
        let conditions = where_all(&self.filters(node, "t0")?);
        Ok(format!(
            "delete from {} as t0{conditions} returning {returning}",
            qualified(&table.name)
        ))
    }
}

fn columns_of<'t>(table: &'t Table, names: &[String]) -> Result<Vec<&'t Column>, RestError> {
    names
        .iter()
        .map(|name| {
            table.column(name).ok_or_else(|| {
                let message = format!(
                    "Could not find the '{name}' column of '{}' in the schema cache",
                    table.name
                );
                RestError::new(400, "PGRST204", message)
            })
        })
        .collect()
}

fn prefixed(alias: &str, columns: &[&Column]) -> String {
    let names = columns
        .iter()
        .map(|column| format!("{alias}.{}", quoted(&column.name)));
    names.collect::<Vec<_>>().join(", ")
}

fn definitions(columns: &[&Column]) -> String {
    let definitions = columns
        .iter()
        .map(|column| format!("{} {}", quoted(&column.name), column.data_type));
    definitions.collect::<Vec<_>>().join(", ")
}

fn on_conflict(
    table: &Table,
    conflict: &Conflict,
    columns: &[&Column],
) -> Result<String, RestError> {
    let rule = columns_of(table, &conflict.columns)?;
    let rule = quoted_list(rule.iter().map(|column| column.name.as_str()));
    Ok(match conflict.resolution {
        Resolution::Merge if !columns.is_empty() => {
            let assignments: Vec<_> = columns
                .iter()
                .map(|column| format!("{0} = excluded.{0}", quoted(&column.name)))
                .collect();
            format!(
                " on conflict ({rule}) do update set {}",
                assignments.join(", ")
            )
        }
        Resolution::Merge | Resolution::Ignore => format!(" on conflict ({rule}) do nothing"),
    })
}

/// The list of rows, each with the default of every column that it does not name.
fn with_defaults(rows: &str, columns: &[&Column]) -> String {
    let defaults: Vec<_> = columns
        .iter()
        .filter_map(|column| {
            let value = column.default_value.as_deref()?;
            // Texts of the catalogue, neither of the request.
            Some(format!("'{}', {value}", column.name.replace('\'', "''")))
        })
        .collect();
    format!(
        "(select pg_catalog.json_agg(pg_catalog.jsonb_build_object({}) || row.value) from pg_catalog.jsonb_array_elements({rows}::jsonb) as row)",
        defaults.join(", ")
    )
}
