//! The chain of who drafts plans, as the settings make it.

use local_postgres::testing::fresh_database;

use crate::support::{Folder, Running, query, text};

const KEY: &str = "sk-never-to-be-shown";

fn doctor(folder: &Folder, environment: &[(&str, &str)]) -> String {
    let output = folder
        .command(&["doctor"])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let printed = text(&output.stdout);
    assert!(
        !printed.contains(KEY) && !text(&output.stderr).contains(KEY),
        "{printed}"
    );
    printed
}

#[test]
fn doctor_lists_the_chain_and_shows_no_key() {
    let folder = Folder::new();
    let printed = doctor(&folder, &[]);
    assert!(
        printed.contains("fine   providers: rules, the planner in code\n"),
        "{printed}"
    );
    let environment = [
        ("OPENAI_API_KEY", KEY),
        ("COMPATIBLE_BASE_URL", "http://127.0.0.1:11434/v1"),
        ("COMPATIBLE_MODEL", "qwen3:8b"),
    ];
    let printed = doctor(&folder, &environment);
    let expected = "fine   providers: openai with gpt-6-luna; then compatible with qwen3:8b, whose price is not known: \
        it counts as the dearest known (`prices` tells it); then rules, the planner in code\n";
    assert!(printed.contains(expected), "{printed}");
    let own = [
        ("MESOCYCLE_PRICES", "qwen3:8b=0"),
        ("PROVIDERS", "compatible"),
    ];
    let printed = doctor(&folder, &[&environment[..], &own[..]].concat());
    assert!(
        printed.contains("fine   providers: compatible with qwen3:8b\n"),
        "{printed}"
    );
}

#[test]
fn what_a_provider_lacks_is_said() {
    let folder = Folder::new();
    for (environment, expected) in [
        (
            vec![("PROVIDERS", "openai,rules")],
            "openai is to be asked for plans, but OPENAI_API_KEY is not set",
        ),
        (
            vec![("COMPATIBLE_BASE_URL", "http://127.0.0.1:1/v1")],
            "compatible is to be asked for plans, but COMPATIBLE_MODEL is not set",
        ),
        (
            vec![("PROVIDERS", "gpt")],
            "PROVIDERS is \"gpt\"; expected openai, deepseek, compatible and rules",
        ),
        (
            vec![("DEEPSEEK_API_KEY", KEY), ("DEEPSEEK_BASE_URL", "nowhere")],
            "WRONG  providers: deepseek cannot be asked",
        ),
    ] {
        let printed = doctor(&folder, &environment);
        assert!(
            printed.contains(expected) && printed.contains("cure: "),
            "{printed}"
        );
    }
}

#[test]
fn a_worker_does_not_start_with_a_provider_that_cannot_be_asked() {
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    let output = folder
        .command(&["work", "--database-url", database.url()])
        .env("PROVIDERS", "deepseek")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("deepseek is to be asked for plans, but DEEPSEEK_API_KEY is not set"),
        "{said}"
    );
}

#[test]
fn the_limits_of_a_provider_are_known_to_the_database_before_it_is_asked() {
    let folder = Folder::new();
    folder.write(
        "mesocycle.toml",
        "openai_limits = ['requests=60', 'output_tokens=90000']\n",
    );
    let mut command = folder.command(&["dev", "--port", "0"]);
    command.env("OPENAI_API_KEY", KEY);
    // Nobody is asked: this address answers nothing.
    command.env("OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
    let mut running = Running::start(command, &folder.path.join("dev.log"));
    let ready = running.line();
    assert!(ready.starts_with("Mesocycle is ready"), "{}", running.log());
    let limits = query(
        &folder.dev_env("DATABASE_URL"),
        "select concat_ws(' ', name, requests, input_tokens, output_tokens) from durable.budget",
    );
    assert_eq!(limits.as_deref(), Some("openai gpt-6-luna 60 90000"));
    let log = running.stop();
    assert!(!log.contains(KEY), "{log}");
}
