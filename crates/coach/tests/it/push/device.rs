//! Devices that come, go and change hands between a notification and its push.

use emulator::{Options, Scenario};
use serde_json::json;

use super::support::Phones;
use crate::sql::support::{ADA, BEN, Db, OLDER};

#[tokio::test]
async fn each_live_device_of_the_user_gets_one_push_and_nobody_else_does() {
    let phones = Phones::new().await;
    for token in [
        "ExponentPushToken[phone]",
        "ExponentPushToken[tablet]",
        "ExponentPushToken[old]",
    ] {
        phones.device(ADA, token).await;
    }
    phones.device(BEN, "ExponentPushToken[ben]").await;
    phones
        .db
        .owner("update public.push_tokens set disabled_at = now() where token like '%old%'")
        .await;
    let (job, _) = phones.db.publish(ADA).await;
    phones.quiet().await;
    let mut accepted = phones.accepted();
    accepted.sort_by_key(ToString::to_string);
    assert_eq!(
        accepted,
        [
            json!(["ExponentPushToken[phone]", job]),
            json!(["ExponentPushToken[tablet]", job])
        ]
    );
}

#[tokio::test]
async fn a_device_that_changed_hands_before_a_retry_is_left_alone() {
    let phones = Phones::in_scenario(Scenario::ErrorOnce).await;
    phones.device(ADA, "ExponentPushToken[shared]").await;
    phones.db.publish(ADA).await;
    phones.quiet().await;
    phones.device(BEN, "ExponentPushToken[shared]").await;
    phones.hurry("send_push").await;
    assert_eq!(
        phones.db.get("select state from coach.push_ticket").await,
        "gone"
    );
    assert!(phones.accepted().is_empty());
}

#[tokio::test]
async fn a_device_that_comes_later_does_not_hear_of_old_news() {
    let phones = Phones::new().await;
    phones
        .device(ADA, "ExponentPushToken[MessageRateExceeded-1]")
        .await;
    phones.db.publish(ADA).await;
    phones.quiet().await;
    phones.device(ADA, "ExponentPushToken[new]").await;
    phones.hurry("send_push").await;
    assert!(phones.accepted().is_empty());
}

#[tokio::test]
async fn a_device_that_signed_in_again_since_the_push_is_not_disabled_by_its_receipt() {
    let phones = Phones::new().await;
    let token = "ExponentPushToken[receipt.DeviceNotRegistered-1]";
    phones.device(ADA, token).await;
    phones.db.publish(ADA).await;
    phones.quiet().await;
    phones.device(ADA, token).await;
    phones.hurry("check_push_receipts").await;
    assert_eq!(phones.state(token).await, "refused");
    assert_eq!(phones.disabled().await, json!([]));
}

#[tokio::test]
async fn tickets_go_with_the_notification_and_with_the_device() {
    let phones = Phones::new().await;
    phones.device(ADA, "ExponentPushToken[one]").await;
    phones.device(BEN, "ExponentPushToken[two]").await;
    phones.db.publish(ADA).await;
    phones.db.publish(BEN).await;
    phones.quiet().await;
    phones
        .db
        .owner(&format!(
            "delete from public.user_notifications where user_id = '{ADA}'"
        ))
        .await;
    phones
        .db
        .owner(&format!(
            "delete from public.push_tokens where user_id = '{BEN}'"
        ))
        .await;
    assert_eq!(
        phones
            .db
            .get("select count(*) from coach.push_ticket")
            .await,
        0
    );
    assert_eq!(
        phones.hurry("check_push_receipts").await,
        2,
        "and what was planned for them ends"
    );
    assert!(phones.waits("check_push_receipts").await.is_empty());
}

#[tokio::test]
async fn an_older_table_of_tokens_with_numbers_for_ids_and_duplicates_gets_one_push_a_device() {
    let db = Db::with(OLDER).await;
    coach::migrate::migrate(&db.pool).await.expect("migrate");
    let phones = Phones::on(db, &Options::default()).await;
    let job = "10000000-0000-4000-8000-000000000001";
    phones
        .db
        .owner(&format!(
            "do $$ declare c record; begin
               for c in select * from durable.claim(durable.start_worker('own', array['weekly_plan'], false, '1 hour'), 'weekly_plan', 10) loop
                 if c.task = '{job}' then perform durable.complete(c.task, c.token, '{{}}'); end if;
               end loop;
             end $$"
        ))
        .await;
    phones.db.owner("delete from durable.worker where name = 'own'; delete from durable.run where task in (select id from durable.task where kind = 'generate_weekly_plan')").await;
    phones.quiet().await;
    assert_eq!(phones.accepted(), [json!(["ExponentPushToken[one]", job])]);
    phones.hurry("check_push_receipts").await;
    assert_eq!(phones.state("ExponentPushToken[one]").await, "delivered");
}

#[tokio::test]
async fn older_tables_whose_ids_are_not_unique_and_texts_are_varchars_work_as_well() {
    let db = Db::with(
        "create table public.user_notifications (id uuid default gen_random_uuid(), user_id uuid not null,
           title varchar, body varchar);
         create table public.push_tokens (id serial, user_id uuid not null, token varchar not null);",
    )
    .await;
    coach::migrate::migrate(&db.pool).await.expect("migrate");
    let phones = Phones::on(db, &Options::default()).await;
    phones.device(ADA, "ExponentPushToken[one]").await;
    let (job, _) = phones.db.publish(ADA).await;
    phones.quiet().await;
    assert_eq!(phones.accepted(), [json!(["ExponentPushToken[one]", job])]);
    phones.hurry("check_push_receipts").await;
    assert_eq!(phones.state("ExponentPushToken[one]").await, "delivered");
}
