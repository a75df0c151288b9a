//! Receipts, in chunks and in the order of the question.

use emulator::Scenario;
use push::{PushService, Receipt, Sent};

use crate::support::{expo, message, messages};

#[tokio::test]
async fn receipts_are_asked_for_by_three_hundred_and_keep_their_order() {
    let (emulator, expo) = expo(Scenario::Plain).await;
    let mut all = messages("app", 640);
    all[319] = message("ExponentPushToken[receipt.ProviderError-1]");
    let ids: Vec<String> = expo
        .send(&all)
        .await
        .into_iter()
        .map(|sent| match sent {
            Sent::Accepted { receipt_id } => receipt_id,
            other => panic!("{other:?}"),
        })
        .collect();
    let receipts = expo.receipts(&ids).await;
    assert_eq!(emulator.ledger().receipts_asked(), 3);
    for (index, receipt) in receipts.iter().enumerate() {
        match index {
            319 => assert!(matches!(receipt, Receipt::Refused(_)), "{receipt:?}"),
            _ => assert_eq!(receipt, &Receipt::Delivered),
        }
    }
}

#[tokio::test]
async fn a_late_receipt_is_missing_first_and_there_later() {
    let (_emulator, expo) = expo(Scenario::Plain).await;
    let sent = expo.send(&[message("ExponentPushToken[late]")]).await;
    let Sent::Accepted { receipt_id } = &sent[0] else {
        panic!("{sent:?}")
    };
    let ids = [receipt_id.clone()];
    assert_eq!(expo.receipts(&ids).await, [Receipt::Missing]);
    assert_eq!(expo.receipts(&ids).await, [Receipt::Delivered]);
}

#[tokio::test]
async fn a_receipt_id_that_is_not_known_is_missing() {
    let (_emulator, expo) = expo(Scenario::Plain).await;
    assert_eq!(
        expo.receipts(&["no-such-id".to_owned()]).await,
        [Receipt::Missing]
    );
}
