//! `mesocycle demo`, which `./demo` runs.

use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::{Folder, snapshot, text};

#[test]
fn it_prints_a_week_and_ends_and_so_does_a_pipe() {
    let folder = Folder::new();
    folder.write(
        "athlete.json",
        &json!({ "profileSnapshot": snapshot() }).to_string(),
    );
    // The shell waits for `cat`, and `cat` for everything that holds the pipe.
    let script = format!(
        "'{}' demo athlete.json --exit --port 0 | cat",
        env!("CARGO_BIN_EXE_mesocycle")
    );
    let mut shell = Command::new("sh");
    let output = shell
        .args(["-c", &script])
        .current_dir(&folder.path)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (printed, said) = (text(&output.stdout), text(&output.stderr));
    for day in [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ] {
        assert!(
            printed.contains(day),
            "{day} is missing:\n{printed}\n{said}"
        );
    }
    assert!(said.contains("create-plan-job"), "{said}");
    assert!(!folder.has_postgres(), "PostgreSQL was stopped");
}

#[test]
fn a_profile_that_is_refused_ends_it_with_the_reason() {
    let folder = Folder::new();
    folder.write("athlete.json", r#"{ "goal": "FLY", "trainingDays": 3 }"#);
    let output = folder.run(&["demo", "athlete.json", "--port", "0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("goal"),
        "{}",
        text(&output.stderr)
    );
    assert!(!folder.has_postgres(), "PostgreSQL was stopped");
}
