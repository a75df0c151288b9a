//! The schema as text in GraphQL's own language, for those who ask what there is.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::filter::{filter_type, filterable};
use super::mutation::{insertable, updatable};
use super::order::{DIRECTIONS, sortable};
use super::scalar::{Enum, Scalar};
use super::schema::{Column, Relation, Schema, Table};

/// What is the same in every schema.
const ALWAYS: &str = r#"
"""A high precision floating point value represented as a string"""
scalar BigFloat
"""An arbitrary size integer represented as a string"""
scalar BigInt
"""An opaque string using for tracking a position in results during pagination"""
scalar Cursor
"""A date without time information"""
scalar Date
"""A date and time"""
scalar Datetime
"""A Javascript Object Notation value serialized as a string"""
scalar JSON
"""Any type not handled by the type system"""
scalar Opaque
"""A time without date information"""
scalar Time
"""A universally unique identifier"""
scalar UUID
interface Node { nodeId: ID! }
type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
enum FilterIs { NULL NOT_NULL }
input IDFilter { eq: ID }
"#;

/// The whole schema.
pub(super) fn text(schema: &Schema) -> String {
    let mut text = ALWAYS.to_owned();
    // Writing into a string does not fail.
    let _ = write_schema(&mut text, schema);
    text
}

fn write_schema(text: &mut String, schema: &Schema) -> fmt::Result {
    let directions: Vec<&str> = DIRECTIONS.iter().map(|(name, ..)| *name).collect();
    writeln!(text, "enum OrderByDirection {{ {} }}", directions.join(" "))?;
    write_roots(text, schema)?;
    let mut enums: BTreeMap<&str, &Enum> = BTreeMap::new();
    let mut filters = BTreeMap::new();
    for table in &schema.tables {
        write_table(text, schema, table)?;
        for column in &table.columns {
            if let Scalar::Enum(known) = &column.scalar {
                enums.insert(&known.name, known);
            }
        }
        for column in filterable(table) {
            filters.insert(filter_type(column), column);
        }
    }
    for known in enums.values() {
        writeln!(text, "enum {} {{ {} }}", known.name, known.values.join(" "))?;
    }
    for (name, column) in filters {
        write_filter(text, &name, column)?;
    }
    Ok(())
}

fn write_roots(text: &mut String, schema: &Schema) -> fmt::Result {
    writeln!(
        text,
        "type Query {{ node(nodeId: ID!): Node heartbeat: Datetime!"
    )?;
    for table in &schema.tables {
        let name = &table.type_name;
        writeln!(
            text,
            "{}{}: {name}Connection",
            table.collection(),
            arguments(table)
        )?;
        let key: Vec<String> = table
            .key_columns()
            .map(|column| format!("{}: {}!", column.field, column.scalar.name()))
            .collect();
        writeln!(text, "{}({}): {name}", table.by_pk(), key.join(", "))?;
    }
    writeln!(text, "}}")?;
    let mut mutations = String::new();
    for table in &schema.tables {
        let name = &table.type_name;
        if table.insertable() {
            writeln!(
                mutations,
                "{}(objects: [{name}InsertInput!]!): {name}InsertResponse",
                table.insert_into()
            )?;
        }
        if table.updatable() {
            writeln!(
                mutations,
                "{}(set: {name}UpdateInput!, filter: {name}Filter, atMost: Int! = 1): {name}UpdateResponse!",
                table.update()
            )?;
        }
        if table.deletable {
            writeln!(
                mutations,
                "{}(filter: {name}Filter, atMost: Int! = 1): {name}DeleteResponse!",
                table.delete_from()
            )?;
        }
    }
    match mutations.is_empty() {
        true => Ok(()),
        false => writeln!(text, "type Mutation {{ {mutations} }}"),
    }
}

fn arguments(table: &Table) -> String {
    let name = &table.type_name;
    format!(
        "(first: Int, last: Int, before: Cursor, after: Cursor, offset: Int, filter: {name}Filter, orderBy: [{name}OrderBy!])"
    )
}

fn write_table(text: &mut String, schema: &Schema, table: &Table) -> fmt::Result {
    let name = &table.type_name;
    writeln!(text, "type {name} implements Node {{ nodeId: ID!")?;
    for column in table.selectable().filter(|column| column.field != "nodeId") {
        let not_null = if column.not_null { "!" } else { "" };
        writeln!(text, "{}: {}{not_null}", column.field, type_of(column))?;
    }
    for relation in &table.relations {
        writeln!(text, "{}", relation_field(schema, relation))?;
    }
    writeln!(
        text,
        "}}
        type {name}Connection {{ edges: [{name}Edge!]! pageInfo: PageInfo! totalCount: Int! }}
        type {name}Edge {{ cursor: String! node: {name}! }}"
    )?;
    let filters = filterable(table).map(|column| (column, filter_type(column)));
    write_input(
        text,
        &format!("{name}Filter"),
        filters,
        &format!("nodeId: IDFilter and: [{name}Filter!] or: [{name}Filter!] not: {name}Filter"),
    )?;
    let directions = sortable(table).map(|column| (column, "OrderByDirection".to_owned()));
    write_input(text, &format!("{name}OrderBy"), directions, "")?;
    let inputs: [(bool, &str, Vec<&Column>); 3] = [
        (table.insertable(), "Insert", insertable(table).collect()),
        (table.updatable(), "Update", updatable(table).collect()),
        (table.deletable, "Delete", Vec::new()),
    ];
    for (granted, verb, columns) in inputs {
        if !columns.is_empty() {
            let columns = columns.into_iter().map(|column| (column, type_of(column)));
            write_input(text, &format!("{name}{verb}Input"), columns, "")?;
        }
        if granted {
            writeln!(
                text,
                "type {name}{verb}Response {{ affectedCount: Int! records: [{name}!]! }}"
            )?;
        }
    }
    Ok(())
}

fn write_input<'c>(
    text: &mut String,
    name: &str,
    fields: impl Iterator<Item = (&'c Column, String)>,
    more: &str,
) -> fmt::Result {
    writeln!(text, "input {name} {{ {more}")?;
    for (column, type_name) in fields {
        writeln!(text, "{}: {type_name}", column.field)?;
    }
    writeln!(text, "}}")
}

fn relation_field(schema: &Schema, relation: &Relation) -> String {
    let table = &schema.tables[relation.table];
    let name = &table.type_name;
    match (relation.many, relation.not_null) {
        (true, _) => format!("{}{}: {name}Connection", relation.field, arguments(table)),
        (false, true) => format!("{}: {name}!", relation.field),
        (false, false) => format!("{}: {name}", relation.field),
    }
}

fn type_of(column: &Column) -> String {
    let name = column.scalar.name();
    match column.is_list {
        true => format!("[{name}]"),
        false => name.to_owned(),
    }
}

fn write_filter(text: &mut String, name: &str, column: &Column) -> fmt::Result {
    let of = column.scalar.name();
    writeln!(
        text,
        "\"Boolean expression comparing fields on type \\\"{of}\\\"\" input {name} {{"
    )?;
    for operator in column.scalar.operators(column.is_list) {
        let operand = match *operator {
            "is" => "FilterIs".to_owned(),
            "in" => format!("[{of}!]"),
            _ if column.is_list => format!("[{of}!]"),
            _ => of.to_owned(),
        };
        writeln!(text, "{operator}: {operand}")?;
    }
    writeln!(text, "}}")
}
