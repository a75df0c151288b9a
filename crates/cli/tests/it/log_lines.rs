//! What the log says, and what it must never say.

use serde_json::{Value, json};

use crate::support::{Folder, Running, USER, ask_for_plan, end_of, post, try_query};

/// Values of a profile that could stand nowhere else.
const PRIVATE: [&str; 6] = [
    "Zebulonia",
    "87.125",
    "191.5",
    "torn left labrum",
    "kiwano allergy",
    "sertralineish",
];

fn private_snapshot() -> Value {
    json!({
        "goal": "WEIGHT_LOSS", "trainingDays": 3, "name": PRIVATE[0], "weight": 87.125, "height": 191.5,
        "injuries": PRIVATE[3], "dietaryNotes": PRIVATE[4], "supplementNotes": PRIVATE[5], "age": 44,
    })
}

#[test]
fn a_job_leaves_its_trail_but_no_key_and_no_health() {
    let folder = Folder::new();
    let (running, url) = Running::dev(&folder, &["--log", "debug"]);
    let token = folder.token();
    let job = ask_for_plan(&url, &token, &private_snapshot());
    assert_eq!(end_of(&folder.dev_env("DATABASE_URL"), &job), "completed");
    // Refusals must be as discreet as success.
    let mut wrong = private_snapshot();
    wrong["trainingDays"] = json!(PRIVATE[3]);
    let body = json!({ "profileSnapshot": wrong });
    assert_eq!(
        post(&url, "/functions/v1/create-plan-job", &token, &body).0,
        400
    );
    assert_eq!(
        post(
            &url,
            "/functions/v1/create-plan-job",
            &format!("{token}x"),
            &body
        )
        .0,
        401
    );

    // PostgreSQL quotes the row that it refuses, to us; its own log must not.
    let twice = format!(
        "insert into public.plan_generation_jobs (id, user_id, profile_snapshot) values ('{job}', '{USER}', '{}')",
        private_snapshot()
    );
    assert!(try_query(&folder.dev_env("DATABASE_URL"), &twice).is_err());

    let keys = [
        "SUPABASE_ANON_KEY",
        "SUPABASE_SERVICE_ROLE_KEY",
        "SUPABASE_JWT_SECRET",
    ];
    let keys = keys.map(|name| folder.dev_env(name));
    let of_postgres = std::fs::read_to_string(folder.data_dir().join("postgres.log")).unwrap();
    let log = running.stop();
    for line in log.lines() {
        assert!(
            serde_json::from_str::<Value>(line).is_ok(),
            "no terminal, so JSON: {line}"
        );
    }
    assert!(
        log.lines().filter(|line| line.contains(&job)).count() >= 2,
        "the job's trail is missing:\n{log}"
    );
    for secret in keys
        .iter()
        .map(String::as_str)
        .chain([token.as_str()])
        .chain(PRIVATE)
    {
        assert!(!log.contains(secret), "the log tells {secret}:\n{log}");
        assert!(
            !of_postgres.contains(secret),
            "PostgreSQL's log tells {secret}:\n{of_postgres}"
        );
    }
}
