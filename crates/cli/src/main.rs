//! The switchboard: one binary, one verb a file.

mod alert;
mod commands;
mod config;
mod dev_env;
mod instance;
mod listen;
mod logs;
mod operator;
mod output;
mod profile_file;
mod providers;
mod secret;
mod signals;
mod telemetry;
#[cfg(feature = "otlp")]
mod traces;
mod week;
mod weeks;
mod wire;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Turns "make me a training plan" into a durable job on PostgreSQL.
#[derive(Parser)]
#[command(name = "mesocycle", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Dev(commands::dev::Arguments),
    Serve(commands::serve::Arguments),
    Work(commands::work::Arguments),
    Migrate(commands::migrate::Arguments),
    Plan(commands::plan::Arguments),
    Token(commands::token::Arguments),
    Doctor(commands::doctor::Arguments),
    Costs(commands::costs::Arguments),
    Settings(commands::settings::Arguments),
    Tasks(commands::tasks::Arguments),
    Queues(commands::queues::Arguments),
    Schedules(commands::schedules::Arguments),
    Workers(commands::workers::Arguments),
    Keys(commands::keys::Arguments),
    Erase(commands::erase::Arguments),
    Completions(commands::completions::Arguments),
    #[command(hide = true)]
    Demo(commands::demo::Arguments),
}

fn main() -> ExitCode {
    match run(Arguments::parse().verb) {
        Ok(code) => code,
        Err(error) => {
            output::complain(&format!("error: {}", output::chain(&error)));
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    // reqwest is built without a choice of its own. It fails only when a choice was made before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        match verb {
            Verb::Dev(arguments) => commands::dev::dev(arguments).await,
            Verb::Serve(arguments) => commands::serve::serve(arguments).await,
            Verb::Work(arguments) => commands::work::work(arguments).await,
            Verb::Migrate(arguments) => commands::migrate::migrate(arguments).await,
            Verb::Plan(arguments) => commands::plan::plan(&arguments),
            Verb::Token(arguments) => commands::token::token(&arguments),
            Verb::Doctor(arguments) => commands::doctor::doctor(arguments).await,
            Verb::Costs(arguments) => commands::costs::costs(arguments).await,
            Verb::Settings(arguments) => commands::settings::settings(&arguments),
            Verb::Tasks(arguments) => commands::tasks::tasks(arguments).await,
            Verb::Queues(arguments) => commands::queues::queues(arguments).await,
            Verb::Schedules(arguments) => commands::schedules::schedules(arguments).await,
            Verb::Workers(arguments) => commands::workers::workers(arguments).await,
            Verb::Keys(arguments) => commands::keys::keys(arguments).await,
            Verb::Erase(arguments) => commands::erase::erase(arguments).await,
            Verb::Completions(arguments) => {
                commands::completions::completions(&arguments, &mut Arguments::command())
            }
            Verb::Demo(arguments) => commands::demo::demo(arguments).await,
        }
    });
    // What still runs (a name being resolved, a database that does not answer) must not keep the process.
    runtime.shutdown_background();
    outcome
}
