//! The events of a response, in `OpenAI`'s order.

use serde_json::{Map, Value, json};

use crate::models::{
    Taken,
    asked::pieces,
    chat::{message_of, obfuscation},
    scenario::{Ending, Shape, Step},
    script::Script,
};

/// What a model thinks, told only as a summary that is asked for.
const SUMMARY: &str = "Reading the request, then filling the form.";

/// A response in all the ways in which it can be told.
pub(super) struct Answer {
    /// The object at creation.
    pub(super) opening: Value,
    /// The object at the end.
    pub(super) terminal: Value,
    /// As events.
    pub(super) events: Script,
    /// As one body.
    pub(super) whole: Script,
}

impl Answer {
    pub(super) fn of(taken: &Taken) -> Self {
        let told = Told { taken };
        let terminal = told.terminal();
        let mut whole = taken.script(false);
        let body = match taken.ending {
            Ending::Failure(Shape::Flat, code) => flat(code),
            Ending::Failure(Shape::Nested, code) => json!({ "error": flat(code) }),
            _ => terminal.clone(),
        };
        whole.push(taken.usage.output, body.to_string());
        Self {
            opening: told.object(told.first_status()),
            events: told.events(&terminal),
            terminal,
            whole,
        }
    }
}

fn flat(code: &str) -> Value {
    json!({ "type": "error", "code": code, "message": message_of(code), "param": null })
}

struct Told<'a> {
    taken: &'a Taken,
}

impl Told<'_> {
    fn is_background(&self) -> bool {
        self.taken.body["background"] == true
    }

    fn first_status(&self) -> &'static str {
        match self.is_background() {
            true => "queued",
            false => "in_progress",
        }
    }

    fn object(&self, status: &str) -> Value {
        let body = &self.taken.body;
        let or = |field: &str, value: Value| match &body[field] {
            Value::Null => value,
            given => given.clone(),
        };
        let format = match &body["text"]["format"] {
            Value::Null => json!({ "type": "text" }),
            given => given.clone(),
        };
        json!({
            "id": super::id(&self.taken.id), "object": "response", "created_at": self.taken.at, "status": status,
            "background": self.is_background(), "error": null, "incomplete_details": null,
            "instructions": body["instructions"], "max_output_tokens": body["max_output_tokens"], "max_tool_calls": null,
            "metadata": or("metadata", json!({})), "model": self.taken.asked.model, "output": [],
            "parallel_tool_calls": true, "previous_response_id": null, "prompt_cache_key": body["prompt_cache_key"],
            "reasoning": { "effort": body["reasoning"]["effort"], "summary": body["reasoning"]["summary"] },
            "safety_identifier": body["safety_identifier"], "service_tier": or("service_tier", json!("default")),
            "store": or("store", json!(true)), "temperature": or("temperature", json!(1.0)),
            "text": { "format": format, "verbosity": body["text"]["verbosity"].as_str().unwrap_or("medium") },
            "tool_choice": "auto", "tools": [], "top_logprobs": 0, "top_p": or("top_p", json!(1.0)),
            "truncation": or("truncation", json!("disabled")), "usage": null, "user": null,
        })
    }

    /// The object at the end.
    fn terminal(&self) -> Value {
        let taken = self.taken;
        let (status, reason) = match taken.ending {
            Ending::Stop | Ending::Refusal => ("completed", None),
            Ending::Length => ("incomplete", Some("max_output_tokens")),
            Ending::ContentFilter => ("incomplete", Some("content_filter")),
            Ending::NoResources | Ending::Failure(..) => ("failed", None),
        };
        let mut object = self.object(status);
        if status == "failed" {
            let code = match taken.ending {
                Ending::Failure(_, code) => code,
                _ => "server_error",
            };
            object["error"] = json!({ "code": code, "message": message_of(code) });
            return object;
        }
        if let Some(reason) = reason {
            object["incomplete_details"] = json!({ "reason": reason });
        }
        let mut output = Vec::new();
        if taken.usage.reasoning > 0 {
            output.push(self.reasoning_item(true));
        }
        output.push(self.message_item(status, vec![self.part(&taken.text)]));
        object["output"] = json!(output);
        let usage = taken.usage;
        if !taken.omits_usage {
            object["usage"] = json!({
                "input_tokens": usage.input,
                "input_tokens_details": { "cached_tokens": usage.cached, "cache_write_tokens": usage.written },
                "output_tokens": usage.output, "output_tokens_details": { "reasoning_tokens": usage.reasoning },
                "total_tokens": usage.input + usage.output,
            });
        }
        object
    }

    fn message_item(&self, status: &str, content: Vec<Value>) -> Value {
        json!({
            "id": self.message_id(), "type": "message", "status": status, "role": "assistant", "content": content,
        })
    }

    fn reasoning_item(&self, done: bool) -> Value {
        let summary = match done && self.summarises() {
            true => json!([{ "type": "summary_text", "text": SUMMARY }]),
            false => json!([]),
        };
        json!({ "id": format!("rs_{}", self.taken.id), "type": "reasoning", "summary": summary })
    }

    fn summarises(&self) -> bool {
        self.taken.body["reasoning"]["summary"].is_string()
    }

    fn part(&self, text: &str) -> Value {
        match self.taken.ending {
            Ending::Refusal => json!({ "type": "refusal", "refusal": text }),
            _ => json!({ "type": "output_text", "text": text, "annotations": [], "logprobs": [] }),
        }
    }

    fn message_id(&self) -> String {
        format!("msg_{}", self.taken.id)
    }

    fn events(&self, terminal: &Value) -> Script {
        let mut events = Events::new(self.taken.bare_script());
        let opening = self.object(self.first_status());
        events.emit("response.created", 0, json!({ "response": opening }));
        if self.is_background() {
            events.emit("response.queued", 0, json!({ "response": opening }));
        }
        for step in &self.taken.steps {
            if let Step::KeepAlive(count, apart) = step {
                events.script.keep_alive(*count, *apart);
            }
        }
        events.emit(
            "response.in_progress",
            0,
            json!({ "response": self.object("in_progress") }),
        );
        let thought = self.taken.usage.reasoning;
        if thought > 0 {
            self.think(&mut events, thought);
        }
        self.say(&mut events, terminal);
        let total = self.taken.usage.output;
        match self.taken.ending {
            Ending::Failure(Shape::Flat, code) => events.emit("error", total, flat(code)),
            Ending::Failure(Shape::Nested, code) => {
                let error = json!({ "code": code, "message": message_of(code), "param": null });
                events.emit("error", total, json!({ "error": error }));
            }
            _ => {
                let status = terminal["status"].as_str().unwrap_or_default();
                let kind = format!("response.{status}");
                events.emit(&kind, total, json!({ "response": terminal }));
            }
        }
        events.script
    }

    fn think(&self, events: &mut Events, tokens: usize) {
        let index = json!(0);
        events.emit(
            "response.output_item.added",
            0,
            json!({ "output_index": index, "item": self.reasoning_item(false) }),
        );
        if self.summarises() {
            let place = json!({ "item_id": self.reasoning_item(false)["id"], "output_index": 0, "summary_index": 0 });
            let part = |text: &str| json!({ "part": { "type": "summary_text", "text": text } });
            events.emit(
                "response.reasoning_summary_part.added",
                1,
                merged(&place, part("")),
            );
            for piece in pieces(SUMMARY) {
                events.emit(
                    "response.reasoning_summary_text.delta",
                    1,
                    merged(&place, json!({ "delta": piece })),
                );
            }
            events.emit(
                "response.reasoning_summary_text.done",
                tokens,
                merged(&place, json!({ "text": SUMMARY })),
            );
            events.emit(
                "response.reasoning_summary_part.done",
                tokens,
                merged(&place, part(SUMMARY)),
            );
        }
        events.emit(
            "response.output_item.done",
            tokens,
            json!({ "output_index": index, "item": self.reasoning_item(true) }),
        );
    }

    /// The message; a failed one breaks off after its last delta.
    fn say(&self, events: &mut Events, terminal: &Value) {
        let taken = self.taken;
        let thought = taken.usage.reasoning;
        let output_index = usize::from(thought > 0);
        let item = |status, content| json!({ "output_index": output_index, "item": self.message_item(status, content) });
        let place = json!({ "item_id": self.message_id(), "output_index": output_index, "content_index": 0 });
        events.emit(
            "response.output_item.added",
            thought,
            item("in_progress", vec![]),
        );
        events.emit(
            "response.content_part.added",
            thought,
            merged(&place, json!({ "part": self.part("") })),
        );
        let refuses = taken.ending == Ending::Refusal;
        let kind = if refuses {
            "response.refusal"
        } else {
            "response.output_text"
        };
        let mut said = thought;
        for piece in pieces(&taken.text) {
            said += 1;
            let mut delta = merged(&place, json!({ "delta": piece }));
            if !refuses {
                delta["logprobs"] = json!([]);
            }
            if taken.request.obfuscate {
                delta["obfuscation"] = json!(obfuscation(said));
            }
            events.emit(&format!("{kind}.delta"), said, delta);
        }
        if matches!(taken.ending, Ending::Failure(..) | Ending::NoResources) {
            return;
        }
        let done = match refuses {
            true => json!({ "refusal": taken.text }),
            false => json!({ "text": taken.text, "logprobs": [] }),
        };
        events.emit(&format!("{kind}.done"), said, merged(&place, done));
        events.emit(
            "response.content_part.done",
            said,
            merged(&place, json!({ "part": self.part(&taken.text) })),
        );
        let status = terminal["status"].as_str().unwrap_or_default().to_owned();
        events.emit(
            "response.output_item.done",
            said,
            item(&status, vec![self.part(&taken.text)]),
        );
    }
}

/// Events with their numbers.
struct Events {
    script: Script,
    number: u64,
}

impl Events {
    fn new(script: Script) -> Self {
        Self { script, number: 0 }
    }

    /// Appends an event, there when so many tokens are.
    fn emit(&mut self, kind: &str, tokens: usize, fields: Value) {
        let head = json!({ "type": kind, "sequence_number": self.number });
        let data = merged(&head, fields);
        let index = self
            .script
            .push(tokens, format!("event: {kind}\ndata: {data}\n\n"));
        self.script.frames[index].sequence = Some(self.number);
        self.number += 1;
    }
}

/// The fields of both; the first's win.
fn merged(first: &Value, second: Value) -> Value {
    let mut fields: Map<String, Value> = match second {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    for (name, value) in first.as_object().into_iter().flatten() {
        fields.insert(name.clone(), value.clone());
    }
    fields.into()
}
