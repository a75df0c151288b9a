//! What a channel wants to hear of: the list `config.postgres_changes` of a join.

use coach::change_feed::{Condition, Kind};
use serde_json::{Map, Value};

use super::filter;

/// The most bindings of a channel.
pub(super) const MOST: usize = 100;

/// One entry of the list.
#[derive(Debug, Clone)]
pub(super) struct Binding {
    /// What changes of it are marked with: never 0, which clients take for none; unique in the channel.
    pub(super) id: u32,
    /// `None`: every kind.
    kind: Option<Kind>,
    /// `None`: every table of the schema.
    pub(super) table: Option<String>,
    /// All must hold of a row.
    pub(super) conditions: Vec<Condition>,
    /// What the reply says of it: the client compares it with what it asked for.
    echo: Map<String, Value>,
}

impl Binding {
    /// Whether a change of this kind and table is asked for, whatever the row.
    pub(super) fn covers(&self, table: &str, kind: Kind) -> bool {
        self.table.as_deref().is_none_or(|own| own == table)
            && self.kind.is_none_or(|own| own == kind)
    }

    /// Its entry in the reply.
    pub(super) fn echo(&self) -> Value {
        let mut echo = self.echo.clone();
        echo.insert("id".into(), self.id.into());
        Value::Object(echo)
    }
}

/// Reads the list in its order, one entry more than [`MOST`] at most; the second value says what is wrong with the first bad
/// entry, if any is.
///
/// A bad entry is echoed like the others: the client joins, and a `system` event tells it.
pub(super) fn parse(list: Option<&Value>) -> (Vec<Binding>, Result<(), String>) {
    let entries = list
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut bindings = Vec::new();
    let mut result = Ok(());
    for (entry, id) in entries.iter().take(MOST + 1).zip(1..) {
        let (binding, read) = binding(entry, id);
        bindings.push(binding);
        result = result.and(read);
    }
    (bindings, result)
}

fn binding(entry: &Value, id: u32) -> (Binding, Result<(), String>) {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let echoed = ["event", "schema", "table", "filter"];
    let mut binding = Binding {
        id,
        kind: None,
        table: text("table")
            .filter(|table| *table != "*")
            .map(str::to_owned),
        conditions: Vec::new(),
        echo: echoed
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), entry.get(name)?.clone())))
            .collect(),
    };
    let result = fill(&mut binding, text("event"), text("schema"), text("filter"));
    (binding, result)
}

fn fill(
    binding: &mut Binding,
    event: Option<&str>,
    schema: Option<&str>,
    filter: Option<&str>,
) -> Result<(), String> {
    binding.kind = match event.unwrap_or("*").to_ascii_uppercase().as_str() {
        "*" => None,
        "INSERT" => Some(Kind::Insert),
        "UPDATE" => Some(Kind::Update),
        "DELETE" => Some(Kind::Delete),
        _ => return Err("the event must be INSERT, UPDATE, DELETE or *".into()),
    };
    match schema {
        None | Some("public" | "*") => {}
        Some(other) => {
            return Err(format!(
                "no changes of the schema \"{other}\" are told; only of public"
            ));
        }
    }
    binding.conditions = filter::parse(filter.unwrap_or_default())?;
    if !binding.conditions.is_empty() && binding.table.is_none() {
        return Err("a filter needs a table".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_are_echoed_in_order_with_ids_of_their_own_and_duplicates_stay() {
        let entry = json!({"event": "insert", "schema": "public", "table": "t", "filter": ""});
        let all = json!({"event": "*", "schema": "*"});
        let (bindings, result) = parse(Some(&json!([entry, entry, all])));
        assert!(result.is_ok());
        let echoes: Vec<Value> = bindings.iter().map(Binding::echo).collect();
        let expected = |entry: &Value, id: u32| {
            let mut expected = entry.clone();
            expected["id"] = id.into();
            expected
        };
        assert_eq!(
            echoes,
            [expected(&entry, 1), expected(&entry, 2), expected(&all, 3)]
        );
        assert!(bindings[0].covers("t", Kind::Insert) && !bindings[0].covers("t", Kind::Update));
        assert!(bindings[2].covers("other", Kind::Delete));
    }

    #[test]
    fn a_bad_entry_is_told_and_still_echoed() {
        for entry in [
            json!({"event": "TRUNCATE", "schema": "public", "table": "t"}),
            json!({"event": "*", "schema": "auth", "table": "users"}),
            json!({"event": "*", "schema": "public", "filter": "id=eq.1"}),
            json!({"event": "*", "schema": "public", "table": "t", "filter": "id"}),
        ] {
            let (bindings, result) = parse(Some(&json!([entry])));
            assert!(result.is_err(), "{entry}");
            assert_eq!(bindings.len(), 1);
        }
        assert!(parse(None).0.is_empty());
        assert!(parse(Some(&json!("nonsense"))).0.is_empty());
    }
}
