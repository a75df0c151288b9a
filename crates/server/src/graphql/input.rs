//! Values of arguments: literals of the query and its variables, in one form.

use apollo_compiler::Node;
use apollo_compiler::ast;
use serde_json::{Map, Value};

use super::error::GraphqlError;

/// How deep lists and objects may stand in each other.
const DEPTH: usize = 32;

/// A value. Numbers are text, so that none loses a digit; an enum's value is text, too.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Input {
    Null,
    Boolean(bool),
    Int(String),
    Float(String),
    Text(String),
    List(Vec<Input>),
    Object(Vec<(String, Input)>),
}

impl Input {
    /// Reads a literal; none when it is a variable that was not given, which counts as if nothing stood there.
    ///
    /// # Errors
    /// When it is nested too deeply.
    pub(super) fn of_literal(
        value: &ast::Value,
        variables: &Map<String, Value>,
    ) -> Result<Option<Self>, GraphqlError> {
        Self::literal(value, variables, DEPTH)
    }

    fn literal(
        value: &ast::Value,
        variables: &Map<String, Value>,
        depth: usize,
    ) -> Result<Option<Self>, GraphqlError> {
        let depth = deeper(depth)?;
        Ok(Some(match value {
            ast::Value::Variable(name) => {
                let Some(value) = variables.get(name.as_str()) else {
                    return Ok(None);
                };
                Self::json(value, depth)?
            }
            ast::Value::Null => Self::Null,
            ast::Value::Boolean(value) => Self::Boolean(*value),
            ast::Value::Int(value) => Self::Int(value.as_str().to_owned()),
            ast::Value::Float(value) => Self::Float(value.as_str().to_owned()),
            ast::Value::String(value) => Self::Text(value.clone()),
            ast::Value::Enum(value) => Self::Text(value.to_string()),
            ast::Value::List(items) => Self::List(
                items
                    .iter()
                    .map(|item| Ok(Self::literal(item, variables, depth)?.unwrap_or(Self::Null)))
                    .collect::<Result<_, GraphqlError>>()?,
            ),
            ast::Value::Object(fields) => Self::Object(
                fields
                    .iter()
                    .filter_map(|(name, value): &(_, Node<ast::Value>)| {
                        let value = Self::literal(value, variables, depth).transpose()?;
                        Some(value.map(|value| (name.to_string(), value)))
                    })
                    .collect::<Result<_, GraphqlError>>()?,
            ),
        }))
    }

    fn json(value: &Value, depth: usize) -> Result<Self, GraphqlError> {
        let depth = deeper(depth)?;
        Ok(match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Boolean(*value),
            Value::Number(number) if number.is_f64() => Self::Float(number.to_string()),
            Value::Number(number) => Self::Int(number.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(
                items
                    .iter()
                    .map(|item| Self::json(item, depth))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(fields) => Self::Object(
                fields
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), Self::json(value, depth)?)))
                    .collect::<Result<_, GraphqlError>>()?,
            ),
        })
    }

    /// The fields of an object, all of which must be known.
    ///
    /// # Errors
    /// When it is no object, or has others.
    pub(super) fn fields(
        &self,
        type_name: &str,
        knows: impl Fn(&str) -> bool,
    ) -> Result<&[(String, Self)], GraphqlError> {
        let Self::Object(fields) = self else {
            return Err(GraphqlError::new(format!(
                "Invalid input for {type_name} type"
            )));
        };
        let extra: Vec<&str> = fields
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !knows(name))
            .collect();
        if extra.is_empty() {
            Ok(fields)
        } else {
            Err(GraphqlError::new(format!(
                "Input for type {type_name} contains extra keys {extra:?}"
            )))
        }
    }

    /// As a variable would have brought it.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Bool(*value),
            Self::Int(text) | Self::Float(text) => {
                serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()))
            }
            Self::Text(text) => Value::String(text.clone()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), value.to_json()))
                .collect(),
        }
    }

    /// The items of a list; a single value counts as a list of one.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            one => std::slice::from_ref(one),
        }
    }
}

fn deeper(depth: usize) -> Result<usize, GraphqlError> {
    depth
        .checked_sub(1)
        .ok_or_else(|| GraphqlError::too_large("an argument is nested too deeply"))
}
