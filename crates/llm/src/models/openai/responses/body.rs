//! What is sent to have an answer made in the background.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::Request;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    instructions: &'a str,
    input: &'a str,
    max_output_tokens: u32,
    /// All three: a stream can be resumed only if it was created in the background and as a stream, and an answer that is not stored
    /// is gone ten minutes after its end.
    background: bool,
    store: bool,
    stream: bool,
    stream_options: StreamOptions,
    text: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_obfuscation: bool,
}

#[derive(Serialize)]
struct Text<'a> {
    format: Format<'a>,
}

#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    name: &'a str,
    strict: bool,
    schema: &'a RawValue,
}

#[derive(Serialize)]
struct Reasoning<'a> {
    effort: &'a str,
}

impl<'a> Body<'a> {
    pub(super) fn new(model: &'a str, effort: Option<&'a str>, request: &'a Request) -> Self {
        Self {
            model,
            instructions: &request.system,
            input: &request.user,
            max_output_tokens: request.max_output_tokens,
            background: true,
            store: true,
            stream: true,
            stream_options: StreamOptions {
                include_obfuscation: false,
            },
            text: Text {
                format: Format {
                    r#type: "json_schema",
                    name: request.schema.name(),
                    strict: true,
                    schema: request.schema.text(),
                },
            },
            reasoning: effort.map(|effort| Reasoning { effort }),
            temperature: request.temperature,
        }
    }
}
