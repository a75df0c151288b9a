//! The migration on databases of every sort: empty, Supabase-like, with older tables, hopeless; once, twice, at once.

use coach::migrate::{migrate, script};
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};

use super::support::{ADA, BEN, Db, OLDER, SUPABASE, service, user};

/// Everything in the catalogue that a migration could have changed, with ids, so that made-again shows.
const CATALOGUE: &str = "select jsonb_build_array(
    (select jsonb_agg(jsonb_build_array(oid::text, relname, relacl::text, relrowsecurity) order by oid) from pg_class where relnamespace::regnamespace::text in ('public', 'coach', 'durable', 'auth')),
    (select jsonb_agg(jsonb_build_array(oid::text, proname, proacl::text, prosrc) order by oid) from pg_proc where pronamespace::regnamespace::text in ('public', 'coach', 'durable', 'auth')),
    (select jsonb_agg(jsonb_build_array(oid::text, conname) order by oid) from pg_constraint where connamespace::regnamespace::text in ('public', 'coach', 'durable')),
    (select jsonb_agg(jsonb_build_array(oid::text, polname) order by oid) from pg_policy),
    (select jsonb_agg(jsonb_build_array(oid::text, tgname) order by oid) from pg_trigger),
    (select jsonb_agg(to_jsonb(m) order by name) from durable.migration m),
    (select jsonb_agg(to_jsonb(s) order by name) from coach.setting s),
    (select jsonb_agg(jsonb_build_array(rolname, oid::text) order by oid) from pg_roles where rolname in ('anon', 'authenticated', 'service_role')))";

/// Runs the text as psql -f would: message by message would differ only in that each sees the one before; here at once.
async fn run_printed(pool: &PgPool) {
    let mut connection = pool.acquire().await.expect("a connection").detach();
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(script())))
        .await
        .expect("the printed script");
    connection.close().await.expect("close");
}

#[tokio::test]
async fn printed_and_migrated_share_one_history_whichever_runs_first() {
    for printed_first in [true, false] {
        for fixture in ["select 1", SUPABASE, OLDER] {
            let db = Db::with(fixture).await;
            let pool = if fixture == SUPABASE {
                db.pool_of("project_owner").await
            } else {
                db.pool.clone()
            };
            if printed_first {
                run_printed(&pool).await;
            } else {
                migrate(&pool).await.expect("migrate");
            }
            let before = db.get(CATALOGUE).await;
            for _ in 0..2 {
                migrate(&pool).await.expect("migrate");
                run_printed(&pool).await;
            }
            assert_eq!(
                db.get(CATALOGUE).await,
                before,
                "a migration without news changes nothing"
            );
        }
    }
}

#[tokio::test]
async fn two_databases_of_a_new_cluster_migrate_many_times_at_once() {
    let folder = std::env::temp_dir().join(format!("mesocycle-{}", uuid::Uuid::now_v7().simple()));
    let server = local_postgres::LocalPostgres::start(&folder).expect("a cluster without roles");
    let mut admin = PgConnection::connect(server.url()).await.expect("connect");
    let mut pools = Vec::new();
    for name in ["one", "two"] {
        admin
            .execute(AssertSqlSafe(format!("create database {name}")))
            .await
            .expect("create");
        let options = server
            .url()
            .parse::<sqlx::postgres::PgConnectOptions>()
            .expect("a URL")
            .database(name);
        pools.push(
            sqlx::postgres::PgPoolOptions::new()
                .max_connections(8)
                .connect_with(options)
                .await
                .expect("connect"),
        );
    }
    let results = join_all(pools.iter().cycle().take(12).map(migrate)).await;
    let failed: Vec<_> = results
        .into_iter()
        .filter_map(Result::err)
        .map(|error| error.to_string())
        .collect();
    for pool in &pools {
        pool.close().await;
    }
    admin.close().await.expect("close");
    server.stop().expect("stop");
    std::fs::remove_dir_all(&folder).expect("tidy up");
    assert_eq!(failed, Vec::<String>::new());
}

#[tokio::test]
async fn a_database_without_supabase_gets_the_shim_and_free_users() {
    let db = Db::fresh().await;
    assert_eq!(db.get("select coach.on_supabase()").await, false);
    for (sql, expected) in [
        ("select to_jsonb(auth.uid())", json!(ADA)),
        ("select to_jsonb(auth.role())", json!("authenticated")),
        (
            "select auth.jwt()",
            json!({ "sub": ADA, "role": "authenticated" }),
        ),
    ] {
        assert_eq!(db.call(&user(ADA), sql).await, Ok(expected), "{sql}");
    }
    assert_eq!(
        db.get("select auth.uid() is null and auth.role() is null and auth.jwt() = '{}'")
            .await,
        true
    );
    assert_eq!(db.get("select bool_or(rolcanlogin or rolsuper) from pg_roles where rolname in ('anon', 'authenticated', 'service_role')").await, false);
    assert_eq!(db.get("select count(*) from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey) where k.contype = 'f' and a.attname = 'user_id'").await, 0);
}

#[tokio::test]
async fn a_supabase_project_keeps_its_roles_and_accounts_and_hears_of_the_tables() {
    let db = Db::with(SUPABASE).await;
    let auth = "select jsonb_build_array(
        (select jsonb_agg(jsonb_build_array(p.oid::text, p.proname, p.prosrc, p.proacl::text, p.proowner::regrole::text) order by p.oid) from pg_proc p where pronamespace = 'auth'::regnamespace),
        (select jsonb_agg(jsonb_build_array(c.oid::text, c.relname, c.relacl::text) order by c.oid) from pg_class c where relnamespace = 'auth'::regnamespace and relkind = 'r'),
        (select nspacl::text from pg_namespace where nspname = 'auth'))";
    let before = db.get(auth).await;
    let owner = db.pool_of("project_owner").await;
    migrate(&owner).await.expect("migrate as no superuser");
    assert_eq!(db.get(auth).await, before);
    assert_eq!(db.get("select coach.on_supabase()").await, true);
    assert_eq!(
        db.get("select jsonb_agg(tablename order by tablename) from pg_publication_tables where pubname = 'supabase_realtime'").await,
        json!([
            "exercise_texts",
            "exercises",
            "plan_generation_jobs",
            "plan_schedules",
            "push_tokens",
            "user_notifications",
            "weekly_base_plans",
            "workout_entries",
            "workout_plan_requests",
            "workout_plans"
        ])
    );
    assert_eq!(
        db.get("select jsonb_agg(conrelid::regclass::text order by 1) from pg_constraint where contype = 'f' and confrelid = 'auth.users'::regclass and confdeltype = 'c'").await.as_array().map(Vec::len),
        Some(9)
    );
    let stranger = user("00000000-0000-4000-8000-0000000000ee");
    assert_eq!(
        db.create(&stranger, json!({})).await.unwrap_err().sqlstate,
        "23503",
        "no account, no row"
    );
    db.publish(ADA).await;
}

#[tokio::test]
async fn a_publication_for_all_tables_is_left_alone() {
    let db = Db::with("create publication supabase_realtime for all tables").await;
    migrate(&db.pool).await.expect("migrate");
    migrate(&db.pool).await.expect("migrate");
}

#[tokio::test]
async fn older_tables_keep_rows_grants_and_policies_and_gain_what_they_lack() {
    let db = Db::with(OLDER).await;
    let kept = "select jsonb_build_array(
        (select jsonb_agg(jsonb_build_array(id, user_id, profile_snapshot, created_at) order by id) from public.plan_generation_jobs),
        (select jsonb_agg(jsonb_build_array(id, days) order by id) from public.weekly_base_plans),
        (select jsonb_agg(jsonb_build_array(id, token) order by id) from public.push_tokens),
        (select jsonb_agg(polname order by polname) from pg_policy where polname not like 'mesocycle%'),
        has_table_privilege('authenticated', 'public.plan_generation_jobs', 'update'),
        (select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'public.plan_generation_jobs'::regclass and attname = 'status'),
        (select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'public.weekly_base_plans'::regclass and attname = 'status'))";
    let before = db.get(kept).await;
    migrate(&db.pool).await.expect("migrate");
    assert_eq!(db.get(kept).await, before);
    // All of the contract works on them.
    assert_eq!(
        db.create(&user(ADA), json!({})).await.unwrap()["status"],
        "existing"
    );
    let carol = "00000000-0000-4000-8000-00000000000c";
    let (job, plan) = {
        db.owner("delete from durable.ready").await; // the adopted ones are not in this walk
        db.publish(carol).await
    };
    let row = db.job(&job).await;
    assert_eq!(
        json!([row["status"], row["result_plan_id"]]),
        json!(["completed", plan])
    );
    let answer = db
        .create(
            &user(carol),
            json!({ "redo": true, "redoReason": "softer" }),
        )
        .await
        .unwrap();
    assert_eq!(answer["status"], "redo_started");
    assert_eq!(
        db.get("select count(*) from pg_proc where proname in ('claim_next_plan_job', 'complete_plan_job', 'get_active_plan_job')").await,
        3,
        "older overloads are gone"
    );
}

#[tokio::test]
async fn a_status_of_another_enum_is_cast_to_and_never_altered() {
    let db = Db::with(
        "create type public.job_state as enum ('queued', 'pending', 'processing', 'completed', 'failed', 'cancelled');
         create table public.plan_generation_jobs (id uuid primary key, user_id uuid not null,
           status public.job_state not null default 'queued', profile_snapshot jsonb not null, created_at timestamptz,
           retry_count smallint);
         create table public.weekly_base_plans (id uuid primary key, user_id uuid not null, days jsonb not null,
           status varchar(20), version integer);",
    )
    .await;
    migrate(&db.pool).await.expect("migrate");
    let (job, plan) = db.publish(ADA).await;
    let row = db.job(&job).await;
    assert_eq!(
        json!([row["status"], row["result_plan_id"], row["retry_count"]]),
        json!(["completed", plan, 0])
    );
    let job = db.job_of(ADA).await;
    db.claim("edge-1").await;
    let fail = format!("select to_jsonb(public.fail_plan_job('{job}', 'Odd.', 'AI_TIMEOUT'))");
    assert_eq!(db.call(&service(), &fail).await, Ok(json!(true)));
    assert_eq!(db.job(&job).await["status"], "pending");
    let cancelled =
        format!("update public.plan_generation_jobs set status = 'cancelled' where id = '{job}'");
    assert_eq!(db.run(&service(), &cancelled).await, Ok(1));
    assert_eq!(db.job(&job).await["status"], "cancelled", "its own word");
    assert_eq!(db.place(&job).await, "failed");
    assert_eq!(
        db.get("select atttypid::regtype::text from pg_attribute where attrelid = 'public.plan_generation_jobs'::regclass and attname = 'status'").await,
        "job_state"
    );
}

#[tokio::test]
async fn old_active_jobs_are_adopted_even_several_of_one_user() {
    let db = Db::with(OLDER).await;
    db.owner("update public.plan_generation_jobs set locked_until = now() + interval '10 minutes' where locked_until > created_at + interval '1 minute'").await;
    migrate(&db.pool).await.expect("migrate");
    let [first, second, ended, held, other] =
        [1, 2, 3, 4, 5].map(|n| format!("10000000-0000-4000-8000-00000000000{n}"));
    for (job, status, place) in [
        (&first, "pending", json!("ready")),
        (&second, "pending", json!("ready")),
        (&held, "pending", json!("waiting")),
        (&ended, "completed", Value::Null),
        (&other, "cancelled", Value::Null),
    ] {
        assert_eq!(
            (db.job(job).await["status"].clone(), db.place(job).await),
            (json!(status), place),
            "{job}"
        );
    }
    assert_eq!(
        db.get(&format!("select abs(extract(epoch from due_at - now() - interval '10 minutes')) < 60 from durable.timer where task = '{held}'")).await,
        true,
        "whoever holds it still has the time it was given"
    );
    for job in [&first, &second] {
        assert_eq!(db.claim(job).await, json!(job), "oldest first");
    }
    for job in [&first, &second] {
        let fail = format!("select to_jsonb(public.fail_plan_job('{job}', 'Odd.', 'AI_REFUSED'))");
        assert_eq!(db.call(&service(), &fail).await, Ok(json!(true)));
        assert_eq!(db.job(job).await["status"], "failed");
    }
    assert_eq!(
        db.create(&user(ADA), json!({})).await.unwrap()["status"],
        "created"
    );
    // What worked here before may still end the job it held.
    db.run(
        &service(),
        &format!("update public.plan_generation_jobs set status = 'completed' where id = '{held}'"),
    )
    .await
    .unwrap();
    assert_eq!(db.place(&held).await, "succeeded");
    assert_eq!(
        db.create(&user(BEN), json!({})).await.unwrap()["status"],
        "created"
    );
}

#[tokio::test]
async fn old_duplicates_stand_and_new_ones_are_refused() {
    let db = Db::with(OLDER).await;
    migrate(&db.pool).await.expect("migrate");
    assert_eq!(db.get("select count(*) from public.push_tokens").await, 2);
    let insert = "insert into public.push_tokens (token) values ('ExponentPushToken[two]')";
    db.run(&user(ADA), insert).await.unwrap();
    assert_eq!(
        db.run(&user(ADA), insert).await.unwrap_err().sqlstate,
        "23505"
    );
    let job = "insert into public.plan_generation_jobs (user_id, profile_snapshot) values ('00000000-0000-4000-8000-00000000000a', '{}')";
    assert_eq!(db.run(&user(ADA), job).await.unwrap_err().sqlstate, "23505");
}

#[tokio::test]
async fn what_is_too_open_is_listed_and_hardening_closes_it() {
    let db = Db::with(OLDER).await;
    migrate(&db.pool).await.expect("migrate");
    let findings = db
        .get("select jsonb_agg(object || ': ' || problem) from coach.findings()")
        .await
        .to_string();
    for expected in [
        "public.plan_generation_jobs: authenticated may delete, insert, references, trigger, truncate, update",
        "policy \\\"own jobs\\\"",
        "public.push_tokens: row level security is off",
        "policy \\\"everybody reads\\\"",
        "anon may",
    ] {
        assert!(findings.contains(expected), "{expected} in {findings}");
    }
    let open = "update public.plan_generation_jobs set error_message = 'mine'";
    assert!(
        db.run(&user(ADA), open).await.unwrap() > 0,
        "as open as it was"
    );
    db.owner("grant execute on function public.claim_next_plan_job(text, integer) to public")
        .await;
    let closed = db.get("select jsonb_agg(c) from coach.harden() c").await;
    assert!(
        closed.as_array().is_some_and(|list| list.len() >= 9),
        "{closed}"
    );
    assert_eq!(
        db.get("select jsonb_agg(f) from coach.findings() f").await,
        Value::Null
    );
    assert_eq!(
        db.run(&user(ADA), open).await.unwrap_err().sqlstate,
        "42501"
    );
    db.owner("delete from durable.ready").await;
    db.publish("00000000-0000-4000-8000-00000000000c").await;
    assert_eq!(
        db.run(
            &user(ADA),
            "insert into public.weekly_base_plans (days) values ('{}')"
        )
        .await,
        Ok(1),
        "what the contract grants is still granted"
    );
}

#[tokio::test]
async fn what_cannot_be_reconciled_is_named_and_nothing_is_changed() {
    for (made, named) in [
        (
            "create view public.push_tokens as select 1 as id",
            "public.push_tokens is not a table",
        ),
        (
            "create table public.push_tokens (id uuid)",
            "public.push_tokens.user_id is missing",
        ),
        (
            "create table public.plan_generation_jobs (id bigint, user_id text, status text, profile_snapshot json)",
            "public.plan_generation_jobs.id is bigint: it needs to be uuid; public.plan_generation_jobs.user_id is text: it needs to be uuid; public.plan_generation_jobs.profile_snapshot is json",
        ),
        (
            "create type public.state as enum ('pending', 'done'); create table public.plan_generation_jobs (id uuid, user_id uuid, status public.state, profile_snapshot jsonb)",
            "the enum public.state of public.plan_generation_jobs.status lacks 'processing'",
        ),
        (
            "create table public.plan_generation_jobs (id uuid, user_id uuid, status varchar(20), profile_snapshot jsonb, worker_id varchar(40))",
            "public.plan_generation_jobs.worker_id is character varying(40): it needs to be text",
        ),
        (
            "create type public.plan_job_status as enum ('pending')",
            "lacks 'completed'",
        ),
        (
            "create table public.plan_generation_jobs (id uuid, user_id uuid, status text check (status in ('pending', 'processing', 'completed')), profile_snapshot jsonb)",
            "refuses 'failed'",
        ),
        (
            "create table public.weekly_base_plans (id uuid, user_id uuid, days jsonb, created_at timestamp)",
            "public.weekly_base_plans.created_at is timestamp without time zone",
        ),
        (
            "create table public.user_notifications (id uuid default gen_random_uuid(), user_id uuid, channel text not null)",
            "public.user_notifications.channel is not null without a default",
        ),
    ] {
        let db = Db::with(made).await;
        let error = migrate(&db.pool).await.expect_err(made);
        let sqlx::Error::Database(error) = error else {
            panic!("{error}")
        };
        assert_eq!(error.code().as_deref(), Some("55000"), "{error}");
        assert!(error.message().contains(named), "{named} in {error}");
        assert_eq!(
            db.get(
                "select count(*) from pg_namespace where nspname in ('coach', 'durable', 'auth')"
            )
            .await,
            0,
            "{made}"
        );
        assert_eq!(db.get("select 1").await, 1, "the pool is clean");
    }
}

#[tokio::test]
async fn a_role_without_the_rights_is_told_which() {
    let db = Db::with(
        "do $$ begin create role passer_by login; exception when duplicate_object or unique_violation then null; end $$;
         create table public.push_tokens (id uuid, user_id uuid, token text)",
    )
    .await;
    let pool = db.pool_of("passer_by").await;
    let error = migrate(&pool).await.expect_err("no rights").to_string();
    for named in [
        "passer_by may not create tables in schema public",
        "public.push_tokens belongs to",
    ] {
        assert!(error.contains(named), "{named} in {error}");
    }
}

#[tokio::test]
async fn a_function_of_ours_that_something_uses_is_not_torn_away() {
    let db = Db::with("create function public.get_active_plan_job(p_user_id uuid) returns uuid language sql as 'select null::uuid';
        create view public.mine as select public.get_active_plan_job(null)").await;
    let error = migrate(&db.pool).await.expect_err("in use").to_string();
    assert!(
        error.contains("get_active_plan_job(uuid) is in use"),
        "{error}"
    );
}

#[tokio::test]
async fn a_setting_has_a_name_and_a_type() {
    let db = Db::fresh().await;
    for call in [
        "'redos_per_week', '3'",
        "'redos_per_day', '\"three\"'",
        "'redos_per_day', '-1'",
        "'one_plan_per_cycle', '1'",
        "'redos_per_day', null",
    ] {
        let error = db
            .pool
            .execute(AssertSqlSafe(format!("select coach.set_setting({call})")))
            .await
            .expect_err(call);
        assert_eq!(
            error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .as_deref(),
            Some("22023"),
            "{call}"
        );
    }
    db.owner("select coach.set_setting('run_limit_seconds', '60')")
        .await;
    migrate(&db.pool).await.expect("migrate");
    assert_eq!(
        db.get("select run_limit from durable.kind").await,
        "00:01:00",
        "a migration keeps what was set"
    );
}
