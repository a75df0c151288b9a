//! Frames as they stand on the wire, in both versions that clients speak.

use axum::body::Bytes;
use axum::extract::ws::Utf8Bytes;
use serde_json::{Map, Value, json};

/// How text frames are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 1.0.0: objects.
    Objects,
    /// 2.0.0: arrays, and binary broadcasts.
    Arrays,
}

impl Version {
    /// Reads the query parameter `vsn`; absent, it is 1.0.0.
    pub(super) fn parse(vsn: Option<&str>) -> Option<Self> {
        match vsn {
            None | Some("" | "1.0.0") => Some(Self::Objects),
            Some("2.0.0") => Some(Self::Arrays),
            Some(_) => None,
        }
    }
}

/// What a client sent.
#[derive(Debug, PartialEq)]
pub(super) struct Frame {
    /// The reference of the join that the client holds for the topic's.
    pub(super) join_ref: Option<String>,
    /// What a reply names.
    pub(super) reference: Option<String>,
    pub(super) topic: String,
    pub(super) event: String,
    pub(super) payload: Payload,
}

/// What a frame carries.
#[derive(Debug, PartialEq)]
pub(super) enum Payload {
    /// An object, or whatever else JSON has.
    Json(Value),
    /// A broadcast of raw bytes under an event of the app's own.
    Raw {
        /// The app's event.
        event: String,
        bytes: Bytes,
    },
}

/// Why a frame cannot be read, as the reason that the connection is closed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

/// Reads a text frame.
pub(super) fn decode_text(version: Version, text: &str) -> Result<Frame, Malformed> {
    const EXPECTED: Malformed = Malformed("a frame's topic and event are strings");
    let value: Value =
        serde_json::from_str(text).map_err(|_| Malformed("a text frame must be JSON"))?;
    let [join_ref, reference, topic, event, payload] = match (version, value) {
        (Version::Arrays, Value::Array(items)) => <[Value; 5]>::try_from(items)
            .map_err(|_| Malformed("a frame is [join_ref, ref, topic, event, payload]"))?,
        (Version::Objects, Value::Object(mut fields)) => {
            ["join_ref", "ref", "topic", "event", "payload"]
                .map(|name| fields.remove(name).unwrap_or(Value::Null))
        }
        (Version::Arrays, _) => {
            return Err(Malformed(
                "a frame is [join_ref, ref, topic, event, payload]",
            ));
        }
        (Version::Objects, _) => return Err(Malformed("a frame is an object")),
    };
    match (topic, event) {
        (Value::String(topic), Value::String(event)) => Ok(Frame {
            join_ref: reference_of(join_ref)?,
            reference: reference_of(reference)?,
            topic,
            event,
            payload: Payload::Json(payload),
        }),
        _ => Err(EXPECTED),
    }
}

fn reference_of(value: Value) -> Result<Option<String>, Malformed> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(Malformed("a reference is a string")),
    }
}

/// What begins a binary broadcast from a client, and to one.
const PUSH: u8 = 3;
const BROADCAST: u8 = 4;
/// How a binary broadcast's payload is written.
const JSON: u8 = 1;

/// Reads a binary frame: a broadcast, the only one that clients send.
///
/// Its fields should be UTF-8; an older client writes other letters wrong, and then the topic is one that nobody joined.
pub(super) fn decode_binary(mut bytes: Bytes) -> Result<Frame, Malformed> {
    const SHORT: Malformed = Malformed("a binary frame is shorter than its header says");
    const HEADER: usize = 7;
    if bytes.first() != Some(&PUSH) {
        return Err(Malformed("a binary frame must be a broadcast"));
    }
    if bytes.len() < HEADER {
        return Err(SHORT);
    }
    let header = bytes.split_to(HEADER);
    let mut field = |index: usize| {
        let length = usize::from(header[index]);
        (length <= bytes.len())
            .then(|| String::from_utf8_lossy(&bytes.split_to(length)).into_owned())
            .ok_or(SHORT)
    };
    let (join_ref, reference, topic, event) = (field(1)?, field(2)?, field(3)?, field(4)?);
    let _meta = field(5)?;
    let payload = if header[6] == JSON {
        let payload: Value = serde_json::from_slice(&bytes)
            .map_err(|_| Malformed("a broadcast's payload must be the JSON that it says it is"))?;
        Payload::Json(json!({ "type": "broadcast", "event": event, "payload": payload }))
    } else {
        Payload::Raw { event, bytes }
    };
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(Frame {
        join_ref: given(join_ref),
        reference: given(reference),
        topic,
        event: "broadcast".into(),
        payload,
    })
}

/// Writes a text frame; `payload` is JSON, an object.
pub(super) fn encode(
    version: Version,
    join_ref: Option<&str>,
    reference: Option<&str>,
    topic: &str,
    event: &str,
    payload: &str,
) -> Utf8Bytes {
    let quoted = |text: Option<&str>| Value::from(text).to_string();
    let (join_ref, reference) = (quoted(join_ref), quoted(reference));
    let (topic, event) = (quoted(Some(topic)), quoted(Some(event)));
    match version {
        Version::Arrays => format!("[{join_ref},{reference},{topic},{event},{payload}]"),
        Version::Objects => format!(
            "{{\"topic\":{topic},\"event\":{event},\"payload\":{payload},\"ref\":{reference},\"join_ref\":{join_ref}}}"
        ),
    }
    .into()
}

/// Writes a broadcast of raw bytes, which only version 2.0.0 has; `None` where a name is too long for it.
pub(super) fn encode_raw(topic: &str, event: &str, bytes: &[u8]) -> Option<Bytes> {
    let (topic_length, event_length) = (
        u8::try_from(topic.len()).ok()?,
        u8::try_from(event.len()).ok()?,
    );
    let header = [BROADCAST, topic_length, event_length, 0, 0];
    Some(Bytes::from(
        [&header, topic.as_bytes(), event.as_bytes(), bytes].concat(),
    ))
}

/// A payload's fields; of anything but an object, none.
pub(super) fn fields(payload: Payload) -> Map<String, Value> {
    match payload {
        Payload::Json(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join() -> Frame {
        Frame {
            join_ref: Some("1".into()),
            reference: Some("6".into()),
            topic: "realtime:a".into(),
            event: "phx_join".into(),
            payload: Payload::Json(json!({"config": {}})),
        }
    }

    #[test]
    fn both_versions_say_the_same() {
        let array = r#"["1","6","realtime:a","phx_join",{"config":{}}]"#;
        assert_eq!(decode_text(Version::Arrays, array), Ok(join()));
        let object = r#"{"topic":"realtime:a","event":"phx_join","payload":{"config":{}},"ref":"6","join_ref":"1"}"#;
        assert_eq!(decode_text(Version::Objects, object), Ok(join()));
        assert_eq!(
            encode(
                Version::Arrays,
                None,
                Some("7"),
                "phoenix",
                "phx_reply",
                "{}"
            )
            .as_str(),
            r#"[null,"7","phoenix","phx_reply",{}]"#
        );
        assert_eq!(
            encode(Version::Objects, Some("1"), None, "t\"", "phx_close", "{}").as_str(),
            r#"{"topic":"t\"","event":"phx_close","payload":{},"ref":null,"join_ref":"1"}"#
        );
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            "[1,2,3,4]",
            "[null,null,1,\"e\",{}]",
            "[{},null,\"t\",\"e\",{}]",
            "[null,null,\"t\",\"e\",{},0]",
        ] {
            assert!(decode_text(Version::Arrays, text).is_err(), "{text}");
            assert!(decode_text(Version::Objects, text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_binary_broadcast_is_read_in_both_encodings() {
        let frame = |encoding: u8, payload: &[u8]| {
            Bytes::from(
                [
                    &[3, 1, 2, 10, 4, 0, encoding],
                    &b"112realtime:aping"[..],
                    payload,
                ]
                .concat(),
            )
        };
        let json = decode_binary(frame(1, br#"{"x":1}"#)).unwrap();
        assert_eq!(
            (
                json.join_ref.as_deref(),
                json.reference.as_deref(),
                json.topic.as_str()
            ),
            (Some("1"), Some("12"), "realtime:a")
        );
        let expected = json!({"type": "broadcast", "event": "ping", "payload": {"x": 1}});
        assert_eq!(json.payload, Payload::Json(expected));
        let raw = decode_binary(frame(0, &[0, 255])).unwrap().payload;
        let expected = Payload::Raw {
            event: "ping".into(),
            bytes: Bytes::from_static(&[0, 255]),
        };
        assert_eq!(raw, expected);
        let whole = frame(1, b"1");
        for end in 0..whole.len() {
            assert!(decode_binary(whole.slice(..end)).is_err(), "{end} bytes");
        }
    }
}
