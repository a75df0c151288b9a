//! Each dialect's reader of events: no JSON breaks it, and a changed event changes no more than itself.

use llm::{chat::ChatReader, models::openai::responses::ResponsesReader};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use crate::support::{ANSWER, chat_stream, whole_response};

/// JSON of any shape, with the names that the dialects use.
fn any_json() -> impl Strategy<Value = Value> {
    let names = || {
        select(vec![
            "choices",
            "delta",
            "content",
            "finish_reason",
            "usage",
            "prompt_tokens",
            "error",
            "code",
            "message",
            "type",
            "response",
            "status",
            "output",
            "text",
            "sequence_number",
            "id",
            "incomplete_details",
            "reason",
            "model",
            "reasoning_content",
            "refusal",
            "input_tokens",
        ])
    };
    let words = select(vec![
        "response.completed",
        "response.failed",
        "response.created",
        "response.output_text.delta",
        "error",
        "completed",
        "failed",
        "incomplete",
        "message",
        "output_text",
        "stop",
        "length",
        "resp_1",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        words.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((names(), inner), 0..6).prop_map(|fields| {
                let fields: Map<String, Value> = fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect();
                Value::from(fields)
            }),
        ]
    })
}

/// The data of each event of a stream.
fn data_of(stream: &str) -> Vec<String> {
    stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(str::to_owned)
        .collect()
}

/// Reads all of it with both readers, and asks them everything.
fn read_all(events: &[String]) {
    let mut chat = ChatReader::default();
    let mut responses = ResponsesReader::default();
    for event in events {
        let _ = (chat.read(event), responses.read(event));
        if let Ok(value) = serde_json::from_str(event) {
            responses.settle(&value);
        }
    }
    let _ = (
        chat.verdict(),
        chat.has_ended(),
        chat.is_done(),
        chat.text().len(),
    );
    let _ = (
        responses.verdict(),
        responses.has_ended(),
        responses.is_running(),
        responses.cursor(),
    );
}

proptest! {
    #[test]
    fn no_json_breaks_a_reader(events in vec(any_json(), 0..12)) {
        read_all(&events.iter().map(Value::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn no_text_breaks_a_reader(events in vec(any::<String>(), 0..12)) {
        read_all(&events);
    }

    #[test]
    fn a_stream_with_any_value_put_in_any_place_breaks_no_reader(chat in any::<bool>(), event in any::<usize>(), place in any::<usize>(), value in any_json()) {
        let stream = if chat { chat_stream(ANSWER) } else { whole_response(ANSWER).concat() };
        let mut events = data_of(&stream);
        let index = event % events.len();
        if let Ok(Value::Object(mut fields)) = serde_json::from_str::<Value>(&events[index]) {
            let name = fields.keys().nth(place % fields.len()).cloned().unwrap_or_default();
            fields.insert(name, value);
            events[index] = Value::from(fields).to_string();
        }
        read_all(&events);
    }

    #[test]
    fn events_of_a_response_told_again_in_any_order_count_once(again in vec((any::<usize>(), any::<usize>()), 0..30)) {
        let events = data_of(&whole_response(ANSWER).concat());
        let mut told = Vec::new();
        for (index, event) in events.iter().enumerate() {
            told.push(event.clone());
            let earlier = again.iter().filter(|(at, _)| at % events.len() == index);
            told.extend(earlier.map(|(_, which)| events[which % (index + 1)].clone()));
        }
        let mut reader = ResponsesReader::default();
        for event in &told {
            prop_assert!(reader.read(event).is_ok());
            prop_assert!(ANSWER.starts_with(reader.text()));
        }
        prop_assert_eq!(reader.text(), ANSWER);
        prop_assert!(reader.has_ended() && reader.verdict().is_ok());
    }
}
