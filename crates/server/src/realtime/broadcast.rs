//! Broadcasts: what one member of a topic says to the others, through this process alone.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use super::Realtime;
use super::hub::Hub;
use super::member::{Member, PREFIX};
use super::serializer::Payload;
use crate::body;
use crate::refused::Refused;

/// Passes a broadcast on to the other members of the sender's topic, and to the sender if it wants to hear itself.
pub(super) fn relay(hub: &Hub, sender: &Member, payload: &Payload) {
    let members = hub.members_of(&sender.topic).into_iter();
    let hearing = members.filter(|member| member.id != sender.id || member.hears_itself);
    send(hearing, payload);
}

fn send(members: impl Iterator<Item = Arc<Member>>, payload: &Payload) {
    match payload {
        Payload::Json(payload @ Value::Object(_)) => {
            let payload = payload.to_string();
            members.for_each(|member| member.send("broadcast", &payload));
        }
        Payload::Json(_) => {}
        Payload::Raw { event, bytes } => {
            members.for_each(|member| member.outbox.send_raw(&member.topic, event, bytes));
        }
    }
}

/// `POST /realtime/v1/api/broadcast`: `{"messages": [{"topic", "event", "payload"}]}`, as a client sends that has not joined.
pub(super) async fn post_messages(
    Extension(realtime): Extension<Arc<Realtime>>,
    request: Request,
) -> Result<StatusCode, Refused> {
    let (parts, content) = request.into_parts();
    realtime.admit(&parts).await?;
    let body = body::parse(&body::read(content).await?)?;
    let messages = body.get("messages").and_then(Value::as_array);
    let messages =
        messages.ok_or_else(|| Refused::invalid_request("\"messages\" must be a list."))?;
    let read = messages.iter().map(message).collect::<Option<Vec<_>>>();
    let read = read.ok_or_else(|| {
        Refused::invalid_request(
            "Each message needs a \"topic\" and an \"event\", both text, and must not be private.",
        )
    })?;
    for (topic, payload) in read {
        send(realtime.members_of(topic), &Payload::Json(payload));
    }
    Ok(StatusCode::ACCEPTED)
}

/// `POST /realtime/v1/api/broadcast/{topic}/events/{event}`: the body is the payload, JSON or raw bytes.
pub(super) async fn post_event(
    Extension(realtime): Extension<Arc<Realtime>>,
    Path((topic, event)): Path<(String, String)>,
    request: Request,
) -> Result<StatusCode, Refused> {
    let (parts, content) = request.into_parts();
    realtime.admit(&parts).await?;
    let bytes = body::read(content).await?;
    let kind = parts
        .headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |kind| kind.as_bytes());
    let payload = match kind.starts_with(b"application/octet-stream") {
        true => Payload::Raw {
            event,
            bytes: bytes.into(),
        },
        false => Payload::Json(broadcast(&event, Value::Object(body::parse(&bytes)?))),
    };
    send(realtime.members_of(&topic), &payload);
    Ok(StatusCode::ACCEPTED)
}

fn message(message: &Value) -> Option<(&str, Value)> {
    let message: &Map<String, Value> = message.as_object()?;
    let is_private = message
        .get("private")
        .is_some_and(|private| *private == json!(true));
    let event = message.get("event")?.as_str()?;
    let payload = message.get("payload").cloned().unwrap_or_else(|| json!({}));
    (!is_private).then_some((message.get("topic")?.as_str()?, broadcast(event, payload)))
}

fn broadcast(event: &str, payload: Value) -> Value {
    json!({ "type": "broadcast", "event": event, "payload": payload })
}

impl Realtime {
    fn members_of(&self, name: &str) -> impl Iterator<Item = Arc<Member>> + use<> {
        self.hub.members_of(&format!("{PREFIX}{name}")).into_iter()
    }
}
