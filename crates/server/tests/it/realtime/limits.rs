//! What a client may not do, and what it costs those who do.

use serde_json::json;
use uuid::Uuid;

use super::support::{Client, all_of, database, join_payload};
use crate::support::{TestServer, no_database, token_of};

#[tokio::test]
async fn what_is_no_frame_closes_the_connection_with_a_reason() {
    let server = TestServer::start(no_database()).await;
    for text in [
        "",
        "no JSON",
        "{}",
        "[]",
        "[null,null,\"a\",\"b\"]",
        "[null,null,7,\"b\",{}]",
        &"[".repeat(10_000),
    ] {
        let mut client = Client::connect(&server).await;
        client.send_text(text).await;
        let frame = client.closed().await.expect("a reason");
        assert_eq!(u16::from(frame.code), 1007, "{text}");
        assert!(frame.reason.contains(' '), "{frame:?}");
    }
    for bytes in [
        vec![],
        vec![3],
        vec![9, 9, 9],
        vec![3, 255, 255, 255, 255, 255, 1, 0],
    ] {
        let mut client = Client::connect(&server).await;
        client.send_binary(bytes).await;
        assert_eq!(u16::from(client.closed().await.unwrap().code), 1007);
    }
    let mut client = Client::connect(&server).await;
    client.send_text(&" ".repeat((1 << 20) + 1)).await;
    assert_eq!(u16::from(client.closed().await.unwrap().code), 1009);
}

#[tokio::test]
async fn strange_payloads_of_known_events_harm_nothing() {
    let server = TestServer::start(no_database()).await;
    let mut client = Client::connect(&server).await;
    client
        .join("realtime:a", join_payload(json!([]), None))
        .await;
    for payload in [
        json!(null),
        json!(7),
        json!([]),
        json!({"config": 7}),
        json!({"access_token": {}}),
    ] {
        for event in ["broadcast", "presence", "access_token", "whatever"] {
            client
                .send(&json!(["1", null, "realtime:a", event, payload]))
                .await;
        }
        let reply = client
            .join(
                "realtime:a",
                json!({"config": {"postgres_changes": payload}}),
            )
            .await;
        assert!(["ok", "error"].contains(&reply["status"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn a_socket_has_so_many_channels_and_no_more() {
    let server = TestServer::start(no_database()).await;
    let mut client = Client::connect(&server).await;
    let mut refused = 0;
    for number in 0..101 {
        let reply = client
            .join(&format!("realtime:{number}"), join_payload(json!([]), None))
            .await;
        refused += u32::from(reply["status"] == "error");
    }
    assert_eq!(refused, 1);
    client
        .send(&json!(["8", "200", "realtime:7", "phx_leave", {}]))
        .await;
    assert_eq!(
        (client.next().await.event, client.next().await.event),
        ("phx_reply".into(), "phx_close".into())
    );
}

#[tokio::test]
async fn who_floods_is_cut_off() {
    let server = TestServer::start(no_database()).await;
    let mut client = Client::connect(&server).await;
    let mut sent = 0;
    let frame = tokio_tungstenite::tungstenite::Message::text(
        json!([null, null, "phoenix", "heartbeat", {}]).to_string(),
    );
    while client.try_send(frame.clone()).await && sent < 1_000_000 {
        sent += 1;
    }
    assert_eq!(
        client
            .closed()
            .await
            .map(|frame| u16::from(frame.code))
            .unwrap_or(1008),
        1008
    );
    assert!(sent < 1_000_000);
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped_and_the_others_go_on() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let bindings = json!([all_of("weekly_base_plans")]);
    let mut asleep = Client::listening(&server, user, bindings.clone()).await;
    let mut awake = Client::connect(&server).await;
    awake
        .subscribe("realtime:test", bindings, &token_of(user))
        .await;
    const ROWS: usize = 60;
    for _ in 0..ROWS {
        let insert = "insert into public.weekly_base_plans (user_id, days) select $1, jsonb_build_object('text', repeat('x', 500000))";
        sqlx::query(insert)
            .bind(user)
            .execute(&database.pool)
            .await
            .unwrap();
        assert_eq!(awake.change().await.1["errors"], json!(null));
    }
    let mut received = 0;
    while let Ok(message) = asleep.message().await {
        assert!(message.is_text(), "{message:?}");
        received += 1;
    }
    assert!(received < ROWS, "30 MB did not wait in memory");
}
