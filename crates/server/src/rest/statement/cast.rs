//! The types that `column::type` may name.

use crate::rest::error::RestError;

const TYPES: [&str; 34] = [
    "text",
    "varchar",
    "character varying",
    "char",
    "bpchar",
    "name",
    "citext",
    "int2",
    "int4",
    "int8",
    "smallint",
    "int",
    "integer",
    "bigint",
    "numeric",
    "decimal",
    "float4",
    "float8",
    "real",
    "double precision",
    "bool",
    "boolean",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "timestamp with time zone",
    "timestamp without time zone",
    "interval",
    "uuid",
    "json",
    "jsonb",
    "bytea",
];

/// The type as SQL may have it.
///
/// # Errors
/// 42704, as PostgreSQL would say it, for a type that is not one of the usual ones or an array of one.
pub(super) fn type_name(asked: &str) -> Result<String, RestError> {
    let (name, brackets) = match asked.strip_suffix("[]") {
        Some(name) => (name, "[]"),
        None => (asked, ""),
    };
    let known = TYPES.iter().find(|known| **known == name.trim());
    known
        .map(|known| format!("{known}{brackets}"))
        .ok_or_else(|| RestError::new(400, "42704", format!("type \"{asked}\" does not exist")))
}
