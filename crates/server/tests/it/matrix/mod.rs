//! Every table × verb × role, through every door: what the contract grants happens, everything else is refused, and there is
//! no third thing. The tables come from the catalogue: one that this page does not know fails it.

mod rest;
mod tables;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::rest::world::{Asker, ONE, TWO, World};
use tables::{TABLES, Table};

/// A way to the tables. Anything but an answer or a refusal for want of rights is the test's end.
pub(crate) trait Door {
    /// The rows that are there to be seen.
    async fn select(&self, world: &World, asker: Asker, table: &Table) -> Outcome;
    async fn insert(&self, world: &World, asker: Asker, table: &Table, row: &Value) -> Outcome;
    /// Changes the row of that key.
    async fn update(&self, world: &World, asker: Asker, table: &Table, key: &Value) -> Outcome;
    /// Deletes the row of that key.
    async fn delete(&self, world: &World, asker: Asker, table: &Table, key: &Value) -> Outcome;
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The keys of the rows that were seen or written, as JSON.
    Rows(BTreeSet<String>),
    Refused,
}

impl Outcome {
    fn count(&self) -> Option<usize> {
        match self {
            Self::Rows(rows) => Some(rows.len()),
            Self::Refused => None,
        }
    }
}

const ASKERS: [Asker; 4] = [
    Asker::Anon,
    Asker::User(ONE),
    Asker::User(TWO),
    Asker::Service,
];

/// How many rows a write of `owner`'s row may touch; none when it is refused.
fn expected(table: &Table, verb: char, asker: Asker, owner: u8) -> Option<usize> {
    match asker {
        Asker::Anon => None,
        Asker::Service => Some(1),
        Asker::User(_) if !table.user_may.contains(verb) => None,
        Asker::User(user) if user == user_of(owner) => Some(1),
        // Another's row cannot be seen, so it is not there to be written; one that would be another's is refused.
        Asker::User(_) => (verb != 'I').then_some(0),
    }
}

fn user_of(owner: u8) -> uuid::Uuid {
    if owner == 1 { ONE } else { TWO }
}

async fn walk(door: &impl Door) {
    for asker in ASKERS {
        let world = World::new().await;
        for table in TABLES {
            let seen = door.select(&world, asker, &table).await;
            let rows = tables::rows_of(&world, &table, asker).await;
            assert_eq!(seen, rows, "{asker:?} selects {}", table.name);
        }
        for verb in ['I', 'U', 'D'] {
            let world = World::new().await;
            for (table, owner) in TABLES.iter().flat_map(|table| [(table, 1), (table, 2)]) {
                if table.is_shared && owner == 2 {
                    continue;
                }
                let outcome = match verb {
                    'I' => {
                        door.insert(&world, asker, table, &(table.new_row)(owner))
                            .await
                    }
                    'U' => door.update(&world, asker, table, &(table.key)(owner)).await,
                    _ => door.delete(&world, asker, table, &(table.key)(owner)).await,
                };
                let expected = expected(table, verb, asker, owner);
                assert_eq!(
                    outcome.count(),
                    expected,
                    "{asker:?} {verb} {} of {owner}",
                    table.name
                );
            }
        }
    }
}

#[tokio::test]
async fn every_table_of_the_catalogue_is_in_the_matrix() {
    let world = World::new().await;
    let found: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
         order by relname collate \"C\"",
    )
    .fetch_all(&world.database.pool)
    .await
    .unwrap();
    assert_eq!(found, TABLES.map(|table| table.name));
}

#[tokio::test]
async fn rest_does_what_is_granted_and_nothing_else() {
    walk(&rest::Rest).await;
}
