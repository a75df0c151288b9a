//! A statement under construction: its parameters, and quoting. Nothing that a client sent is ever part of the text.

use sqlx::postgres::PgArguments;
use sqlx::query::QueryScalar;
use sqlx::{AssertSqlSafe, Postgres};

use super::error::GraphqlError;

/// What PostgreSQL can number.
const MOST_PARAMETERS: usize = 60_000;

/// A value beside the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Parameter {
    Text(Option<String>),
    List(Option<Vec<Option<String>>>),
}

/// The parameters so far, and how many blocks have a name.
#[derive(Default)]
pub(super) struct Statement {
    parameters: Vec<Parameter>,
    blocks: usize,
}

impl Statement {
    /// Adds a parameter and returns its place in the text, cast to `sql_type`.
    ///
    /// # Errors
    /// When there are too many.
    pub(super) fn bind(
        &mut self,
        parameter: Parameter,
        sql_type: &str,
    ) -> Result<String, GraphqlError> {
        if self.parameters.len() == MOST_PARAMETERS {
            return Err(GraphqlError::too_large("it has too many values"));
        }
        self.parameters.push(parameter);
        Ok(format!("${}::{sql_type}", self.parameters.len()))
    }

    /// A name for a row source that no other has.
    pub(super) fn block(&mut self) -> String {
        self.blocks += 1;
        format!("b{}", self.blocks)
    }

    /// The statement with its parameters, ready to run.
    pub(super) fn query<'q, T>(self, text: String) -> QueryScalar<'q, Postgres, T, PgArguments>
    where
        (T,): for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>,
    {
        // Made of names of the catalogue, quoted, and of this program's own words.
        let query = sqlx::query_scalar(AssertSqlSafe(text)).persistent(false);
        self.parameters
            .into_iter()
            .fold(query, |query, parameter| match parameter {
                Parameter::Text(value) => query.bind(value),
                Parameter::List(values) => query.bind(values),
            })
    }
}

/// A name in double quotes.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A key of an answer as a text literal. Only names that the parser let through come here, and they have no quotes.
pub(super) fn literal(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

/// One JSON object of pairs `'key', value`. A function takes 100 arguments, so it may be built in parts.
pub(super) fn object(pairs: &[String]) -> String {
    const PAIRS_AT_ONCE: usize = 50;
    if pairs.is_empty() {
        return "pg_catalog.jsonb_build_object()".to_owned();
    }
    let parts: Vec<String> = pairs
        .chunks(PAIRS_AT_ONCE)
        .map(|pairs| format!("pg_catalog.jsonb_build_object({})", pairs.join(", ")))
        .collect();
    format!("({})", parts.join(" || "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        assert_eq!(
            identifier("a\"; drop table b; --"),
            "\"a\"\"; drop table b; --\""
        );
        assert_eq!(literal("it's"), "'it''s'");
    }
}
