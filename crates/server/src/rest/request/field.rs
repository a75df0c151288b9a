//! A field: a column, perhaps with a way into its JSON, as in `result->plan->>name`.

use super::cursor::Cursor;
use crate::rest::error::RestError;

/// How many arrows a path may have: every one is a level of a nested expression.
const PATH_LIMIT: usize = 32;

/// A column and the way into its JSON, empty for the column itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rest) struct Field {
    pub(in crate::rest) column: String,
    pub(in crate::rest) path: Vec<Step>,
}

/// One arrow of a JSON path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rest) struct Step {
    /// `->>`: as text.
    pub(in crate::rest) as_text: bool,
    pub(in crate::rest) to: Target,
}

/// Where an arrow leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rest) enum Target {
    Key(String),
    Index(i32),
}

impl Field {
    pub(in crate::rest) fn of_column(column: impl Into<String>) -> Self {
        Self {
            column: column.into(),
            path: Vec::new(),
        }
    }

    /// What the field is called in an answer: by the last key of its path, else by its column.
    pub(in crate::rest) fn name(&self) -> &str {
        let last_key = self.path.iter().rev().find_map(|step| match &step.to {
            Target::Key(key) => Some(key.as_str()),
            Target::Index(_) => None,
        });
        last_key.unwrap_or(&self.column)
    }

    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, RestError> {
        Ok(Self {
            column: cursor.name()?,
            path: path(cursor)?,
        })
    }
}

/// The arrows that stand here, perhaps none.
pub(super) fn path(cursor: &mut Cursor<'_>) -> Result<Vec<Step>, RestError> {
    let mut path = Vec::new();
    while cursor.takes("->") {
        if path.len() == PATH_LIMIT {
            return Err(cursor.error("a path that ends here"));
        }
        let as_text = cursor.takes(">");
        let to = match index(cursor)? {
            Some(index) => Target::Index(index),
            None => Target::Key(cursor.name()?),
        };
        path.push(Step { as_text, to });
    }
    Ok(path)
}

/// A whole number, which must be followed by what ends a step; `2nd` is a key.
fn index(cursor: &mut Cursor<'_>) -> Result<Option<i32>, RestError> {
    let mut ahead = cursor.clone();
    let sign = if ahead.takes("-") { "-" } else { "" };
    let digits = ahead.take_while(|character| character.is_ascii_digit());
    let ends = ahead.is_at_end()
        || ["->", "::", ".", ",", ")"]
            .iter()
            .any(|end| ahead.sees(end));
    if digits.is_empty() || !ends {
        return Ok(None);
    }
    let index = format!("{sign}{digits}")
        .parse()
        .map_err(|_| cursor.error("an index that fits into 32 bits"))?;
    *cursor = ahead;
    Ok(Some(index))
}
