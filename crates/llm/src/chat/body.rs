//! What is sent, and where the dialects differ in it.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{Request, Schema};

/// How a server is told what the answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structured {
    /// It takes a schema and keeps to it.
    StrictSchema,
    /// It can be bound to JSON, not to a schema; the schema stands in the prompt.
    JsonObject,
    /// It can be bound to nothing; all stands in the prompt.
    Prompt,
}

/// Where the dialects differ.
#[derive(Debug, Clone)]
pub(crate) struct Dialect {
    pub(crate) structured: Structured,
    /// OpenAI's newer field for the limit, which the others do not know.
    pub(crate) completion_limit: bool,
    /// OpenAI's: no random filling in each chunk.
    pub(crate) plain_chunks: bool,
    /// DeepSeek's: think not, which it does by default.
    pub(crate) thinking_off: bool,
    /// OpenAI's: how hard to think.
    pub(crate) effort: Option<String>,
}

impl Dialect {
    pub(crate) fn with(&self, structured: Structured) -> Self {
        Self {
            structured,
            ..self.clone()
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Body<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    stream: bool,
    stream_options: StreamOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Thinking>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: std::borrow::Cow<'a, str>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    include_obfuscation: Option<bool>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ResponseFormat<'a> {
    JsonSchema { json_schema: JsonSchema<'a> },
    JsonObject,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'a str,
    strict: bool,
    schema: &'a RawValue,
}

#[derive(Serialize)]
struct Thinking {
    r#type: &'static str,
}

impl<'a> Body<'a> {
    pub(crate) fn new(model: &'a str, dialect: &'a Dialect, request: &'a Request) -> Self {
        let limit = |is_completion: bool| {
            (dialect.completion_limit == is_completion).then_some(request.max_output_tokens)
        };
        Self {
            model,
            messages: messages(dialect.structured, request),
            stream: true,
            stream_options: StreamOptions {
                include_usage: true,
                include_obfuscation: dialect.plain_chunks.then_some(false),
            },
            max_tokens: limit(false),
            max_completion_tokens: limit(true),
            temperature: request.temperature,
            reasoning_effort: dialect.effort.as_deref(),
            response_format: response_format(dialect.structured, &request.schema),
            thinking: dialect
                .thinking_off
                .then_some(Thinking { r#type: "disabled" }),
        }
    }
}

/// The rules and what the answer must be come first and never change, so that the provider's cache knows them.
fn messages(structured: Structured, request: &Request) -> [Message<'_>; 2] {
    let system = match structured {
        Structured::StrictSchema => request.system.as_str().into(),
        Structured::JsonObject | Structured::Prompt => {
            format!("{}\n\n{}", request.system, request.schema.instruction()).into()
        }
    };
    [
        Message {
            role: "system",
            content: system,
        },
        Message {
            role: "user",
            content: request.user.as_str().into(),
        },
    ]
}

fn response_format(structured: Structured, schema: &Schema) -> Option<ResponseFormat<'_>> {
    match structured {
        Structured::StrictSchema => Some(ResponseFormat::JsonSchema {
            json_schema: JsonSchema {
                name: schema.name(),
                strict: true,
                schema: schema.text(),
            },
        }),
        Structured::JsonObject => Some(ResponseFormat::JsonObject),
        Structured::Prompt => None,
    }
}
