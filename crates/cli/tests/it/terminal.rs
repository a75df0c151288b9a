//! What a terminal gets and a pipe does not, and what scripts and shells get.

use std::process::Command;

use local_postgres::testing::fresh_database;
use serde_json::Value;

use crate::support::{Folder, USER, text};

/// What `mesocycle <arguments>` prints on a terminal, with one more variable.
fn on_a_terminal(folder: &Folder, database: &str, arguments: &str, no_color: &str) -> String {
    let program = env!("CARGO_BIN_EXE_mesocycle");
    let output = Command::new("script")
        .args(["-qec", &format!("'{program}' {arguments}"), "/dev/null"])
        .current_dir(&folder.path)
        .env("NO_COLOR", no_color)
        .env("TERM", "xterm-256color")
        .env("DATABASE_URL", database)
        .output()
        .unwrap();
    text(&output.stdout)
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    for arguments in ["doctor", "queues list"] {
        let coloured = on_a_terminal(&folder, database.url(), arguments, "");
        assert!(coloured.contains("\u{1b}["), "{arguments}: {coloured}");
        let plain = on_a_terminal(&folder, database.url(), arguments, "1");
        assert!(!plain.contains("\u{1b}["), "{arguments}: {plain}");
        assert!(!plain.trim().is_empty(), "{arguments}");
    }
    let piped = folder.run(&["doctor"]);
    assert!(!text(&piped.stdout).contains('\u{1b}'));
    let mut listing = folder.command(&["queues", "list"]);
    let piped = listing
        .env("DATABASE_URL", database.url())
        .output()
        .unwrap();
    assert!(text(&piped.stdout).contains("weekly_plan"));
    assert!(!text(&piped.stdout).contains('\u{1b}'));
}

#[test]
fn every_verb_that_answers_does_so_in_json_too() {
    let folder = Folder::new();
    let database = fresh_database("select 1").unwrap();
    for verb in [
        &["migrate"][..],
        &["migrate", "--harden"],
        &["doctor"],
        &["costs"],
        &["costs", "--by", "user"],
        &["tasks", "list"],
        &["queues", "list"],
        &["queues", "pause", "push"],
        &["schedules", "list"],
        &["workers"],
        &["keys", "list"],
        &["keys", "create", "test"],
    ] {
        let mut command = folder.command(&[verb, &["--json"]].concat());
        let output = command
            .env("DATABASE_URL", database.url())
            .output()
            .unwrap();
        let printed = text(&output.stdout);
        let answer: Result<Value, _> = serde_json::from_str(&printed);
        assert!(
            answer.is_ok(),
            "{verb:?}: {printed}{}",
            text(&output.stderr)
        );
    }
    folder.write(
        "athlete.json",
        r#"{"goal": "MUSCLE_GAIN", "trainingDays": 3}"#,
    );
    for verb in [
        &["settings", "--json"][..],
        &["token", "--user", USER, "--json"],
        &["plan", "athlete.json", "--json"],
    ] {
        let printed = text(&folder.run(verb).stdout);
        let answer: Result<Value, _> = serde_json::from_str(&printed);
        assert!(answer.is_ok(), "{verb:?}: {printed}");
    }
}

#[test]
fn shells_are_told_how_to_complete() {
    let folder = Folder::new();
    for (shell, mark) in [
        ("bash", "complete -F _mesocycle"),
        ("zsh", "#compdef mesocycle"),
        ("fish", "complete -c mesocycle"),
    ] {
        let output = folder.run(&["completions", shell]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let script = text(&output.stdout);
        for word in [mark, "tasks", "retry", "error-code"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
    let script = text(&folder.run(&["completions", "bash"]).stdout);
    folder.write("completions.bash", &script);
    let completed = Command::new("bash")
        .args([
            "--norc",
            "-c",
            ". ./completions.bash; COMP_WORDS=(mesocycle tas); COMP_CWORD=1; _mesocycle mesocycle tas mesocycle; echo \"${COMPREPLY[@]}\"",
        ])
        .current_dir(&folder.path)
        .output()
        .unwrap();
    assert_eq!(
        text(&completed.stdout),
        "tasks\n",
        "{}",
        text(&completed.stderr)
    );
    assert_eq!(folder.run(&["completions", "tcsh"]).status.code(), Some(2));
}
