//! Two users and the three roles against every table and function: expected or refused, nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::support::{ADA, BEN, Db, SUPABASE, Who, anon, profile, service, user};

const ROLES: [&str; 3] = ["anon", "authenticated", "service_role"];

/// Function, arguments of a plausible call on Ada's job `$job`, and who may call it.
const FUNCTIONS: &[(&str, &str, &[&str])] = &[
    (
        "create_plan_job",
        "'$profile', '{\"userId\": \"$ben\"}'",
        &["authenticated", "service_role"],
    ),
    ("process_plan_queue", "", &["authenticated", "service_role"]),
    ("claim_next_plan_job", "'edge-$n'", &["service_role"]),
    ("extend_job_lock", "'$job', 'edge-1', 60", &["service_role"]),
    ("complete_plan_job", "'$job', '$job'", &["service_role"]),
    ("fail_plan_job", "'$job', 'no'", &["service_role"]),
    (
        "get_active_plan_job",
        "'$ada'",
        &["authenticated", "service_role"],
    ),
    ("cancel_plan_job", "'$job'", &["authenticated"]),
    ("reset_stuck_plan_job", "'$job'", &["authenticated"]),
    ("cleanup_old_plan_jobs", "", &["service_role"]),
    (
        "request_workout_plan",
        "'three days', p_user_id => '$ben'",
        &["authenticated", "service_role"],
    ),
    (
        "cancel_workout_plan_request",
        "gen_random_uuid()",
        &["authenticated"],
    ),
    (
        "schedule_regeneration",
        "'0 18 * * SUN', 'Europe/Berlin', p_user_id => '$ben'",
        &["authenticated", "service_role"],
    ),
];

type Table = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

/// What signed-in users may do on a table: privileges on every column, then privileges on these columns.
const TABLES: &[Table] = &[
    (
        "plan_generation_jobs",
        &["SELECT"],
        &[(
            "INSERT",
            "user_id profile_snapshot is_redo request_reason redo_type source_plan_id",
        )],
    ),
    (
        "weekly_base_plans",
        &["SELECT", "DELETE"],
        &[
            (
                "INSERT",
                "id user_id created_at days is_locked version status week_start_date generated_at activated_at deactivated_at last_redo_date original_plan_id",
            ),
            (
                "UPDATE",
                "id user_id created_at days is_locked version status week_start_date generated_at activated_at deactivated_at last_redo_date original_plan_id",
            ),
        ],
    ),
    (
        "push_tokens",
        &["SELECT", "DELETE"],
        &[
            ("INSERT", "user_id token device_info updated_at"),
            ("UPDATE", "user_id token device_info updated_at"),
        ],
    ),
    (
        "user_notifications",
        &["SELECT"],
        &[("UPDATE", "read delivered")],
    ),
    (
        "workout_plan_requests",
        &["SELECT"],
        &[("INSERT", "user_id request_id user_profile")],
    ),
    ("workout_plan_inputs", &["SELECT"], &[]),
    ("workout_plans", &["SELECT"], &[("UPDATE", "status")]),
    (
        "workout_entries",
        &["SELECT", "INSERT", "UPDATE", "DELETE"],
        &[],
    ),
    ("exercises", &["SELECT"], &[]),
    ("exercise_texts", &["SELECT"], &[]),
    ("plan_schedules", &["SELECT"], &[]),
];

/// A Supabase-like database, where default privileges give everything to everybody, migrated by its plain owner.
async fn supabase() -> Db {
    let db = Db::with(SUPABASE).await;
    coach::migrate::migrate(&db.pool_of("project_owner").await)
        .await
        .expect("migrate");
    db
}

fn names(value: &Value) -> BTreeSet<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

async fn yes(db: &Db, sql: &str) -> bool {
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(&db.pool)
        .await
        .expect(sql)
}

#[tokio::test]
async fn every_function_is_executed_by_whom_the_contract_names_and_nobody_else() {
    for db in [Db::fresh().await, supabase().await] {
        let there = names(&db.get("select jsonb_agg(proname) from pg_proc where pronamespace = 'public'::regnamespace").await);
        let listed = FUNCTIONS
            .iter()
            .map(|(name, ..)| (*name).to_owned())
            .collect();
        assert_eq!(
            there, listed,
            "a function without a row in this test, or a row without a function"
        );
        for (name, _, roles) in FUNCTIONS {
            for role in ROLES {
                let sql = format!(
                    "select has_function_privilege('{role}', p.oid, 'execute') from pg_proc p where p.proname = '{name}' and p.pronamespace = 'public'::regnamespace"
                );
                assert_eq!(yes(&db, &sql).await, roles.contains(&role), "{role} {name}");
            }
            let sql = format!(
                "select proconfig @> array['search_path=\"\"'] from pg_proc where proname = '{name}' and pronamespace = 'public'::regnamespace"
            );
            assert!(yes(&db, &sql).await, "{name} has no search_path of its own");
        }
    }
}

#[tokio::test]
async fn what_is_private_is_closed_to_every_role() {
    for db in [Db::fresh().await, supabase().await] {
        for schema in ["coach", "durable"] {
            let sql = format!(
                "select coalesce(jsonb_agg(distinct role || ' ' || object), '[]') from unnest(array['anon', 'authenticated', 'service_role', 'public']) role
                 cross join lateral (
                   select p.oid::regprocedure::text as object from pg_proc p where p.pronamespace = '{schema}'::regnamespace and has_function_privilege(role, p.oid, 'execute')
                   union all select c.oid::regclass::text from pg_class c where c.relnamespace = '{schema}'::regnamespace and c.relkind = 'r'
                     and has_table_privilege(role, c.oid, 'select, insert, update, delete, truncate')
                   union all select '{schema}' where has_schema_privilege(role, '{schema}', 'usage, create')) o"
            );
            assert_eq!(db.get(&sql).await, json!([]), "{schema}");
            // One runs policies, whose functions were written for the session's search path; its own names are all qualified.
            let sql = format!(
                "select coalesce(jsonb_agg(oid::regprocedure::text), '[]') from pg_proc where pronamespace = '{schema}'::regnamespace
                 and proname <> 'ask_each' and not coalesce(proconfig @> array['search_path=\"\"'], false)"
            );
            assert_eq!(
                db.get(&sql).await,
                json!([]),
                "functions without a search_path of their own"
            );
        }
    }
}

#[tokio::test]
async fn every_column_is_granted_as_the_contract_says_and_not_one_more() {
    for db in [Db::fresh().await, supabase().await] {
        let there = names(&db.get("select jsonb_agg(relname) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')").await);
        let listed = TABLES.iter().map(|(name, ..)| (*name).to_owned()).collect();
        assert_eq!(
            there, listed,
            "a table without a row in this test, or a row without a table"
        );
        for (table, all, some) in TABLES {
            assert!(
                yes(
                    &db,
                    &format!(
                        "select relrowsecurity from pg_class where oid = 'public.{table}'::regclass"
                    )
                )
                .await
            );
            let columns = names(&db.get(&format!("select jsonb_agg(attname) from pg_attribute where attrelid = 'public.{table}'::regclass and attnum > 0 and not attisdropped")).await);
            for privilege in ["SELECT", "INSERT", "UPDATE", "REFERENCES"] {
                for column in &columns {
                    for role in ROLES {
                        let users = all.contains(&privilege)
                            || some.iter().any(|(p, list)| {
                                *p == privilege && list.split(' ').any(|c| c == column)
                            });
                        let expected = match role {
                            "authenticated" => users,
                            "service_role" => privilege != "REFERENCES",
                            _ => false,
                        };
                        let sql = format!(
                            "select has_column_privilege('{role}', 'public.{table}', '{column}', '{privilege}')"
                        );
                        assert_eq!(
                            yes(&db, &sql).await,
                            expected,
                            "{role} {privilege} {table}.{column}"
                        );
                    }
                }
            }
            for privilege in ["DELETE", "TRUNCATE", "TRIGGER"] {
                for role in ROLES {
                    let expected = privilege == "DELETE"
                        && (role == "service_role"
                            || role == "authenticated" && all.contains(&privilege));
                    let sql = format!(
                        "select has_table_privilege('{role}', 'public.{table}', '{privilege}')"
                    );
                    assert_eq!(yes(&db, &sql).await, expected, "{role} {privilege} {table}");
                }
            }
        }
        assert_eq!(
            db.get("select jsonb_agg(f) from coach.findings() f").await,
            Value::Null
        );
    }
}

#[tokio::test]
async fn every_real_call_is_answered_or_refused_as_the_contract_says() {
    for db in [Db::fresh().await, supabase().await] {
        let job = db.job_of(ADA).await;
        db.owner("select durable.start_worker('ours', array['weekly_plan'], false, '1 hour')")
            .await;
        let mut n = 0;
        for (name, arguments, roles) in FUNCTIONS {
            let callers: [(&str, Who); 4] = [
                ("anon", anon()),
                ("authenticated", user(BEN)),
                ("authenticated", user(ADA)),
                ("service_role", service()),
            ];
            for (role, who) in callers {
                n += 1;
                let arguments = arguments
                    .replace("$profile", &profile().to_string())
                    .replace("$job", &job)
                    .replace("$ada", ADA)
                    .replace("$ben", BEN)
                    .replace("$n", &n.to_string());
                let result = db
                    .call(
                        &who,
                        &format!("select to_jsonb(f) from public.{name}({arguments}) f"),
                    )
                    .await;
                let what = format!("{role} {} {name}: {result:?}", who.claims);
                if !roles.contains(&role) {
                    assert_eq!(result.unwrap_err().sqlstate, "42501", "{what}");
                    continue;
                }
                let stranger = who.claims["sub"] == BEN;
                match *name {
                    "cancel_workout_plan_request" => {
                        assert_eq!(result.unwrap_err().sqlstate, "PT404", "{what}");
                    }
                    "cancel_plan_job" | "reset_stuck_plan_job" if stranger => {
                        assert_eq!(result.unwrap_err().sqlstate, "PT404", "{what}");
                    }
                    "get_active_plan_job" if stranger => {
                        assert_eq!(result, Ok(Value::Null), "{what}")
                    }
                    // Ada's first call cancels; what comes after meets an ended job.
                    "reset_stuck_plan_job" => {
                        assert_eq!(result.unwrap_err().sqlstate, "PT409", "{what}")
                    }
                    _ => assert!(result.is_ok(), "{what}"),
                }
            }
        }
    }
}

/// The statement is refused for want of a privilege, or because the row would be somebody else's.
async fn denied(db: &Db, who: &Who, sql: &str) {
    let refused = db.run(who, sql).await.expect_err(sql);
    assert_eq!(refused.sqlstate, "42501", "{sql}: {}", refused.message);
}

/// Both fixtures with a row of Ada's in every table.
async fn with_rows_of_ada() -> [Db; 2] {
    let both = [Db::fresh().await, supabase().await];
    for db in &both {
        db.publish(ADA).await;
        db.job_of(ADA).await;
        let token = "insert into public.push_tokens (token) values ('ExponentPushToken[a]')";
        db.run(&user(ADA), token).await.expect(token);
        let request = "select public.request_workout_plan('three days')";
        db.call(&user(ADA), request).await.expect(request);
        let schedule = "select public.schedule_regeneration('0 18 * * SUN', 'UTC')";
        db.call(&user(ADA), schedule).await.expect(schedule);
        db.owner(&format!(
            "with p as (insert into public.workout_plans (user_id) values ('{ADA}') returning id),
               x as (insert into public.exercises (slug, name) values ('test-plank', 'Test Plank') returning id),
               t as (insert into public.exercise_texts (exercise_id, language) select id, 'de' from x)
             insert into public.workout_entries (workout_plan_id, week_number, day, exercise_id) select p.id, 1, 'monday', x.id from p, x"
        ))
        .await;
    }
    both
}

#[tokio::test]
async fn a_user_sees_own_rows_and_the_service_role_all() {
    for db in with_rows_of_ada().await {
        for (table, ..) in TABLES {
            let count = format!("select to_jsonb(count(*) > 0) from public.{table}");
            let everybodys = ["exercises", "exercise_texts"].contains(table);
            for (who, expected) in [
                (user(ADA), true),
                (user(BEN), everybodys),
                (service(), true),
            ] {
                let seen = db.call(&who, &count).await;
                assert_eq!(seen, Ok(json!(expected)), "{} {table}", who.claims);
            }
            denied(&db, &anon(), &count).await;
        }
    }
}

#[tokio::test]
async fn a_user_changes_and_deletes_own_rows_where_the_contract_lets_them() {
    for db in with_rows_of_ada().await {
        for (table, all, some) in TABLES {
            let updatable = some.iter().find(|(privilege, _)| *privilege == "UPDATE");
            let column = match (updatable, *table) {
                (Some((_, list)), _) => list.split(' ').next().unwrap(),
                (None, "workout_entries") => "week_number",
                (None, "exercises" | "exercise_texts") => "created_at",
                (None, _) => "user_id",
            };
            let update = format!("update public.{table} set {column} = {column}");
            let delete = format!("delete from public.{table}");
            for (sql, allowed) in [
                (&update, updatable.is_some() || all.contains(&"UPDATE")),
                (&delete, all.contains(&"DELETE")),
            ] {
                denied(&db, &anon(), sql).await;
                if allowed {
                    assert_eq!(db.run(&user(BEN), sql).await, Ok(0), "{sql}");
                    assert!(db.run(&user(ADA), sql).await.unwrap() > 0, "{sql}");
                } else {
                    denied(&db, &user(BEN), sql).await;
                    denied(&db, &user(ADA), sql).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn nobody_makes_a_row_in_anothers_name() {
    for db in with_rows_of_ada().await {
        for (table, column, value) in [
            ("plan_generation_jobs", "profile_snapshot", "'{}'"),
            ("weekly_base_plans", "days", "'{}'"),
            ("push_tokens", "token", "'ExponentPushToken[b]'"),
            ("user_notifications", "title", "'x'"),
            ("workout_plan_requests", "user_profile", "'x'"),
            ("workout_plan_inputs", "system_prompt", "'x'"),
            ("workout_plans", "summary", "'x'"),
            ("plan_schedules", "cron", "'x'"),
        ] {
            let insert =
                format!("insert into public.{table} (user_id, {column}) values ('{ADA}', {value})");
            denied(&db, &user(BEN), &insert).await;
            denied(&db, &anon(), &insert).await;
        }
        for table in ["push_tokens", "weekly_base_plans"] {
            denied(
                &db,
                &user(ADA),
                &format!("update public.{table} set user_id = '{BEN}'"),
            )
            .await;
        }
    }
}
