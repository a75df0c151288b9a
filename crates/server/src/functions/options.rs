//! A body's fields, checked for their type before SQL reads them.

use axum::http::HeaderMap;
use coach::caller::{Caller, Role};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::refused::Refused;

/// What a field must be.
pub(super) enum Kind {
    Flag,
    Text,
    Uuid,
    OneOf(&'static [&'static str]),
}

impl Kind {
    fn fits(&self, value: &Value) -> bool {
        match self {
            Self::Flag => value.is_boolean(),
            Self::Text => value.is_string(),
            Self::Uuid => value
                .as_str()
                .is_some_and(|text| Uuid::try_parse(text).is_ok()),
            Self::OneOf(names) => value.as_str().is_some_and(|text| names.contains(&text)),
        }
    }

    fn described(&self) -> String {
        match self {
            Self::Flag => "true or false".into(),
            Self::Text => "a text".into(),
            Self::Uuid => "a uuid such as \"6f1c2a34-5b67-4c89-9d01-23456789abcd\"".into(),
            Self::OneOf(names) => format!("one of {}", names.join(", ")),
        }
    }
}

/// The header that an idempotency key may come in.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Collects `fields` from the body, and the idempotency key from body or header; `userId` only from the service role.
///
/// # Errors
/// 400 `INVALID_REQUEST` that names the field and what it must be.
pub(super) fn collect(
    fields: &[(&str, Kind)],
    body: &mut Map<String, Value>,
    headers: &HeaderMap,
    caller: &Caller,
) -> Result<Map<String, Value>, Refused> {
    let mut options = Map::new();
    for (name, kind) in fields {
        take(body, name, kind, &mut options)?;
    }
    take(body, "idempotencyKey", &Kind::Text, &mut options)?;
    if caller.role == Role::ServiceRole {
        take(body, "userId", &Kind::Uuid, &mut options)?;
    }
    if let (None, Some(key)) = (options.get("idempotencyKey"), headers.get(IDEMPOTENCY_KEY)) {
        let key = key.to_str().map_err(|_| {
            Refused::invalid_request("The header Idempotency-Key must be plain ASCII text.")
        })?;
        options.insert("idempotencyKey".into(), key.into());
    }
    Ok(options)
}

fn take(
    body: &mut Map<String, Value>,
    name: &str,
    kind: &Kind,
    options: &mut Map<String, Value>,
) -> Result<(), Refused> {
    match body.remove(name) {
        None | Some(Value::Null) => {}
        Some(value) if kind.fits(&value) => {
            options.insert(name.to_owned(), value);
        }
        Some(_) => {
            return Err(Refused::invalid_request(format!(
                "{name} must be {}.",
                kind.described()
            )));
        }
    }
    Ok(())
}

/// Whether the flag `name` is set; absent and `null` are no.
///
/// # Errors
/// 400 `INVALID_REQUEST` when it is anything but true or false.
pub(super) fn flag(body: &Map<String, Value>, name: &str) -> Result<bool, Refused> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(Refused::invalid_request(format!(
            "{name} must be {}.",
            Kind::Flag.described()
        ))),
    }
}
