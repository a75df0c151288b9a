//! What the events of a response say, each counted once however often it is told. Never fails on a field that is missing, new or of
//! another type.

use serde_json::Value;

use crate::{Class, Fault, Usage, call::Read};

/// What an event brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing of the answer.
    Nothing,
    /// The answer's id.
    Created(String),
    /// The model is at work: text, or thought.
    Content,
}

/// Reads one response, event by event, over one or more connections.
#[derive(Default)]
pub struct ResponsesReader {
    read: Read,
    running: bool,
    end: Option<Result<(), Fault>>,
}

impl ResponsesReader {
    /// Goes on where another reader was.
    #[must_use]
    pub fn resumed(cursor: Option<u64>, text: String) -> Self {
        Self {
            read: Read {
                // Without a cursor everything is told again.
                text: if cursor.is_some() {
                    text
                } else {
                    String::new()
                },
                cursor,
                ..Read::default()
            },
            ..Self::default()
        }
    }

    /// Reads the data of the next event.
    ///
    /// # Errors
    /// The failure that the provider reported by an `error` event, or data that is no JSON.
    pub fn read(&mut self, data: &str) -> Result<Seen, Fault> {
        let event: Value =
            serde_json::from_str(data).map_err(|_| Fault::network("an event that is no JSON"))?;
        let number = event.get("sequence_number").and_then(Value::as_u64);
        if number.is_some() && number <= self.read.cursor {
            return Ok(Seen::Nothing);
        }
        self.read.cursor = number.or(self.read.cursor);
        let kind = event
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        match kind {
            "error" => Err(Fault::in_event(&event).unwrap_or_else(|| Fault::of_error(&event))),
            "response.created" | "response.queued" => Ok(self.created(&event)),
            "response.output_text.delta" => {
                let delta = event.get("delta").and_then(Value::as_str);
                self.read.text.push_str(delta.unwrap_or_default());
                Ok(self.is_at_work())
            }
            "response.completed"
            | "response.incomplete"
            | "response.failed"
            | "response.cancelled" => {
                self.settle(event.get("response").unwrap_or(&Value::Null));
                self.end.get_or_insert_with(|| unsettled(kind));
                Ok(Seen::Nothing)
            }
            _ if kind.starts_with("response.") => Ok(self.is_at_work()),
            // Keep-alives, and what may come to be.
            _ => Ok(Seen::Nothing),
        }
    }

    /// Takes over what a response object says: its whole output, its usage, how it ended, if it has.
    pub fn settle(&mut self, response: &Value) {
        let text_of = |pointer: &str| response.pointer(pointer).and_then(Value::as_str);
        if let Some(model) = text_of("/model") {
            self.read.model = Some(model.to_owned());
        }
        if let Some(usage) = response.get("usage").filter(|usage| usage.is_object()) {
            self.read.usage = Some(usage_of(usage));
        }
        self.end = match text_of("/status").unwrap_or_default() {
            "completed" => Some(self.complete(response)),
            "incomplete" => Some(Err(match text_of("/incomplete_details/reason") {
                Some("content_filter") => Fault::new(Class::Refused, "a filter took the answer"),
                _ => Fault::new(Class::Truncated, ""),
            })),
            "failed" => Some(Err(Fault::of_error(
                response.get("error").unwrap_or(&Value::Null),
            ))),
            "cancelled" => Some(Err(Fault::new(Class::HandleGone, "it was cancelled"))),
            status => {
                self.running |= status == "in_progress";
                None
            }
        };
    }

    /// How far the events were read.
    #[must_use]
    pub fn cursor(&self) -> Option<u64> {
        self.read.cursor
    }

    /// Its text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.read.text
    }

    /// Whether the model has begun.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Whether the answer has said its end.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.end.is_some()
    }

    /// Whether the answer was ended from outside; what it had by then is billed.
    pub(super) fn was_cancelled(&self) -> bool {
        matches!(&self.end, Some(Err(fault)) if fault.class == Class::HandleGone)
    }

    /// How the answer ended.
    ///
    /// # Errors
    /// Cut, refused, filtered, failed, cancelled.
    pub fn verdict(&self) -> Result<(), Fault> {
        self.end.clone().unwrap_or(Ok(()))
    }

    pub(super) fn as_read(&self) -> &Read {
        &self.read
    }

    pub(super) fn into_read(self) -> Read {
        self.read
    }

    fn is_at_work(&mut self) -> Seen {
        self.running = true;
        Seen::Content
    }

    fn created(&mut self, event: &Value) -> Seen {
        let id = event.pointer("/response/id").and_then(Value::as_str);
        match id.filter(|id| is_id(id)) {
            Some(id) => Seen::Created(id.to_owned()),
            None => Seen::Nothing,
        }
    }

    /// The end repeats the whole output, which is truer than the pieces.
    fn complete(&mut self, response: &Value) -> Result<(), Fault> {
        let mut whole = String::new();
        let mut refused = false;
        for part in parts(response) {
            match part.get("type").and_then(Value::as_str) {
                Some("output_text") => {
                    let text = part.get("text").and_then(Value::as_str);
                    whole.push_str(text.unwrap_or_default());
                }
                Some("refusal") => refused = true,
                _ => {}
            }
        }
        if refused {
            return Err(Fault::new(Class::Refused, ""));
        }
        if !whole.is_empty() {
            self.read.text = whole;
        }
        Ok(())
    }
}

/// Letters, digits, `_` and `-`: what can stand in a path as it is.
pub(super) fn is_id(id: &str) -> bool {
    (1..=256).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The parts of all messages; with reasoning, the message is not the first output.
fn parts(response: &Value) -> impl Iterator<Item = &Value> {
    list(response, "output")
        .filter(|item| item.get("type").and_then(Value::as_str) == Some("message"))
        .flat_map(|item| list(item, "content"))
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A last event whose object does not say how it ended.
fn unsettled(kind: &str) -> Result<(), Fault> {
    match kind {
        "response.completed" => Ok(()),
        "response.incomplete" => Err(Fault::new(Class::Truncated, "")),
        "response.cancelled" => Err(Fault::new(Class::HandleGone, "it was cancelled")),
        _ => Err(Fault::network("the provider failed without a word")),
    }
}

fn usage_of(usage: &Value) -> Usage {
    let count = |pointer: &str| {
        let count = usage.pointer(pointer).and_then(Value::as_u64);
        count.unwrap_or_default()
    };
    Usage {
        input: count("/input_tokens"),
        cached_input: count("/input_tokens_details/cached_tokens"),
        cache_write: count("/input_tokens_details/cache_write_tokens"),
        output: count("/output_tokens"),
        reasoning: count("/output_tokens_details/reasoning_tokens"),
        estimated: false,
    }
}
