//! What follows from each ticket and receipt.

use std::{
    io,
    sync::{Arc, Mutex},
};

use serde::Deserialize;
use serde_json::json;

use super::support::Phones;
use crate::sql::support::{ADA, BEN, user};

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
        "../../../../emulator/tests/expo-server-sdk/cases.json"
    ))
    .unwrap()
}

/// The state after an answer with this code.
fn state_after(code: &str, ok: &'static str) -> &'static str {
    match code {
        "ok" => ok,
        "missing" => "accepted",
        "MessageRateExceeded" | "ExpoError" | "ProviderError" => "waiting",
        _ => "refused",
    }
}

/// Collects what is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn every_ticket_and_receipt_code_has_its_consequence_and_no_log_shows_a_token_or_text() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);

    let phones = Phones::new().await;
    let cases = cases();
    for case in &cases {
        phones.device(ADA, &case.token).await;
    }
    let (job, _) = phones.db.publish(ADA).await;
    phones.quiet().await;
    for case in &cases {
        let state = phones.state(&case.token).await;
        assert_eq!(
            state,
            state_after(&case.ticket, "accepted"),
            "{}",
            case.token
        );
    }
    assert_eq!(
        phones.disabled().await,
        json!(["ExponentPushToken[DeviceNotRegistered-1]"])
    );
    let well = phones.accepted();
    assert_eq!(
        well.len(),
        cases.iter().filter(|case| case.ticket == "ok").count()
    );
    assert!(well.iter().all(|entry| entry[1] == json!(job)), "{well:?}");

    assert_eq!(phones.hurry("check_push_receipts").await, 1);
    for case in cases.iter().filter(|case| case.ticket == "ok") {
        let state = phones.state(&case.token).await;
        assert_eq!(
            state,
            state_after(&case.receipt, "delivered"),
            "{}",
            case.token
        );
    }
    assert_eq!(
        phones.disabled().await,
        json!([
            "ExponentPushToken[DeviceNotRegistered-1]",
            "ExponentPushToken[receipt.DeviceNotRegistered-1]"
        ])
    );
    assert_eq!(
        phones
            .ticket("ExponentPushToken[receipt.SomethingNew-1]")
            .await,
        json!(["refused", "SomethingNew", 1, 0])
    );

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("InvalidCredentials") && log.contains("push credentials at Expo"),
        "the operator is told"
    );
    for secret in ["PushToken[", "F5741A13", "Seven days of training"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_busy_device_is_sent_to_again_alone_with_the_same_collapse_id() {
    let phones = Phones::new().await;
    let busy = "ExponentPushToken[receipt.MessageRateExceeded.once-1]";
    phones.device(ADA, busy).await;
    phones.device(ADA, "ExponentPushToken[well]").await;
    let (job, _) = phones.db.publish(ADA).await;
    phones.quiet().await;
    phones.hurry("check_push_receipts").await;
    assert_eq!(
        phones.ticket(busy).await,
        json!(["waiting", "MessageRateExceeded", 1, 0])
    );
    assert_eq!(phones.state("ExponentPushToken[well]").await, "delivered");
    let waits = phones.waits("send_push").await;
    assert!(
        waits.len() == 1 && (50.0..=60.0).contains(&waits[0]),
        "{waits:?}"
    );

    phones.hurry("send_push").await;
    assert_eq!(phones.hurry("check_push_receipts").await, 1);
    assert_eq!(phones.ticket(busy).await, json!(["delivered", null, 2, 0]));
    let mut accepted = phones.accepted();
    accepted.sort_by_key(ToString::to_string);
    assert_eq!(
        accepted,
        [
            json!([busy, job]),
            json!([busy, job]),
            json!(["ExponentPushToken[well]", job])
        ]
    );
}

#[tokio::test]
async fn a_device_that_stays_busy_is_given_up_after_the_fifth_send() {
    let phones = Phones::new().await;
    phones
        .device(ADA, "ExponentPushToken[MessageRateExceeded-1]")
        .await;
    phones.db.publish(ADA).await;
    phones.quiet().await;
    for wait in [60.0, 240.0, 960.0, 3840.0] {
        let waits = phones.waits("send_push").await;
        assert!(
            waits.len() == 1 && (wait - 10.0..=wait).contains(&waits[0]),
            "{waits:?}, not {wait}"
        );
        phones.hurry("send_push").await;
    }
    assert_eq!(
        phones
            .ticket("ExponentPushToken[MessageRateExceeded-1]")
            .await,
        json!(["refused", "MessageRateExceeded", 5, 0])
    );
    assert!(phones.waits("send_push").await.is_empty());
}

#[tokio::test]
async fn a_missing_receipt_is_asked_for_later_and_later_and_given_up_after_a_day() {
    let phones = Phones::new().await;
    for token in ["ExponentPushToken[missing]", "ExponentPushToken[late]"] {
        phones.device(ADA, token).await;
    }
    phones.db.publish(ADA).await;
    phones.quiet().await;
    for (age, states, next) in [
        ("15 minutes", ["accepted", "accepted"], Some(900.0)),
        ("5 hours", ["accepted", "delivered"], Some(18_000.0)),
        ("24 hours", ["expired", "delivered"], None),
    ] {
        phones
            .db
            .owner(&format!(
                "update coach.push_ticket set accepted_at = now() - interval '{age}'"
            ))
            .await;
        assert_eq!(phones.hurry("check_push_receipts").await, 1);
        assert_eq!(
            phones.state("ExponentPushToken[missing]").await,
            states[0],
            "{age}"
        );
        assert_eq!(
            phones.state("ExponentPushToken[late]").await,
            states[1],
            "{age}"
        );
        let waits = phones.waits("check_push_receipts").await;
        match next {
            Some(next) => assert!(
                waits.len() == 1 && (next - 10.0..=next + 10.0).contains(&waits[0]),
                "{age}: {waits:?}"
            ),
            None => assert!(waits.is_empty(), "{age}: {waits:?}"),
        }
    }
    assert_eq!(phones.accepted().len(), 2);
}

#[tokio::test]
async fn without_a_device_or_after_a_cancel_nothing_is_sent() {
    let phones = Phones::new().await;
    phones.device(BEN, "ExponentPushToken[ben]").await;
    phones.db.publish(ADA).await;
    let job = phones.db.job_of(BEN).await;
    let cancel = format!("select to_jsonb(public.cancel_plan_job('{job}'))");
    assert_eq!(phones.db.call(&user(BEN), &cancel).await, Ok(json!(true)));
    phones.quiet().await;
    assert!(phones.emulator.ledger().requests().is_empty());
    assert_eq!(
        phones.db.get("select jsonb_agg(jsonb_build_array(outcome, output)) from durable.task where kind = 'send_push'").await,
        json!([["succeeded", { "sent": 0 }]])
    );
    assert_eq!(
        phones
            .db
            .get("select count(*) from coach.push_ticket")
            .await,
        0
    );
}
