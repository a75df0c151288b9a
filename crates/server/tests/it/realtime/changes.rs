//! What is told of a change, byte for byte.

use serde_json::{Value, json};
use uuid::Uuid;

use super::support::{Client, all_of, database, plan};
use crate::support::{service_role_key, token_of};

const ID: &str = "0193a0b0-0000-7000-8000-000000000001";

/// Columns of every kind that clients convert, as an operator may add them.
const STRANGE_COLUMNS: &str = "alter table public.workout_plans add big bigint, add price numeric, add flag boolean, add tags text[],
    add moment timestamp, add nested jsonb, add ratio double precision;
  grant select on public.workout_plans to authenticated;";

#[tokio::test]
async fn a_change_has_the_recorded_form() {
    let database = database().await;
    database.run(STRANGE_COLUMNS).await;
    // Whatever zone a writer lives in, times are told in UTC.
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::listening(&server, user, json!([all_of("workout_plans")])).await;
    let insert = format!(
        "set time zone 'Asia/Kolkata';
         insert into public.workout_plans (id, user_id, start_date, created_at, big, price, flag, tags, moment, nested, ratio)
         values ('{ID}', '{user}', '2026-11-23', '2026-11-22T05:30:00.123456+05:30', 9007199254740993, 1.50, true, '{{a,\"b c\"}}',
           '2026-01-01 01:02:03', '{{\"b\": [1, null], \"a\": 1.0}}', 0.1);
         reset time zone"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(insert))
        .execute(&database.pool)
        .await
        .unwrap();
    let text = client
        .message()
        .await
        .unwrap()
        .into_text()
        .unwrap()
        .to_string();
    let (before, rest) = text.split_once("\"commit_timestamp\":\"").unwrap();
    assert_eq!(
        before,
        r#"[null,null,"realtime:test","postgres_changes",{"ids":[1],"data":{"schema":"public","table":"workout_plans","type":"INSERT","#
    );
    let (timestamp, rest) = rest.split_once('"').unwrap();
    let form: String = timestamp
        .chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect();
    assert_eq!(form, "0000-00-00T00:00:00.000Z");
    let columns = [
        ("id", "uuid"),
        ("user_id", "uuid"),
        ("summary", "text"),
        ("start_date", "date"),
        ("status", "workout_plan_status"),
        ("created_at", "timestamptz"),
        ("big", "int8"),
        ("price", "numeric"),
        ("flag", "bool"),
        ("tags", "_text"),
        ("moment", "timestamp"),
        ("nested", "jsonb"),
        ("ratio", "float8"),
    ];
    let columns = columns
        .map(|(name, kind)| format!(r#"{{"name":"{name}","type":"{kind}"}}"#))
        .join(",");
    let record = format!(
        r#"{{"id":"{ID}","user_id":"{user}","summary":null,"start_date":"2026-11-23","status":"active","created_at":"2026-11-22T00:00:00.123456+00:00","big":9007199254740993,"price":1.50,"flag":true,"tags":["a", "b c"],"moment":"2026-01-01T01:02:03","nested":{{"a": 1.0, "b": [1, null]}},"ratio":0.1}}"#
    );
    assert_eq!(
        rest,
        format!(r#","columns":[{columns}],"record":{record},"errors":null}}}}]"#)
    );
}

#[tokio::test]
async fn an_update_tells_the_new_row_and_the_former_key_and_a_delete_the_key_alone() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let id = plan(&database, user, 1).await;
    let mut client = Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
    database
        .run("update public.weekly_base_plans set version = 2")
        .await;
    let (_, update) = client.change().await;
    database.run("delete from public.weekly_base_plans").await;
    assert_eq!(
        (&update["type"], &update["record"]["version"]),
        (&json!("UPDATE"), &json!(2))
    );
    assert_eq!(update["old_record"], json!({ "id": id }));
    let (_, delete) = client.change().await;
    assert_eq!(
        (&delete["type"], &delete["record"], &delete["errors"]),
        (&json!("DELETE"), &Value::Null, &Value::Null)
    );
    assert_eq!(delete["old_record"], json!({ "id": id }));
    assert_eq!(delete["columns"], update["columns"]);
}

#[tokio::test]
async fn with_a_full_replica_identity_an_update_tells_the_whole_former_row_and_a_delete_does_not() {
    let database = database().await;
    database
        .run("alter table public.weekly_base_plans replica identity full")
        .await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let id = plan(&database, user, 1).await;
    let mut client = Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
    database
        .run("update public.weekly_base_plans set version = 2")
        .await;
    let (_, update) = client.change().await;
    database.run("delete from public.weekly_base_plans").await;
    assert_eq!(
        (
            &update["old_record"]["version"],
            &update["record"]["version"]
        ),
        (&json!(1), &json!(2))
    );
    assert_eq!(client.change().await.1["old_record"], json!({ "id": id }));
}

#[tokio::test]
async fn every_status_of_a_row_is_told_though_all_were_written_before_the_first_was_read() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
    plan(&database, user, 0).await;
    let update = "do $$ begin for i in 1..20 loop update public.weekly_base_plans set version = i; end loop; end $$";
    database.run(update).await;
    for version in 0..=20 {
        assert_eq!(client.version().await, version);
    }
}

#[tokio::test]
async fn a_row_over_a_mebibyte_keeps_its_short_values_and_says_so() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
    let insert = "insert into public.weekly_base_plans (user_id, days) select $1, jsonb_build_object('text', repeat('x', $2))";
    for length in [1_100_000, 900_000] {
        sqlx::query(insert)
            .bind(user)
            .bind(length)
            .execute(&database.pool)
            .await
            .unwrap();
    }
    let (_, cut) = client.change().await;
    assert_eq!(cut["errors"], json!(["Error 413: Payload Too Large"]));
    assert_eq!(
        (&cut["record"]["user_id"], &cut["record"]["days"]),
        (&json!(user), &Value::Null)
    );
    let (_, whole) = client.change().await;
    assert_eq!(
        (
            &whole["errors"],
            whole["record"]["days"]["text"].as_str().unwrap().len()
        ),
        (&Value::Null, 900_000)
    );
}

#[tokio::test]
async fn columns_that_a_role_may_not_read_are_not_told_and_without_the_key_nothing_is() {
    let database = database().await;
    database
        .run(
            "revoke select on public.weekly_base_plans from authenticated;
             grant select (id, user_id, version) on public.weekly_base_plans to authenticated;
             revoke select on public.weekly_base_plans from service_role",
        )
        .await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::connect(&server).await;
    let bindings = json!([all_of("weekly_base_plans")]);
    client
        .subscribe("realtime:user", bindings.clone(), &token_of(user))
        .await;
    plan(&database, user, 1).await;
    let (_, data) = client.change().await;
    assert_eq!(data["columns"].as_array().unwrap().len(), 3);
    assert_eq!(data["record"].as_object().unwrap().len(), 3);

    let mut service = Client::connect(&server).await;
    service
        .subscribe("realtime:service", bindings, &service_role_key())
        .await;
    plan(&database, user, 2).await;
    let (_, data) = service.change().await;
    assert_eq!(data["errors"], json!(["Error 401: Unauthorized"]));
    assert_eq!(
        (&data["record"], &data["columns"]),
        (&json!({}), &json!([]))
    );
}

#[tokio::test]
async fn the_service_role_hears_of_every_row_of_every_table() {
    let database = database().await;
    let server = database.server().await;
    let mut client = Client::connect(&server).await;
    client
        .subscribe(
            "realtime:all",
            json!([{"event": "*", "schema": "public", "table": "*"}]),
            &service_role_key(),
        )
        .await;
    let user = Uuid::now_v7();
    plan(&database, user, 1).await;
    plan(&database, Uuid::now_v7(), 2).await;
    database
        .run("insert into public.exercises (slug, name) values ('a-new-one', 'A new one')")
        .await;
    assert_eq!((client.version().await, client.version().await), (1, 2));
    assert_eq!(client.change().await.1["table"], "exercises");
}
