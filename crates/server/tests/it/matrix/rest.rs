//! The door `/rest/v1`, with what is only there: rights by column, and functions.

use serde_json::{Map, Value};

use super::tables::{TABLES, Table, key_columns};
use super::{ASKERS, Door, Outcome};
use crate::rest::world::{Answer, Asker, ONE, World};

pub(crate) struct Rest;

impl Door for Rest {
    async fn select(&self, world: &World, asker: Asker, table: &Table) -> Outcome {
        let path = format!("{}?select={}", table.name, key_columns(table).join(","));
        outcome(asker, &world.send(asker, "GET", &path, &[], "").await)
    }

    async fn insert(&self, world: &World, asker: Asker, table: &Table, row: &Value) -> Outcome {
        let path = format!("{}?select={}", table.name, key_columns(table).join(","));
        write(world, asker, "POST", &path, &row.to_string()).await
    }

    async fn update(&self, world: &World, asker: Asker, table: &Table, key: &Value) -> Outcome {
        let change = (table.change)().to_string();
        write(world, asker, "PATCH", &path_of(table, key), &change).await
    }

    async fn delete(&self, world: &World, asker: Asker, table: &Table, key: &Value) -> Outcome {
        write(world, asker, "DELETE", &path_of(table, key), "").await
    }
}

fn path_of(table: &Table, key: &Value) -> String {
    let filters: Vec<_> = key
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| format!("{name}=eq.{}", value.as_str().unwrap()))
        .collect();
    let columns = key_columns(table).join(",");
    format!("{}?select={columns}&{}", table.name, filters.join("&"))
}

async fn write(world: &World, asker: Asker, method: &str, path: &str, body: &str) -> Outcome {
    let headers = ["prefer: return=representation"];
    outcome(
        asker,
        &world.send(asker, method, path, &headers, body).await,
    )
}

/// Rows, or a refusal for want of rights; anything else is neither.
fn outcome(asker: Asker, answer: &Answer) -> Outcome {
    if matches!(answer.status, 200 | 201) {
        let rows = answer.json();
        return Outcome::Rows(
            rows.as_array()
                .unwrap()
                .iter()
                .map(Value::to_string)
                .collect(),
        );
    }
    let status = if asker == Asker::Anon { 401 } else { 403 };
    assert_eq!(
        answer.refused(status),
        "42501",
        "{asker:?}: {}",
        answer.text
    );
    Outcome::Refused
}

#[tokio::test]
async fn every_column_is_written_by_those_it_is_granted_to() {
    let world = World::new().await;
    for table in TABLES {
        let path = path_of(&table, &(table.key)(1));
        let columns = key_columns(&table).join(",");
        let whole = path.replace(&format!("select={columns}&"), "");
        let answer = world.send(Asker::Service, "GET", &whole, &[], "").await;
        let row = answer.json()[0].clone();
        for (column, value) in row.as_object().unwrap() {
            let granted: bool = sqlx::query_scalar(
                "select has_column_privilege('authenticated', 'public.' || $1, $2, 'update')",
            )
            .bind(table.name)
            .bind(column)
            .fetch_one(&world.database.pool)
            .await
            .unwrap();
            let change = Value::Object(Map::from_iter([(column.clone(), value.clone())]));
            let outcome = write(
                &world,
                Asker::User(ONE),
                "PATCH",
                &path,
                &change.to_string(),
            )
            .await;
            assert_eq!(
                outcome.count(),
                granted.then_some(1),
                "{} {column}",
                table.name
            );
        }
    }
}

/// A function, the argument of each type that it needs, and who may call it.
type Function = (String, Value, Vec<bool>);

#[tokio::test]
async fn every_function_is_called_by_those_it_is_granted_to() {
    let world = World::new().await;
    world.database.idle_worker().await;
    let functions: Vec<Function> = sqlx::query_as(
        "select p.proname::text,
           coalesce((select jsonb_object_agg(p.proargnames[a.n], case a.type when 'uuid'::regtype then to_jsonb(gen_random_uuid())
               when 'integer'::regtype then '1' when 'jsonb'::regtype then '{}' else '\"text\"' end)
             from unnest(p.proargtypes::oid[]) with ordinality as a (type, n) where a.n <= p.pronargs - p.pronargdefaults), '{}'),
           array(select has_function_privilege(r, p.oid, 'execute')
             from unnest(array['anon', 'authenticated', 'authenticated', 'service_role']) with ordinality as r (r, n) order by n)
         from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype",
    )
    .fetch_all(&world.database.pool)
    .await
    .unwrap();
    assert!(functions.len() >= 13, "the contract has thirteen functions");
    for (name, arguments, granted) in functions {
        for (asker, is_granted) in ASKERS.into_iter().zip(granted) {
            let path = format!("rpc/{name}");
            let answer = world
                .send(asker, "POST", &path, &[], &arguments.to_string())
                .await;
            let is_refused = answer
                .text
                .contains(&format!("permission denied for function {name}"));
            assert_eq!(
                is_refused, !is_granted,
                "{asker:?} calls {name}: {}",
                answer.text
            );
            if is_refused {
                let status = if asker == Asker::Anon { 401 } else { 403 };
                assert_eq!(answer.refused(status), "42501");
            } else {
                assert!(
                    answer.status < 500,
                    "{asker:?} calls {name}: {} {}",
                    answer.status,
                    answer.text
                );
            }
        }
    }
}
