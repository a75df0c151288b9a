//! What the schema `public` offers: the only source of the names that get into a statement.

mod cache;
mod relationship;

use std::collections::HashMap;

use serde::Deserialize;

pub(super) use cache::Catalogues;
pub(super) use relationship::Relationship;

/// Tables, foreign keys and functions as they were when this was read.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    tables: HashMap<String, Table>,
    foreign_keys: Vec<ForeignKey>,
    functions: HashMap<String, Vec<Function>>,
}

/// A table or view.
#[derive(Debug, Deserialize)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Empty where there is none.
    pub(super) primary_key: Vec<String>,
}

/// A column of a table, or of what a function returns.
#[derive(Debug, Deserialize)]
pub(super) struct Column {
    pub(super) name: String,
    /// As PostgreSQL writes it in a cast, with its schema and without its modifier.
    pub(super) data_type: String,
    /// An SQL expression.
    #[serde(default)]
    pub(super) default_value: Option<String>,
}

/// A foreign key between two tables of the schema.
#[derive(Debug, Deserialize)]
pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    pub(super) referenced_table: String,
    pub(super) referenced_columns: Vec<String>,
    /// Whether at most one row can refer to the same.
    pub(super) is_unique: bool,
}

/// One overload of a function.
#[derive(Debug, Deserialize)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) returns_set: bool,
    pub(super) returns_nothing: bool,
    pub(super) is_volatile: bool,
    /// The columns of a composite result; none for a scalar.
    pub(super) returns_columns: Option<Vec<Column>>,
    /// The table whose rows it returns.
    pub(super) returns_table: Option<String>,
}

/// What a function takes.
#[derive(Debug, Deserialize)]
pub(super) struct Parameter {
    /// Empty where it has none.
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) has_default: bool,
    pub(super) is_variadic: bool,
}

#[derive(Deserialize)]
struct Document {
    tables: Vec<Table>,
    foreign_keys: Vec<ForeignKey>,
    functions: Vec<Function>,
}

impl Catalogue {
    /// Reads what `queries/read_catalogue.sql` answers.
    fn parse(document: &str) -> serde_json::Result<Self> {
        let document: Document = serde_json::from_str(document)?;
        let mut functions: HashMap<String, Vec<Function>> = HashMap::new();
        for function in document.functions {
            functions
                .entry(function.name.clone())
                .or_default()
                .push(function);
        }
        Ok(Self {
            tables: document
                .tables
                .into_iter()
                .map(|table| (table.name.clone(), table))
                .collect(),
            foreign_keys: document.foreign_keys,
            functions,
        })
    }

    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    pub(super) fn table_names(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// All overloads.
    pub(super) fn functions(&self, name: &str) -> &[Function] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    pub(super) fn function_names(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }
}

impl Table {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}
