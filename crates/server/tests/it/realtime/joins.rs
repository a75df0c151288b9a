//! Joining and leaving, in both versions.

use serde_json::{Value, json};
use uuid::Uuid;

use super::support::{Client, all_of, database, join_payload, plan, received};
use crate::support::{TestServer, anon_key, no_database, token_of};

#[tokio::test]
async fn bindings_come_back_in_order_with_ids_and_the_word_that_changes_are_told_follows() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::connect(&server).await;
    let filtered = json!({"event": "UPDATE", "schema": "public", "table": "weekly_base_plans",
        "filter": format!("user_id=eq.{user}"), "select": ["id"]});
    let bindings = json!([filtered, all_of("weekly_base_plans"), all_of("weekly_base_plans"), {"event": "*", "schema": "*"}]);
    let reply = client
        .join(
            "realtime:job-1",
            join_payload(bindings, Some(&token_of(user))),
        )
        .await;
    let expected = json!([
        {"id": 1, "event": "UPDATE", "schema": "public", "table": "weekly_base_plans", "filter": format!("user_id=eq.{user}")},
        {"id": 2, "event": "*", "schema": "public", "table": "weekly_base_plans"},
        {"id": 3, "event": "*", "schema": "public", "table": "weekly_base_plans"},
        {"id": 4, "event": "*", "schema": "*"},
    ]);
    assert_eq!(
        reply,
        json!({"status": "ok", "response": {"postgres_changes": expected}})
    );
    let system = client.next().await;
    assert_eq!(
        (system.topic.as_str(), system.event.as_str()),
        ("realtime:job-1", "system")
    );
    assert_eq!(
        system.payload,
        json!({"message": "Subscribed to PostgreSQL", "status": "ok", "extension": "postgres_changes", "channel": "job-1"})
    );
    plan(&database, user, 1).await;
    assert_eq!(client.change().await.0, [2, 3, 4]);
}

#[tokio::test]
async fn version_1_speaks_in_objects() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    for query in [
        format!("apikey={}", anon_key()),
        format!("apikey={}&vsn=1.0.0", anon_key()),
    ] {
        let mut client = Client::open(&server, &query).await;
        let payload = join_payload(json!([all_of("weekly_base_plans")]), Some(&token_of(user)));
        client
            .send(&json!({"topic": "realtime:a", "event": "phx_join", "payload": payload, "ref": "1", "join_ref": "1"}))
            .await;
        let text = client.message().await.unwrap().into_text().unwrap();
        assert!(
            text.starts_with(r#"{"topic":"realtime:a","event":"phx_reply","payload":{"#),
            "{text}"
        );
        assert_eq!(received(&text).reference, "1");
        assert_eq!(client.next().await.event, "system");
        plan(&database, user, 3).await;
        assert_eq!(client.version().await, 3);
        client
            .send(&json!({"topic": "phoenix", "event": "heartbeat", "payload": {}, "ref": "2"}))
            .await;
        assert_eq!(
            client.next().await.payload,
            json!({"status": "ok", "response": {}})
        );
    }
}

#[tokio::test]
async fn leaving_is_answered_and_closed_and_silent_from_then_on() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::connect(&server).await;
    let bindings = json!([all_of("weekly_base_plans")]);
    client
        .subscribe("realtime:left", bindings.clone(), &token_of(user))
        .await;
    client
        .subscribe("realtime:kept", bindings, &token_of(user))
        .await;
    client
        .send(&json!(["1", "9", "realtime:left", "phx_leave", {}]))
        .await;
    let reply = client.next().await;
    assert_eq!(
        (reply.event.as_str(), &reply.reference),
        ("phx_reply", &json!("9"))
    );
    let closed = client.next().await;
    assert_eq!(
        (closed.event.as_str(), &closed.join_ref),
        ("phx_close", &json!("1"))
    );
    for version in [1, 2] {
        plan(&database, user, version).await;
        let change = client.next().await;
        assert_eq!(
            (
                change.topic.as_str(),
                &change.payload["data"]["record"]["version"]
            ),
            ("realtime:kept", &json!(version))
        );
    }
}

#[tokio::test]
async fn joining_a_topic_again_takes_the_place_of_the_former_join() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::connect(&server).await;
    for _ in 0..3 {
        client
            .subscribe(
                "realtime:a",
                json!([all_of("weekly_base_plans")]),
                &token_of(user),
            )
            .await;
    }
    for version in [1, 2, 3] {
        plan(&database, user, version).await;
        assert_eq!(client.version().await, i64::from(version), "once each");
    }
}

#[tokio::test]
async fn a_channel_without_bindings_needs_no_database_and_gets_an_empty_list() {
    let server = TestServer::start(no_database()).await;
    let mut client = Client::connect(&server).await;
    let mut payload = join_payload(json!([]), None);
    payload["config"]["presence"]["enabled"] = true.into();
    let reply = client.join("realtime:room", payload).await;
    assert_eq!(
        reply,
        json!({"status": "ok", "response": {"postgres_changes": []}})
    );
    let presence = client.next().await;
    assert_eq!(
        (presence.event.as_str(), &presence.payload),
        ("presence_state", &json!({}))
    );
    let reference = client
        .push(
            "realtime:room",
            "presence",
            json!({"type": "presence", "event": "track", "payload": {}}),
        )
        .await;
    let reply = client.next().await;
    assert_eq!(
        (reply.reference, &reply.payload["status"]),
        (json!(reference), &json!("ok"))
    );
}

#[tokio::test]
async fn what_cannot_be_joined_is_refused_with_a_reason() {
    let server = TestServer::start(no_database()).await;
    let mut client = Client::connect(&server).await;
    let mut private = join_payload(json!([]), None);
    private["config"]["private"] = true.into();
    let many = vec![all_of("weekly_base_plans"); 101];
    for (topic, payload, reason) in [
        ("phoenix", json!({}), "unmatched topic"),
        ("realtime:", json!({}), "unmatched topic"),
        ("realtime:a", private, "Unauthorized: "),
        (
            "realtime:a",
            join_payload(json!(many), None),
            "a channel has at most 100 bindings",
        ),
        (
            "realtime:a",
            join_payload(json!([]), Some("nonsense")),
            "MalformedJWT: ",
        ),
        (
            "realtime:a",
            join_payload(json!([all_of("weekly_base_plans")]), None),
            "DatabaseUnavailable: ",
        ),
    ] {
        let reply = client.join(topic, payload).await;
        assert_eq!(reply["status"], "error");
        let told = reply["response"]["reason"].as_str().unwrap();
        assert!(told.starts_with(reason), "{told}");
    }
    client
        .push("realtime:never-joined", "broadcast", json!({}))
        .await;
    assert_eq!(
        client.next().await.payload["response"]["reason"],
        "unmatched topic"
    );
}

#[tokio::test]
async fn bindings_that_cannot_be_served_join_and_a_system_event_says_why() {
    let database = database().await;
    let server = database.server().await;
    let token = token_of(Uuid::now_v7());
    let mut client = Client::connect(&server).await;
    let with_filter = |filter: &str| json!({"event": "*", "schema": "public", "table": "weekly_base_plans", "filter": filter});
    for binding in [
        all_of("no_such_table"),
        all_of("workout_plan_inputs"),
        json!({"event": "*", "schema": "auth", "table": "users"}),
        json!({"event": "*", "schema": "public", "filter": "id=eq.1"}),
        with_filter("no_such_column=eq.1"),
        with_filter("id=eq.not-a-uuid"),
        with_filter("version=gt.many"),
        with_filter("days=lt.5 or true"),
        with_filter("version=is.true"),
        with_filter("id=around.7"),
        with_filter("id"),
    ] {
        let reply = client
            .join("realtime:a", join_payload(json!([binding]), Some(&token)))
            .await;
        assert_eq!(reply["status"], "ok", "{binding}");
        assert_eq!(
            reply["response"]["postgres_changes"][0]["filter"],
            binding["filter"]
        );
        let system = client.next().await;
        assert_eq!(system.payload["status"], "error", "{binding}: {system:?}");
        let mut waiting = join_payload(json!([binding]), Some(&token));
        waiting["config"]["postgres_changes_options"] = json!({"wait": true, "timeout": 15_000});
        let reply = client.join("realtime:a", waiting).await;
        assert_eq!(
            reply["status"], "error",
            "who asked to wait is refused: {binding}"
        );
    }
}

#[tokio::test]
async fn without_a_change_feed_the_system_event_names_the_cure() {
    let database = crate::database::TestDatabase::new().await;
    let server = database.server().await;
    let mut client = Client::connect(&server).await;
    for binding in [
        all_of("weekly_base_plans"),
        json!({"event": "*", "schema": "public"}),
    ] {
        let payload = join_payload(json!([binding]), Some(&token_of(Uuid::now_v7())));
        assert_eq!(client.join("realtime:a", payload).await["status"], "ok");
        let Value::String(message) = &client.next().await.payload["message"] else {
            panic!("no message");
        };
        assert!(
            message.contains("mesocycle migrate --realtime"),
            "{message}"
        );
    }
}
