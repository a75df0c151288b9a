//! From fields to SQL: what all kinds of fields share.

use apollo_compiler::Node;
use apollo_compiler::ast::Argument;

use super::error::GraphqlError;
use super::input::Input;
use super::schema::Schema;
use super::selection::{Unfold, Wanted};
use super::statement::{Statement, literal};

/// How many rows a request may come to at worst, the collections within collections multiplied.
const MOST_ROWS: u64 = 2_000_000;
/// How deep one row may lead to another.
const DEPTH: usize = 12;

/// Builds the statement of one field of the root.
pub(super) struct Compiler<'c> {
    pub(super) schema: &'c Schema,
    pub(super) unfold: &'c Unfold<'c>,
    pub(super) statement: Statement,
    rows: u64,
}

/// How often a part of the statement may run, and how deep it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    times: u64,
    depth: usize,
}

impl Extent {
    /// Of the root.
    pub(super) fn root() -> Self {
        Self {
            times: 1,
            depth: DEPTH,
        }
    }

    /// Of what hangs on a row.
    ///
    /// # Errors
    /// When rows hang on rows too deeply.
    pub(super) fn deeper(self) -> Result<Self, GraphqlError> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(GraphqlError::too_large(
                "it leads from row to row too often",
            )),
        }
    }
}

impl<'c> Compiler<'c> {
    pub(super) fn new(schema: &'c Schema, unfold: &'c Unfold<'c>) -> Self {
        Self {
            schema,
            unfold,
            statement: Statement::default(),
            rows: 0,
        }
    }

    /// Counts a collection of at most `limit` rows and returns the extent of what hangs on each.
    ///
    /// # Errors
    /// When the request could come to too many rows.
    pub(super) fn count_rows(
        &mut self,
        extent: Extent,
        limit: u64,
    ) -> Result<Extent, GraphqlError> {
        let times = extent.times.saturating_mul(limit.max(1));
        self.rows = self.rows.saturating_add(times);
        if self.rows > MOST_ROWS {
            return Err(GraphqlError::too_large(
                "collections within collections come to too many rows; ask for fewer with first",
            ));
        }
        Extent { times, ..extent }.deeper()
    }

    /// The value of an argument; none when it is absent.
    ///
    /// # Errors
    /// When it is nested too deeply.
    pub(super) fn argument(
        &self,
        field: &Wanted<'c>,
        name: &str,
    ) -> Result<Option<Input>, GraphqlError> {
        match field
            .arguments
            .iter()
            .find(|argument| argument.name == name)
        {
            Some(argument) => Input::of_literal(&argument.value, &self.unfold.request.variables),
            None => Ok(None),
        }
    }

    /// A whole number from 0 that an argument may be; null counts as absent.
    ///
    /// # Errors
    /// When it is anything else.
    pub(super) fn count(
        &self,
        field: &Wanted<'c>,
        name: &str,
    ) -> Result<Option<u64>, GraphqlError> {
        match self.argument(field, name)? {
            None | Some(Input::Null) => Ok(None),
            Some(Input::Int(text)) => text
                .parse()
                .map(Some)
                .map_err(|_| GraphqlError::new(format!("`{name}` must be an unsigned integer"))),
            Some(_) => Err(GraphqlError::new("Invalid input for Int type")),
        }
    }
}

/// Refuses arguments that the field does not have.
///
/// # Errors
/// Names them.
pub(super) fn allow_arguments(
    arguments: &[Node<Argument>],
    knows: impl Fn(&str) -> bool,
) -> Result<(), GraphqlError> {
    let extra: Vec<&str> = arguments
        .iter()
        .map(|argument| argument.name.as_str())
        .filter(|name| !knows(name))
        .collect();
    if extra.is_empty() {
        Ok(())
    } else {
        Err(GraphqlError::new(format!(
            "Input contains extra keys {extra:?}"
        )))
    }
}

/// A pair of an answer's object.
pub(super) fn pair(key: &str, value: &str) -> String {
    format!("{}, {value}", literal(key))
}

/// The pair of a `__typename`.
pub(super) fn type_name_pair(key: &str, type_name: &str) -> String {
    pair(key, &format!("{}::text", literal(type_name)))
}
