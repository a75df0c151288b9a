//! What an operator is told of, and how often.

use coach::alert::{KIND, raise};
use jiff::{Timestamp, ToSpan};
use serde_json::json;

use crate::sql::support::Db;

#[tokio::test]
async fn a_provider_that_needs_somebody_is_told_of_once_an_hour_for_each_reason() {
    let db = Db::fresh().await;
    let now: Timestamp = "2026-11-22T11:59:59Z".parse().expect("a time");
    let calls = [
        ("openai", "QUOTA_EXCEEDED", true),
        ("openai", "QUOTA_EXCEEDED", false),
        ("openai", "CONFIG_ERROR", false),
        ("deepseek", "NETWORK_ERROR", true),
        ("deepseek", "NETWORK_ERROR", false),
        ("deepseek", "AI_RATE_LIMIT", false),
    ];
    for (provider, code, opened) in calls {
        raise(&db.pool, provider, code, opened, now).await;
    }
    let told = format!(
        "select jsonb_agg(input -> 'alert' order by input ->> 'alert') from durable.task where kind = '{KIND}'"
    );
    let once = json!([
        "provider_failing",
        "provider_misconfigured",
        "provider_out_of_credit"
    ]);
    assert_eq!(db.get(&told).await, once);
    raise(&db.pool, "openai", "QUOTA_EXCEEDED", true, now + 1.second()).await;
    let count = format!("select count(*) from durable.task where kind = '{KIND}'");
    assert_eq!(db.get(&count).await, json!(4), "the next hour");
}
