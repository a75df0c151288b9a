//! What a terminal gets and a pipe does not, and what scripts and shells get.

use std::process::Command;

use local_postgres::testing::fresh_database;
use serde_json::Value;

use crate::support::{Folder, USER, text};

#[test]
fn colours_are_for_terminals_and_for_those_who_want_them() {
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    for arguments in [&["doctor"][..], &["queues", "list"]] {
        let printed = |variables: &[(&str, &str)]| {
            let mut command = folder.command(arguments);
            command.env("DATABASE_URL", database.url());
            command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
            command.envs(variables.iter().copied());
            text(&command.output().unwrap().stdout)
        };
        let (forced, empty) = (("CLICOLOR_FORCE", "1"), ("NO_COLOR", ""));
        assert!(printed(&[forced]).contains("\u{1b}["), "{arguments:?}");
        assert!(printed(&[forced, empty]).contains("\u{1b}["));
        // Here nothing is a terminal.
        for variables in [
            &[][..],
            &[("CLICOLOR_FORCE", "0")],
            &[forced, ("NO_COLOR", "1")],
        ] {
            let plain = printed(variables);
            assert!(!plain.contains('\u{1b}'), "{arguments:?}: {plain}");
            assert!(plain.contains("weekly_plan"), "{arguments:?}: {plain}");
        }
    }
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
