//! The payloads that a server sends.

use coach::caller::Role;
use coach::change_feed::{Change, Column, Kind, Record, Table};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// `{"status": "ok", "response": …}`.
pub(super) fn ok(response: &Value) -> String {
    json!({ "status": "ok", "response": response }).to_string()
}

/// `{"status": "error", "response": {"reason": …}}`.
pub(super) fn refused(reason: &str) -> String {
    json!({ "status": "error", "response": { "reason": reason } }).to_string()
}

/// What a `system` event says of a channel; `name` is the topic without its prefix.
pub(super) fn system(extension: &str, status: &str, message: &str, name: &str) -> String {
    json!({ "message": message, "status": status, "extension": extension, "channel": name })
        .to_string()
}

/// A `postgres_changes` event for the bindings `ids`; `data` is that of [`data`].
pub(super) fn postgres_changes(ids: &[u32], data: &str) -> String {
    format!("{{\"ids\":{},\"data\":{data}}}", json!(ids))
}

/// The data of a change for callers of a role: the columns that they may read, in the table's order.
///
/// A role that may not read the primary key is told that something happened and no more, as Supabase does.
pub(super) fn data(table: &Table, change: &Change, role: Role) -> String {
    let readable = |column: &&Column| column.is_readable_by(role);
    let mut fields = vec![
        ("schema", json!("public").to_string()),
        ("table", json!(table.name).to_string()),
        ("type", json!(change.kind.name()).to_string()),
        ("commit_timestamp", json!(change.changed_at).to_string()),
    ];
    let refusal = refusal(table, role);
    let too_large = change.is_cut.then_some("Error 413: Payload Too Large");
    if refusal.is_some() {
        fields.extend([
            ("columns", "[]".into()),
            ("record", "{}".into()),
            ("old_record", "{}".into()),
        ]);
    } else {
        let columns: Vec<&Column> = table.columns.iter().filter(readable).collect();
        let shown = columns
            .iter()
            .map(|column| json!({ "name": column.name, "type": column.type_name }));
        fields.push(("columns", Value::Array(shown.collect()).to_string()));
        if change.kind != Kind::Delete {
            fields.push(("record", record(&change.record, columns.iter().copied())));
        }
        if change.kind != Kind::Insert {
            // What was deleted under row level security is told by its key alone.
            let key_only = change.kind == Kind::Delete && table.row_security;
            let columns = columns
                .iter()
                .copied()
                .filter(|column| !key_only || column.is_key);
            fields.push(("old_record", record(&change.old_record, columns)));
        }
    }
    let errors = refusal.or(too_large);
    let errors = errors.map_or(Value::Null, |error| json!([error]));
    fields.push(("errors", errors.to_string()));
    object(fields.iter().map(|(name, value)| (*name, value.as_str())))
}

/// Why callers of a role are told nothing of a table's rows but that there was a change.
pub(super) fn refusal(table: &Table, role: Role) -> Option<&'static str> {
    let mut key = table.key().peekable();
    if key.peek().is_none() {
        return Some("Error 400: Bad Request, no primary key");
    }
    (!key.all(|column| column.is_readable_by(role))).then_some("Error 401: Unauthorized")
}

fn record<'a>(record: &Record, columns: impl Iterator<Item = &'a Column>) -> String {
    object(columns.filter_map(|column| {
        let value: &RawValue = record.get(&column.name)?;
        Some((column.name.as_str(), value.get()))
    }))
}

/// An object of values that are JSON already.
fn object<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{}:{value}", Value::from(name)))
        .collect();
    format!("{{{}}}", fields.join(","))
}
