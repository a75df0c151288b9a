//! Push tokens: a device belongs to who used it last.

use serde_json::json;

use super::support::{ADA, BEN, Db, user};

const UPSERT: &str = "insert into public.push_tokens (token, device_info) values ('ExponentPushToken[x]', '{\"os\": \"ios\"}') \
    on conflict (user_id, token) do update set device_info = excluded.device_info, updated_at = now()";

#[tokio::test]
async fn a_token_is_live_for_its_last_user_only() {
    let db = Db::fresh().await;
    let live = "select jsonb_agg(user_id) from public.push_tokens where disabled_at is null";
    for who in [ADA, BEN, ADA, ADA] {
        assert_eq!(db.run(&user(who), UPSERT).await, Ok(1));
        assert_eq!(db.get(live).await, json!([who]));
    }
    assert_eq!(db.get("select count(*) from public.push_tokens").await, 2);
}

#[tokio::test]
async fn a_token_that_was_disabled_is_live_again_when_the_device_reports() {
    let db = Db::fresh().await;
    db.run(&user(ADA), UPSERT).await.unwrap();
    db.owner("update public.push_tokens set disabled_at = now()")
        .await;
    assert_eq!(
        db.get("select disabled_at is not null from public.push_tokens")
            .await,
        true
    );
    db.run(&user(ADA), UPSERT).await.unwrap();
    assert_eq!(
        db.get("select disabled_at is null from public.push_tokens")
            .await,
        true
    );
    assert_eq!(
        db.run(
            &user(ADA),
            "update public.push_tokens set disabled_at = null"
        )
        .await
        .unwrap_err()
        .sqlstate,
        "42501"
    );
}
