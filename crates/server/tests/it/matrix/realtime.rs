//! The door `/realtime/v1/websocket`, which has one verb: to hear of what others do to the rows that may be selected.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::tables::{TABLES, Table, key_columns};
use super::{ASKERS, Outcome, expected, owners, whole_world};
use crate::realtime::support::{Client, all_of, join_payload};
use crate::rest::world::{Asker, World};

/// The one table of the contract that is not published: what a model was asked is not news.
const UNTOLD: &str = "workout_plan_inputs";

const KINDS: [&str; 3] = ["UPDATE", "DELETE", "INSERT"];

#[tokio::test]
async fn realtime_tells_of_what_may_be_selected_and_nothing_else() {
    let world = whole_world().await;
    world
        .database
        .run("select coach.install_change_feed()")
        .await;
    let told = || TABLES.into_iter().filter(|table| table.name != UNTOLD);
    let bindings: Vec<_> = told().map(|table| all_of(table.name)).collect();
    let mut listeners = Vec::new();
    for asker in ASKERS {
        let mut client = Client::connect(&world.server).await;
        refuse_untold(&mut client, asker).await;
        client
            .subscribe("realtime:told", json!(bindings), &asker.token())
            .await;
        if asker == Asker::Anon {
            assert_eq!(client.next().await.payload["status"], "warning");
        }
        listeners.push((asker, client));
    }
    for table in told() {
        let rows = rows(&world, &table).await;
        for kind in KINDS {
            for (key, row) in &rows {
                change(&world, &table, kind, key, row).await;
            }
            let mark = mark(&world, kind).await;
            for (asker, client) in &mut listeners {
                let heard = heard(client, &table, kind, mark).await;
                let name = table.name;
                assert_eq!(heard, visible(&table, *asker), "{asker:?} {kind} {name}");
            }
        }
    }
}

/// Asks for what nobody is told, and takes in that it is refused.
async fn refuse_untold(client: &mut Client, asker: Asker) {
    let payload = join_payload(json!([all_of(UNTOLD)]), Some(&asker.token()));
    client.join("realtime:untold", payload).await;
    let system = client.next().await;
    assert_eq!(
        (system.event.as_str(), &system.payload["status"]),
        ("system", &json!("error")),
        "{asker:?}"
    );
    let message = system.payload["message"].as_str().unwrap();
    assert!(
        message.contains(&format!("No changes of a table {UNTOLD:?}")),
        "{message}"
    );
}

/// What `asker` should hear of one change to the row of every owner. Without rights they are told that something happened and
/// nothing of the row.
fn visible(table: &Table, asker: Asker) -> Outcome {
    let mut keys = BTreeSet::new();
    for owner in owners(table) {
        match expected(table, 'S', asker, *owner) {
            Some(0) => {}
            Some(_) => drop(keys.insert((table.key)(*owner).to_string())),
            None => return Outcome::Refused,
        }
    }
    Outcome::Rows(keys)
}

/// The row of every owner with an SQL condition that finds it.
async fn rows(world: &World, table: &Table) -> Vec<(String, Value)> {
    let mut rows = Vec::new();
    for owner in owners(table) {
        let key = (table.key)(*owner);
        let columns = key.as_object().unwrap().iter();
        let condition = columns
            .map(|(name, value)| format!("t.{name} = '{}'", value.as_str().unwrap()))
            .collect::<Vec<_>>()
            .join(" and ");
        let sql = format!(
            "select to_jsonb(t) from public.{} t where {condition}",
            table.name
        );
        let row = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&world.database.pool)
            .await
            .unwrap();
        rows.push((condition, row));
    }
    rows
}

/// Does it to the row as the database's owner.
async fn change(world: &World, table: &Table, kind: &str, condition: &str, row: &Value) {
    let (name, column) = (table.name, &key_columns(table)[0]);
    let statement = match kind {
        "UPDATE" => format!("update public.{name} t set {column} = {column} where {condition}"),
        "DELETE" => format!("delete from public.{name} t where {condition}"),
        _ => format!(
            "insert into public.{name} select * from jsonb_populate_record(null::public.{name}, $1)"
        ),
    };
    let statement = sqlx::query(AssertSqlSafe(statement));
    let statement = match kind {
        "INSERT" => statement.bind(row),
        _ => statement,
    };
    let done = statement.execute(&world.database.pool).await.unwrap();
    assert_eq!(done.rows_affected(), 1, "{kind} {name} where {condition}");
}

/// A change to an exercise that everybody hears of, and of another kind than `kind`: what has not been heard by then never will.
async fn mark(world: &World, kind: &str) -> &'static str {
    let (mark, statement) = match kind {
        "INSERT" => (
            "UPDATE",
            "update public.exercises set reviewed = true where slug = 'row'",
        ),
        _ => (
            "INSERT",
            "insert into public.exercises (slug, name) values (gen_random_uuid(), gen_random_uuid())",
        ),
    };
    world.database.run(statement).await;
    mark
}

/// What is heard of `kind` in `table` until the mark. What goes with a row that is deleted is heard too, and is another
/// table's matter.
async fn heard(client: &mut Client, table: &Table, kind: &str, mark: &str) -> Outcome {
    let record = if kind == "DELETE" {
        "old_record"
    } else {
        "record"
    };
    let (mut keys, mut is_refused) = (BTreeSet::new(), false);
    loop {
        let (_, data) = client.change().await;
        if data["table"] == "exercises" && data["type"] == mark {
            break;
        }
        let is_empty = data["record"] == json!({}) && data["old_record"] == json!({});
        let is_unauthorized = data["errors"] == json!(["Error 401: Unauthorized"]);
        assert!(
            data["errors"].is_null() || is_unauthorized && is_empty,
            "{data}"
        );
        if data["table"] != table.name || data["type"] != kind {
            continue;
        }
        if is_unauthorized {
            is_refused = true;
            continue;
        }
        let key: Value = key_columns(table)
            .into_iter()
            .map(|name| (name.clone(), data[record][name].clone()))
            .collect();
        keys.insert(key.to_string());
    }
    if is_refused && keys.is_empty() {
        return Outcome::Refused;
    }
    assert!(!is_refused, "{} is told and refused", table.name);
    Outcome::Rows(keys)
}
