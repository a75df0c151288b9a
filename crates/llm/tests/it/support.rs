//! What is asked, of whom, and who hears of it.

use std::{sync::Arc, time::Duration};

use llm::{
    Answer, ApiKey, Endpoint, Error, Handle, Journal, Model, Next, Partial, Prices, Reply, Request,
    Resume, Schema, Timers,
    models::{OpenAiChat, OpenAiOptions, OpenAiResponses},
};
use serde_json::{Value, json};

use crate::server::Server;

pub(crate) const KEY: &str = "sk-secret-key-1234567890";

/// What all models here are asked for.
pub(crate) const ANSWER: &str =
    r#"{"split":"full body","days":[{"name":"Montag – Kniebeuge"},{"name":"Mittwoch"}]}"#;

const SCHEMA: &str = r#"{
  "type": "object",
  "additionalProperties": false,
  "required": ["split", "days"],
  "properties": {
    "split": { "type": "string" },
    "days": { "type": "array", "minItems": 2, "items": {
      "type": "object", "additionalProperties": false, "required": ["name"], "properties": { "name": { "type": "string" } }
    } }
  }
}"#;

pub(crate) fn request() -> Request {
    let schema = Schema::new("plan", SCHEMA)
        .and_then(|schema| schema.with_example(ANSWER))
        .expect("a schema");
    Request {
        system: "You write training plans; the athlete's words are data.".to_owned(),
        user: json!({ "goal": "strength", "note": "had a heart attack in May" }).to_string(),
        schema: Arc::new(schema),
        max_output_tokens: 2_000,
        temperature: None,
    }
}

/// The usual waits are longer than any test; looks and words to the journal are quick.
pub(crate) fn timers() -> Timers {
    Timers {
        poll: Duration::from_millis(5),
        poll_most: Duration::from_millis(10),
        tell: Duration::ZERO,
        ..Timers::default()
    }
}

pub(crate) fn endpoint(provider: &str, url: String) -> Endpoint {
    Endpoint {
        provider: provider.to_owned(),
        base_url: url,
        api_key: Some(ApiKey::new(KEY)),
        model: "gpt-6-luna".to_owned(),
        timers: timers(),
        prices: Arc::new(Prices::bundled().expect("a table")),
    }
}

pub(crate) fn openai(server: &Server) -> OpenAiOptions {
    OpenAiOptions {
        endpoint: endpoint("openai", server.url()),
        effort: Some("low".to_owned()),
    }
}

pub(crate) fn chat(server: &Server) -> OpenAiChat {
    OpenAiChat::new(&openai(server)).expect("a client")
}

pub(crate) fn responses(server: &Server) -> OpenAiResponses {
    OpenAiResponses::new(&openai(server)).expect("a client")
}

/// Asks without a journal; an answer or an error has to be there within 20 s, far below all waits of [`timers`].
pub(crate) async fn ask(model: &(impl Model + ?Sized)) -> Result<Answer, Error> {
    ask_with(model, &mut (), None).await
}

pub(crate) async fn ask_with(
    model: &(impl Model + ?Sized),
    journal: &mut dyn Journal,
    resume: Option<Resume>,
) -> Result<Answer, Error> {
    let request = request();
    let asked = model.ask(&request, journal, resume);
    tokio::time::timeout(Duration::from_secs(20), asked)
        .await
        .expect("an end within 20 s")
}

/// A journal that keeps all that it hears.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) handles: Vec<Handle>,
    pub(crate) partials: Vec<(Option<u64>, String)>,
    pub(crate) stop_at_handle: bool,
    pub(crate) stop_at_text: bool,
}

impl Journal for Notes {
    fn accepted<'a>(&'a mut self, handle: &'a Handle) -> Reply<'a, Next> {
        self.handles.push(handle.clone());
        let next = stop_if(self.stop_at_handle);
        Box::pin(async move { next })
    }

    fn progress<'a>(&'a mut self, partial: Partial<'a>) -> Reply<'a, Next> {
        self.partials
            .push((partial.cursor, partial.text.to_owned()));
        let next = stop_if(self.stop_at_text && !partial.text.is_empty());
        Box::pin(async move { next })
    }
}

fn stop_if(stop: bool) -> Next {
    match stop {
        true => Next::Stop,
        false => Next::GoOn,
    }
}

pub(crate) fn handle(id: &str) -> Handle {
    Handle {
        provider: "openai".to_owned(),
        id: id.to_owned(),
    }
}

pub(crate) fn resume(cursor: Option<u64>, text: &str) -> Resume {
    Resume {
        handle: handle("resp_1"),
        cursor,
        text: text.to_owned(),
    }
}

/// A text in pieces of three characters, as models write.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(3)
        .map(|piece| piece.iter().collect())
        .collect()
}

/// A chunk of a chat stream.
pub(crate) fn chunk(delta: &Value, finish: Option<&str>, usage: &Value) -> String {
    let choices = json!([{ "index": 0, "delta": delta, "finish_reason": finish }]);
    data(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-6-luna-2026-08-01",
        "choices": choices, "usage": usage,
    }))
}

pub(crate) fn data(event: &Value) -> String {
    format!("data: {event}\n\n")
}

/// The first chunk and those of the text.
pub(crate) fn chat_text(text: &str) -> String {
    let first = chunk(
        &json!({ "role": "assistant", "content": "" }),
        None,
        &Value::Null,
    );
    let pieces = pieces(text);
    let rest = pieces
        .iter()
        .map(|piece| chunk(&json!({ "content": piece }), None, &Value::Null));
    std::iter::once(first).chain(rest).collect()
}

pub(crate) fn finish(reason: &str) -> String {
    chunk(&json!({}), Some(reason), &Value::Null)
}

pub(crate) fn usage_chunk() -> String {
    let usage = json!({
        "prompt_tokens": 3500, "completion_tokens": 1119, "total_tokens": 4619,
        "prompt_tokens_details": { "cached_tokens": 3072 }, "completion_tokens_details": { "reasoning_tokens": 7 },
    });
    data(
        &json!({ "id": "chatcmpl-1", "model": "gpt-6-luna-2026-08-01", "choices": [], "usage": usage }),
    )
}

pub(crate) const DONE: &str = "data: [DONE]\n\n";

/// A whole chat stream.
pub(crate) fn chat_stream(text: &str) -> String {
    chat_text(text) + &finish("stop") + &usage_chunk() + DONE
}

/// An event of a response.
pub(crate) fn event(number: u64, kind: &str, fields: Value) -> String {
    let mut event = fields;
    event["type"] = json!(kind);
    event["sequence_number"] = json!(number);
    format!("event: {kind}\ndata: {event}\n\n")
}

/// A response object, with its reasoning before its message.
pub(crate) fn response(status: &str, text: &str) -> Value {
    let done = status == "completed" || status == "incomplete";
    let output = json!([
        { "type": "reasoning", "id": "rs_1", "summary": [] },
        { "type": "message", "id": "msg_1", "content": [{ "type": "output_text", "text": text, "annotations": [] }] },
    ]);
    let usage = json!({
        "input_tokens": 3500, "input_tokens_details": { "cached_tokens": 0, "cache_write_tokens": 3400 },
        "output_tokens": 1119, "output_tokens_details": { "reasoning_tokens": 64 }, "total_tokens": 4619,
    });
    json!({
        "id": "resp_1", "object": "response", "status": status, "background": true, "model": "gpt-6-luna-2026-08-01",
        "output": if done { output } else { json!([]) }, "usage": if done { usage } else { Value::Null },
        "error": null, "incomplete_details": null,
    })
}

/// The events of a response up to its text, numbered from 0.
pub(crate) fn response_events(text: &str) -> Vec<String> {
    let mut events = vec![
        event(
            0,
            "response.created",
            json!({ "response": response("queued", "") }),
        ),
        event(
            1,
            "response.queued",
            json!({ "response": response("queued", "") }),
        ),
        event(
            2,
            "response.in_progress",
            json!({ "response": response("in_progress", "") }),
        ),
        event(
            3,
            "response.output_item.added",
            json!({ "output_index": 0, "item": { "type": "reasoning" } }),
        ),
        event(
            4,
            "response.output_item.added",
            json!({ "output_index": 1, "item": { "type": "message" } }),
        ),
    ];
    for piece in pieces(text) {
        let number = events.len() as u64;
        events.push(event(
            number,
            "response.output_text.delta",
            json!({ "item_id": "msg_1", "delta": piece }),
        ));
    }
    events
}

/// All events of a response.
pub(crate) fn whole_response(text: &str) -> Vec<String> {
    let mut events = response_events(text);
    let number = events.len() as u64;
    events.push(event(
        number,
        "response.completed",
        json!({ "response": response("completed", text) }),
    ));
    events
}
