//! The program: its options, its lists, and the page that describes it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use coach::{
    answer::sound::sound_answer,
    brief::Brief,
    profile::ProfileSnapshot,
    prompt::{self, Prompt},
    reader::Language,
};
use emulator::models::SCENARIOS;
use serde_json::{Value, json};

use super::{
    http::{Answer, Exchange},
    support::{DOORS, Door, check_plan},
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

/// The program on a free port, as fast as it goes, ended with the test.
struct Program {
    child: Child,
    openai: String,
    deepseek: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let fast = "--port 0 --first-token-ms 1 --tokens-per-second 0";
        let mut child = Command::new(env!("CARGO_BIN_EXE_emulator"))
            .args(fast.split(' ').chain(arguments.iter().copied()))
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let lines: Vec<String> = lines.take(5).map(|line| line.expect("a line")).collect();
        assert!(lines[0].contains("for tests and demos only"));
        let address = |name: &str| {
            let found = lines.iter().find_map(|line| line.strip_prefix(name));
            found.expect("an address").to_owned()
        };
        Self {
            child,
            openai: address("OPENAI_BASE_URL="),
            deepseek: address("DEEPSEEK_BASE_URL="),
        }
    }

    async fn ask(&self, door: Door, body: &Value) -> Answer {
        let url = match door {
            Door::Chat => format!("{}/chat/completions", self.openai),
            Door::Responses => format!("{}/responses", self.openai),
            Door::Deepseek => format!("{}/chat/completions", self.deepseek),
        };
        let headers = [("authorization", "Bearer sk-test")];
        Exchange::send("POST", &url, &headers, &body.to_string())
            .await
            .answer()
            .await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn it_says_where_it_is_and_answers_there() {
    let program = Program::start(&["--scenario", "overloaded@1"]);
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let answer = program.ask(Door::Chat, &Door::Chat.request(false)).await;
        statuses.push(answer.status);
        if answer.status == 200 {
            check_plan(&Door::Chat.content(&answer));
        }
    }
    assert_eq!(statuses, [503, 200]);
}

/// A request with one of Mesocycle's prompts, as each dialect asks.
fn ours(door: Door, prompt: Prompt, turn: &Value) -> Value {
    let (system, user) = (prompt.system(), turn.to_string());
    let schema: Value = serde_json::from_str(prompt.schema()).expect("a schema");
    let mut body = door.request(true);
    let messages = |system: &str| json!([{ "role": "system", "content": system }, { "role": "user", "content": user }]);
    match door {
        Door::Responses => {
            body["instructions"] = json!(system);
            body["input"] = json!(user);
            body["text"]["format"]["schema"] = schema;
        }
        Door::Chat => {
            body["messages"] = messages(system);
            body["response_format"]["json_schema"]["schema"] = schema;
        }
        Door::Deepseek => {
            body["messages"] = messages(&format!("{system}\n\nJSON of this schema:\n{schema}"));
        }
    }
    body
}

#[tokio::test]
async fn it_answers_our_own_prompts_soundly_at_every_door() {
    let snapshot = json!({ "goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"] });
    let snapshot = ProfileSnapshot::parse(&snapshot).expect("a profile");
    let brief = Brief::from_profile(&snapshot);
    let week = prompt::weekly_plan(&snapshot, &brief, "", Language::En);
    let program = Program::start(&[]);
    for (prompt, turn) in [
        (Prompt::WeeklyPlan, week),
        (Prompt::Reading, prompt::reading("Three days, dumbbells")),
    ] {
        let expected = sound_answer(prompt.name(), &turn).expect("an answer");
        for door in DOORS {
            let body = ours(door, prompt, &turn);
            let answer = program.ask(door, &body).await;
            let content = door.content(&answer);
            let said: Value = serde_json::from_str(&content).expect("JSON");
            assert_eq!(said, expected, "{door:?} {}", answer.status);
        }
    }
}
