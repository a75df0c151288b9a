//! Requests that fail as a whole: what may be tried again, what perhaps arrived, what never will.

use std::time::Duration;

use axum::{Json, Router, http::StatusCode, routing::post};
use emulator::Scenario;
use push::{Expo, PushService, Receipt, RequestFailure, Sent, services::ExpoOptions};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{client, expo, message, messages};

fn failure(sent: &Sent) -> &RequestFailure {
    match sent {
        Sent::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// A server that answers every request with this.
async fn answering(status: StatusCode, body: Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let handler = post(move || async move { (status, Json(body)) });
    let router = Router::new()
        .route("/send", handler.clone())
        .route("/getReceipts", handler);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn too_many_requests_waits_as_long_as_it_was_asked_to() {
    let (emulator, expo) = expo(Scenario::TooManyRequestsOnce).await;
    let first = expo.send(&[message("ExponentPushToken[a]")]).await;
    assert_eq!(
        failure(&first[0]),
        &RequestFailure::Retry {
            after: Some(Duration::from_secs(1)),
            reason: "HTTP 429 TOO_MANY_REQUESTS".to_owned()
        }
    );
    assert!(emulator.ledger().accepted().is_empty());
    assert!(matches!(
        expo.send(&[message("ExponentPushToken[a]")]).await[0],
        Sent::Accepted { .. }
    ));
    assert_eq!(emulator.ledger().accepted().len(), 1);
}

#[tokio::test]
async fn a_busy_service_took_nothing_and_a_broken_one_perhaps() {
    let (_emulator, busy) = expo(Scenario::BusyOnce).await;
    assert!(matches!(
        failure(&busy.send(&messages("app", 1)).await[0]),
        RequestFailure::Retry { after: None, .. }
    ));
    let (_emulator, broken) = expo(Scenario::ErrorOnce).await;
    assert!(matches!(
        failure(&broken.send(&messages("app", 1)).await[0]),
        RequestFailure::Ambiguous { .. }
    ));
}

#[tokio::test]
async fn a_connection_cut_after_acceptance_is_ambiguous() {
    let (emulator, expo) = expo(Scenario::CutOnce).await;
    let sent = expo.send(&messages("app", 3)).await;
    assert!(
        sent.iter()
            .all(|sent| matches!(failure(sent), RequestFailure::Ambiguous { .. })),
        "{sent:?}"
    );
    assert_eq!(emulator.ledger().accepted().len(), 3);
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_ambiguous() {
    let (emulator, _) = expo(Scenario::Slow).await;
    let hasty = Expo::new(&ExpoOptions {
        url: emulator.expo_url(),
        timeout: Duration::from_millis(300),
        ..ExpoOptions::default()
    })
    .expect("a client");
    let sent = hasty.send(&messages("app", 1)).await;
    assert_eq!(
        failure(&sent[0]),
        &RequestFailure::Ambiguous {
            reason: "timed out".to_owned()
        }
    );
    assert_eq!(emulator.ledger().accepted().len(), 1);
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let expo = client(&url);
    let sent = expo.send(&messages("app", 1)).await;
    assert_eq!(
        failure(&sent[0]),
        &RequestFailure::Retry {
            after: None,
            reason: "no connection".to_owned()
        }
    );
    assert!(matches!(
        &expo.receipts(&["a".to_owned()]).await[0],
        Receipt::Unknown(RequestFailure::Retry { .. })
    ));
}

#[tokio::test]
async fn too_few_tickets_tell_nothing_about_any_message() {
    let url = answering(
        StatusCode::OK,
        json!({ "data": [{ "status": "ok", "id": "1" }] }),
    )
    .await;
    let sent = client(&url).send(&messages("app", 2)).await;
    assert!(
        sent.iter()
            .all(|sent| matches!(failure(sent), RequestFailure::Ambiguous { .. })),
        "{sent:?}"
    );
}

#[tokio::test]
async fn one_ticket_beyond_understanding_spoils_no_other() {
    let url = answering(StatusCode::OK, json!({ "data": [{ "status": "ok", "id": "1" }, 7, { "status": "ok" }, { "status": "new" }] })).await;
    let sent = client(&url).send(&messages("app", 4)).await;
    assert_eq!(
        sent[0],
        Sent::Accepted {
            receipt_id: "1".to_owned()
        }
    );
    assert!(
        sent[1..]
            .iter()
            .all(|sent| matches!(failure(sent), RequestFailure::Ambiguous { .. })),
        "{sent:?}"
    );
}

#[tokio::test]
async fn answers_without_sense_are_told_apart_by_their_status() {
    for (status, body, ambiguous) in [
        (StatusCode::OK, json!("hello"), true),
        (StatusCode::BAD_GATEWAY, json!("<html>"), true),
        (StatusCode::NOT_FOUND, json!("<html>"), false),
        (
            StatusCode::BAD_REQUEST,
            json!({ "errors": [{ "code": "VALIDATION_ERROR", "message": "no" }] }),
            false,
        ),
        (
            StatusCode::OK,
            json!({ "errors": [{ "code": "UNAUTHORIZED", "message": "no" }] }),
            false,
        ),
    ] {
        let url = answering(status, body.clone()).await;
        let sent = client(&url).send(&messages("app", 1)).await;
        match failure(&sent[0]) {
            RequestFailure::Ambiguous { .. } => assert!(ambiguous, "{status} {body}"),
            RequestFailure::Permanent { .. } => assert!(!ambiguous, "{status} {body}"),
            other => panic!("{status} {body}: {other}"),
        }
    }
}

#[tokio::test]
async fn a_request_that_stays_mixed_after_regrouping_is_given_up() {
    let errors = json!({ "errors": [{ "code": "PUSH_TOO_MANY_EXPERIENCE_IDS", "details": { "@a/a": ["ExponentPushToken[app/0]"] } }] });
    let url = answering(StatusCode::BAD_REQUEST, errors).await;
    let sent = client(&url).send(&messages("app", 2)).await;
    let given_up = RequestFailure::Permanent {
        reason: "PUSH_TOO_MANY_EXPERIENCE_IDS".to_owned(),
    };
    assert!(
        sent.iter().all(|sent| failure(sent) == &given_up),
        "{sent:?}"
    );
}
