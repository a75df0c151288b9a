//! Chat Completions, in the dialects of `OpenAI` and of `DeepSeek`.

use serde_json::{Value, json};

use super::{
    Provider, Taken,
    asked::{Turn, pieces},
    refusal::Refusal,
    request::{self, Format, Request},
    scenario::{Ending, Shape},
    script::Script,
};

/// What `DeepSeek` thinks, aloud.
const THOUGHT: &str = "The user wants a plan. I read what is asked, look at the form, and answer within it; days first, then what is done on each.";

/// Reads a request and refuses what the provider refuses.
pub(super) fn read(provider: Provider, body: &Value) -> Result<Request, Refusal> {
    let messages = body["messages"].as_array();
    let messages = messages
        .filter(|messages| !messages.is_empty())
        .ok_or_else(|| request::missing("messages", provider))?;
    let turns: Vec<Turn> = messages.iter().map(turn).collect::<Result<_, _>>()?;
    let (format, most_tokens, reasoning) = match provider {
        Provider::Openai => {
            let strangers = [
                ("input", "messages"),
                ("instructions", "messages"),
                ("text", "response_format"),
                ("reasoning", "reasoning_effort"),
                ("max_output_tokens", "max_completion_tokens"),
                ("background", ""),
                ("thinking", ""),
            ];
            request::refuse_strangers(body, &strangers, "Chat Completions")?;
            request::check_labels(body)?;
            (
                openai_format(body, &turns)?,
                openai_most_tokens(body)?,
                request::reasoning_tokens(&body["reasoning_effort"], "reasoning_effort")?,
            )
        }
        Provider::Deepseek => {
            let thinks = body["thinking"]["type"] != "disabled";
            let thought = pieces(THOUGHT).len();
            (
                deepseek_format(body, &turns)?,
                request::most_tokens(body, "max_tokens", 1)?,
                if thinks { thought } else { 0 },
            )
        }
    };
    let options = &body["stream_options"];
    Ok(Request {
        turns,
        format,
        stream: body["stream"] == true,
        include_usage: options["include_usage"] == true,
        obfuscate: provider == Provider::Openai && options["include_obfuscation"] != false,
        most_tokens,
        reasoning,
    })
}

fn turn(message: &Value) -> Result<Turn, Refusal> {
    let role = message["role"].as_str().unwrap_or_default();
    if !["developer", "system", "user", "assistant", "tool"].contains(&role) {
        return Err(Refusal::invalid(
            Some("messages"),
            format!(
                "Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'tool', and 'developer'."
            ),
        ));
    }
    Ok(Turn {
        role: role.to_owned(),
        text: request::text_of(&message["content"]),
    })
}

fn openai_format(body: &Value, turns: &[Turn]) -> Result<Format, Refusal> {
    let format = &body["response_format"];
    match format["type"].as_str() {
        None if format.is_null() => Ok(Format::Text),
        Some("text") => Ok(Format::Text),
        Some("json_object") => {
            request::check_json_word(turns, "messages").map(|()| Format::JsonObject)
        }
        Some("json_schema") => {
            request::schema_format(&format["json_schema"], "response_format.json_schema")
        }
        _ => Err(Refusal::invalid(
            Some("response_format.type"),
            "Invalid 'response_format.type': 'text', 'json_object' or 'json_schema' is right.",
        )),
    }
}

/// Reasoning models refuse the old name.
fn openai_most_tokens(body: &Value) -> Result<Option<usize>, Refusal> {
    let model = body["model"].as_str().unwrap_or_default();
    let reasons = ["gpt-5", "gpt-6", "o1", "o3", "o4"]
        .iter()
        .any(|family| model.starts_with(family));
    if reasons && body.get("max_tokens").is_some_and(|most| !most.is_null()) {
        return Err(Refusal::unsupported(
            "max_tokens",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        ));
    }
    let new = request::most_tokens(body, "max_completion_tokens", 1)?;
    let old = request::most_tokens(body, "max_tokens", 1)?;
    Ok(new.or(old))
}

fn deepseek_format(body: &Value, turns: &[Turn]) -> Result<Format, Refusal> {
    let format = &body["response_format"];
    match format["type"].as_str() {
        None if format.is_null() => Ok(Format::Text),
        Some("text") => Ok(Format::Text),
        Some("json_object") => {
            request::check_json_word(turns, "prompt").map(|()| Format::JsonObject)
        }
        _ => Err(Refusal::invalid(
            None,
            "This response_format type is unavailable now",
        )),
    }
}

/// The frames of an answer.
pub(super) fn script(taken: &Taken, provider: Provider) -> Script {
    let chat = Chat { taken, provider };
    match taken.request.stream {
        true => chat.stream(),
        false => chat.whole(),
    }
}

struct Chat<'a> {
    taken: &'a Taken,
    provider: Provider,
}

impl Chat<'_> {
    fn id(&self) -> String {
        id(self.provider, &self.taken.id)
    }

    fn stream(&self) -> Script {
        let mut script = self.taken.script(true);
        let thinking = self.taken.usage.reasoning;
        let is_deepseek = self.provider == Provider::Deepseek;
        let first = match (is_deepseek && thinking > 0, self.refuses()) {
            (true, _) => json!({ "role": "assistant", "content": null, "reasoning_content": "" }),
            (false, true) => json!({ "role": "assistant", "content": "", "refusal": null }),
            (false, false) => json!({ "role": "assistant", "content": "" }),
        };
        script.data(0, &self.chunk(first, None, 0));
        let mut said = 0;
        if is_deepseek {
            for piece in pieces(THOUGHT).into_iter().take(thinking) {
                said += 1;
                script.data(
                    said,
                    &self.chunk(
                        json!({ "content": null, "reasoning_content": piece }),
                        None,
                        said,
                    ),
                );
            }
        }
        said = thinking;
        let field = if self.refuses() { "refusal" } else { "content" };
        for piece in pieces(&self.taken.text) {
            said += 1;
            script.data(said, &self.chunk(json!({ field: piece }), None, said));
        }
        if let Ending::Failure(shape, code) = self.taken.ending {
            script.data(said, &failure(shape, code));
            return script;
        }
        script.data(said, &self.chunk(json!({}), Some(self.finish_reason()), 0));
        if self.taken.request.include_usage && !self.taken.omits_usage {
            let mut last = self.envelope("chat.completion.chunk");
            last["choices"] = json!([]);
            last["usage"] = self.usage();
            script.data(said, &last);
        }
        script.data(said, &"[DONE]");
        script
    }

    fn whole(&self) -> Script {
        let mut script = self.taken.script(false);
        let total = self.taken.usage.output;
        if let Ending::Failure(shape, code) = self.taken.ending {
            script.push(total, failure(shape, code).to_string());
            return script;
        }
        let mut message = match self.refuses() {
            true => json!({ "role": "assistant", "content": null, "refusal": self.taken.text }),
            false => json!({ "role": "assistant", "content": self.taken.text, "refusal": null }),
        };
        if self.provider == Provider::Deepseek && self.taken.usage.reasoning > 0 {
            message["reasoning_content"] = json!(THOUGHT);
        }
        let mut answer = self.envelope("chat.completion");
        answer["choices"] = json!([{
            "index": 0, "message": message, "logprobs": null, "finish_reason": self.finish_reason(),
        }]);
        if !self.taken.omits_usage {
            answer["usage"] = self.usage();
        }
        script.push(total, answer.to_string());
        script
    }

    fn refuses(&self) -> bool {
        self.taken.ending == Ending::Refusal
    }

    fn envelope(&self, object: &str) -> Value {
        json!({
            "id": self.id(), "object": object, "created": self.taken.at, "model": self.taken.asked.model,
            "system_fingerprint": "fp_emulator",
        })
    }

    /// A chunk; `number` chooses its obfuscation.
    fn chunk(&self, delta: Value, finish: Option<&str>, number: usize) -> Value {
        let mut chunk = self.envelope("chat.completion.chunk");
        chunk["choices"] =
            json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }]);
        if self.taken.request.include_usage {
            chunk["usage"] = Value::Null;
        }
        if self.taken.request.obfuscate && finish.is_none() {
            chunk["obfuscation"] = json!(obfuscation(number));
        }
        chunk
    }

    fn finish_reason(&self) -> &'static str {
        match self.taken.ending {
            Ending::Stop | Ending::Refusal | Ending::Failure(..) => "stop",
            Ending::Length => "length",
            Ending::ContentFilter => "content_filter",
            Ending::NoResources => "insufficient_system_resource",
        }
    }

    fn usage(&self) -> Value {
        let usage = self.taken.usage;
        let mut told = json!({
            "prompt_tokens": usage.input, "completion_tokens": usage.output, "total_tokens": usage.input + usage.output,
            "prompt_tokens_details": { "cached_tokens": usage.cached },
            "completion_tokens_details": { "reasoning_tokens": usage.reasoning },
        });
        match self.provider {
            Provider::Openai => {
                told["prompt_tokens_details"]["cache_write_tokens"] = json!(usage.written);
                told["prompt_tokens_details"]["audio_tokens"] = json!(0);
                for field in [
                    "audio_tokens",
                    "accepted_prediction_tokens",
                    "rejected_prediction_tokens",
                ] {
                    told["completion_tokens_details"][field] = json!(0);
                }
            }
            Provider::Deepseek => {
                told["prompt_cache_hit_tokens"] = json!(usage.cached);
                told["prompt_cache_miss_tokens"] = json!(usage.input - usage.cached);
            }
        }
        told
    }
}

/// The id that the client gets.
pub(super) fn id(provider: Provider, unique: &str) -> String {
    match provider {
        Provider::Openai => format!("chatcmpl-{unique}"),
        Provider::Deepseek => unique.to_owned(),
    }
}

/// A text whose length changes from delta to delta.
pub(super) fn obfuscation(number: usize) -> String {
    "xK9mPq2TvB7rNw4L"
        .chars()
        .take(1 + number * 7 % 16)
        .collect()
}

fn failure(shape: Shape, code: &str) -> Value {
    let message = message_of(code);
    match shape {
        Shape::Flat => json!({ "type": "error", "code": code, "message": message, "param": null }),
        Shape::Nested | Shape::Failed => {
            json!({ "error": { "message": message, "type": code, "param": null, "code": code } })
        }
    }
}

/// The sentence of an error after 200.
pub(super) fn message_of(code: &str) -> &'static str {
    match code {
        "rate_limit_exceeded" => {
            "Rate limit reached while the answer was generated. Please try again later."
        }
        _ => "An error occurred while processing your request. You can retry your request.",
    }
}
