//! Conditions as SQL.

use super::Parameters;
use super::field::Expression;
use crate::rest::error::RestError;
use crate::rest::request::{Condition, Field, Quantifier, Test};
use crate::rest::tree::Node;

impl Parameters {
    /// All conditions of the node, each in parentheses; `alias` is its relation.
    ///
    /// # Errors
    /// 42703 for a column that is not there.
    pub(super) fn filters(
        &mut self,
        node: &Node<'_>,
        alias: &str,
    ) -> Result<Vec<String>, RestError> {
        node.filters
            .iter()
            .map(|condition| self.condition(node, alias, condition))
            .collect()
    }

    fn condition(
        &mut self,
        node: &Node<'_>,
        alias: &str,
        condition: &Condition,
    ) -> Result<String, RestError> {
        Ok(match condition {
            Condition::All(conditions) => self.joined(node, alias, conditions, " and ")?,
            Condition::Any(conditions) => self.joined(node, alias, conditions, " or ")?,
            Condition::Not(inner) => format!("(not {})", self.condition(node, alias, inner)?),
            Condition::Test(field, test) => match presence_of(node, field, test) {
                Some(presence) => presence,
                None => {
                    let field = self.field(node.relation, alias, field)?;
                    self.test(&field, test)
                }
            },
        })
    }

    fn joined(
        &mut self,
        node: &Node<'_>,
        alias: &str,
        conditions: &[Condition],
        word: &str,
    ) -> Result<String, RestError> {
        let conditions = conditions
            .iter()
            .map(|condition| self.condition(node, alias, condition))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(format!("({})", conditions.join(word)))
    }

    fn test(&mut self, field: &Expression, test: &Test) -> String {
        let Expression { sql, data_type } = field;
        match test {
            Test::Compare(operator, quantifier, value) => {
                let value = self.text(value.as_str());
                format!(
                    "({sql} {operator} {})",
                    right_side(*quantifier, &value, data_type)
                )
            }
            Test::Match(operator, quantifier, value) => {
                let value = self.text(value.as_str());
                format!(
                    "({sql} {operator} {})",
                    right_side(*quantifier, &value, "text")
                )
            }
            Test::In(values) => {
                let values = self.texts(values.clone());
                format!("({sql} = any ({values}::{data_type}[]))")
            }
            Test::Is(state) => format!("({sql} is {state})"),
            Test::Search(function, language, query) => {
                let language = match language {
                    Some(language) => format!("{}::regconfig, ", self.text(language.as_str())),
                    None => String::new(),
                };
                let query = self.text(query.as_str());
                let document = match data_type.as_str() {
                    "tsvector" => sql.clone(),
                    _ => format!("pg_catalog.to_tsvector({language}{sql})"),
                };
                format!("({document} @@ pg_catalog.{function}({language}{query}))")
            }
        }
    }
}

fn right_side(quantifier: Quantifier, value: &str, data_type: &str) -> String {
    match quantifier {
        Quantifier::One => format!("{value}::{data_type}"),
        Quantifier::Any => format!("any ({value}::{data_type}[])"),
        Quantifier::All => format!("all ({value}::{data_type}[])"),
    }
}

/// `entries=is.null` on an embedded resource asks whether anything belongs to the row.
fn presence_of(node: &Node<'_>, field: &Field, test: &Test) -> Option<String> {
    let Test::Is(state @ ("null" | "not null")) = test else {
        return None;
    };
    let is_column = node.relation.column(&field.column).is_ok();
    let embedded = node
        .embedded(&field.column)
        .filter(|embedded| field.path.is_empty() && !is_column && !embedded.is_spread)?;
    Some(format!("(e{}.json is {state})", embedded.node.number))
}

/// Whether the condition, or one within it, asks whether anything belongs to the row.
pub(super) fn asks_for_presence(node: &Node<'_>, condition: &Condition) -> bool {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => conditions
            .iter()
            .any(|condition| asks_for_presence(node, condition)),
        Condition::Not(inner) => asks_for_presence(node, inner),
        Condition::Test(field, test) => presence_of(node, field, test).is_some(),
    }
}
