//! The scalars: what a PostgreSQL type is called in GraphQL, how its values go out, come in and compare.

use super::catalogue::ColumnRow;
use super::error::GraphqlError;
use super::input::Input;
use super::names;

/// A scalar or enum of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scalar {
    Int,
    /// 64 bits, as text.
    BigInt,
    Float,
    /// Any precision, as text.
    BigFloat,
    Boolean,
    String,
    Uuid,
    Date,
    Time,
    Datetime,
    /// Any JSON, as text.
    Json,
    Enum(Enum),
    /// A type that GraphQL has no word for.
    Opaque,
}

/// An enum type of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

impl Scalar {
    pub(super) fn of(column: &ColumnRow, inflect: bool) -> Self {
        if let (Some(name), Some(values)) = (&column.enum_name, &column.enum_values) {
            let name = names::type_name(name, inflect);
            let sound = !values.is_empty()
                && names::is_name(&name)
                && values.iter().all(|value| {
                    names::is_name(value) && !matches!(value.as_str(), "true" | "false" | "null")
                });
            return match sound {
                true => Self::Enum(Enum {
                    name,
                    values: values.clone(),
                }),
                false => Self::Opaque,
            };
        }
        match column.base_type.as_deref() {
            Some("int2" | "int4") => Self::Int,
            Some("int8") => Self::BigInt,
            Some("float4" | "float8") => Self::Float,
            Some("numeric") => Self::BigFloat,
            Some("bool") => Self::Boolean,
            Some("text" | "varchar" | "bpchar" | "citext" | "name" | "char") => Self::String,
            Some("uuid") => Self::Uuid,
            Some("date") => Self::Date,
            Some("time" | "timetz") => Self::Time,
            Some("timestamp" | "timestamptz") => Self::Datetime,
            Some("json" | "jsonb") => Self::Json,
            _ => Self::Opaque,
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Int => "Int",
            Self::BigInt => "BigInt",
            Self::Float => "Float",
            Self::BigFloat => "BigFloat",
            Self::Boolean => "Boolean",
            Self::String => "String",
            Self::Uuid => "UUID",
            Self::Date => "Date",
            Self::Time => "Time",
            Self::Datetime => "Datetime",
            Self::Json => "JSON",
            Self::Enum(known) => &known.name,
            Self::Opaque => "Opaque",
        }
    }

    /// What is written behind a column so that its JSON is what clients expect: text where a number would lose digits.
    pub(super) fn output_cast(&self, is_list: bool) -> &'static str {
        match (self, is_list) {
            (Self::BigInt | Self::BigFloat, false) => "::text",
            (Self::BigInt | Self::BigFloat | Self::Json, true) => "::text[]",
            (Self::Json, false) => " #>> '{}'",
            _ => "",
        }
    }

    /// Whether values have an order, so that they can be sorted and compared.
    pub(super) fn is_ordered(&self) -> bool {
        !matches!(self, Self::Json | Self::Opaque)
    }

    /// The operators of this scalar's filter, in the order of the schema.
    pub(super) fn operators(&self, is_list: bool) -> &'static [&'static str] {
        const ORDERED: &[&str] = &["eq", "gt", "gte", "in", "is", "lt", "lte", "neq"];
        const TEXT: &[&str] = &[
            "eq",
            "gt",
            "gte",
            "ilike",
            "in",
            "iregex",
            "is",
            "like",
            "lt",
            "lte",
            "neq",
            "regex",
            "startsWith",
        ];
        match self {
            Self::Json => &[],
            Self::Opaque => &["eq", "is"],
            _ if is_list => &["containedBy", "contains", "eq", "is", "overlaps"],
            Self::String => TEXT,
            Self::Boolean => &["eq", "is"],
            Self::Uuid | Self::Enum(_) => &["eq", "in", "is", "neq"],
            _ => ORDERED,
        }
    }

    /// The value's text, as PostgreSQL reads it; none for null.
    ///
    /// # Errors
    /// When the value is of another kind.
    pub(super) fn text_of(&self, value: &Input) -> Result<Option<String>, GraphqlError> {
        let text = match (self, value) {
            (_, Input::Null) => return Ok(None),
            (Self::Int, Input::Int(text))
            | (Self::Float, Input::Int(text) | Input::Float(text))
            | (Self::BigInt, Input::Int(text) | Input::Text(text))
            | (Self::BigFloat, Input::Int(text) | Input::Float(text) | Input::Text(text)) => {
                text.clone()
            }
            (Self::Boolean | Self::Opaque, Input::Boolean(value)) => value.to_string(),
            (Self::Opaque, Input::Int(text) | Input::Float(text) | Input::Text(text)) => {
                text.clone()
            }
            (Self::Enum(known), Input::Text(text)) if known.values.contains(text) => text.clone(),
            (
                Self::String | Self::Uuid | Self::Date | Self::Time | Self::Datetime | Self::Json,
                Input::Text(text),
            ) => text.clone(),
            _ => {
                return Err(GraphqlError::new(format!(
                    "Invalid input for {} type",
                    self.name()
                )));
            }
        };
        Ok(Some(text))
    }
}
