//! Finding the foreign key that an embedded resource follows, by PostgREST's rules.

use serde_json::{Value, json};

use super::{Catalogue, ForeignKey, Table};
use crate::rest::error::RestError;

/// How the rows of one table belong to those of another.
#[derive(Debug)]
pub(in crate::rest) struct Relationship<'c> {
    /// The table that is embedded.
    pub(in crate::rest) target: &'c Table,
    /// Whether many of its rows belong to one.
    pub(in crate::rest) is_to_many: bool,
    /// Pairs of a column here and a column there.
    pub(in crate::rest) columns: Vec<(&'c str, &'c str)>,
    constraint: &'c str,
}

impl Catalogue {
    /// The relationship from `origin` to what a request calls `name`: a table, a foreign key, or the column of one. `hint`,
    /// a foreign key or the column of one, tells apart those that lead to the same table.
    ///
    /// # Errors
    /// PGRST200 when there is none, PGRST201 when there are several.
    pub(in crate::rest) fn relationship(
        &self,
        origin: &Table,
        name: &str,
        hint: Option<&str>,
    ) -> Result<Relationship<'_>, RestError> {
        let mut found: Vec<_> = self
            .relationships_of(&origin.name)
            .filter(|relationship| relationship.answers_to(&origin.name, name, hint))
            .collect();
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                found.push(last);
                Err(ambiguous(&origin.name, name, &found))
            }
            (None, _) => Err(RestError::no_relationship(&origin.name, name, hint)),
        }
    }

    /// Every foreign key is two relationships, one from each end.
    fn relationships_of(&self, origin: &str) -> impl Iterator<Item = Relationship<'_>> {
        self.foreign_keys.iter().flat_map(move |key| {
            let forth = (key.table == origin)
                .then(|| self.table(&key.referenced_table))
                .flatten()
                .map(|target| Relationship::forth(key, target));
            let back = (key.referenced_table == origin)
                .then(|| self.table(&key.table))
                .flatten()
                .map(|target| Relationship::back(key, target));
            [forth, back].into_iter().flatten()
        })
    }
}

fn pairs<'c>(here: &'c [String], there: &'c [String]) -> Vec<(&'c str, &'c str)> {
    here.iter()
        .map(String::as_str)
        .zip(there.iter().map(String::as_str))
        .collect()
}

impl<'c> Relationship<'c> {
    fn forth(key: &'c ForeignKey, target: &'c Table) -> Self {
        Self {
            target,
            is_to_many: false,
            columns: pairs(&key.columns, &key.referenced_columns),
            constraint: &key.name,
        }
    }

    fn back(key: &'c ForeignKey, target: &'c Table) -> Self {
        Self {
            target,
            is_to_many: !key.is_unique,
            columns: pairs(&key.referenced_columns, &key.columns),
            constraint: &key.name,
        }
    }

    fn answers_to(&self, origin: &str, name: &str, hint: Option<&str>) -> bool {
        let here = |column| matches!(self.columns.as_slice(), [(own, _)] if *own == column);
        let there = |column| matches!(self.columns.as_slice(), [(_, other)] if *other == column);
        let is_table = self.target.name == name;
        match (origin == self.target.name, hint) {
            // Both ends of the key are in this table: its name means the many, the column's name means the one.
            (true, None) => is_table && self.is_to_many || here(name) && !self.is_to_many,
            (true, Some(hint)) => {
                is_table
                    && (self.is_to_many && self.constraint == hint
                        || !self.is_to_many && here(hint))
            }
            (false, None) => is_table || self.constraint == name || here(name) && !self.is_to_many,
            (false, Some(hint)) => {
                is_table && (self.constraint == hint || here(hint) || there(hint))
            }
        }
    }

    fn cardinality(&self) -> &'static str {
        match self.is_to_many {
            true => "one-to-many",
            false => "many-to-one",
        }
    }
}

fn ambiguous(origin: &str, name: &str, found: &[Relationship<'_>]) -> RestError {
    let details: Vec<Value> = found
        .iter()
        .map(|relationship| {
            let (here, there): (Vec<_>, Vec<_>) = relationship.columns.iter().copied().unzip();
            let target = &relationship.target.name;
            json!({
                "cardinality": relationship.cardinality(),
                "embedding": format!("{origin} with {target}"),
                "relationship": format!("{} using {origin}({}) and {target}({})",
                    relationship.constraint, here.join(", "), there.join(", ")),
            })
        })
        .collect();
    let choices: Vec<_> = found
        .iter()
        .map(|relationship| format!("'{}!{}'", relationship.target.name, relationship.constraint))
        .collect();
    RestError::new(
        300,
        "PGRST201",
        format!("Could not embed because more than one relationship was found for '{origin}' and '{name}'"),
    )
    .details(details)
    .hint(format!(
        "Try changing '{name}' to one of the following: {}. Find the desired relationship in the 'details' key.",
        choices.join(", ")
    ))
}
