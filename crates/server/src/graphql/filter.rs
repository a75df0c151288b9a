//! `filter`: what rows must be like.

use super::compiler::Compiler;
use super::error::GraphqlError;
use super::input::Input;
use super::schema::{Column, Table};
use super::statement::Parameter;

/// How deep `and`, `or` and `not` may stand in each other.
const DEPTH: usize = 16;
/// How many conditions a filter may have.
const MOST_CONDITIONS: usize = 500;

impl<'c> Compiler<'c> {
    /// SQL that is true for the rows of `block` that pass; an absent filter lets all pass.
    ///
    /// # Errors
    /// When it names what is not there, or compares with a value of another kind.
    pub(super) fn filter(
        &mut self,
        table: &Table,
        filter: Option<&Input>,
        block: &str,
    ) -> Result<String, GraphqlError> {
        let mut left = MOST_CONDITIONS;
        self.all_of(
            table,
            filter.unwrap_or(&Input::Null),
            block,
            DEPTH,
            &mut left,
        )
        .map(|condition| condition.unwrap_or_else(|| "true".to_owned()))
    }

    /// All conditions of one object; none when it has none.
    fn all_of(
        &mut self,
        table: &Table,
        filter: &Input,
        block: &str,
        depth: usize,
        left: &mut usize,
    ) -> Result<Option<String>, GraphqlError> {
        let depth = depth
            .checked_sub(1)
            .ok_or_else(|| GraphqlError::too_large("a filter is nested too deeply"))?;
        if *filter == Input::Null {
            return Ok(None);
        }
        let type_name = format!("{}Filter", table.type_name);
        let mut conditions = Vec::new();
        for (name, value) in filter.fields(&type_name, |name| is_known(table, name))? {
            if *value == Input::Null {
                continue;
            }
            let column = (table.selectable()).find(|column| column.field == *name);
            match (name.as_str(), column) {
                (_, Some(column)) => {
                    self.compare(column, value, block, left, &mut conditions)?;
                }
                ("nodeId", None) => conditions.push(self.has_node_id(table, value, block)?),
                ("not", None) => {
                    let inner = self.all_of(table, value, block, depth, left)?;
                    conditions.extend(inner.map(|inner| format!("not ({inner})")));
                }
                (word, None) => {
                    let mut inner = Vec::new();
                    for one in value.items() {
                        inner.extend(self.all_of(table, one, block, depth, left)?);
                    }
                    if !inner.is_empty() {
                        conditions.push(format!("({})", inner.join(&format!(" {word} "))));
                    }
                }
            }
        }
        Ok((!conditions.is_empty()).then(|| format!("({})", conditions.join(" and "))))
    }

    fn compare(
        &mut self,
        column: &Column,
        value: &Input,
        block: &str,
        left: &mut usize,
        conditions: &mut Vec<String>,
    ) -> Result<(), GraphqlError> {
        let operators = column.scalar.operators(column.is_list);
        for (operator, value) in
            value.fields(&filter_type(column), |name| operators.contains(&name))?
        {
            *left = left
                .checked_sub(1)
                .ok_or_else(|| GraphqlError::too_large("a filter has too many conditions"))?;
            let own = format!("{block}.{}", column.sql);
            conditions.push(match operator.as_str() {
                "is" => format!("{own} {}", null_or_not(value)?),
                "in" => {
                    let list = self.list(column, value, &format!("{}[]", column.sql_type))?;
                    format!("{own} = any({list})")
                }
                operator => {
                    let value = match column.is_list {
                        true => self.list(column, value, &column.sql_type)?,
                        false => self.one(column, value)?,
                    };
                    format!("{own} {} {value}", sql_operator(operator))
                }
            });
        }
        Ok(())
    }

    fn one(&mut self, column: &Column, value: &Input) -> Result<String, GraphqlError> {
        let value = column.scalar.text_of(value)?;
        self.statement
            .bind(Parameter::Text(value), &column.sql_type)
    }

    fn list(
        &mut self,
        column: &Column,
        value: &Input,
        sql_type: &str,
    ) -> Result<String, GraphqlError> {
        let values = match value {
            Input::Null => None,
            value => Some(
                value
                    .items()
                    .iter()
                    .map(|item| column.scalar.text_of(item))
                    .collect::<Result<_, _>>()?,
            ),
        };
        self.statement.bind(Parameter::List(values), sql_type)
    }

    fn has_node_id(
        &mut self,
        table: &Table,
        value: &Input,
        block: &str,
    ) -> Result<String, GraphqlError> {
        match value.fields("IDFilter", |name| name == "eq")? {
            [] => Ok("true".to_owned()),
            [(_, Input::Text(id)), ..] => self.is_node(table, id, block),
            _ => Err(GraphqlError::new("Invalid input for ID type")),
        }
    }
}

/// `UUIDFilter`, `StringListFilter`.
pub(super) fn filter_type(column: &Column) -> String {
    let list = if column.is_list { "List" } else { "" };
    format!("{}{list}Filter", column.scalar.name())
}

/// The columns that a filter may name.
pub(super) fn filterable(table: &Table) -> impl Iterator<Item = &Column> {
    table
        .selectable()
        .filter(|column| !column.scalar.operators(column.is_list).is_empty())
}

fn is_known(table: &Table, name: &str) -> bool {
    matches!(name, "nodeId" | "and" | "or" | "not")
        || filterable(table).any(|column| column.field == name)
}

fn null_or_not(value: &Input) -> Result<&'static str, GraphqlError> {
    match value {
        Input::Text(word) if word == "NULL" => Ok("is null"),
        Input::Text(word) if word == "NOT_NULL" => Ok("is not null"),
        _ => Err(GraphqlError::new("Invalid input for FilterIs type")),
    }
}

fn sql_operator(operator: &str) -> &'static str {
    match operator {
        "neq" => "<>",
        "gt" => ">",
        "gte" => ">=",
        "lt" => "<",
        "lte" => "<=",
        "like" => "like",
        "ilike" => "ilike",
        "startsWith" => "^@",
        "regex" => "~",
        "iregex" => "~*",
        "contains" => "@>",
        "containedBy" => "<@",
        "overlaps" => "&&",
        _ => "=",
    }
}
