//! Every refusal of the contract that needs no database, and in which order they come.

use std::io::{Read, Write};
use std::net::TcpStream;

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    PUBLISHABLE, TestServer, anon_key, answer, claims_of, no_database, refused, service_role_key,
    token, token_of, with,
};

const CREATE: &str = "/functions/v1/create-plan-job";
const PROCESS: &str = "/functions/v1/process-plan-queue";

#[tokio::test]
async fn another_method_is_405_and_another_address_404() {
    let server = TestServer::start(no_database()).await;
    for path in [CREATE, PROCESS] {
        for method in ["GET", "PUT", "PATCH", "DELETE"] {
            let request = server
                .client
                .request(method.parse().unwrap(), format!("{}{path}", server.url));
            refused(answer(request).await, 405, "METHOD_NOT_ALLOWED");
        }
        let get = server
            .client
            .get(format!("{}{path}", server.url))
            .send()
            .await
            .unwrap();
        assert_eq!(get.headers()["allow"], "POST");
    }
    for path in [
        "/",
        "/functions/v1/",
        "/functions/v1/unknown",
        "/functions/v1/create-plan-job/x",
    ] {
        refused(answer(server.post(path)).await, 404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn who_is_nobody_gets_401() {
    let server = TestServer::start(no_database()).await;
    let user = Uuid::new_v4();
    let expired = token(&with(
        claims_of(user),
        json!({ "exp": Timestamp::now().as_second() - 60 }),
    ));
    let no_uuid = token(&with(claims_of(user), json!({ "sub": "somebody" })));
    for path in [CREATE, PROCESS] {
        refused(
            answer(server.post(path).json(&json!({}))).await,
            401,
            "UNAUTHORIZED",
        );
        for bearer in [
            "nonsense",
            &expired,
            &no_uuid,
            &anon_key(),
            PUBLISHABLE,
            "sb_secret_unknown",
            "",
            &user.to_string(),
        ] {
            let response = server
                .post(path)
                .bearer_auth(bearer)
                .json(&json!({}))
                .send()
                .await
                .unwrap();
            assert_eq!(response.headers()["www-authenticate"], "Bearer", "{bearer}");
            let answer = (response.status().as_u16(), response.json().await.unwrap());
            refused(answer, 401, "UNAUTHORIZED");
        }
        refused(
            answer(server.post(path).header("apikey", PUBLISHABLE)).await,
            401,
            "UNAUTHORIZED",
        );
        refused(
            answer(server.post(path).header("apikey", anon_key())).await,
            401,
            "UNAUTHORIZED",
        );
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_400_whatever_its_type() {
    let server = TestServer::start(no_database()).await;
    for path in [CREATE, PROCESS] {
        for body in [
            "{",
            "[]",
            "null",
            "\"text\"",
            "healthCheck=true",
            "{\"a\": \"\\u0000\"}",
        ] {
            for kind in [
                "application/json",
                "text/plain",
                "multipart/form-data; boundary=x",
            ] {
                let request = server.post(path).bearer_auth(token_of(Uuid::new_v4()));
                refused(
                    answer(request.header("content-type", kind).body(body)).await,
                    400,
                    "INVALID_JSON",
                );
            }
        }
    }
}

/// A sound body of exactly `length` bytes.
fn health_check_of(length: usize) -> String {
    let check = json!({ "healthCheck": true }).to_string();
    let padding = " ".repeat(length - check.len());
    check + &padding
}

#[tokio::test]
async fn the_limit_is_256_kib_to_the_byte() {
    let server = TestServer::start(no_database()).await;
    for path in [CREATE, PROCESS] {
        let (at_limit, over) = (health_check_of(262_144), health_check_of(262_145));
        let expected = if path == CREATE { 200 } else { 401 };
        assert_eq!(answer(server.post(path).body(at_limit)).await.0, expected);
        refused(
            answer(server.post(path).body(over)).await,
            413,
            "PAYLOAD_TOO_LARGE",
        );
        refused(
            answer(server.post(path).body(health_check_of(1_000_000))).await,
            413,
            "PAYLOAD_TOO_LARGE",
        );
    }
}

/// Speaks HTTP by hand: a body in chunks, so that nothing announces its length.
fn post_chunked(server: &TestServer, length: usize) -> String {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "POST {CREATE} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    let body = health_check_of(length);
    for chunk in body.as_bytes().chunks(10_000) {
        write!(stream, "{:x}\r\n", chunk.len()).unwrap();
        stream.write_all(chunk).unwrap();
        stream.write_all(b"\r\n").unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.lines().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_holds_without_a_content_length() {
    let server = TestServer::start(no_database()).await;
    assert!(post_chunked(&server, 262_144).contains(" 200 "));
    assert!(post_chunked(&server, 262_145).contains(" 413 "));
}

#[tokio::test]
async fn the_size_is_refused_before_the_caller_and_the_caller_before_the_json() {
    let server = TestServer::start(no_database()).await;
    refused(
        answer(server.post(CREATE).body(vec![b'x'; 262_145])).await,
        413,
        "PAYLOAD_TOO_LARGE",
    );
    refused(
        answer(server.post(CREATE).body("{")).await,
        401,
        "UNAUTHORIZED",
    );
}

#[tokio::test]
async fn a_field_of_another_type_is_400_and_named() {
    let server = TestServer::start(no_database()).await;
    let cases = [
        ("redo", json!("yes")),
        ("redoReason", json!(7)),
        ("redoType", json!("legs")),
        ("sourcePlanId", json!("latest")),
        ("forceRegenerate", json!(1)),
        ("idempotencyKey", json!({})),
    ];
    for (field, value) in cases {
        let body =
            json!({ field: value, "profileSnapshot": { "goal": "ENDURANCE", "trainingDays": 3 } });
        let answer = server.ask(CREATE, &token_of(Uuid::new_v4()), &body).await;
        assert!(refused(answer, 400, "INVALID_REQUEST").starts_with(field));
    }
    let answer = server
        .ask(CREATE, &service_role_key(), &json!({ "userId": "me" }))
        .await;
    assert!(refused(answer, 400, "INVALID_REQUEST").starts_with("userId"));
    let answer = server
        .ask(
            PROCESS,
            &token_of(Uuid::new_v4()),
            &json!({ "wait": "yes" }),
        )
        .await;
    assert!(refused(answer, 400, "INVALID_REQUEST").starts_with("wait"));
}

#[tokio::test]
async fn a_database_that_is_away_is_503_and_says_nothing_of_itself() {
    let server = TestServer::start(no_database()).await;
    let answer = server
        .ask(PROCESS, &token_of(Uuid::new_v4()), &json!({}))
        .await;
    let sentence = refused(answer, 503, "UNAVAILABLE").to_lowercase();
    assert!(
        ["pool", "sql", "database", "127.0.0.1"]
            .iter()
            .all(|word| !sentence.contains(word)),
        "{sentence}"
    );
}
