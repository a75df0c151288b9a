//! `emulator`: the server for tests and demos as a program.

use std::{process::ExitCode, sync::Arc, time::Duration};

use clap::{Parser, ValueEnum};
use coach::{answer::sound::sound_answer, prompt::Prompt};
use emulator::{
    Asked, Emulator, Options, Scenario,
    models::{self, SCENARIOS},
};

/// For tests and demos only: a server that speaks like OpenAI, DeepSeek and Expo's push service and counts what they would have
/// billed or accepted. No model thinks here, nothing reaches a phone, nothing is paid.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port on 127.0.0.1 (0 takes a free one)
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// What goes wrong, by a name that --scenarios lists; for models also with the calls it applies to: rate-limit@1,cut@2-3
    #[arg(long, default_value = "plain")]
    scenario: String,
    /// List the scenarios
    #[arg(long)]
    scenarios: bool,
    /// The seed of answers, and of scenarios that draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How fast a model speaks (0: as fast as it goes)
    #[arg(long, default_value_t = 60.0)]
    tokens_per_second: f64,
    /// When the first token comes
    #[arg(long, default_value_t = 1_000)]
    first_token_ms: u64,
    /// Refuse a model's requests beyond so many a minute
    #[arg(long)]
    requests_per_minute: Option<u32>,
    /// Refuse a model's requests beyond so many tokens a minute, input and answer together
    #[arg(long)]
    tokens_per_minute: Option<u32>,
    /// How long a response with `store: true` is there after its end, in seconds
    #[arg(long, default_value_t = 30 * 24 * 3_600)]
    stored_seconds: u64,
    /// How long a background response without is, in seconds
    #[arg(long, default_value_t = 600)]
    unstored_seconds: u64,
    /// Refuse pushes that do not bear this access token
    #[arg(long)]
    access_token: Option<String>,
}

impl Arguments {
    fn options(&self) -> Options {
        let push = Scenario::from_str(&self.scenario, true).ok();
        Options {
            port: self.port,
            scenario: push.unwrap_or_default(),
            seed: self.seed,
            access_token: self.access_token.clone(),
            // `rough` and `plain` are both.
            model_scenario: match push {
                Some(push) if push != Scenario::Rough => "plain".to_owned(),
                _ => self.scenario.clone(),
            },
            answer: Arc::new(|asked| sound(asked).unwrap_or_else(|| models::minimal(asked))),
            tokens_per_second: Some(self.tokens_per_second),
            first_token: Duration::from_millis(self.first_token_ms),
            requests_per_minute: self.requests_per_minute,
            tokens_per_minute: self.tokens_per_minute,
            stored_for: Duration::from_secs(self.stored_seconds),
            unstored_for: Duration::from_secs(self.unstored_seconds),
        }
    }
}

/// What a good model would answer to one of Mesocycle's prompts, known by its system text; `None` where it is none of them.
fn sound(asked: &Asked) -> Option<String> {
    let system = asked.system();
    let prompt = Prompt::ALL
        .iter()
        .find(|prompt| system.starts_with(prompt.system()))?;
    let turn = serde_json::from_str(&asked.user()).ok()?;
    sound_answer(prompt.name(), &turn).map(|answer| answer.to_string())
}

#[tokio::main]
#[allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.scenarios {
        list_scenarios();
        return ExitCode::SUCCESS;
    }
    let emulator = match Emulator::start(&arguments.options()).await {
        Ok(emulator) => emulator,
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
        Err(error) => {
            eprintln!("port {} cannot be had: {error}", arguments.port);
            return ExitCode::FAILURE;
        }
    };
    println!(
        "emulator: for tests and demos only, no model thinks here and nothing reaches a phone (scenario {}, seed {})",
        arguments.scenario, arguments.seed
    );
    println!("OPENAI_BASE_URL={}", emulator.openai_url());
    println!("DEEPSEEK_BASE_URL={}", emulator.deepseek_url());
    println!("EXPO_PUSH_URL={}", emulator.expo_url());
    println!("ledger: {}/ledger", emulator.url());
    let _ = tokio::signal::ctrl_c().await;
    ExitCode::SUCCESS
}

#[allow(clippy::print_stdout, reason = "a program for the terminal")]
fn list_scenarios() {
    println!(
        "Models (--scenario, header x-emulator-scenario, or model gpt-x:scenario=NAME; NAME@2 is for the second call only):"
    );
    for scenario in SCENARIOS {
        println!("  {:20} {}", scenario.name, scenario.says);
    }
    println!("Pushes (--scenario):");
    for value in Scenario::value_variants()
        .iter()
        .filter_map(ValueEnum::to_possible_value)
    {
        let says = value.get_help().map(ToString::to_string);
        println!("  {:20} {}", value.get_name(), says.unwrap_or_default());
    }
}
