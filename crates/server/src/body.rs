//! Reading a request's body: bounded in size and time, then as one JSON object.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::StatusCode;
use futures_util::StreamExt;
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::refused::Refused;

/// 256 KiB: so many bytes pass, one more does not.
pub(crate) const LIMIT: usize = 256 * 1024;

/// How much of a body that is too large is still taken in: a client that is cut off while it sends may never read why.
const DRAIN_LIMIT: usize = 4 * 1024 * 1024;

const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Reads the whole body, of at most [`LIMIT`] bytes.
///
/// # Errors
/// As [`read_at_most`]'s.
pub(crate) async fn read(body: Body) -> Result<Vec<u8>, Refused> {
    read_at_most(LIMIT, body).await
}

/// Reads the whole body.
///
/// # Errors
/// 413 over `limit` bytes, whether or not a `Content-Length` said so; 408 when it does not arrive in time; 400 when it breaks
/// off.
pub(crate) async fn read_at_most(limit: usize, body: Body) -> Result<Vec<u8>, Refused> {
    let announced = body.size_hint().lower();
    if announced > DRAIN_LIMIT.max(limit) as u64 {
        return Err(too_large(limit));
    }
    timeout(TIME_LIMIT, collect(limit, body))
        .await
        .unwrap_or_else(|_| {
            Err(Refused::new(
                StatusCode::REQUEST_TIMEOUT,
                "REQUEST_TIMEOUT",
                "The body took too long to arrive. Send it again.",
            ))
        })
}

async fn collect(limit: usize, body: Body) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let mut length = 0;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk =
            chunk.map_err(|_| Refused::invalid_request("The body broke off. Send it again."))?;
        length += chunk.len();
        if length > DRAIN_LIMIT.max(limit) {
            break;
        }
        if length <= limit {
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > limit {
        Err(too_large(limit))
    } else {
        Ok(bytes)
    }
}

fn too_large(limit: usize) -> Refused {
    Refused::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "PAYLOAD_TOO_LARGE",
        format!(
            "The body is too large. It may have at most {} KiB.",
            limit / 1024
        ),
    )
}

/// Reads the bytes as a JSON object; nothing at all is `{}`.
///
/// # Errors
/// 400 `INVALID_JSON` when they are not JSON, or JSON that is no object, or that PostgreSQL cannot store.
pub(crate) fn parse(bytes: &[u8]) -> Result<Map<String, Value>, Refused> {
    let invalid = |message| Refused::new(StatusCode::BAD_REQUEST, "INVALID_JSON", message);
    if bytes.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    let Ok(value) = serde_json::from_slice(bytes) else {
        return Err(invalid("The body is not valid JSON. Send a JSON object."));
    };
    match value {
        Value::Object(_) if has_nul(&value) => Err(invalid(
            "A text in the body holds the character U+0000, which cannot be stored. Leave it out.",
        )),
        Value::Object(fields) => Ok(fields),
        _ => Err(invalid("The body must be a JSON object.")),
    }
}

/// Whether a text or a key anywhere holds U+0000, which is fine in JSON and impossible in `jsonb`.
/// The parser limits the depth to 128, and so this recursion too.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_an_empty_object() {
        for nothing in ["", " ", "\r\n\t", "{}"] {
            assert_eq!(parse(nothing.as_bytes()), Ok(Map::new()), "{nothing:?}");
        }
    }

    #[test]
    fn what_is_no_storable_object_is_refused() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        let wrong: [&[u8]; 12] = [
            b"{",
            b"[]",
            b"null",
            b"1",
            b"\"{}\"",
            b"{}{}",
            b"{'a':1}",
            b"{\"a\":1e999}",
            b"\xff\xfe",
            b"{\"a\":\"\\u0000\"}",
            b"{\"a\\u0000\":[]}",
            deep.as_bytes(),
        ];
        for bytes in wrong {
            assert!(parse(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
    }
}
