//! A client that speaks recorded frames, and rows for it to hear of.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

use crate::database::TestDatabase;
use crate::support::{TestServer, anon_key, token_of};

/// Long enough for a busy machine; nothing waits for it unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// A database whose changes are told.
pub(crate) async fn database() -> TestDatabase {
    let database = TestDatabase::new().await;
    database.run("select coach.install_change_feed()").await;
    database
}

/// A plan of `user`'s whose version tells it from others.
pub(crate) async fn plan(database: &TestDatabase, user: Uuid, version: i32) -> Uuid {
    sqlx::query_scalar(
        "insert into public.weekly_base_plans (user_id, days, version) values ($1, '{}', $2) returning id",
    )
    .bind(user)
    .bind(version)
    .fetch_one(&database.pool)
    .await
    .unwrap()
}

/// A connection of version 2.0.0 unless it says otherwise.
pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_ref: u32,
}

/// What a server sent, whatever the version.
#[derive(Debug, PartialEq)]
pub(crate) struct Received {
    pub(crate) join_ref: Value,
    pub(crate) reference: Value,
    pub(crate) topic: String,
    pub(crate) event: String,
    pub(crate) payload: Value,
}

/// The binding of a join that hears of every change of `table`.
pub(crate) fn all_of(table: &str) -> Value {
    json!({ "event": "*", "schema": "public", "table": table })
}

/// The payload of a join as supabase-js sends it.
pub(crate) fn join_payload(bindings: Value, token: Option<&str>) -> Value {
    let mut payload = json!({ "config": {
        "broadcast": { "ack": false, "self": false }, "presence": { "key": "", "enabled": false },
        "postgres_changes": bindings, "private": false } });
    if let Some(token) = token {
        payload["access_token"] = token.into();
    }
    payload
}

pub(crate) fn address(server: &TestServer, query: &str) -> String {
    let host = server.url.strip_prefix("http://").unwrap();
    format!("ws://{host}/realtime/v1/websocket?{query}")
}

impl Client {
    pub(crate) async fn connect(server: &TestServer) -> Self {
        Self::open(server, &format!("apikey={}&vsn=2.0.0", anon_key())).await
    }

    pub(crate) async fn open(server: &TestServer, query: &str) -> Self {
        let (socket, _) = connect_async(address(server, query)).await.unwrap();
        Self {
            socket,
            next_ref: 1,
        }
    }

    /// A client that has joined as `user` and been told that it is subscribed.
    pub(crate) async fn listening(server: &TestServer, user: Uuid, bindings: Value) -> Self {
        let mut client = Self::connect(server).await;
        client
            .subscribe("realtime:test", bindings, &token_of(user))
            .await;
        client
    }

    pub(crate) async fn send(&mut self, frame: &Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// Sends a message unless the server has hung up.
    pub(crate) async fn try_send(&mut self, message: Message) -> bool {
        self.socket.send(message).await.is_ok()
    }

    pub(crate) async fn send_binary(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::binary(bytes)).await.unwrap();
    }

    /// Pushes an event to a topic; its reference, which is also the join's where it is one.
    pub(crate) async fn push(&mut self, topic: &str, event: &str, payload: Value) -> String {
        let reference = self.next_ref.to_string();
        self.next_ref += 1;
        self.send(&json!([reference, reference, topic, event, payload]))
            .await;
        reference
    }

    /// Joins and returns the payload of the reply.
    pub(crate) async fn join(&mut self, topic: &str, payload: Value) -> Value {
        let reference = self.push(topic, "phx_join", payload).await;
        let reply = self.next().await;
        assert_eq!(
            (
                &reply.join_ref,
                &reply.reference,
                reply.topic.as_str(),
                reply.event.as_str()
            ),
            (&json!(reference), &json!(reference), topic, "phx_reply"),
            "{reply:?}"
        );
        reply.payload
    }

    /// Joins and takes in the reply and the word that changes are told.
    pub(crate) async fn subscribe(&mut self, topic: &str, bindings: Value, token: &str) {
        let reply = self.join(topic, join_payload(bindings, Some(token))).await;
        assert_eq!(reply["status"], "ok", "{reply}");
        let system = self.next().await;
        assert_eq!(
            (system.event.as_str(), &system.payload["status"]),
            ("system", &json!("ok")),
            "{system:?}"
        );
    }

    /// The next text frame.
    pub(crate) async fn next(&mut self) -> Received {
        let message = self.message().await.expect("a frame");
        received(&message.into_text().expect("a text frame"))
    }

    /// The next change: its bindings and data.
    pub(crate) async fn change(&mut self) -> (Vec<u32>, Value) {
        let received = self.next().await;
        assert_eq!(received.event, "postgres_changes", "{received:?}");
        assert_eq!(
            received.join_ref,
            Value::Null,
            "clients drop frames of other joins"
        );
        let ids = serde_json::from_value(received.payload["ids"].clone()).unwrap();
        (ids, received.payload["data"].clone())
    }

    /// The next change's version, for plans.
    pub(crate) async fn version(&mut self) -> i64 {
        let (_, data) = self.change().await;
        data["record"]["version"]
            .as_i64()
            .unwrap_or_else(|| panic!("{data}"))
    }

    /// The next message, or why there is none.
    pub(crate) async fn message(&mut self) -> Result<Message, tungstenite::Error> {
        timeout(PATIENCE, self.socket.next())
            .await
            .expect("the server says something")
            .unwrap_or(Err(tungstenite::Error::ConnectionClosed))
    }

    /// How the server closes the connection; whatever it says before is passed over.
    pub(crate) async fn closed(&mut self) -> Option<CloseFrame> {
        loop {
            match self.message().await {
                Ok(Message::Close(frame)) => return frame,
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }
}

/// Reads a frame of either version.
pub(crate) fn received(text: &str) -> Received {
    let value: Value = serde_json::from_str(text).unwrap();
    let [join_ref, reference, topic, event, payload] = match value {
        Value::Array(items) => <[Value; 5]>::try_from(items).unwrap(),
        fields => ["join_ref", "ref", "topic", "event", "payload"].map(|name| fields[name].clone()),
    };
    assert!(
        payload.is_object(),
        "clients throw at a payload that is no object: {text}"
    );
    Received {
        join_ref,
        reference,
        topic: topic.as_str().unwrap().into(),
        event: event.as_str().unwrap().into(),
        payload,
    }
}
