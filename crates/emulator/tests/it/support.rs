//! A fresh emulator, requests to it, and events read from what it answers.

use emulator::{Call, Emulator, Options};
use serde_json::{Value, json};

use super::http::{Answer, Exchange};

/// Where a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Chat,
    Responses,
    Deepseek,
}

pub(crate) const DOORS: [Door; 3] = [Door::Chat, Door::Responses, Door::Deepseek];

pub(crate) async fn start() -> Emulator {
    start_with(Options::default()).await
}

pub(crate) async fn start_with(options: Options) -> Emulator {
    Emulator::start(&options).await.expect("a port")
}

/// An answer of 1,000 tokens, 50 a second: whoever leaves it leaves it unfinished.
pub(crate) fn long_answer() -> Options {
    Options {
        answer: std::sync::Arc::new(|_| json!({ "text": "long".repeat(1_000) }).to_string()),
        tokens_per_second: Some(50.0),
        ..Options::default()
    }
}

/// A schema in strict form with all that a plan needs.
pub(crate) fn plan_schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["split", "days", "rationale"],
        "properties": {
            "split": { "type": "string", "enum": ["full_body", "upper_lower"] },
            "days": { "type": "array", "minItems": 3, "maxItems": 3, "items": { "$ref": "#/$defs/day" } },
            "rationale": { "type": "string", "minLength": 20, "maxLength": 60 },
        },
        "$defs": { "day": {
            "type": "object", "additionalProperties": false, "required": ["name", "exercises", "note"],
            "properties": {
                "name": { "type": "string" },
                "exercises": { "type": "array", "minItems": 2, "maxItems": 4, "items": { "type": "string", "enum": ["squat", "row", "press"] } },
                "note": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
            },
        } },
    })
}

impl Door {
    pub(crate) fn url(self, emulator: &Emulator) -> String {
        match self {
            Self::Chat => format!("{}/chat/completions", emulator.openai_url()),
            Self::Responses => format!("{}/responses", emulator.openai_url()),
            Self::Deepseek => format!("{}/chat/completions", emulator.deepseek_url()),
        }
    }

    /// A request for a plan in JSON, as each dialect asks for it.
    pub(crate) fn request(self, stream: bool) -> Value {
        let schema = plan_schema();
        match self {
            Self::Chat => json!({
                "model": "gpt-6-luna", "stream": stream, "stream_options": { "include_usage": true },
                "messages": [{ "role": "system", "content": "You plan." }, { "role": "user", "content": "Three days for me." }],
                "response_format": { "type": "json_schema", "json_schema": { "name": "plan", "strict": true, "schema": schema } },
            }),
            Self::Responses => json!({
                "model": "gpt-6.1-terra", "stream": stream, "instructions": "You plan.", "input": "Three days for me.",
                "text": { "format": { "type": "json_schema", "name": "plan", "strict": true, "schema": schema } },
            }),
            Self::Deepseek => json!({
                "model": "deepseek-flash", "stream": stream, "stream_options": { "include_usage": true },
                "thinking": { "type": "disabled" }, "response_format": { "type": "json_object" },
                "messages": [
                    { "role": "system", "content": format!("You plan. Answer in JSON of this schema:\n```json\n{schema}\n```\n") },
                    { "role": "user", "content": "Three days for me." },
                ],
            }),
        }
    }

    /// The text of the answer, from a whole body or from a stream's deltas.
    pub(crate) fn content(self, answer: &Answer) -> String {
        let streamed = answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
        if streamed {
            let deltas = events(&answer.body)
                .into_iter()
                .filter_map(|event| self.delta(&event));
            return deltas.collect();
        }
        let body = answer.json();
        let content = match self {
            Self::Responses => body["output"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|item| item["type"] == "message")
                .map(|item| item["content"][0]["text"].clone()),
            _ => Some(body["choices"][0]["message"]["content"].clone()),
        };
        content
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    fn delta(self, event: &Value) -> Option<String> {
        let delta = match self {
            Self::Responses if event["type"] == "response.output_text.delta" => &event["delta"],
            Self::Responses => return None,
            _ => &event["choices"][0]["delta"]["content"],
        };
        delta.as_str().map(str::to_owned)
    }

    /// The reason of the end: `finish_reason`, or the status with its reason.
    pub(crate) fn finish(self, answer: &Answer) -> String {
        let streamed = answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
        let told = match streamed {
            true => events(&answer.body),
            false => vec![answer.json()],
        };
        let last = |value: &dyn Fn(&Value) -> Option<String>| {
            told.iter()
                .filter_map(value)
                .next_back()
                .unwrap_or_default()
        };
        match self {
            Self::Responses => last(&|event| {
                let response = event.get("response").unwrap_or(event);
                let status = response["status"].as_str()?;
                Some(match response["incomplete_details"]["reason"].as_str() {
                    Some(reason) => format!("{status}: {reason}"),
                    None => status.to_owned(),
                })
            }),
            _ => last(&|event| {
                event["choices"][0]["finish_reason"]
                    .as_str()
                    .map(str::to_owned)
            }),
        }
    }

    /// Sends a request for a plan in a scenario.
    pub(crate) async fn open(self, emulator: &Emulator, scenario: &str, body: &Value) -> Exchange {
        let headers = [
            ("authorization", "Bearer sk-test"),
            ("content-type", "application/json"),
            ("x-emulator-scenario", scenario),
        ];
        Exchange::send("POST", &self.url(emulator), &headers, &body.to_string()).await
    }

    pub(crate) async fn ask(self, emulator: &Emulator, scenario: &str, body: &Value) -> Answer {
        self.open(emulator, scenario, body).await.answer().await
    }
}

/// The request, to be generated in the background and kept.
pub(crate) fn in_background(stream: bool) -> Value {
    let mut request = Door::Responses.request(stream);
    request["background"] = json!(true);
    request["store"] = json!(true);
    request
}

pub(crate) async fn get(url: &str) -> Answer {
    let headers = [("authorization", "Bearer sk-test")];
    Exchange::send("GET", url, &headers, "")
        .await
        .answer()
        .await
}

pub(crate) async fn post(url: &str) -> Answer {
    let headers = [("authorization", "Bearer sk-test")];
    Exchange::send("POST", url, &headers, "")
        .await
        .answer()
        .await
}

/// The data of every whole event, without `[DONE]`.
pub(crate) fn events(body: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(body);
    let whole = text.rfind("\n\n").map_or("", |end| &text[..end]);
    whole
        .split("\n\n")
        .filter_map(|event| event.lines().find_map(|line| line.strip_prefix("data: ")))
        .filter(|data| *data != "[DONE]")
        .map(|data| serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {data}")))
        .collect()
}

/// The id of a Responses stream.
pub(crate) fn response_id(body: &[u8]) -> String {
    let events = events(body);
    events[0]["response"]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// That a text is an instance of `plan_schema`.
pub(crate) fn check_plan(text: &str) -> Value {
    let plan: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let split = plan["split"].as_str().expect("a split");
    assert!(["full_body", "upper_lower"].contains(&split));
    let length = plan["rationale"]
        .as_str()
        .expect("a rationale")
        .chars()
        .count();
    assert!((20..=60).contains(&length), "{length} characters");
    let days = plan["days"].as_array().expect("days");
    assert_eq!(days.len(), 3);
    for day in days {
        assert!(day["name"].is_string() && (day["note"].is_string() || day["note"].is_null()));
        let exercises = day["exercises"].as_array().expect("exercises");
        assert!((2..=4).contains(&exercises.len()));
        let known = |exercise: &Value| {
            ["squat", "row", "press"]
                .iter()
                .any(|known| exercise == known)
        };
        assert!(exercises.iter().all(known), "{exercises:?}");
        assert_eq!(day.as_object().map(|day| day.len()), Some(3));
    }
    assert_eq!(plan.as_object().map(|plan| plan.len()), Some(3));
    plan
}

/// Waits until something is so of the ledger.
pub(crate) async fn eventually(emulator: &Emulator, is_so: impl Fn(&[Call]) -> bool) {
    let wait = emulator.ledger().until(|ledger| is_so(&ledger.calls()));
    let wait = tokio::time::timeout(std::time::Duration::from_secs(20), wait);
    assert!(wait.await.is_ok(), "{:?}", emulator.ledger().calls());
}
