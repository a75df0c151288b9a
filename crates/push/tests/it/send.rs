//! What goes out, in which requests, and what comes back a message.

use emulator::{Emulator, Options, Scenario};
use push::{Code, Expo, PushService, Receipt, RequestFailure, Sent, services::ExpoOptions};
use serde::Deserialize;

use crate::support::{expo, message, messages};

#[derive(Deserialize)]
struct Case {
    token: String,
    ticket: String,
    #[serde(default)]
    receipt: String,
}

/// The table that the official SDK is tested with too.
fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!(
        "../../../emulator/tests/expo-server-sdk/cases.json"
    ))
    .expect("cases.json")
}

#[tokio::test]
async fn every_ticket_and_receipt_error_comes_back_typed_with_its_message() {
    let (_emulator, expo) = expo(Scenario::Plain).await;
    let cases = cases();
    let sent: Vec<_> = cases.iter().map(|case| message(&case.token)).collect();
    let answers = expo.send(&sent).await;
    assert_eq!(answers.len(), cases.len());
    for (case, answer) in cases.iter().zip(answers) {
        match answer {
            Sent::Accepted { receipt_id } => {
                assert_eq!(case.ticket, "ok", "{}", case.token);
                let receipt = match expo.receipts(&[receipt_id]).await.remove(0) {
                    Receipt::Delivered => "ok".to_owned(),
                    Receipt::Missing => "missing".to_owned(),
                    Receipt::Refused(refusal) => refusal.code.as_str().to_owned(),
                    Receipt::Unknown(failure) => panic!("{failure}"),
                };
                assert_eq!(receipt, case.receipt, "{}", case.token);
            }
            Sent::Refused(refusal) => {
                assert_eq!(refusal.code, Code::from(case.ticket.as_str()));
                assert!(!refusal.message.contains(&case.token), "a token shows");
                assert!(!refusal.message.is_empty());
            }
            Sent::Failed(failure) => panic!("{}: {failure}", case.token),
        }
    }
}

#[tokio::test]
async fn codes_that_this_version_does_not_know_are_kept_as_text() {
    let (_emulator, expo) = expo(Scenario::Plain).await;
    let answers = expo
        .send(&[message("ExponentPushToken[error.SomethingNew-1]")])
        .await;
    let Sent::Refused(refusal) = &answers[0] else {
        panic!("{answers:?}")
    };
    assert_eq!(refusal.code, Code::Other("SomethingNew".to_owned()));
}

#[tokio::test]
async fn a_request_carries_a_hundred_recipients_and_is_compressed_over_a_kibibyte() {
    let (emulator, expo) = expo(Scenario::Plain).await;
    let answers = expo.send(&messages("app", 250)).await;
    assert!(
        answers
            .iter()
            .all(|sent| matches!(sent, Sent::Accepted { .. }))
    );
    expo.send(&messages("app", 1)).await;
    let requests: Vec<_> = emulator
        .ledger()
        .requests()
        .iter()
        .map(|request| (request.recipients, request.gzip))
        .collect();
    assert_eq!(requests, [(100, true), (100, true), (50, true), (1, false)]);
}

#[tokio::test]
async fn tickets_belong_to_their_messages_across_chunks() {
    let (emulator, expo) = expo(Scenario::Plain).await;
    let all = messages("app", 205);
    let answers = expo.send(&all).await;
    let accepted = emulator.ledger().accepted();
    for (message, answer) in all.iter().zip(answers) {
        let Sent::Accepted { receipt_id } = answer else {
            panic!("{answer:?}")
        };
        let entry = accepted.iter().find(|entry| entry.id == receipt_id);
        assert_eq!(
            entry.map(|entry| entry.to.as_str()),
            Some(message.to.as_str())
        );
    }
}

#[tokio::test]
async fn messages_of_several_projects_are_regrouped_and_all_arrive_once() {
    let (emulator, expo) = expo(Scenario::Plain).await;
    let mut mixed = Vec::new();
    for number in 0..30 {
        for project in ["one", "two", "three"] {
            mixed.push(message(&format!("ExponentPushToken[{project}/{number}]")));
        }
    }
    let answers = expo.send(&mixed).await;
    assert!(
        answers
            .iter()
            .all(|sent| matches!(sent, Sent::Accepted { .. })),
        "{answers:?}"
    );
    let accepted = emulator.ledger().accepted();
    assert_eq!(accepted.len(), mixed.len());
    for (message, answer) in mixed.iter().zip(&answers) {
        let entry = accepted
            .iter()
            .find(|entry| entry.to == message.to)
            .expect("accepted");
        assert_eq!(
            answer,
            &Sent::Accepted {
                receipt_id: entry.id.clone()
            }
        );
    }
    let statuses: Vec<_> = emulator
        .ledger()
        .requests()
        .iter()
        .map(|request| (request.status, request.recipients))
        .collect();
    assert_eq!(statuses, [(400, 90), (200, 30), (200, 30), (200, 30)]);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_cut_and_still_accepted() {
    let (emulator, expo) = expo(Scenario::Plain).await;
    let mut long = message("ExponentPushToken[well]");
    long.body = "Übung \"macht\" den Meister 💪 ".repeat(300);
    let answers = expo.send(&[long.clone()]).await;
    assert!(matches!(answers[0], Sent::Accepted { .. }), "{answers:?}");
    let body = emulator.ledger().accepted().remove(0).body.expect("a body");
    let kept = body.strip_suffix('…').expect("a mark where it was cut");
    assert!(
        long.body.starts_with(kept) && kept.len() > 3000,
        "{} bytes kept",
        kept.len()
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_without_a_call_and_spoils_no_other() {
    let (emulator, expo) = expo(Scenario::Plain).await;
    let mut too_big = message("ExponentPushToken[big]");
    too_big.data = [("text".to_owned(), "x".repeat(4096).into())]
        .into_iter()
        .collect();
    let answers = expo
        .send(&[
            message("fcm-token"),
            message("ExponentPushToken[well]"),
            too_big,
        ])
        .await;
    let codes: Vec<_> = answers
        .iter()
        .map(|sent| match sent {
            Sent::Refused(refusal) => refusal.code.as_str(),
            Sent::Accepted { .. } => "accepted",
            Sent::Failed(_) => "failed",
        })
        .collect();
    assert_eq!(codes, ["InvalidToken", "accepted", "MessageTooBig"]);
    assert_eq!(emulator.ledger().requests().len(), 1);
}

#[tokio::test]
async fn nothing_to_send_makes_no_call() {
    let (emulator, expo) = expo(Scenario::Plain).await;
    assert_eq!(expo.send(&[]).await, []);
    assert_eq!(expo.receipts(&[]).await, []);
    assert!(emulator.ledger().requests().is_empty());
    assert_eq!(emulator.ledger().receipts_asked(), 0);
}

#[tokio::test]
async fn an_access_token_is_sent_and_its_lack_is_permanent() {
    let emulator = Emulator::start(&Options {
        access_token: Some("secret".to_owned()),
        ..Options::default()
    })
    .await
    .expect("a port");
    let options = ExpoOptions {
        url: emulator.expo_url(),
        ..ExpoOptions::default()
    };
    let without = Expo::new(&options).expect("a client");
    let answers = without.send(&messages("app", 2)).await;
    let refused = Sent::Failed(RequestFailure::Permanent {
        reason: "HTTP 401 UNAUTHORIZED".to_owned(),
    });
    assert_eq!(answers, [refused.clone(), refused]);
    let with = Expo::new(&ExpoOptions {
        access_token: Some("secret".to_owned()),
        ..options
    })
    .expect("a client");
    assert!(matches!(
        with.send(&messages("app", 1)).await[0],
        Sent::Accepted { .. }
    ));
}

#[test]
fn neither_token_nor_text_shows_in_a_debug_print() {
    let shown = format!("{:?}", message("ExponentPushToken[secret]"));
    assert_eq!(shown, "Message { collapse_id: \"job-7\", .. }");
}

#[test]
fn bad_options_say_what_would_be_right() {
    let url = Expo::new(&ExpoOptions {
        url: "exp.host".to_owned(),
        ..ExpoOptions::default()
    })
    .err()
    .expect("refused");
    assert!(
        url.to_string().contains("https://exp.host/--/api/v2/push"),
        "{url}"
    );
    let token = Expo::new(&ExpoOptions {
        access_token: Some("a\nb".to_owned()),
        ..ExpoOptions::default()
    })
    .err()
    .expect("refused");
    assert!(token.to_string().contains("without line breaks"), "{token}");
}
