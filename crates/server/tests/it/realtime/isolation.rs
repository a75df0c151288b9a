//! Who hears of what: row level security decides for each caller alone.

use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::support::{Client, all_of, database, join_payload, plan};
use crate::database::TestDatabase;
use crate::support::{anon_key, claims_of, token, token_of, with};

async fn run(database: &TestDatabase, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&database.pool)
        .await
        .unwrap();
}

#[tokio::test]
async fn two_users_never_hear_of_each_others_rows_not_even_of_their_end() {
    let database = database().await;
    let server = database.server().await;
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let bindings = json!([all_of("weekly_base_plans"), all_of("workout_entries"), {"event": "*", "schema": "*"}]);
    let mut clients = [
        (one, Client::listening(&server, one, bindings.clone()).await),
        (two, Client::listening(&server, two, bindings).await),
    ];
    for round in 0..5 {
        for (user, _) in &clients {
            let id = plan(&database, *user, round).await;
            run(
                &database,
                format!("update public.weekly_base_plans set is_locked = true where id = '{id}'"),
            )
            .await;
            run(
                &database,
                format!("delete from public.weekly_base_plans where id = '{id}'"),
            )
            .await;
        }
    }
    // What is told of a row that is gone by now differs; that it is another's never does.
    for (user, client) in &mut clients {
        let last = plan(&database, *user, 99).await;
        let mut deletes = 0;
        loop {
            let (_, data) = client.change().await;
            if data["type"] == "DELETE" {
                deletes += 1;
                continue;
            }
            assert_eq!(data["record"]["user_id"], json!(user));
            if data["record"]["id"] == json!(last) {
                break;
            }
        }
        assert_eq!(deletes, 5, "each hears of the end of their own");
    }
}

#[tokio::test]
async fn a_row_that_belongs_to_another_by_now_is_told_to_its_new_owner_alone() {
    let database = database().await;
    let server = database.server().await;
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let id = plan(&database, one, 1).await;
    let mut first = Client::listening(&server, one, json!([all_of("weekly_base_plans")])).await;
    let mut second = Client::listening(&server, two, json!([all_of("weekly_base_plans")])).await;
    run(
        &database,
        format!(
            "update public.weekly_base_plans set user_id = '{two}', version = 2 where id = '{id}'"
        ),
    )
    .await;
    assert_eq!(second.version().await, 2);
    plan(&database, one, 3).await;
    assert_eq!(first.version().await, 3);
}

#[tokio::test]
async fn without_a_users_token_the_join_is_warned_and_hears_no_rows_until_a_token_comes() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::connect(&server).await;
    let filter = json!([{"event": "*", "schema": "public", "table": "weekly_base_plans", "filter": format!("user_id=eq.{user}")}]);
    let reply = client
        .join("realtime:early", join_payload(filter, None))
        .await;
    assert_eq!(reply["status"], "ok");
    assert_eq!(client.next().await.payload["status"], "ok");
    let warning = client.next().await;
    assert_eq!(
        (warning.event.as_str(), &warning.payload["status"]),
        ("system", &json!("warning"))
    );
    assert!(
        warning.payload["message"]
            .as_str()
            .unwrap()
            .contains("setAuth"),
        "{warning:?}"
    );
    let mut other = Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
    plan(&database, user, 1).await;
    // The feed tells a change to all who listen at once: from here on nobody else hears of this one.
    assert_eq!(other.version().await, 1);
    client
        .send(
            &json!(["1", null, "realtime:early", "access_token", {"access_token": token_of(user)}]),
        )
        .await;
    client
        .send(&json!([null, "8", "phoenix", "heartbeat", {}]))
        .await;
    assert_eq!(
        client.next().await.reference,
        "8",
        "a token is not answered"
    );
    plan(&database, user, 2).await;
    assert_eq!(client.version().await, 2);
}

#[tokio::test]
async fn anon_is_told_that_it_may_not_know() {
    let database = database().await;
    let server = database.server().await;
    let mut client = Client::connect(&server).await;
    client
        .subscribe(
            "realtime:anon",
            json!([all_of("weekly_base_plans")]),
            &anon_key(),
        )
        .await;
    assert_eq!(client.next().await.payload["status"], "warning");
    plan(&database, Uuid::now_v7(), 1).await;
    let (_, data) = client.change().await;
    assert_eq!(
        (&data["errors"], &data["record"]),
        (&json!(["Error 401: Unauthorized"]), &json!({}))
    );
}

#[tokio::test]
async fn policies_may_read_any_claim_of_each_socket() {
    let database = database().await;
    database
        .run(
            "create policy of_level on public.weekly_base_plans as restrictive for select to authenticated
             using (auth.jwt() ->> 'aal' = 'aal2')",
        )
        .await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let bindings = json!([all_of("weekly_base_plans")]);
    let mut client = Client::connect(&server).await;
    let weak = token(&with(claims_of(user), json!({"aal": "aal1"})));
    let strong = token(&with(claims_of(user), json!({"aal": "aal2"})));
    client
        .subscribe("realtime:weak", bindings.clone(), &weak)
        .await;
    client.subscribe("realtime:strong", bindings, &strong).await;
    for version in [1, 2] {
        let id = plan(&database, user, version).await;
        assert_eq!(client.next().await.topic, "realtime:strong");
        run(
            &database,
            format!("delete from public.weekly_base_plans where id = '{id}'"),
        )
        .await;
        assert_eq!(client.next().await.topic, "realtime:strong");
    }
}

#[tokio::test]
async fn a_policy_that_raises_for_one_is_told_to_them_and_hurts_nobody_else() {
    let database = database().await;
    let (unlucky, lucky) = (Uuid::now_v7(), Uuid::now_v7());
    run(
        &database,
        format!(
            "create function public.stumble(p_version integer) returns boolean language plpgsql as $$ begin
               if auth.uid() = '{unlucky}' and p_version = 13 then raise exception 'of no interest'; end if;
               return true; end $$;
             create policy stumbling on public.weekly_base_plans as restrictive for select to authenticated using (public.stumble(version))"
        ),
    )
    .await;
    let server = database.server().await;
    let mut hurt = Client::listening(&server, unlucky, json!([all_of("weekly_base_plans")])).await;
    let mut well = Client::listening(&server, lucky, json!([all_of("weekly_base_plans")])).await;
    run(
        &database,
        format!(
            "insert into public.weekly_base_plans (user_id, days, version)
             select u, '{{}}', v from unnest(array[12, 13, 14]) v, unnest(array['{unlucky}', '{lucky}']::uuid[]) u"
        ),
    )
    .await;
    for version in [12, 13, 14] {
        assert_eq!(well.version().await, version);
    }
    assert_eq!(hurt.version().await, 12);
    let system = hurt.next().await;
    assert_eq!(
        (system.event.as_str(), &system.payload["status"]),
        ("system", &json!("error"))
    );
    assert!(
        !system.payload.to_string().contains("of no interest"),
        "{system:?}"
    );
    assert_eq!(hurt.version().await, 14);
}

#[tokio::test]
async fn a_policy_that_never_answers_for_some_holds_up_nobody_else() {
    let database = database().await;
    let quick = Uuid::now_v7();
    run(
        &database,
        format!(
            "create function public.dawdle() returns boolean language plpgsql as $$ begin
               if auth.uid() <> '{quick}' then perform pg_sleep(60); end if;
               return true; end $$;
             create policy dawdling on public.weekly_base_plans as restrictive for select to authenticated using (public.dawdle())"
        ),
    )
    .await;
    let server = database.server().await;
    let mut client = Client::connect(&server).await;
    let slow = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    for (number, user) in slow.iter().enumerate() {
        client
            .subscribe(
                &format!("realtime:slow-{number}"),
                json!([all_of("weekly_base_plans")]),
                &token_of(*user),
            )
            .await;
    }
    client
        .subscribe(
            "realtime:quick",
            json!([all_of("weekly_base_plans")]),
            &token_of(quick),
        )
        .await;
    let everybody = [slow.as_slice(), &[quick]].concat();
    sqlx::query(
        "insert into public.weekly_base_plans (user_id, days) select u, '{}' from unnest($1) u",
    )
    .bind(everybody)
    .execute(&database.pool)
    .await
    .unwrap();
    let first = client.next().await;
    assert_eq!(
        (first.topic.as_str(), first.event.as_str()),
        ("realtime:quick", "postgres_changes")
    );
    // Those that could not be checked in time begin anew, rather than miss something in silence.
    for _ in slow {
        let system = client.next().await;
        assert!(system.topic.starts_with("realtime:slow-"), "{system:?}");
        assert_eq!(
            (system.event.as_str(), &system.payload["status"]),
            ("system", &json!("error"))
        );
        assert_eq!(client.next().await.event, "phx_error");
    }
}
