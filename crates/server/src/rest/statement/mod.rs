//! Building one SQL statement: names from the catalogue alone, in double quotes; values as parameters alone.

mod cast;
mod condition;
mod field;
mod rows;
mod write;

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Postgres};

pub(super) use rows::Rows;
pub(super) use write::Conflict;

/// The parameters of a statement that is being built.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<Parameter>);

/// A value on its way to PostgreSQL: always a text, which the statement casts to what it needs.
#[derive(Debug)]
enum Parameter {
    Text(String),
    Texts(Vec<String>),
}

impl Parameters {
    /// Takes a text; the place where it stands, `$1`.
    pub(super) fn text(&mut self, value: impl Into<String>) -> String {
        self.take(Parameter::Text(value.into()))
    }

    /// Takes a list of texts, of PostgreSQL's type `text[]`.
    pub(super) fn texts(&mut self, values: Vec<String>) -> String {
        self.take(Parameter::Texts(values))
    }

    fn take(&mut self, parameter: Parameter) -> String {
        self.0.push(parameter);
        format!("${}", self.0.len())
    }

    /// The statement with its values. It is not kept prepared: hardly two requests have the same text.
    pub(super) fn query(&self, sql: String) -> Query<'static, Postgres, PgArguments> {
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        self.0
            .iter()
            .fold(query, |query, parameter| match parameter {
                Parameter::Text(text) => query.bind(text.clone()),
                Parameter::Texts(texts) => query.bind(texts.clone()),
            })
    }
}

/// A name as SQL has it, whatever stands in it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table or function of the schema.
pub(super) fn qualified(name: &str) -> String {
    format!("public.{}", quoted(name))
}

/// Names, quoted, with commas between.
pub(super) fn quoted_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}
