//! The door `/graphql/v1`.

use serde_json::{Value, json};

use super::tables::{Table, key_columns};
use super::{Door, Outcome};
use crate::rest::world::{Asker, World};

pub(crate) struct Graphql;

impl Door for Graphql {
    async fn select(&self, world: &World, asker: Asker, table: &Table) -> Outcome {
        let field = format!("{}Collection", table.name);
        let keys = key_columns(table).join(" ");
        let query = format!("{{ {field} {{ edges {{ node {{ {keys} }} }} }} }}");
        let Some(answer) = ask(world, asker, table, &field, &query, json!({})).await else {
            return Outcome::Refused;
        };
        let edges = answer["edges"].as_array().unwrap();
        Outcome::Rows(edges.iter().map(|edge| edge["node"].to_string()).collect())
    }

    async fn insert(&self, world: &World, asker: Asker, table: &Table, row: &Value) -> Outcome {
        let field = format!("insertInto{}Collection", table.name);
        let arguments = ["objects: [$row]"];
        let variables = json!({ "row": written(row) });
        write(world, asker, table, &field, &arguments, variables).await
    }

    async fn update(&self, world: &World, asker: Asker, table: &Table, key: &Value) -> Outcome {
        let field = format!("update{}Collection", table.name);
        let arguments = ["set: $set", "filter: $filter"];
        let variables = json!({ "set": written(&(table.change)()), "filter": filter(key) });
        write(world, asker, table, &field, &arguments, variables).await
    }

    async fn delete(&self, world: &World, asker: Asker, table: &Table, key: &Value) -> Outcome {
        let field = format!("deleteFrom{}Collection", table.name);
        let variables = json!({ "filter": filter(key) });
        write(world, asker, table, &field, &["filter: $filter"], variables).await
    }
}

/// A row's columns as they are given in GraphQL, where JSON is text.
fn written(row: &Value) -> Value {
    let columns = row.as_object().unwrap().iter();
    columns
        .map(|(name, value)| match value {
            Value::Object(_) => (name.clone(), Value::from(value.to_string())),
            value => (name.clone(), value.clone()),
        })
        .collect()
}

fn filter(key: &Value) -> Value {
    let columns = key.as_object().unwrap().iter();
    columns
        .map(|(name, value)| (name.clone(), json!({ "eq": value })))
        .collect()
}

async fn write(
    world: &World,
    asker: Asker,
    table: &Table,
    field: &str,
    arguments: &[&str],
    variables: Value,
) -> Outcome {
    let name = table.name;
    let types = [
        ("row", "InsertInput!"),
        ("set", "UpdateInput!"),
        ("filter", "Filter"),
    ];
    let declared: Vec<_> = types
        .iter()
        .filter(|(variable, _)| variables.get(variable).is_some())
        .map(|(variable, suffix)| format!("${variable}: {name}{suffix}"))
        .collect();
    let query = format!(
        "mutation({}) {{ {field}({}) {{ records {{ {} }} }} }}",
        declared.join(", "),
        arguments.join(", "),
        key_columns(table).join(" ")
    );
    let Some(answer) = ask(world, asker, table, field, &query, variables).await else {
        return Outcome::Refused;
    };
    let records = answer["records"].as_array().unwrap();
    Outcome::Rows(records.iter().map(Value::to_string).collect())
}

/// What `field` answers; none when it is refused for want of rights.
///
/// A role's schema has nothing of a table that it may not select, and no mutation that it has no right to: such a field is
/// unknown. Where only the row is another's, row level security or the job's trigger says so.
async fn ask(
    world: &World,
    asker: Asker,
    table: &Table,
    field: &str,
    query: &str,
    variables: Value,
) -> Option<Value> {
    let body = json!({ "query": query, "variables": variables });
    let (status, mut answer) = world.server.ask("/graphql/v1", &asker.token(), &body).await;
    assert_eq!(status, 200, "{asker:?} {query}: {answer}");
    if answer.get("errors").is_none() {
        return Some(answer["data"][field].take());
    }
    let refusals = [
        format!("Unknown field {field:?} on type Query"),
        format!("Unknown field {field:?} on type Mutation"),
        format!(
            "new row violates row-level security policy for table {:?}",
            table.name
        ),
        "a plan can only be asked for by its user".to_owned(),
    ];
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(
        answer["data"].is_null() && refusals.iter().any(|refusal| refusal == message),
        "{asker:?} {query}: {answer}"
    );
    None
}
