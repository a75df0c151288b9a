//! `insertInto…`, `update…` and `deleteFrom…Collection`, as far as the role's rights go.

use super::compiler::{Compiler, Extent, allow_arguments, pair, type_name_pair};
use super::error::GraphqlError;
use super::input::Input;
use super::node::selectable;
use super::schema::{Column, Table};
use super::selection::Wanted;
use super::statement::{Parameter, object};

/// How many rows one insert may bring.
const MOST_OBJECTS: usize = 1_000;

/// A statement that writes.
pub(super) struct Mutation {
    /// The writing, as a part of WITH.
    pub(super) with: String,
    /// How many rows it touched, and the answer: a JSON list of the two.
    pub(super) select: String,
    /// How many rows it may touch, and what is said when there are more.
    pub(super) at_most: Option<(i64, &'static str)>,
}

impl<'c> Compiler<'c> {
    /// Adds rows.
    ///
    /// # Errors
    /// When a column is unknown to the role, or a value of another kind.
    pub(super) fn insert(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
    ) -> Result<Mutation, GraphqlError> {
        allow_arguments(field.arguments, |name| name == "objects")?;
        let objects = self.argument(field, "objects")?.unwrap_or(Input::Null);
        let type_name = format!("{}InsertInput", table.type_name);
        let known = |name: &str| insertable(table).find(|column| column.field == name);
        let mut rows = Vec::new();
        for object in objects.items() {
            rows.push(object.fields(&type_name, |name| known(name).is_some())?);
        }
        if rows.is_empty() || objects == Input::Null {
            return Err(GraphqlError::new(
                "At least one record must be provided to objects",
            ));
        }
        if rows.len() > MOST_OBJECTS {
            return Err(GraphqlError::too_large("it inserts too many records"));
        }
        let columns: Vec<&Column> = insertable(table)
            .filter(|column| {
                rows.iter()
                    .any(|row| row.iter().any(|(name, _)| *name == column.field))
            })
            .collect();
        let mut values = Vec::new();
        for row in rows {
            values.push(self.row(row, &columns)?);
        }
        let names: Vec<&str> = columns.iter().map(|column| column.sql.as_str()).collect();
        let what = match names.as_slice() {
            [] if values.len() == 1 => "default values".to_owned(),
            [] => {
                return Err(GraphqlError::new(
                    "Several records must each name at least one column",
                ));
            }
            names => format!("({}) values {}", names.join(", "), values.join(", ")),
        };
        let statement = format!(
            "insert into {} {what} returning {}",
            table.sql,
            selectable(table)
        );
        self.touched(table, field, &statement, "InsertResponse", None)
    }

    fn row(
        &mut self,
        given: &[(String, Input)],
        columns: &[&Column],
    ) -> Result<String, GraphqlError> {
        let mut values = Vec::new();
        for column in columns {
            values.push(match given.iter().find(|(name, _)| *name == column.field) {
                Some((_, value)) => self.value(column, value)?,
                None => "default".to_owned(),
            });
        }
        Ok(format!("({})", values.join(", ")))
    }

    /// Changes the rows that pass a filter.
    ///
    /// # Errors
    /// As [`insert`](Self::insert), and when nothing is set.
    pub(super) fn update(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
    ) -> Result<Mutation, GraphqlError> {
        allow_arguments(field.arguments, |name| {
            ["set", "filter", "atMost"].contains(&name)
        })?;
        let set = self.argument(field, "set")?.unwrap_or(Input::Null);
        if set == Input::Null {
            return Err(GraphqlError::new("Invalid input for NonNull type"));
        }
        let type_name = format!("{}UpdateInput", table.type_name);
        let known = |name: &str| updatable(table).find(|column| column.field == name);
        let mut changes = Vec::new();
        for (name, value) in set.fields(&type_name, |name| known(name).is_some())? {
            if let Some(column) = known(name) {
                changes.push(format!("{} = {}", column.sql, self.value(column, value)?));
            }
        }
        if changes.is_empty() {
            return Err(GraphqlError::new(
                "At least one mapping must be provided to set argument",
            ));
        }
        let (block, passes) = self.which(table, field)?;
        let statement = format!(
            "update {} as {block} set {} where {passes} returning {}",
            table.sql,
            changes.join(", "),
            selectable(table)
        );
        let at_most = (self.at_most(field)?, "update impacts too many records");
        self.touched(table, field, &statement, "UpdateResponse", Some(at_most))
    }

    /// Deletes the rows that pass a filter.
    ///
    /// # Errors
    /// When an argument is of another kind.
    pub(super) fn delete(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
    ) -> Result<Mutation, GraphqlError> {
        allow_arguments(field.arguments, |name| ["filter", "atMost"].contains(&name))?;
        let (block, passes) = self.which(table, field)?;
        let statement = format!(
            "delete from {} as {block} where {passes} returning {}",
            table.sql,
            selectable(table)
        );
        let at_most = (self.at_most(field)?, "delete impacts too many records");
        self.touched(table, field, &statement, "DeleteResponse", Some(at_most))
    }

    fn which(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
    ) -> Result<(String, String), GraphqlError> {
        let block = self.statement.block();
        let filter = self.argument(field, "filter")?;
        let passes = self.filter(table, filter.as_ref(), &block)?;
        Ok((block, passes))
    }

    /// How many rows may be touched: one, unless it is said.
    fn at_most(&self, field: &Wanted<'c>) -> Result<i64, GraphqlError> {
        match self.argument(field, "atMost")? {
            None => Ok(1),
            Some(Input::Int(text)) => text
                .parse()
                .map_err(|_| GraphqlError::new("Invalid input for Int type")),
            Some(_) => Err(GraphqlError::new("Invalid input for Int type")),
        }
    }

    fn value(&mut self, column: &Column, value: &Input) -> Result<String, GraphqlError> {
        let parameter = match (column.is_list, value) {
            (true, Input::Null) => Parameter::List(None),
            (true, list) => Parameter::List(Some(
                list.items()
                    .iter()
                    .map(|item| column.scalar.text_of(item))
                    .collect::<Result<_, _>>()?,
            )),
            (false, value) => Parameter::Text(column.scalar.text_of(value)?),
        };
        self.statement.bind(parameter, &column.sql_type)
    }

    /// The answer over the rows that the statement returned.
    fn touched(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
        statement: &str,
        response: &str,
        at_most: Option<(i64, &'static str)>,
    ) -> Result<Mutation, GraphqlError> {
        let type_name = format!("{}{response}", table.type_name);
        let rows = self.statement.block();
        let mut pairs = Vec::new();
        for wanted in self.unfold.fields_of(field, &type_name, false)? {
            pairs.push(match wanted.name {
                "affectedCount" => pair(wanted.key, "pg_catalog.count(*)"),
                "records" => {
                    let node = self.node(table, &wanted, &rows, Extent::root())?;
                    pair(
                        wanted.key,
                        &format!("coalesce(pg_catalog.jsonb_agg({node}), '[]')"),
                    )
                }
                "__typename" => type_name_pair(wanted.key, &type_name),
                unknown => return Err(GraphqlError::unknown_field(unknown, &type_name)),
            });
        }
        Ok(Mutation {
            with: format!("touched as ({statement})"),
            select: format!(
                "select pg_catalog.jsonb_build_array(pg_catalog.count(*), {}) from touched as {rows}",
                object(&pairs)
            ),
            at_most,
        })
    }
}

/// The columns that the role may give a new row.
pub(super) fn insertable(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| column.insertable)
}

/// The columns that the role may change.
pub(super) fn updatable(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| column.updatable)
}
