//! Broadcasts reach the other members of a topic, in every form that clients send them.

use serde_json::{Value, json};

use super::support::{Client, join_payload};
use crate::support::{TestServer, anon_key, no_database};

async fn member(server: &TestServer, query: &str, hears_itself: bool) -> Client {
    let mut client = Client::open(server, query).await;
    let mut payload = join_payload(json!([]), None);
    payload["config"]["broadcast"]["self"] = hears_itself.into();
    let frame = json!(["1", "1", "realtime:room", "phx_join", payload]);
    let object = json!({"topic": "realtime:room", "event": "phx_join", "payload": payload, "ref": "1", "join_ref": "1"});
    client
        .send(if query.contains("vsn") {
            &frame
        } else {
            &object
        })
        .await;
    assert_eq!(client.next().await.payload["status"], "ok");
    client
}

fn binary(encoding: u8, payload: &[u8]) -> Vec<u8> {
    [
        &[3, 1, 1, 13, 4, 0, encoding],
        &b"15realtime:roomping"[..],
        payload,
    ]
    .concat()
}

async fn heard(client: &mut Client) -> Value {
    let received = client.next().await;
    assert_eq!(
        (received.topic.as_str(), received.event.as_str()),
        ("realtime:room", "broadcast")
    );
    received.payload
}

#[tokio::test]
async fn text_and_binary_broadcasts_reach_members_of_both_versions() {
    let server = TestServer::start(no_database()).await;
    let newer = format!("apikey={}&vsn=2.0.0", anon_key());
    let mut sender = member(&server, &newer, false).await;
    let mut other = member(&server, &newer, false).await;
    let mut older = member(&server, &format!("apikey={}", anon_key()), false).await;
    let mut stranger = Client::open(&server, &newer).await;
    stranger
        .join("realtime:elsewhere", join_payload(json!([]), None))
        .await;
    let expected = json!({"type": "broadcast", "event": "ping", "payload": {"x": 1}});

    sender
        .push("realtime:room", "broadcast", expected.clone())
        .await;
    assert_eq!(
        sender.next().await.event,
        "phx_reply",
        "acknowledged, not echoed"
    );
    sender.send_binary(binary(1, br#"{"x":1}"#)).await;
    let reply = sender.next().await;
    assert_eq!(
        (reply.event.as_str(), &reply.reference),
        ("phx_reply", &json!("5"))
    );
    for client in [&mut other, &mut older] {
        assert_eq!(heard(client).await, expected);
        assert_eq!(heard(client).await, expected);
    }

    sender.send_binary(binary(0, &[0, 255])).await;
    let raw = other.message().await.unwrap().into_data();
    assert_eq!(
        &raw[..],
        [&[4, 13, 4, 0, 0], &b"realtime:roomping"[..], &[0, 255]].concat()
    );
    stranger.push("phoenix", "heartbeat", json!({})).await;
    assert_eq!(
        stranger.next().await.topic,
        "phoenix",
        "other topics hear nothing"
    );
}

#[tokio::test]
async fn who_asked_to_hear_itself_does() {
    let server = TestServer::start(no_database()).await;
    let mut client = member(&server, &format!("apikey={}&vsn=2.0.0", anon_key()), true).await;
    let payload = json!({"type": "broadcast", "event": "ping", "payload": {}});
    client
        .send(&json!(["1", null, "realtime:room", "broadcast", payload]))
        .await;
    assert_eq!(heard(&mut client).await, payload);
}

#[tokio::test]
async fn who_has_not_joined_may_post() {
    let server = TestServer::start(no_database()).await;
    let query = format!("apikey={}&vsn=2.0.0", anon_key());
    let mut client = member(&server, &query, false).await;
    let message = json!({"topic": "room", "event": "ping", "payload": {"x": 1}, "private": false});
    let list = server
        .post(&format!("/realtime/v1/api/broadcast?{query}"))
        .json(&json!({"messages": [message]}));
    assert_eq!(list.send().await.unwrap().status(), 202);
    let event = server
        .post("/realtime/v1/api/broadcast/room/events/ping")
        .header("apikey", anon_key());
    assert_eq!(
        event.json(&json!({"x": 1})).send().await.unwrap().status(),
        202
    );
    for _ in 0..2 {
        assert_eq!(
            heard(&mut client).await,
            json!({"type": "broadcast", "event": "ping", "payload": {"x": 1}})
        );
    }
    for (body, key, status) in [
        (
            json!({"messages": [message]}),
            "sb_publishable_other".to_owned(),
            401,
        ),
        (json!({}), anon_key(), 400),
        (json!({"messages": [{"topic": "room"}]}), anon_key(), 400),
        (
            json!({"messages": [{"topic": "room", "event": "e", "private": true}]}),
            anon_key(),
            400,
        ),
    ] {
        let post = server
            .post("/realtime/v1/api/broadcast")
            .header("apikey", key)
            .json(&body);
        assert_eq!(post.send().await.unwrap().status(), status, "{body}");
    }
}
