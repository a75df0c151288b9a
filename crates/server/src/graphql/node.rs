//! A row as an object: its columns, its `nodeId`, and the rows that hang on it.

use super::compiler::{Compiler, Extent, allow_arguments, pair, type_name_pair};
use super::error::GraphqlError;
use super::input::Input;
use super::schema::{Column, Relation, Table};
use super::selection::Wanted;
use super::statement::{Parameter, identifier, literal, object};

impl<'c> Compiler<'c> {
    /// The object of `block`'s row, as the field asks for it.
    ///
    /// # Errors
    /// When it asks for what is not there.
    pub(super) fn node(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
        block: &str,
        extent: Extent,
    ) -> Result<String, GraphqlError> {
        let mut pairs = Vec::new();
        for wanted in self.unfold.fields_of(field, &table.type_name, true)? {
            pairs.push(self.node_field(table, &wanted, block, extent)?);
        }
        Ok(object(&pairs))
    }

    fn node_field(
        &mut self,
        table: &'c Table,
        wanted: &Wanted<'c>,
        block: &str,
        extent: Extent,
    ) -> Result<String, GraphqlError> {
        if let Some(relation) = (table.relations.iter()).find(|known| known.field == wanted.name) {
            let value = self.relation(relation, wanted, block, extent.deeper()?)?;
            return Ok(pair(wanted.key, &value));
        }
        allow_arguments(wanted.arguments, |_| false)?;
        let column = (table.selectable()).find(|column| column.field == wanted.name);
        match (wanted.name, column) {
            ("__typename", _) => Ok(type_name_pair(wanted.key, &table.type_name)),
            (_, Some(column)) => Ok(pair(wanted.key, &value_of(column, block))),
            ("nodeId", None) => Ok(pair(wanted.key, &node_id(table, block))),
            (unknown, None) => Err(GraphqlError::unknown_field(unknown, &table.type_name)),
        }
    }

    fn relation(
        &mut self,
        relation: &'c Relation,
        wanted: &Wanted<'c>,
        block: &str,
        extent: Extent,
    ) -> Result<String, GraphqlError> {
        let table = &self.schema.tables[relation.table];
        if relation.many {
            return self.collection(table, wanted, Some((relation, block)), extent);
        }
        allow_arguments(wanted.arguments, |_| false)?;
        let own = self.statement.block();
        let object = self.node(table, wanted, &own, extent)?;
        let on = join(relation, block, &own);
        Ok(format!(
            "(select {object} from {} as {own} where {on} limit 1)",
            table.sql
        ))
    }

    /// `node(nodeId)`: a row by the identifier that it goes by everywhere.
    ///
    /// # Errors
    /// When it is no identifier of a table that the role may see.
    pub(super) fn node_by_id(&mut self, field: &Wanted<'c>) -> Result<String, GraphqlError> {
        allow_arguments(field.arguments, |name| name == "nodeId")?;
        let id = match self.argument(field, "nodeId")? {
            Some(Input::Text(id)) => id,
            _ => return Err(GraphqlError::new("Invalid value passed to nodeId argument")),
        };
        let (table, _) = self.read_node_id(&id)?;
        let own = self.statement.block();
        let object = self.node(table, field, &own, Extent::root())?;
        let is_it = self.is_node(table, &id, &own)?;
        Ok(format!(
            "select {object} from {} as {own} where {is_it}",
            table.sql
        ))
    }

    /// `…ByPk(id)`: a row by its primary key.
    ///
    /// # Errors
    /// When the key is not whole.
    pub(super) fn node_by_key(
        &mut self,
        table: &'c Table,
        field: &Wanted<'c>,
    ) -> Result<String, GraphqlError> {
        allow_arguments(field.arguments, |name| {
            table.key_columns().any(|column| column.field == name)
        })?;
        let own = self.statement.block();
        let object = self.node(table, field, &own, Extent::root())?;
        let mut conditions = Vec::new();
        for column in table.key_columns() {
            let value = match self.argument(field, &column.field)? {
                None | Some(Input::Null) => {
                    return Err(GraphqlError::new("Invalid input for NonNull type"));
                }
                Some(value) => column.scalar.text_of(&value)?,
            };
            let value = (self.statement).bind(Parameter::Text(value), &column.sql_type)?;
            conditions.push(format!("{own}.{} = {value}", column.sql));
        }
        Ok(format!(
            "select {object} from {} as {own} where {}",
            table.sql,
            conditions.join(" and ")
        ))
    }

    /// Whether `block`'s row is the one with this identifier.
    ///
    /// # Errors
    /// When the identifier is none, or one of another table.
    pub(super) fn is_node(
        &mut self,
        table: &Table,
        id: &str,
        block: &str,
    ) -> Result<String, GraphqlError> {
        let (of, key) = self.read_node_id(id)?;
        if of.name != table.name {
            return Err(GraphqlError::new(
                "nodeId belongs to a different collection",
            ));
        }
        let mut conditions = Vec::new();
        for (column, value) in table.key_columns().zip(key) {
            let value = (self.statement).bind(Parameter::Text(Some(value)), &column.sql_type)?;
            conditions.push(format!("{block}.{} = {value}", column.sql));
        }
        Ok(format!("({})", conditions.join(" and ")))
    }

    /// The table and the key's values in an identifier: base64 of `["public", "<table>", <key>…]`.
    fn read_node_id(&self, id: &str) -> Result<(&'c Table, Vec<String>), GraphqlError> {
        let invalid = || GraphqlError::new("Invalid value passed to nodeId argument");
        let parts = super::cursor::decode(id).ok_or_else(invalid)?;
        let texts: Vec<String> = parts
            .into_iter()
            .collect::<Option<_>>()
            .ok_or_else(invalid)?;
        let [schema, name, key @ ..] = texts.as_slice() else {
            return Err(invalid());
        };
        let table = self
            .schema
            .table(|table| schema == "public" && table.name == *name)
            .filter(|table| table.primary_key.len() == key.len())
            .ok_or_else(invalid)?;
        Ok((table, key.to_vec()))
    }
}

/// How a row and those that hang on it belong together.
pub(super) fn join(relation: &Relation, block: &str, other: &str) -> String {
    let conditions: Vec<String> = relation
        .pairs
        .iter()
        .map(|(near, far)| format!("{other}.{far} = {block}.{near}"))
        .collect();
    conditions.join(" and ")
}

fn value_of(column: &Column, block: &str) -> String {
    let cast = column.scalar.output_cast(column.is_list);
    format!("({block}.{}{cast})", column.sql)
}

fn node_id(table: &Table, block: &str) -> String {
    let key: Vec<String> = table
        .key_columns()
        .map(|column| format!("{block}.{}", column.sql))
        .collect();
    super::cursor::encoded(&format!(
        "pg_catalog.jsonb_build_array({}, {}, {})",
        literal("public"),
        literal(&table.name),
        key.join(", ")
    ))
}

/// The columns that the role may see, for a subquery's list.
pub(super) fn selectable(table: &Table) -> String {
    let columns: Vec<String> = table
        .selectable()
        .map(|column| identifier(&column.name))
        .collect();
    columns.join(", ")
}
