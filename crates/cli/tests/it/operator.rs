//! What an operator does: `tasks`, `queues`, `schedules`, `workers`, `keys`.

use serde_json::{Value, json};

use crate::support::{Folder, Running, USER, ask_for_plan, end_of, get, post, snapshot, text};

/// What a verb says as JSON.
fn said(folder: &Folder, arguments: &[&str]) -> Value {
    let output = folder.run(&[arguments, &["--json"]].concat());
    let printed = text(&output.stdout);
    assert!(
        output.status.success(),
        "{arguments:?}: {printed}{}",
        text(&output.stderr)
    );
    serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{arguments:?}: {printed}"))
}

fn refused(folder: &Folder, arguments: &[&str]) -> String {
    let output = folder.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    text(&output.stderr)
}

#[test]
fn an_operator_sees_a_plan_being_made_and_has_it_made_again() {
    let folder = Folder::new();
    let (running, url) = Running::dev(&folder, &[]);
    let database = folder.dev_env("DATABASE_URL");
    let job = ask_for_plan(&url, &folder.token(), &snapshot());
    assert_eq!(end_of(&database, &job), "completed");

    let listed = said(
        &folder,
        &[
            "tasks",
            "list",
            "--user",
            USER,
            "--kind",
            "generate_weekly_plan",
        ],
    );
    assert_eq!(
        (
            &listed[0]["id"],
            &listed[0]["state"],
            listed.as_array().unwrap().len()
        ),
        (&json!(job), &json!("succeeded"), 1),
        "{listed}"
    );
    let table = folder.run(&["tasks", "list"]);
    assert!(
        text(&table.stdout).contains(&job),
        "{}",
        text(&table.stdout)
    );
    let shown = text(&folder.run(&["tasks", "show", &job]).stdout);
    assert!(
        shown.starts_with("It succeeded at ") && shown.contains("attempts"),
        "{shown}"
    );
    let watched = text(&folder.run(&["tasks", "watch", &job]).stdout);
    assert!(watched.contains("It succeeded"), "{watched}");

    assert!(refused(&folder, &["tasks", "cancel", &job]).contains("has ended already"));
    assert!(refused(&folder, &["tasks", "retry", &job]).contains("Replay it"));
    let again = said(&folder, &["tasks", "replay", &job])["task"].clone();
    assert_eq!(end_of(&database, again.as_str().unwrap()), "completed");
    assert_eq!(
        said(&folder, &["tasks", "show", again.as_str().unwrap()])["replay_of"],
        json!(job)
    );

    assert!(refused(&folder, &["erase", USER]).contains("say --yes"));
    let erased = said(&folder, &["erase", USER, "--yes"]);
    assert!(erased["rows"].as_i64().unwrap() >= 4, "{erased}");
    assert_eq!(said(&folder, &["tasks", "list", "--user", USER]), json!([]));

    let workers = said(&folder, &["workers"]);
    assert_eq!(workers[0]["alive"], true, "{workers}");
    running.stop();
}

#[test]
fn queues_and_schedules_obey() {
    let folder = Folder::new();
    let (running, _) = Running::dev(&folder, &[]);
    let queue = |name: &str| {
        let queues = said(&folder, &["queues", "list"]);
        let found = queues
            .as_array()
            .unwrap()
            .iter()
            .find(|queue| queue["name"] == name)
            .cloned();
        found.unwrap()
    };
    folder.run(&["queues", "pause", "push", "--because", "Expo is down"]);
    assert_eq!(queue("push")["paused_because"], "Expo is down");
    folder.run(&["queues", "resume", "push"]);
    folder.run(&["queues", "limit", "push", "--running", "3"]);
    assert_eq!(
        (&queue("push")["paused_at"], &queue("push")["max_running"]),
        (&Value::Null, &json!(3))
    );
    assert!(refused(&folder, &["queues", "pause", "nowhere"]).contains("no queue"));

    let put = [
        "schedules",
        "put",
        "tidy",
        "--kind",
        "bulk_action",
        "--cron",
        "0 18 * * SUN",
        "--time-zone",
        "Europe/Berlin",
    ];
    assert_eq!(said(&folder, &put)["schedule"], "tidy");
    folder.run(&["schedules", "pause", "tidy"]);
    let listed = said(&folder, &["schedules", "list"]);
    assert_eq!(
        (&listed[0]["name"], &listed[0]["enabled"]),
        (&json!("tidy"), &json!(false))
    );
    said(&folder, &["schedules", "remove", "tidy"]);
    assert_eq!(said(&folder, &["schedules", "list"]), json!([]));
    assert!(refused(&folder, &["schedules", "run", "tidy"]).contains("no schedule"));
    running.stop();
}

#[test]
fn a_key_is_shown_once_and_opens_the_operators_door_until_it_is_revoked() {
    let folder = Folder::new();
    let (running, url) = Running::dev(&folder, &[]);
    let output = folder.run(&["keys", "create", "grafana", "--may", "read,act"]);
    let key = text(&output.stdout).trim().to_owned();
    assert!(key.starts_with("meso_admin_") && key.len() > 60, "{key}");
    let bulk = json!({ "action": "cancel", "filter": { "user": USER } });
    let (status, started) = post(&url, "/admin/v1/bulk", &key, &bulk);
    assert_eq!(status, 202, "{started}");
    let listed = said(&folder, &["keys", "list"]);
    assert_eq!(
        (&listed[0]["name"], &listed[0]["permissions"]),
        (&json!("grafana"), &json!(["read", "act"]))
    );
    assert!(!listed.to_string().contains(&key));
    assert_eq!(
        said(&folder, &["keys", "revoke", "grafana"])["revoked"],
        json!([listed[0]["id"]])
    );
    assert_eq!(post(&url, "/admin/v1/bulk", &key, &bulk).0, 401);
    assert!(refused(&folder, &["keys", "revoke", "grafana"]).contains("no good key"));
    // In dev this machine may scrape without a key.
    assert_eq!(get(&url, "/metrics"), Some(200));
    assert_eq!(get(&url, "/admin/v1/settings"), Some(401));
    let log = running.stop();
    assert!(!log.contains(&key), "{log}");
}

#[test]
fn all_that_fit_are_cancelled_and_tried_again() {
    let folder = Folder::new();
    let (running, url) = Running::dev(&folder, &[]);
    folder.run(&["queues", "pause", "weekly_plan"]);
    let mut jobs = Vec::new();
    for number in 1..=3 {
        let user = format!("6f3c0a52-0b57-4b6e-9d0e-4a4f3b1c2d0{number}");
        let token = text(&folder.run(&["token", "--user", &user]).stdout);
        jobs.push(ask_for_plan(&url, token.trim_end(), &snapshot()));
    }
    let all = ["--kind", "generate_weekly_plan"];
    let cancelled = said(&folder, &[&["tasks", "cancel"], &all[..]].concat());
    assert_eq!(
        (
            &cancelled["state"],
            &cancelled["done"],
            &cancelled["refused"]
        ),
        (&json!("succeeded"), &json!(3), &json!(0)),
        "{cancelled}"
    );
    let one = ["tasks", "retry", "--state", "cancelled", "--user", USER];
    let output = folder.run(&one);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "1 done\n");
    assert!(
        !text(&output.stderr).contains('\u{1b}'),
        "no bar where nobody looks"
    );
    let again = said(&folder, &["tasks", "list", "--user", USER]);
    let replays = again.as_array().unwrap().iter();
    let replays: Vec<_> = replays
        .filter(|task| task["replay_of"] == jobs[0])
        .collect();
    assert_eq!(replays.len(), 1, "{again}");

    for (arguments, sentence) in [
        (&["tasks", "cancel"][..], "say which tasks"),
        (&["tasks", "retry"], "say which tasks"),
        (
            &["tasks", "cancel", "--state", "failed"],
            "There is nothing to do to failed tasks",
        ),
        (
            &["tasks", "retry", "--text", "ab"],
            "at least four characters",
        ),
    ] {
        let said = refused(&folder, arguments);
        assert!(said.contains(sentence), "{said}");
    }
    let both = folder.run(&["tasks", "cancel", &jobs[0], "--state", "ready"]);
    assert_eq!(both.status.code(), Some(2), "ids or a filter, not both");
    running.stop();
}
