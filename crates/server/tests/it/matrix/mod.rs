//! Every table × verb × role, through every door: what the contract grants happens, everything else is refused, and there is
//! no third thing. The tables come from the catalogue: one that this page does not know fails it.

mod graphql;
mod realtime;
mod rest;
mod tables;

use std::collections::BTreeSet;

use serde_json::Value;
use sqlx::AssertSqlSafe;

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

/// How many rows there are to be seen (S) or touched by a write of `owner`'s row; none when it is refused.
fn expected(table: &Table, verb: char, asker: Asker, owner: u8) -> Option<usize> {
    match asker {
        Asker::Anon => None,
        Asker::Service => Some(1),
        Asker::User(_) if !table.user_may.contains(verb) => None,
        Asker::User(user) if user == user_of(owner) || table.is_shared => Some(1),
        // Another's row cannot be seen, so it is not there to be written; one that would be another's is refused.
        Asker::User(_) => (verb != 'I').then_some(0),
    }
}

fn user_of(owner: u8) -> uuid::Uuid {
    if owner == 1 { ONE } else { TWO }
}

/// The world of a door, of which every table must be in the matrix.
async fn whole_world() -> World {
    let world = World::new().await;
    let found: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
         order by relname collate \"C\"",
    )
    .fetch_all(&world.database.pool)
    .await
    .unwrap();
    assert_eq!(found, TABLES.map(|table| table.name));
    world
}

/// Whose rows of a table there are to be tried.
fn owners(table: &Table) -> &'static [u8] {
    if table.is_shared { &[1] } else { &[1, 2] }
}

/// Leaves the rows of `world.sql` and no others; they are fewer than a page of any door.
async fn begin_anew(world: &World) {
    let tables = TABLES.map(|table| format!("public.{}", table.name));
    let truncate = format!("truncate {} cascade", tables.join(", "));
    sqlx::raw_sql(AssertSqlSafe(truncate))
        .execute(&world.database.pool)
        .await
        .unwrap();
    world.database.run(include_str!("../rest/world.sql")).await;
}

async fn walk(door: &impl Door) {
    let world = whole_world().await;
    for asker in ASKERS {
        begin_anew(&world).await;
        for table in TABLES {
            let seen = door.select(&world, asker, &table).await;
            let rows = tables::rows_of(&world, &table, asker).await;
            assert_eq!(seen, rows, "{asker:?} selects {}", table.name);
        }
        for verb in ['I', 'U', 'D'] {
            begin_anew(&world).await;
            for table in &TABLES {
                for owner in owners(table) {
                    let key = (table.key)(*owner);
                    let outcome = match verb {
                        'I' => {
                            let row = (table.new_row)(*owner);
                            door.insert(&world, asker, table, &row).await
                        }
                        'U' => door.update(&world, asker, table, &key).await,
                        _ => door.delete(&world, asker, table, &key).await,
                    };
                    let expected = expected(table, verb, asker, *owner);
                    let name = table.name;
                    assert_eq!(
                        outcome.count(),
                        expected,
                        "{asker:?} {verb} {name} of {owner}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn rest_does_what_is_granted_and_nothing_else() {
    walk(&rest::Rest).await;
}

#[tokio::test]
async fn graphql_does_what_is_granted_and_nothing_else() {
    walk(&graphql::Graphql).await;
}
