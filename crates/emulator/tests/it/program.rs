//! The program: its options, its lists, and the page that describes it.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use emulator::models::SCENARIOS;

use super::{
    http::Exchange,
    support::{Door, check_plan},
};

fn said(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_emulator"))
        .args(arguments)
        .output()
        .expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

#[test]
fn help_says_what_it_is_for_and_lists_are_whole() {
    let (code, help) = said(&["--help"]);
    assert_eq!(code, Some(0));
    let plain = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(plain.contains("For tests and demos only"), "{help}");
    let (code, list) = said(&["--scenarios"]);
    assert_eq!(code, Some(0));
    let readme = include_str!("../../README.md");
    for scenario in SCENARIOS {
        assert!(
            list.contains(scenario.name) && list.contains(scenario.says),
            "{}",
            scenario.name
        );
        assert!(
            readme.contains(&format!("`{}`", scenario.name)),
            "README: {}",
            scenario.name
        );
    }
    assert!(list.contains("receipts-500-once"));
}

#[test]
fn an_unknown_scenario_ends_it() {
    let (code, text) = said(&["--port", "0", "--scenario", "nonsense"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("there is no scenario nonsense"), "{text}");
}

#[tokio::test]
async fn it_says_where_it_is_and_answers_there() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_emulator"))
        .args([
            "--port",
            "0",
            "--first-token-ms",
            "1",
            "--tokens-per-second",
            "0",
            "--scenario",
            "overloaded@1",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let lines: Vec<String> = lines.take(5).map(|line| line.expect("a line")).collect();
    assert!(lines[0].contains("for tests and demos only"));
    let base = lines[1]
        .strip_prefix("OPENAI_BASE_URL=")
        .expect("an address");
    let url = format!("{base}/chat/completions");
    let headers = [("authorization", "Bearer sk-test")];
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let body = Door::Chat.request(false).to_string();
        let answer = Exchange::send("POST", &url, &headers, &body)
            .await
            .answer()
            .await;
        statuses.push(answer.status);
        if answer.status == 200 {
            check_plan(&Door::Chat.content(&answer));
        }
    }
    child.kill().expect("it ends");
    child.wait().expect("it ended");
    assert_eq!(statuses, [503, 200]);
}
