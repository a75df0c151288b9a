//! `mesocycle dev`: its start, its files, its deaths and its end.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::support::{
    Folder, Running, ask_for_plan, end_of, eventually, get, post, query, snapshot, text,
};

#[test]
fn a_plan_is_made_through_http() {
    let folder = Folder::new();
    let (running, url) = Running::dev(&folder, &[]);
    let job = ask_for_plan(&url, &folder.token(), &snapshot());
    let database = folder.dev_env("DATABASE_URL");
    assert_eq!(end_of(&database, &job), "completed");
    let days = "select count(*)::text from public.weekly_base_plans p, jsonb_object_keys(p.days)";
    assert_eq!(query(&database, days).as_deref(), Some("7"));
    running.stop();
    assert!(!folder.has_postgres(), "PostgreSQL was stopped");
}

#[test]
fn dev_env_is_whole_before_it_is_ready() {
    let folder = Folder::new();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        .to_string();
    let url = format!("http://127.0.0.1:{port}");
    let running = Running::start(
        folder.command(&["dev", "--port", &port]),
        &folder.path.join("dev.log"),
    );
    eventually("readiness", || {
        get(&url, "/readyz").filter(|status| *status == 200)
    });
    assert_eq!(folder.dev_env("SUPABASE_URL"), url);
    let mode = fs::metadata(folder.data_dir().join("dev.env"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(get(&url, "/healthz"), Some(200));

    let ask = |function: &str, key: &str| post(&url, function, &folder.dev_env(key), &json!({})).0;
    let as_service = ask(
        "/functions/v1/process-plan-queue",
        "SUPABASE_SERVICE_ROLE_KEY",
    );
    assert_eq!(as_service, 200, "the service role's key is accepted");
    let as_nobody = ask("/functions/v1/create-plan-job", "SUPABASE_ANON_KEY");
    assert_eq!(as_nobody, 401, "the app's key names no user");
    assert_eq!(
        ask("/auth/v1/signup", "SUPABASE_ANON_KEY"),
        200,
        "dev serves accounts"
    );
    running.stop();
}

#[test]
fn keys_stay_the_same_and_a_sourced_dev_env_starts_the_same_database() {
    let folder = Folder::new();
    let (running, _) = Running::dev(&folder, &[]);
    let names = [
        "SUPABASE_ANON_KEY",
        "SUPABASE_SERVICE_ROLE_KEY",
        "SUPABASE_JWT_SECRET",
        "DATABASE_URL",
    ];
    let before = names.map(|name| folder.dev_env(name));
    running.stop();

    let mut command = folder.command(&["dev", "--port", "0"]);
    command.envs(names.iter().zip(&before));
    let mut running = Running::start(command, &folder.path.join("dev.log"));
    assert!(
        running.line().starts_with("Mesocycle is ready"),
        "{}",
        running.log()
    );
    assert_eq!(names.map(|name| folder.dev_env(name)), before);
    assert!(folder.has_postgres());
    running.stop();
}

#[test]
fn it_starts_again_after_a_kill_and_the_job_is_done() {
    let folder = Folder::new();
    let (running, url) = Running::dev(&folder, &[]);
    let job = ask_for_plan(&url, &folder.token(), &snapshot());
    running.kill_9();
    let (running, _) = Running::dev(&folder, &[]);
    assert_eq!(end_of(&folder.dev_env("DATABASE_URL"), &job), "completed");
    running.stop();
    assert!(!folder.has_postgres(), "PostgreSQL was stopped");
}

#[test]
fn a_killed_postgres_is_started_again() {
    let folder = Folder::new();
    let (running, url) = Running::dev(&folder, &[]);
    let pid_file = folder.data_dir().join("postgres/postmaster.pid");
    let first_line = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let killed = first_line(fs::read_to_string(&pid_file).unwrap());
    kill_process(
        Pid::from_raw(killed.parse().unwrap()).unwrap(),
        Signal::KILL,
    )
    .unwrap();
    eventually("another PostgreSQL", || {
        let text = fs::read_to_string(&pid_file)
            .ok()
            .filter(|text| text.contains("ready"))?;
        (first_line(text) != killed).then_some(())
    });
    eventually("readiness", || {
        get(&url, "/readyz").filter(|status| *status == 200)
    });
    let job = ask_for_plan(&url, &folder.token(), &snapshot());
    assert_eq!(end_of(&folder.dev_env("DATABASE_URL"), &job), "completed");
    running.stop();
}

#[test]
fn a_second_instance_says_so_and_ends() {
    let folder = Folder::new();
    let (running, _) = Running::dev(&folder, &[]);
    let second = folder.run(&["dev", "--port", "0"]);
    assert_eq!(second.status.code(), Some(1));
    let said = text(&second.stderr);
    assert!(
        said.contains(&format!(
            "in use by another mesocycle (process {})",
            running.pid()
        )),
        "{said}"
    );
    running.stop();
}

#[test]
fn a_database_that_is_named_wins() {
    let folder = Folder::new();
    let database = local_postgres::testing::fresh_database("select 1").unwrap();
    let (running, _) = Running::dev(&folder, &["--database-url", database.url()]);
    assert_eq!(folder.dev_env("DATABASE_URL"), database.url());
    assert!(
        !folder.data_dir().join("postgres").exists(),
        "no private PostgreSQL was made"
    );
    running.stop();
}

#[test]
fn a_port_that_is_taken_is_named_and_nothing_is_left_running() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let output = folder.run(&["dev", "--port", &port]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains(&format!("127.0.0.1:{port} cannot be listened on")),
        "{said}"
    );
    assert!(!folder.has_postgres(), "PostgreSQL was stopped");
}

#[test]
fn other_machines_are_told_an_address_that_they_can_call() {
    let folder = Folder::new();
    let (mut running, url) = Running::dev(&folder, &["--host", "0.0.0.0"]);
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    // A machine without a network has no such address.
    if let Some(network) = running.line().strip_prefix("On this network (a phone): ") {
        assert_eq!(get(network, "/healthz"), Some(200), "{network}");
    }
    running.stop();
}
