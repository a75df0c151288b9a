//! `rpc()`.

use serde_json::{Value, json};

use super::world::{Asker, ONE, World};

const FUNCTIONS: &str = "
create function public.add(a integer, b integer default 10) returns integer language sql immutable as 'select a + b';
create function public.texts(p_values text[]) returns text language sql immutable as $$select array_to_string(p_values, '|')$$;
create function public.document(p_document jsonb) returns jsonb language sql immutable as 'select p_document';
create function public.numbers(p_count integer) returns setof integer language sql stable as 'select generate_series(1, p_count)';
create function public.plans_after(p_date date) returns setof public.workout_plans language sql stable
  as 'select * from public.workout_plans where start_date > p_date';
create function public.newest_plan() returns public.workout_plans language sql stable
  as 'select * from public.workout_plans order by created_at desc limit 1';
create function public.both(out first integer, out second text) language sql stable as $$select 1, 'two'$$;
create function public.nothing() returns void language sql as '';
create function public.writes() returns void language sql as $$update public.user_notifications set read = true$$;
create function public.sum_of(variadic p_values integer[]) returns bigint language sql immutable as 'select sum(v) from unnest(p_values) v';
create function public.overloaded(a integer) returns text language sql immutable as $$select 'integer'$$;
create function public.overloaded(a integer, b integer) returns text language sql immutable as $$select 'two'$$;
create function public.overloaded(a text) returns text language sql immutable as $$select 'text'$$;
create function public.settings() returns text[] language sql stable
  as $$select array[current_setting('transaction_read_only'), current_setting('statement_timeout'), current_setting('search_path')]$$;
create function public.settings_of_a_write() returns text[] language sql as 'select public.settings()';
create function public.asked_by() returns jsonb language sql stable as $$select jsonb_build_object(
  'method', current_setting('request.method'), 'path', current_setting('request.path'),
  'client', current_setting('request.headers')::jsonb ->> 'x-client-info', 'user', auth.uid(), 'role', auth.role())$$;
";

async fn world() -> World {
    let world = World::new().await;
    world.database.run(FUNCTIONS).await;
    world
}

#[tokio::test]
async fn a_function_takes_named_arguments_and_answers_in_its_type() {
    let world = world().await;
    // POST body, GET query, answer
    let cases = [
        ("add", r#"{"a": 1, "b": 2}"#, "a=1&b=2", json!(3)),
        ("add", r#"{"a": 1}"#, "a=1", json!(11)),
        (
            "texts",
            r#"{"p_values": ["a", "b,c"]}"#,
            "p_values={a,\"b,c\"}",
            json!("a|b,c"),
        ),
        (
            "document",
            r#"{"p_document": {"a": [1, null]}}"#,
            "p_document={\"a\":[1,null]}",
            json!({ "a": [1, null] }),
        ),
        (
            "document",
            r#"{"p_document": "x"}"#,
            "p_document=x",
            json!("x"),
        ),
        (
            "numbers",
            r#"{"p_count": 3}"#,
            "p_count=3",
            json!([1, 2, 3]),
        ),
        ("both", "{}", "", json!({ "first": 1, "second": "two" })),
        (
            "sum_of",
            r#"{"p_values": [1, 2]}"#,
            "p_values={1,2}",
            json!(3),
        ),
        ("overloaded", r#"{"a": 1, "b": 2}"#, "a=1&b=2", json!("two")),
    ];
    for (name, body, query, expected) in cases {
        let posted = world
            .send(Asker::User(ONE), "POST", &format!("rpc/{name}"), &[], body)
            .await;
        assert_eq!(
            (posted.status, posted.json()),
            (200, expected.clone()),
            "{name} {body}"
        );
        assert_eq!(
            posted.header("content-type"),
            "application/json; charset=utf-8"
        );
        let got = world.get(&format!("rpc/{name}?{query}")).await;
        assert_eq!((got.status, got.json()), (200, expected), "{name}?{query}");
    }
    let bare = world
        .send(Asker::User(ONE), "POST", "rpc/nothing", &[], "")
        .await;
    assert_eq!((bare.status, bare.text.as_str()), (204, ""));
}

#[tokio::test]
async fn rows_of_a_function_are_rows_like_any_others() {
    let world = world().await;
    let body = r#"{"p_date": "2026-01-01"}"#;
    let path = "rpc/plans_after?select=status,workout_entries(position)&status=eq.active&workout_entries.week_number=eq.2&order=id&limit=5";
    let headers = ["prefer: count=exact"];
    let answer = world
        .send(Asker::User(ONE), "POST", path, &headers, body)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(
        answer.json(),
        json!([{ "status": "active", "workout_entries": [{ "position": 0 }] }])
    );
    assert_eq!(answer.header("content-range"), "0-0/1");
    let got = world
        .get("rpc/plans_after?p_date=2026-01-01&select=status&order=start_date")
        .await;
    assert_eq!(
        got.json(),
        json!([{ "status": "paused" }, { "status": "active" }])
    );
    let object = ["accept: application/vnd.pgrst.object+json"];
    let none = world
        .send(
            Asker::User(ONE),
            "POST",
            "rpc/plans_after",
            &object,
            r#"{"p_date": "2030-01-01"}"#,
        )
        .await;
    assert_eq!(none.refused(406), "PGRST116");
    let one = world.get("rpc/newest_plan?select=status").await;
    assert_eq!(one.json(), json!({ "status": "active" }));
}

#[tokio::test]
async fn what_no_function_fits_is_404_and_what_two_fit_is_300() {
    let world = world().await;
    for (path, body) in [
        ("rpc/none_such", "{}"),
        ("rpc/add", "{}"),
        ("rpc/add", r#"{"a": 1, "c": 2}"#),
        ("rpc/mirror_weekly_job", "{}"),
        ("rpc/overloaded", "{}"),
    ] {
        let answer = world.send(Asker::User(ONE), "POST", path, &[], body).await;
        assert_eq!(answer.refused(404), "PGRST202", "{path}");
    }
    let unknown = world
        .send(Asker::User(ONE), "POST", "rpc/ad", &[], r#"{"a": 1}"#)
        .await
        .json();
    assert_eq!(
        unknown["message"],
        "Could not find the function public.ad(a) in the schema cache"
    );
    assert_eq!(
        unknown["hint"],
        "Perhaps you meant to call the function public.add"
    );
    let two = world
        .send(
            Asker::User(ONE),
            "POST",
            "rpc/overloaded",
            &[],
            r#"{"a": 1}"#,
        )
        .await;
    assert_eq!(two.refused(300), "PGRST203");
    let put = world
        .send(Asker::User(ONE), "PUT", "rpc/add", &[], "{}")
        .await;
    assert_eq!(put.refused(405), "PGRST101");
}

#[tokio::test]
async fn a_get_writes_nothing() {
    let world = world().await;
    let got = world
        .send(Asker::Service, "GET", "rpc/writes", &[], "")
        .await;
    assert_eq!(got.refused(405), "25006");
    let posted = world
        .send(Asker::Service, "POST", "rpc/writes", &[], "{}")
        .await;
    assert_eq!(posted.status, 204);
}

#[tokio::test]
async fn what_only_reads_may_only_read_and_nothing_takes_for_ever() {
    let world = world().await;
    for (method, name, is_read_only) in [
        ("GET", "settings", "on"),
        ("GET", "settings_of_a_write", "on"),
        ("POST", "settings", "on"),
        ("POST", "settings_of_a_write", "off"),
    ] {
        let path = format!("rpc/{name}");
        let answer = world.send(Asker::User(ONE), method, &path, &[], "").await;
        let expected = json!([is_read_only, "10s", "public, extensions"]);
        assert_eq!(answer.json(), expected, "{method} {name}");
    }
}

#[tokio::test]
async fn a_function_knows_who_asks_and_how() {
    let world = world().await;
    let answer = world
        .send(
            Asker::User(ONE),
            "POST",
            "rpc/asked_by",
            &["x-client-info: supabase-js/2"],
            "{}",
        )
        .await;
    assert_eq!(
        answer.json(),
        json!({ "method": "POST", "path": "/rpc/asked_by", "client": "supabase-js/2", "user": ONE, "role": "authenticated" })
    );
}

#[tokio::test]
async fn the_contracts_functions_are_called_by_their_rules() {
    let world = World::new().await;
    let user = Asker::User(ONE);
    let profile =
        json!({ "p_profile_snapshot": { "goal": "ENDURANCE", "trainingDays": 3 } }).to_string();
    let created = world
        .send(user, "POST", "rpc/create_plan_job", &[], &profile)
        .await;
    assert_eq!(
        (created.status, &created.json()["status"]),
        (200, &json!("created")),
        "{}",
        created.text
    );
    let job = created.json()["jobId"].clone();
    let active = world
        .send(
            user,
            "POST",
            "rpc/get_active_plan_job",
            &[],
            &json!({ "p_user_id": ONE }).to_string(),
        )
        .await;
    assert_eq!(active.json()[0]["id"], job);
    let active = world
        .get(&format!(
            "rpc/get_active_plan_job?p_user_id={ONE}&select=status"
        ))
        .await;
    assert_eq!(active.json(), json!([{ "status": "pending" }]));
    let cancelled = world
        .send(
            user,
            "POST",
            "rpc/cancel_plan_job",
            &[],
            &json!({ "p_job_id": job }).to_string(),
        )
        .await;
    assert_eq!(cancelled.json(), Value::Bool(true));
    world.database.ended_jobs(ONE, 20).await;
    let limit = world
        .send(user, "POST", "rpc/create_plan_job", &[], &profile)
        .await;
    assert_eq!(limit.refused(429), "PT429");
    assert_eq!(limit.json()["details"], "TOO_MANY_REQUESTS");
    assert_eq!(
        limit.json()["message"],
        "You can ask for 20 plans a day. Please come back tomorrow."
    );
    let claim = world
        .send(
            user,
            "POST",
            "rpc/claim_next_plan_job",
            &[],
            r#"{"p_worker_id": "w"}"#,
        )
        .await;
    assert_eq!(claim.refused(403), "42501");
    let claim = world
        .send(
            Asker::Anon,
            "POST",
            "rpc/claim_next_plan_job",
            &[],
            r#"{"p_worker_id": "w"}"#,
        )
        .await;
    assert_eq!(claim.refused(401), "42501");
    let claim = world
        .send(
            Asker::Service,
            "POST",
            "rpc/claim_next_plan_job",
            &[],
            r#"{"p_worker_id": "w"}"#,
        )
        .await;
    assert_eq!((claim.status, claim.text.as_str()), (200, "null"));
}
