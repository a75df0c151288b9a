//! `mesocycle doctor`.

use std::process::Output;

use local_postgres::testing::{Database, fresh_database};
use serde_json::Value;

use crate::support::{Folder, Running, USER, execute, text};

/// What a Supabase project has before we come.
const SUPABASE: &str = include_str!("../../../coach/tests/it/fixtures/supabase.sql");

#[test]
fn nothing_is_wrong_beside_a_running_dev() {
    let folder = Folder::new();
    let (running, _) = Running::dev(&folder, &[]);
    let output = folder.run(&["doctor"]);
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{printed}");
    assert!(
        printed.contains("worker: at least one is alive for every queue")
            && printed.contains("keys: SUPABASE_SERVICE_ROLE_KEY is a key of service_role"),
        "{printed}"
    );
    assert!(printed.ends_with("Nothing is wrong.\n"), "{printed}");
    running.stop();
}

#[test]
fn every_finding_comes_with_its_cure() {
    let folder = Folder::new();
    for (arguments, expected) in [
        (vec!["doctor"], "set DATABASE_URL, or run `mesocycle dev`"),
        (
            vec![
                "doctor",
                "--database-url",
                "postgres://nobody@127.0.0.1:1/nowhere",
            ],
            "the database cannot be reached",
        ),
        (
            vec!["doctor", "--database-url", "nonsense"],
            "postgres://user:password@host:5432/database",
        ),
    ] {
        let output = folder.run(&arguments);
        let printed = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        assert!(
            printed.contains(expected) && printed.contains("cure: "),
            "{printed}"
        );
    }
}

#[test]
fn what_is_missing_in_a_database_is_found() {
    let folder = Folder::new();
    let empty = fresh_database("select 1").unwrap();
    let printed = text(
        &folder
            .run(&["doctor", "--database-url", empty.url()])
            .stdout,
    );
    assert!(
        printed.contains("not migrated\n       cure: run `mesocycle migrate`"),
        "{printed}"
    );

    let migrated = fresh_database(&coach::migrate::script()).unwrap();
    let printed = text(
        &folder
            .run(&["doctor", "--database-url", migrated.url()])
            .stdout,
    );
    assert!(
        printed.contains("worker: none is alive for exercise_profile, operations, push, weekly_plan, workout_plan"),
        "{printed}"
    );
}

/// A project of Supabase's form with Mesocycle in it, then whatever a test does to it.
fn project(then: &str) -> Database {
    let script = format!("{SUPABASE}\n{}", coach::migrate::script());
    let database = fresh_database(&script).unwrap();
    execute(database.url(), then);
    database
}

fn doctor(folder: &Folder, url: &str, environment: &[(&str, &str)]) -> (Output, String) {
    let mut command = folder.command(&["doctor", "--database-url", url]);
    let output = command.envs(environment.iter().copied()).output().unwrap();
    let printed = text(&output.stdout);
    (output, printed)
}

#[test]
fn a_sound_project_lacks_workers_and_keys_alone() {
    let folder = Folder::new();
    let worker = "select durable.start_worker('idle', array['exercise_profile', 'operations', 'push', 'weekly_plan', 'workout_plan'], p_lease => '1 hour')";
    let database = project(worker);
    let secret = [("SUPABASE_JWT_SECRET", "a secret that only this test knows")];
    let (output, printed) = doctor(&folder, database.url(), &secret);
    assert!(output.status.success(), "{printed}");
    assert!(printed.ends_with("Nothing is wrong.\n"), "{printed}");
    let (output, printed) = doctor(&folder, project("").url(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(printed.matches("WRONG").count(), 2, "{printed}");
}

/// What is done to a sound project, what is said of it, and how the cure begins.
const BROKEN: [(&str, &str, &str); 16] = [
    (
        "revoke insert (profile_snapshot) on public.plan_generation_jobs from authenticated",
        "public.plan_generation_jobs: authenticated may not insert column profile_snapshot",
        "as the owner: grant insert (profile_snapshot)",
    ),
    (
        "revoke select on public.workout_plans from service_role",
        "public.workout_plans: service_role may not select",
        "as the owner: grant select on",
    ),
    (
        "revoke execute on function public.create_plan_job(jsonb, jsonb) from authenticated",
        "create_plan_job(jsonb,jsonb): authenticated may not execute it",
        "as the owner: grant execute on function",
    ),
    (
        "revoke usage on schema public from public, authenticated",
        "schema public: authenticated may not use it",
        "as the owner: grant usage on schema public",
    ),
    (
        "drop policy mesocycle_select_own on public.push_tokens",
        "public.push_tokens: no policy lets signed-in users read their own rows",
        "as the owner: create policy",
    ),
    (
        "drop policy mesocycle_select_own on public.workout_entries",
        "public.workout_entries: no policy",
        "as the owner: create policy",
    ),
    (
        "alter publication supabase_realtime drop table public.plan_generation_jobs, public.workout_plans",
        "it lacks public.plan_generation_jobs, public.workout_plans, so Realtime says nothing",
        "as the owner: alter publication",
    ),
    (
        "drop publication supabase_realtime",
        "publication supabase_realtime: it is missing",
        "as the owner: create publication",
    ),
    (
        "alter publication supabase_realtime set (publish = 'insert')",
        "publication supabase_realtime: it leaves out inserts, updates or deletes",
        "as the owner: alter publication",
    ),
    (
        "drop function public.cancel_plan_job(uuid)",
        "database: function public.cancel_plan_job is missing",
        "run `mesocycle migrate`",
    ),
    (
        "drop table public.user_notifications cascade",
        "database: table public.user_notifications is missing",
        "bring it back from a backup",
    ),
    (
        "comment on schema coach is null",
        "database: migrated by an older Mesocycle, and this is Mesocycle ",
        "run `mesocycle migrate`",
    ),
    (
        "insert into durable.migration (name) values ('coach/9999_from_the_future')",
        "newer Mesocycle than this one, with coach/9999_from_the_future",
        "use that newer version",
    ),
    (
        "alter table public.weekly_base_plans disable row level security",
        "public.weekly_base_plans: row level security is off",
        "`mesocycle migrate --harden`",
    ),
    (
        "select durable.pause_queue('workout_plan', 'the model is ill')",
        "worker: the queue workout_plan is paused: the model is ill",
        "select durable.resume_queue",
    ),
    (
        "select durable.start_worker('idle', array['weekly_plan'], p_lease => '1 hour')",
        "worker: none is alive for exercise_profile, operations, push, workout_plan, so",
        "start `mesocycle work`",
    ),
];

#[test]
fn whatever_is_broken_is_found_and_the_cure_mends_it() {
    let folder = Folder::new();
    for (broken, problem, cure) in BROKEN {
        let database = project(broken);
        let (output, printed) = doctor(&folder, database.url(), &[]);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        let (_, rest) = printed
            .split_once(problem)
            .unwrap_or_else(|| panic!("after {broken}: {printed}"));
        let (_, advice) = rest.split_once("cure: ").unwrap();
        let advice = advice.lines().next().unwrap();
        assert!(advice.starts_with(cure), "{advice}");
        if advice.contains("`mesocycle migrate`") {
            let url = ["--database-url", database.url()];
            assert!(
                folder
                    .run(&[&["migrate"], &url[..]].concat())
                    .status
                    .success()
            );
        } else if let Some(statement) = advice.strip_prefix("as the owner: ") {
            execute(database.url(), statement);
        } else {
            continue;
        }
        let (_, printed) = doctor(&folder, database.url(), &[]);
        assert!(!printed.contains(problem), "{advice} did not mend it");
    }
}

#[test]
fn a_role_that_may_not_act_for_users_is_told_so() {
    let folder = Folder::new();
    let role = format!("doctor_stranger_{}", std::process::id());
    let database = project(&format!("create role {role} login;"));
    let (address, place) = database.url().split_once('?').unwrap();
    let (_, name) = address.rsplit_once('/').unwrap();
    let url = format!("postgres://{role}@localhost/{name}?{place}");
    let (output, printed) = doctor(&folder, &url, &[]);
    execute(database.url(), &format!("drop role {role}"));
    assert_eq!(output.status.code(), Some(1));
    for acted in ["anon", "authenticated", "service_role"] {
        assert!(
            printed.contains(&format!("this connection may not act as {acted}")),
            "{printed}"
        );
    }
    assert!(
        printed.contains("permission denied")
            && printed.contains("as the role that owns the tables"),
        "{printed}"
    );
}

#[test]
fn a_secret_of_another_project_is_found_by_the_projects_keys() {
    let (ours, other) = (Folder::new(), Folder::new());
    let key_of = |folder: &Folder, role: &str| {
        text(
            &folder
                .run(&["token", "--user", USER, "--role", role])
                .stdout,
        )
        .trim()
        .to_owned()
    };
    let secret = |folder: &Folder| {
        key_of(folder, "anon");
        std::fs::read_to_string(folder.data_dir().join("jwt-secret")).unwrap()
    };
    let database = project("");
    let say = |environment: &[(&str, &str)]| doctor(&ours, database.url(), environment).1;
    let ours_is = ("SUPABASE_JWT_SECRET", secret(&ours));
    let ours_is = (ours_is.0, ours_is.1.as_str());
    let (anon, service) = (key_of(&ours, "anon"), key_of(&ours, "service_role"));
    for (environment, expected) in [
        (
            vec![ours_is, ("SUPABASE_ANON_KEY", &anon)],
            "fine   keys: SUPABASE_ANON_KEY is a key of anon",
        ),
        (
            vec![
                ours_is,
                ("SUPABASE_SERVICE_ROLE_KEY", &key_of(&other, "service_role")),
            ],
            "WRONG  keys: SUPABASE_SERVICE_ROLE_KEY was not signed by SUPABASE_JWT_SECRET",
        ),
        (
            vec![ours_is, ("SUPABASE_ANON_KEY", &service)],
            "WRONG  keys: SUPABASE_ANON_KEY is a key of service_role",
        ),
        (
            vec![ours_is, ("SUPABASE_ANON_KEY", "sb_publishable_unlisted")],
            "WRONG  keys: SUPABASE_ANON_KEY is not among the keys that are taken here",
        ),
        (
            vec![
                ours_is,
                ("MESOCYCLE_JWKS_URL", "http://127.0.0.1:1/jwks.json"),
            ],
            "WRONG  keys: MESOCYCLE_JWKS_URL gives no key set",
        ),
        (
            vec![
                ("MESOCYCLE_JWKS", r#"{"keys": []}"#),
                ("SUPABASE_ANON_KEY", &anon),
            ],
            "warn   keys: SUPABASE_ANON_KEY was signed by the legacy secret, which is not set",
        ),
    ] {
        let printed = say(&environment);
        assert!(printed.contains(expected), "{expected:?} in {printed}");
        assert!(
            environment
                .iter()
                .all(|(_, value)| value.len() < 30 || !printed.contains(value)),
            "{printed}"
        );
    }
}

#[test]
fn a_transaction_pooler_wants_a_second_url_beside_it() {
    let folder = Folder::new();
    let database = project("");
    let pooled = ("MESOCYCLE_DATABASE_POOLER", "transaction");
    let listen = |url| ("MESOCYCLE_DATABASE_LISTEN_URL", url);
    let through_it = format!("{}&pgbouncer=true", database.url());
    for (environment, expected) in [
        (
            vec![pooled],
            "warn   database: through a transaction pooler, so workers look",
        ),
        (
            vec![pooled, listen(database.url())],
            "fine   database: through a transaction pooler, and listening beside it",
        ),
        (
            vec![pooled, listen(&through_it)],
            "WRONG  database_listen_url: it leads through a transaction pooler too",
        ),
        (
            vec![pooled, listen("postgres://nobody@127.0.0.1:1/nowhere")],
            "WRONG  database_listen_url: the database cannot be reached",
        ),
    ] {
        let (_, printed) = doctor(&folder, database.url(), &environment);
        assert!(printed.contains(expected), "{expected:?} in {printed}");
        assert!(
            environment.len() > 1 || printed.contains("set MESOCYCLE_DATABASE_LISTEN_URL"),
            "{printed}"
        );
    }
}

#[test]
fn as_json_every_finding_has_level_message_and_cure() {
    let folder = Folder::new();
    let database = project("select durable.pause_queue('push');");
    let output = folder.run(&["doctor", "--json", "--database-url", database.url()]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let findings = report["findings"].as_array().unwrap();
    let count = |level: &str| {
        findings
            .iter()
            .filter(|finding| finding["level"] == level)
            .count()
    };
    assert_eq!(report["errors"], count("error"));
    assert_eq!((&report["warnings"], count("warning")), (&1.into(), 1));
    assert!(count("fine") > 3, "{report}");
    for finding in findings {
        assert!(finding["message"].is_string());
        assert_eq!(finding["cure"].is_null(), finding["level"] == "fine");
    }
}

#[test]
fn an_open_grant_is_found_and_hardening_closes_it() {
    let folder = Folder::new();
    let grant = "grant update on public.plan_generation_jobs to authenticated";
    let database = fresh_database(&format!("{}\n{grant};", coach::migrate::script())).unwrap();
    let doctor = || {
        text(
            &folder
                .run(&["doctor", "--database-url", database.url()])
                .stdout,
        )
    };
    assert!(
        doctor().contains("public.plan_generation_jobs: authenticated may update"),
        "{}",
        doctor()
    );
    let output = folder.run(&["migrate", "--harden", "--database-url", database.url()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("revoke update"),
        "{}",
        text(&output.stdout)
    );
    assert!(
        doctor().contains("grants and policies: none is too open"),
        "{}",
        doctor()
    );
}
