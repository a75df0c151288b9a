//! Tokens end and are renewed while a channel stands.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::support::{Client, all_of, database, join_payload, plan};
use crate::support::{PUBLISHABLE, claims_of, token, token_of, with};

/// Clocks may differ by this much.
const LEEWAY: i64 = 30;

/// A token of `user` that is good for this many seconds more.
fn token_for(user: Uuid, seconds: i64) -> String {
    let exp = Timestamp::now().as_second() - LEEWAY + seconds;
    token(&with(claims_of(user), json!({ "exp": exp })))
}

#[tokio::test]
async fn a_channel_fails_when_its_token_ends_and_may_join_again_with_a_new_one() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::connect(&server).await;
    let bindings = json!([all_of("weekly_base_plans")]);
    client
        .subscribe("realtime:a", bindings.clone(), &token_for(user, 2))
        .await;
    let system = client.next().await;
    assert_eq!(
        (system.event.as_str(), &system.payload["status"]),
        ("system", &json!("error"))
    );
    let error = client.next().await;
    // Clients join anew after phx_error; after phx_close they would not.
    assert_eq!(
        (error.event.as_str(), &error.join_ref, &error.payload),
        ("phx_error", &json!("1"), &json!({}))
    );
    let token = token_of(user);
    client
        .subscribe("realtime:b", bindings.clone(), &token)
        .await;
    plan(&database, user, 1).await;
    let change = client.next().await;
    assert_eq!(
        change.topic, "realtime:b",
        "the channel that failed hears nothing"
    );
    client.subscribe("realtime:a", bindings, &token).await;
    plan(&database, user, 2).await;
    let mut topics = [client.next().await.topic, client.next().await.topic];
    topics.sort();
    assert_eq!(topics, ["realtime:a", "realtime:b"]);
}

#[tokio::test]
async fn a_token_that_comes_in_time_keeps_the_channel_and_changes_its_user() {
    let database = database().await;
    let server = database.server().await;
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let mut client = Client::connect(&server).await;
    let bindings = json!([all_of("weekly_base_plans")]);
    client
        .subscribe("realtime:renewed", bindings.clone(), &token_for(one, 3))
        .await;
    client
        .subscribe("realtime:not", bindings, &token_for(one, 3))
        .await;
    client
        .push(
            "realtime:renewed",
            "access_token",
            json!({"access_token": token_of(two)}),
        )
        .await;
    client
        .push(
            "realtime:renewed",
            "access_token",
            json!({"access_token": PUBLISHABLE}),
        )
        .await;
    client
        .push(
            "realtime:renewed",
            "access_token",
            json!({"access_token": Value::Null}),
        )
        .await;
    for event in ["system", "phx_error"] {
        let received = client.next().await;
        assert_eq!(
            (received.topic.as_str(), received.event.as_str()),
            ("realtime:not", event)
        );
    }
    plan(&database, one, 1).await;
    plan(&database, two, 2).await;
    assert_eq!(client.version().await, 2, "the channel is the new user's");
}

#[tokio::test]
async fn no_change_is_lost_or_told_twice_while_tokens_are_renewed() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::connect(&server).await;
    client
        .subscribe(
            "realtime:a",
            json!([all_of("weekly_base_plans")]),
            &token_of(user),
        )
        .await;
    for version in 0..100 {
        plan(&database, user, version).await;
        client
            .push(
                "realtime:a",
                "access_token",
                json!({"access_token": token_for(user, 3600 + i64::from(version))}),
            )
            .await;
    }
    for version in 0..100 {
        assert_eq!(client.version().await, version);
    }
}

#[tokio::test]
async fn a_token_that_does_not_pass_is_refused_by_its_kind() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::connect(&server).await;
    let foreign = server::auth::mint(
        "a secret that is somebody else's, 42 long",
        &claims_of(user),
    )
    .unwrap();
    let nobody = token(&with(claims_of(user), json!({"sub": Value::Null})));
    for (credential, reason) in [
        (
            token_for(user, -70),
            "InvalidJWTToken: Token has expired 100 seconds ago",
        ),
        (foreign, "JwtSignatureError: "),
        ("a.b.c".into(), "MalformedJWT: "),
        (nobody, "Unauthorized: "),
    ] {
        let reply = client
            .join("realtime:a", join_payload(json!([]), Some(&credential)))
            .await;
        let told = reply["response"]["reason"].as_str().unwrap();
        // A second may pass on the way.
        let told = told.replace("101", "100");
        assert!(told.starts_with(reason), "{told}");
        client
            .subscribe(
                "realtime:b",
                json!([all_of("weekly_base_plans")]),
                &token_of(user),
            )
            .await;
        client
            .push(
                "realtime:b",
                "access_token",
                json!({"access_token": credential}),
            )
            .await;
        let system = client.next().await;
        assert!(
            system.payload["message"]
                .as_str()
                .unwrap()
                .replace("101", "100")
                .starts_with(reason),
            "{system:?}"
        );
        assert_eq!(client.next().await.event, "phx_error");
    }
}

#[tokio::test]
async fn a_key_in_the_place_of_a_token_counts_as_none_and_an_older_name_counts() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::open(&server, &format!("apikey={PUBLISHABLE}&vsn=2.0.0")).await;
    let mut payload = join_payload(json!([all_of("weekly_base_plans")]), Some(PUBLISHABLE));
    payload["user_token"] = token_of(user).into();
    assert_eq!(client.join("realtime:a", payload).await["status"], "ok");
    assert_eq!(client.next().await.payload["status"], "ok");
    plan(&database, user, 5).await;
    assert_eq!(client.version().await, 5);
}
