//! The body of a write: one row or many, as JSON, and the columns that they name.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use crate::rest::error::RestError;

/// Rows to be written. The text goes to PostgreSQL as it came, so that numbers stay as they were written.
#[derive(Debug)]
pub(in crate::rest) struct Payload {
    pub(in crate::rest) text: String,
    /// The columns that are written.
    pub(in crate::rest) columns: Vec<String>,
    pub(in crate::rest) rows: usize,
    pub(in crate::rest) is_list: bool,
}

impl Payload {
    /// Reads the body; `columns`, where the request says them, are written whatever the rows name.
    ///
    /// # Errors
    /// 400 PGRST102 when it is no JSON object or list of objects, or the objects do not name the same columns.
    pub(in crate::rest) fn parse(
        headers: &HeaderMap,
        bytes: &[u8],
        columns: Option<&[String]>,
    ) -> Result<Self, RestError> {
        check_content_type(headers)?;
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| empty_or_invalid())?;
        let rows = match serde_json::from_str(&text) {
            Ok(Value::Object(row)) => (vec![row], false),
            Ok(Value::Array(rows)) => (objects(rows)?, true),
            _ => return Err(empty_or_invalid()),
        };
        let (rows, is_list) = rows;
        let columns = match columns {
            Some(columns) => columns.to_vec(),
            None => shared_keys(&rows)?,
        };
        Ok(Self {
            text,
            columns,
            rows: rows.len(),
            is_list,
        })
    }
}

/// Refuses a body that says it is something else than JSON.
///
/// # Errors
/// 400 PGRST102.
pub(in crate::rest) fn check_content_type(headers: &HeaderMap) -> Result<(), RestError> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let text = value.to_str().unwrap_or_default();
    let media_type = text.split(';').next().unwrap_or_default().trim();
    let known = [
        "application/json",
        "application/vnd.pgrst.object+json",
        "application/vnd.pgrst.array+json",
        "text/plain",
        "*/*",
        "",
    ];
    match known
        .iter()
        .any(|known| media_type.eq_ignore_ascii_case(known))
    {
        true => Ok(()),
        false => Err(RestError::invalid_body(format!(
            "Content-Type not acceptable: {media_type}"
        ))),
    }
}

fn empty_or_invalid() -> RestError {
    RestError::invalid_body("Empty or invalid json")
}

fn objects(rows: Vec<Value>) -> Result<Vec<Map<String, Value>>, RestError> {
    rows.into_iter()
        .map(|row| match row {
            Value::Object(row) => Ok(row),
            _ => Err(empty_or_invalid()),
        })
        .collect()
}

/// The keys of the first row, which must be those of all others.
fn shared_keys(rows: &[Map<String, Value>]) -> Result<Vec<String>, RestError> {
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let is_alike = |row: &Map<String, Value>| {
        row.len() == first.len() && row.keys().all(|key| first.contains_key(key))
    };
    match rows.iter().all(is_alike) {
        true => Ok(first.keys().cloned().collect()),
        false => Err(RestError::invalid_body("All object keys must match")),
    }
}
