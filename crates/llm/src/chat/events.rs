//! What the chunks of a chat stream say. Never fails on a field that is missing, new or of another type.

use serde_json::Value;

use crate::{Class, Fault, Usage, call::Read};

/// What an event brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Nothing of the answer.
    Nothing,
    /// Text, or thought.
    Content,
}

/// Reads one answer, chunk by chunk.
#[derive(Default)]
pub struct ChatReader {
    pub(super) read: Read,
    finish: Option<String>,
    refusal: bool,
    done: bool,
}

impl ChatReader {
    /// Reads the data of the next event.
    ///
    /// # Errors
    /// The failure that the provider reported inside the stream, or data that is no JSON.
    pub fn read(&mut self, data: &str) -> Result<Seen, Fault> {
        if data.trim() == "[DONE]" {
            self.done = true;
            return Ok(Seen::Nothing);
        }
        let chunk: Value =
            serde_json::from_str(data).map_err(|_| Fault::network("an event that is no JSON"))?;
        if let Some(fault) = Fault::in_event(&chunk) {
            return Err(fault);
        }
        self.read_facts(&chunk);
        Ok(self.read_choice(chunk.pointer("/choices/0").unwrap_or(&Value::Null)))
    }

    /// Whether the answer has said its end.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.done || self.finish.is_some()
    }

    /// Whether nothing more will come.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Its text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.read.text
    }

    /// How the answer ended.
    ///
    /// # Errors
    /// Cut, refused, filtered, given up.
    pub fn verdict(&self) -> Result<(), Fault> {
        let reason = self.finish.as_deref().unwrap_or_default();
        match reason {
            "length" => Err(Fault::new(Class::Truncated, "")),
            "content_filter" => Err(Fault::new(Class::Refused, "a filter took the answer")),
            "insufficient_system_resource" => Err(Fault {
                code: Some(reason.to_owned()),
                ..Fault::new(Class::RateLimit { retry_after: None }, "")
            }),
            _ if self.refusal => Err(Fault::new(Class::Refused, "")),
            _ => Ok(()),
        }
    }

    fn read_facts(&mut self, chunk: &Value) {
        if let Some(model) = chunk.get("model").and_then(Value::as_str) {
            self.read.model = Some(model.to_owned());
        }
        if let Some(usage) = chunk.get("usage").filter(|usage| usage.is_object()) {
            self.read.usage = Some(usage_of(usage));
        }
    }

    fn read_choice(&mut self, choice: &Value) -> Seen {
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish = Some(reason.to_owned());
        }
        let said = |name: &str| {
            let text = choice.get("delta")?.get(name)?.as_str()?;
            (!text.is_empty()).then_some(text)
        };
        let mut seen = Seen::Nothing;
        if let Some(text) = said("content") {
            self.read.text.push_str(text);
            seen = Seen::Content;
        }
        if let Some(thought) = said("reasoning_content").or_else(|| said("reasoning")) {
            self.read.reasoning += (thought.len() as u64).div_ceil(4);
            seen = Seen::Content;
        }
        if said("refusal").is_some() {
            self.refusal = true;
            seen = Seen::Content;
        }
        seen
    }
}

/// OpenAI's names, and DeepSeek's for what its cache knew.
fn usage_of(usage: &Value) -> Usage {
    let count = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64);
    let cached = count("/prompt_tokens_details/cached_tokens");
    Usage {
        input: count("/prompt_tokens").unwrap_or_default(),
        cached_input: cached
            .or_else(|| count("/prompt_cache_hit_tokens"))
            .unwrap_or_default(),
        cache_write: count("/prompt_tokens_details/cache_write_tokens").unwrap_or_default(),
        output: count("/completion_tokens").unwrap_or_default(),
        reasoning: count("/completion_tokens_details/reasoning_tokens").unwrap_or_default(),
        estimated: false,
    }
}
