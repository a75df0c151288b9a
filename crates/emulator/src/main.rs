//! `emulator`: the test-only server as a program.

use std::process::ExitCode;

use clap::Parser;
use emulator::{Emulator, Options, Scenario};

/// A test-only server that speaks like Expo's push service and counts what it accepted. Nothing reaches a phone.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port on 127.0.0.1 (0 takes a free one)
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// What goes wrong with requests to send
    #[arg(long, value_enum, default_value_t)]
    scenario: Scenario,
    /// The seed of scenarios that draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Refuse requests that do not bear this access token
    #[arg(long)]
    access_token: Option<String>,
}

#[tokio::main]
#[allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        port: arguments.port,
        scenario: arguments.scenario,
        seed: arguments.seed,
        access_token: arguments.access_token,
    };
    let emulator = match Emulator::start(&options).await {
        Ok(emulator) => emulator,
        Err(error) => {
            eprintln!("port {} cannot be had: {error}", options.port);
            return ExitCode::FAILURE;
        }
    };
    println!(
        "emulator: for tests only, nothing reaches a phone (scenario {}, seed {})",
        options.scenario, options.seed
    );
    println!("EXPO_PUSH_URL={}", emulator.expo_url());
    println!("ledger: {}/ledger", emulator.url());
    let _ = tokio::signal::ctrl_c().await;
    ExitCode::SUCCESS
}
