//! Requests that fail as a whole.

use emulator::{Options, Scenario};
use serde_json::json;

use super::support::Phones;
use crate::sql::support::{ADA, Db};

const WELL: &str = "ExponentPushToken[well]";

#[tokio::test]
async fn too_many_requests_is_tried_again_after_the_wait_it_names() {
    let phones = Phones::in_scenario(Scenario::TooManyRequestsOnce).await;
    phones.device(ADA, WELL).await;
    phones.db.publish(ADA).await;
    phones.quiet().await;
    assert_eq!(phones.ticket(WELL).await, json!(["waiting", null, 1, 0]));
    let named = phones.db.get("select extract(epoch from i.due_at - e.at) from durable.timer i join durable.event e using (task) where e.type = 'retried'").await;
    assert_eq!(named.as_f64(), Some(1.0), "Retry-After: 1");
    phones.hurry("send_push").await;
    assert_eq!(phones.ticket(WELL).await, json!(["accepted", null, 2, 0]));
    assert_eq!(phones.accepted().len(), 1);
}

#[tokio::test]
async fn a_push_that_was_perhaps_accepted_goes_out_again_under_its_collapse_id_and_is_counted() {
    let phones = Phones::in_scenario(Scenario::CutOnce).await;
    phones.device(ADA, WELL).await;
    let (job, _) = phones.db.publish(ADA).await;
    phones.quiet().await;
    assert_eq!(phones.ticket(WELL).await, json!(["sending", null, 1, 0]));
    phones.hurry("send_push").await;
    assert_eq!(phones.ticket(WELL).await, json!(["accepted", null, 2, 1]));
    assert_eq!(phones.accepted(), [json!([WELL, job]), json!([WELL, job])]);
}

#[tokio::test]
async fn devices_that_were_sent_to_are_not_sent_to_again_by_a_retry() {
    let phones = Phones::new().await;
    for token in [WELL, "ExponentPushToken[ExpoError-1]"] {
        phones.device(ADA, token).await;
    }
    phones.db.publish(ADA).await;
    phones.quiet().await;
    phones.hurry("send_push").await;
    phones.hurry("send_push").await;
    assert_eq!(
        phones.ticket("ExponentPushToken[ExpoError-1]").await,
        json!(["waiting", "ExpoError", 3, 0])
    );
    assert_eq!(phones.accepted().len(), 1);
}

#[tokio::test]
async fn a_service_that_refuses_our_access_ends_the_task_for_an_operator() {
    let options = Options {
        access_token: Some("secret".to_owned()),
        ..Options::default()
    };
    let phones = Phones::on(Db::fresh().await, &options).await;
    phones.device(ADA, WELL).await;
    phones.db.publish(ADA).await;
    phones.quiet().await;
    assert_eq!(
        phones.ticket(WELL).await,
        json!(["refused", "HTTP 401 UNAUTHORIZED", 1, 0])
    );
    assert_eq!(
        phones.db.get("select jsonb_build_array(outcome, error_code, error_message) from durable.task where kind = 'send_push'").await,
        json!(["failed", "CONFIG_ERROR", "push service: refused: HTTP 401 UNAUTHORIZED"])
    );
}

#[tokio::test]
async fn receipts_that_could_not_be_asked_for_are_asked_for_later() {
    let phones = Phones::in_scenario(Scenario::ReceiptsErrorOnce).await;
    phones.device(ADA, WELL).await;
    phones.db.publish(ADA).await;
    phones.quiet().await;
    phones.hurry("check_push_receipts").await;
    assert_eq!(phones.state(WELL).await, "accepted");
    assert_eq!(phones.waits("check_push_receipts").await.len(), 1);
    phones.hurry("check_push_receipts").await;
    assert_eq!(phones.state(WELL).await, "delivered");
    assert_eq!(phones.accepted().len(), 1);
}
