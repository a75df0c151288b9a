//! Which rows a filter lets through, compared by the columns' own types.

use serde_json::{Value, json};
use uuid::Uuid;

use super::support::{Client, database};

const ONE: &str = "0193a0b0-0000-7000-8000-000000000001";

/// A filter, and the versions of the rows that pass it.
const FILTERS: &[(&str, &[i64])] = &[
    ("", &[1, 9, 10]),
    ("version=eq.9", &[9]),
    ("version=eq. 9 ", &[9]),
    ("version=neq.9", &[1, 10]),
    ("version=lt.9", &[1]),
    ("version=lte.9", &[1, 9]),
    ("version=gt.9", &[10]),
    ("version=gte.9", &[9, 10]),
    ("version=in.(1,10,11)", &[1, 10]),
    ("version=not.in.(1,10)", &[9]),
    ("version=gt.1,version=lt.10", &[9]),
    ("status=eq.active", &[1]),
    ("status=in.(\"active\",archived)", &[1, 10]),
    ("status=eq.\"active\"", &[1]),
    ("status=eq.active' or true --", &[]),
    ("redo_reason=eq.\"a,\\\"b\"", &[10]),
    ("redo_reason=neq.x", &[10]),
    ("redo_reason=is.null", &[1, 9]),
    ("redo_reason=not.is.null", &[10]),
    ("redo_reason=isdistinct.x", &[1, 9, 10]),
    ("redo_reason=not.eq.x", &[10]),
    ("is_locked=eq.true", &[9]),
    ("is_locked=is.false", &[1, 10]),
    ("week_start_date=gte.2026-11-23", &[9, 10]),
    ("created_at=lt.2026-11-22T00:00:00+05:30", &[1]),
    ("id=eq.0193A0B0-0000-7000-8000-000000000001", &[1]),
    ("days=eq.{\"a\": 1}", &[9]),
];

#[tokio::test]
async fn a_filter_compares_as_postgres_does() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let bindings: Vec<Value> = FILTERS
        .iter()
        .map(|(filter, _)| json!({"event": "*", "schema": "public", "table": "weekly_base_plans", "filter": filter}))
        .collect();
    let mut client = Client::listening(&server, user, json!(bindings)).await;
    let rows = [
        (
            1,
            "active",
            None,
            false,
            "2026-11-16",
            "2026-11-21T18:29:59Z",
            "{}",
        ),
        (
            9,
            "generated",
            None,
            true,
            "2026-11-23",
            "2026-11-21T18:30:00Z",
            "{\"a\":1}",
        ),
        (
            10,
            "archived",
            Some("a,\"b"),
            false,
            "2026-11-30",
            "2026-11-22T00:00:00Z",
            "{}",
        ),
    ];
    for (version, status, reason, locked, week, created, days) in rows {
        let id = if version == 1 {
            Uuid::parse_str(ONE).unwrap()
        } else {
            Uuid::now_v7()
        };
        sqlx::query(
            "insert into public.weekly_base_plans (id, user_id, version, status, redo_reason, is_locked, week_start_date, created_at, days)
             values ($1, $2, $3, $4, $5, $6, $7::text::date, $8::text::timestamptz, $9::text::jsonb)",
        )
        .bind(id).bind(user).bind(version).bind(status).bind(reason).bind(locked).bind(week).bind(created).bind(days)
        .execute(&database.pool)
        .await
        .unwrap();
    }
    for (version, ..) in rows {
        let (ids, data) = client.change().await;
        assert_eq!(data["record"]["version"], version);
        for ((filter, passes), id) in FILTERS.iter().zip(1..) {
            assert_eq!(
                ids.contains(&id),
                passes.contains(&i64::from(version)),
                "{filter} of row {version}"
            );
        }
    }
}

#[tokio::test]
async fn a_delete_passes_a_filter_on_its_key_and_no_other() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let binding = |event: &str, filter: &str| json!({"event": event, "schema": "public", "table": "weekly_base_plans", "filter": filter});
    let bindings = json!([
        binding("DELETE", &format!("id=eq.{ONE}")),
        binding("DELETE", &format!("user_id=eq.{user}")),
        binding("DELETE", "redo_reason=is.null"),
        binding("UPDATE", &format!("id=eq.{ONE}")),
        binding("delete", ""),
    ]);
    let mut client = Client::listening(&server, user, bindings).await;
    sqlx::query("insert into public.weekly_base_plans (id, user_id, days) values ($1::text::uuid, $2, '{}')")
        .bind(ONE)
        .bind(user)
        .execute(&database.pool)
        .await
        .unwrap();
    database.run("delete from public.weekly_base_plans").await;
    assert_eq!(client.change().await.0, [1, 5]);
}
