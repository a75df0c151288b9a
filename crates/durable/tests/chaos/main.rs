//! Chaos with real processes: thousands of tasks on three to four worker processes and a PostgreSQL of their own, while
//! processes are killed and stopped, sessions cut, connections used up and the server restarted in the middle of it all.
//! Afterwards the history must be without fault and every task must have ended as it should.
//!
//! `chaos [--tasks N] [--seconds S] [--seed X] [--without-fence]`; the last lines are the figures, the exit code is 1 on any
//! fault. `--without-fence` breaks the engine first: then faults must be found. The same program is its own worker process.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails loudly and prints its figures"
)]

mod careless;
mod driver;
mod faults;
mod server;
mod verdict;
mod work;
mod worker;

use std::{process::ExitCode, time::Duration};

use tokio::signal::unix::{SignalKind, signal};

/// What a round is made of.
#[derive(Debug, Clone)]
struct Round {
    tasks: u32,
    /// How long tasks come and faults happen, or longer until all have come.
    time: Duration,
    seed: u64,
    without_fence: bool,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    // As small as fits into a test run.
    let mut round = Round {
        tasks: 1_500,
        time: Duration::from_secs(45),
        seed: u64::from(std::process::id()) ^ uuid::Uuid::now_v7().as_u64_pair().0,
        without_fence: false,
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default();
        let read = match argument.as_str() {
            "worker" => {
                let (url, hurry) = (value(), value());
                worker::run(&url, hurry.into());
                return ExitCode::SUCCESS;
            }
            "--tasks" => value().parse().map(|tasks| round.tasks = tasks).is_ok(),
            "--seconds" => value()
                .parse()
                .map(|seconds| round.time = Duration::from_secs(seconds))
                .is_ok(),
            "--seed" => value().parse().map(|seed| round.seed = seed).is_ok(),
            "--without-fence" => {
                round.without_fence = true;
                true
            }
            // What `cargo test` hands to every test binary: flags, some with a value, and a filter that may leave this one out.
            "--list" | "--ignored" => return ExitCode::SUCCESS,
            "--test-threads" | "--color" | "--format" => !value().is_empty(),
            "--skip" if "chaos".contains(&value()) => return ExitCode::SUCCESS,
            flag if flag.starts_with('-') => true,
            filter if "chaos".contains(filter) => true,
            _ => return ExitCode::SUCCESS,
        };
        if !read {
            println!("usage: chaos [--tasks N] [--seconds S] [--seed X] [--without-fence]");
            return ExitCode::from(2);
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let well = runtime.block_on(async {
        let mut told_to_end = signal(SignalKind::terminate()).expect("a signal");
        // Dropped where it stands, a round takes its processes with it.
        tokio::select! {
            well = driver::run(&round) => well,
            _ = tokio::signal::ctrl_c() => false,
            _ = told_to_end.recv() => false,
        }
    });
    match well {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
