//! Whether a provider's limits a minute are kept by all workers together: eight workers, each with connections and a client of its own,
//! ask an emulated provider that enforces its limits itself. Prints what it saw.
//!
//! `cargo run -p coach --example shared_limits -- [minutes] [requests or tokens]`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement at a terminal"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use coach::{
    answer::sound::sound_answer,
    ask::{Caps, Provider, Question},
    prompt::{self, Prompt},
    reader::Language,
};
use durable::{
    Attempt, Done, Failure, MicroDollars, RunningWorker, Task, Worker, WorkerOptions,
    budget::{self, Limits},
};
use emulator::{Call, Emulator, Options};
use jiff::Timestamp;
use llm::{
    ApiKey, Endpoint, Prices, Timers,
    models::{OpenAiOptions, OpenAiResponses},
};
use local_postgres::LocalPostgres;
use serde_json::{Value, json};
use sqlx::{PgPool, postgres::PgPoolOptions};
use uuid::Uuid;

const WORKERS: u32 = 8;
const MINUTE: Duration = Duration::from_secs(60);
/// What all ask together for.
const BUDGET: &str = "openai gpt-6-luna";
/// The limits of the emulated provider.
const REQUESTS: u32 = 60;
const TOKENS: u32 = 600_000;
const PLENTY: MicroDollars = MicroDollars(1_000_000_000);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let minutes: u32 = arguments.next().map_or(3, |text| text.parse().unwrap());
    let only = arguments.next().unwrap_or_default();
    let folder = std::env::temp_dir().join(format!("shared-limits-{}", std::process::id()));
    let postgres = LocalPostgres::start(&folder).unwrap();
    let pool = connect(&postgres).await;
    coach::migrate::migrate(&pool).await.unwrap();
    sqlx::raw_sql("select durable.register_kind('ask', 'ask', null, 1000)")
        .execute(&pool)
        .await
        .unwrap();
    println!("{WORKERS} workers, {minutes} minutes each\n");
    if only != "tokens" {
        requests(&postgres, &pool, minutes).await;
    }
    if only != "requests" {
        tokens(&postgres, &pool, minutes).await;
    }
    pool.close().await;
    drop(postgres);
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn requests(postgres: &LocalPostgres, pool: &PgPool, minutes: u32) {
    let limits = Limits {
        requests: Some(REQUESTS.into()),
        ..Limits::default()
    };
    let emulator = emulator(Some(REQUESTS), None).await;
    let seen = ask(postgres, pool, &emulator, limits, minutes, REQUESTS).await;
    println!("limit of {REQUESTS} requests a minute");
    seen.print(|_| 1, f64::from(REQUESTS));
}

async fn tokens(postgres: &LocalPostgres, pool: &PgPool, minutes: u32) {
    // What one call takes, as the provider counts, says how the limit is to be split.
    let first = emulator(None, None).await;
    let seen = ask(postgres, pool, &first, Limits::default(), 0, 1).await;
    let (input, output) = (seen.calls[0].input_tokens, seen.calls[0].output_tokens);
    let share = |part: usize| {
        let limit = u64::from(TOKENS) * part as u64 / (input + output) as u64;
        i64::try_from(limit).unwrap()
    };
    let limits = Limits {
        input_tokens: Some(share(input)),
        output_tokens: Some(share(output)),
        ..Limits::default()
    };
    let emulator = emulator(None, Some(TOKENS)).await;
    let calls = TOKENS / u32::try_from(input + output).unwrap();
    let seen = ask(postgres, pool, &emulator, limits, minutes, calls).await;
    println!("limit of {TOKENS} tokens a minute, a call of {input} and {output}");
    seen.print(
        |call| call.input_tokens + call.output_tokens,
        f64::from(TOKENS),
    );
}

/// The provider, answering at once; what it enforces is a bucket that holds a minute's limit.
async fn emulator(requests: Option<u32>, tokens: Option<u32>) -> Emulator {
    let options = Options {
        requests_per_minute: requests,
        tokens_per_minute: tokens,
        answer: Arc::new(|asked| {
            let turn: Value = serde_json::from_str(&asked.user()).unwrap();
            let prompt = Prompt::ExerciseProfile.name();
            sound_answer(prompt, &turn).unwrap().to_string()
        }),
        ..Options::default()
    };
    Emulator::start(&options).await.unwrap()
}

/// What came of it.
struct Seen {
    calls: Vec<Call>,
    refused: usize,
    minutes: u32,
}

/// Half as many tasks again as the limit lets through, done by eight workers for so many minutes (0: until one is done).
async fn ask(
    postgres: &LocalPostgres,
    pool: &PgPool,
    emulator: &Emulator,
    limits: Limits,
    minutes: u32,
    a_minute: u32,
) -> Seen {
    sqlx::raw_sql("delete from durable.budget")
        .execute(pool)
        .await
        .unwrap();
    budget::set(pool, BUDGET, limits).await.unwrap();
    let tasks = (minutes * a_minute * 3 / 2).max(1);
    for _ in 0..tasks {
        durable::spawn(pool, Uuid::now_v7(), "ask", &json!({}))
            .await
            .unwrap();
    }
    let began = Instant::now();
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        workers.push(worker(connect(postgres).await, emulator, number));
    }
    if minutes == 0 {
        emulator
            .ledger()
            .until(|ledger| !ledger.calls().is_empty())
            .await;
    }
    tokio::time::sleep((MINUTE * minutes).saturating_sub(began.elapsed())).await;
    let calls = emulator.ledger().calls();
    let refused = emulator.ledger().refused().values().sum();
    for worker in workers {
        worker.drain(Duration::from_secs(5)).await;
    }
    sqlx::raw_sql("select durable.finish(id, 'cancelled') from durable.task where outcome is null")
        .execute(pool)
        .await
        .unwrap();
    Seen {
        calls,
        refused,
        minutes,
    }
}

impl Seen {
    /// One table of what counts against a limit.
    fn print(&self, of: impl Fn(&Call) -> usize, limit: f64) {
        let at = |call: &Call| call.at.parse::<Timestamp>().unwrap();
        let begins: Vec<Timestamp> = self.calls.iter().map(at).collect();
        let within = |from: &Timestamp| -> usize {
            let minute = |time: &Timestamp| {
                (0..60_000).contains(&(time.as_millisecond() - from.as_millisecond()))
            };
            let calls = self.calls.iter().zip(&begins);
            calls
                .filter(|(_, time)| minute(time))
                .map(|(call, _)| of(call))
                .sum()
        };
        let busiest = begins.iter().map(within).max().unwrap_or(0);
        let start = begins.first().copied().unwrap_or_default();
        let minutes: Vec<String> = (0..self.minutes)
            .map(|minute| within(&(start + MINUTE * minute)))
            .map(|used| format!("{:.1}", 100.0 * used as f64 / limit))
            .collect();
        let asked = self.calls.len() + self.refused;
        println!("  calls                       {}", self.calls.len());
        println!("  each minute, % of the limit {}", minutes.join(" "));
        println!(
            "  busiest 60 s, % of it       {:.1}",
            100.0 * busiest as f64 / limit
        );
        println!(
            "  refused with 429            {} ({:.2} %)\n",
            self.refused,
            100.0 * self.refused as f64 / asked.max(1) as f64
        );
    }
}

async fn connect(postgres: &LocalPostgres) -> PgPool {
    let options = PgPoolOptions::new().max_connections(5);
    options.connect(postgres.url()).await.unwrap()
}

/// A worker as a process of its own would have it: nothing is shared but the database.
fn worker(pool: PgPool, emulator: &Emulator, number: u32) -> RunningWorker {
    let endpoint = Endpoint {
        provider: "openai".to_owned(),
        base_url: emulator.openai_url(),
        api_key: Some(ApiKey::new("sk-test")),
        model: "gpt-6-luna".to_owned(),
        timers: Timers::default(),
        prices: Arc::new(Prices::bundled().unwrap()),
    };
    let model = OpenAiResponses::new(&OpenAiOptions {
        endpoint,
        effort: Some("none".to_owned()),
    });
    let caps = Caps {
        job: PLENTY,
        user_day: PLENTY,
        day: PLENTY,
    };
    let provider = Provider::new(Box::new(model.unwrap()), caps, Some(BUDGET.to_owned()));
    let options = WorkerOptions {
        concurrency: 10,
        ..WorkerOptions::named(format!("worker {number}"))
    };
    Worker::new(pool, options)
        .serve("ask", Ask(provider))
        .start()
}

/// Asks for the texts of an exercise.
struct Ask(Provider);

impl Task for Ask {
    const KIND: &'static str = "ask";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        let turn = prompt::exercise_profile("Goblet Squat", Language::En).unwrap();
        let question = Question {
            step: "profile",
            prompt: Prompt::ExerciseProfile,
            turn: &turn,
            user: Uuid::nil(),
        };
        self.0
            .ask(&attempt, question, &|_| ())
            .await
            .map(Done::Output)
    }
}
