//! Which failed calls the operator is told of.

use coach::alert::raise;
use serde_json::json;

use crate::sql::support::Db;

#[tokio::test]
async fn a_provider_that_needs_somebody_is_noted_once_for_each_reason() {
    let db = Db::fresh().await;
    for (provider, code, opened) in [
        ("openai", "QUOTA_EXCEEDED", true),
        ("openai", "QUOTA_EXCEEDED", false),
        ("openai", "CONFIG_ERROR", false),
        ("deepseek", "NETWORK_ERROR", true),
        ("deepseek", "NETWORK_ERROR", false),
        ("deepseek", "AI_RATE_LIMIT", false),
    ] {
        raise(&db.pool, provider, code, opened).await;
    }
    let noted = "select jsonb_agg(jsonb_build_array(alert, about, figures ->> 'code') order by alert) from coach.standing_alert";
    let expected = json!([
        ["provider_failing", "deepseek", "NETWORK_ERROR"],
        ["provider_misconfigured", "openai", "CONFIG_ERROR"],
        ["provider_out_of_credit", "openai", "QUOTA_EXCEEDED"],
    ]);
    assert_eq!(db.get(noted).await, expected);
}
