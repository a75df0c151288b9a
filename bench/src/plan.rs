//! How long flow B takes and what it costs against an emulated model, our way beside the old way.

use std::{sync::Arc, time::Duration, time::Instant};

use anyhow::{Context, bail};
use coach::{
    answer::sound::sound_answer,
    ask::{Caps, Provider},
    chain::Chain,
    generate_workout_plan::{self, GenerateWorkoutPlan},
    prompt::Prompt,
};
use durable::{MicroDollars, Worker, WorkerOptions};
use emulator::{Asked, Emulator, Options};
use llm::{
    ApiKey, Endpoint, Prices, Timers, Usage,
    models::{OpenAiOptions, OpenAiResponses},
};
use serde_json::Value;
use sqlx::PgPool;

use crate::{
    database::{Postgres, connect},
    old_way,
    report::Report,
};

/// Who both ways make a plan for.
pub(crate) const ATHLETE: &str = "I am 34, 82 kg, 178 cm, and train in a full gym, 4 days a week, 60 minutes. I want to build muscle. \
    My left shoulder hurts when I press overhead.";
/// What the emulated model is called; its price is in `crates/llm/src/prices.toml`.
const MODEL: &str = "gpt-6-luna";
/// How fast the model speaks, and when it begins.
const TOKENS_PER_SECOND: f64 = 60.0;
const FIRST_TOKEN: Duration = Duration::from_secs(1);
/// More than a plan costs.
const PLENTY: MicroDollars = MicroDollars(100_000_000);

const OURS: &str = "Mesocycle";
const OLD: &str = "old way";
const SECONDS: &str = "flow B, seconds";
const OUTPUT: &str = "flow B, tokens of answers";
const CALLS: &str = "flow B, calls";
const CENTS: &str = "flow B, cents";

/// Makes one plan each way and prints time, tokens and money as ratios to ours.
pub(crate) async fn measure(postgres: &Postgres, report: &mut Report) -> anyhow::Result<()> {
    let url = postgres.fresh().await?;
    let pool = connect(&url, 10).await?;
    coach::migrate::migrate(&pool).await?;

    let emulator = emulator().await?;
    let start = Instant::now();
    our_way(&pool, &emulator).await?;
    samples(report, OURS, start.elapsed(), &emulator)?;

    let emulator = self::emulator().await?;
    let start = Instant::now();
    let texts = old_way::run(&emulator).await?;
    samples(report, OLD, start.elapsed(), &emulator)?;

    for measure in [SECONDS, OUTPUT, CALLS, CENTS] {
        report.table(measure, OURS);
    }
    println!("  the old way asked for the texts of {texts} exercises");
    pool.close().await;
    Ok(())
}

async fn emulator() -> anyhow::Result<Emulator> {
    let options = Options {
        answer: Arc::new(answer),
        tokens_per_second: Some(TOKENS_PER_SECOND),
        first_token: FIRST_TOKEN,
        ..Options::default()
    };
    Ok(Emulator::start(&options).await?)
}

/// A good answer to the baseline's question and to any prompt of ours.
fn answer(asked: &Asked) -> String {
    old_way::answer(asked)
        .or_else(|| to_our_prompt(asked))
        .unwrap_or_else(|| "{}".to_owned())
}

fn to_our_prompt(asked: &Asked) -> Option<String> {
    let system = asked.system();
    let prompts = [
        Prompt::Reading,
        Prompt::BlockTemplate,
        Prompt::ExerciseProfile,
    ];
    let prompt = prompts
        .into_iter()
        .find(|prompt| system.starts_with(prompt.system()))?;
    let turn: Value = serde_json::from_str(&asked.user()).ok()?;
    sound_answer(prompt.name(), &turn).map(|answer| answer.to_string())
}

pub(crate) fn endpoint(emulator: &Emulator) -> anyhow::Result<Endpoint> {
    Ok(Endpoint {
        provider: "openai".to_owned(),
        base_url: emulator.openai_url(),
        api_key: Some(ApiKey::new("sk-bench")),
        model: MODEL.to_owned(),
        timers: Timers::default(),
        prices: Arc::new(Prices::bundled()?),
    })
}

/// A request as an app makes it, worked on by a worker, to the stored plan.
async fn our_way(pool: &PgPool, emulator: &Emulator) -> anyhow::Result<()> {
    let model = OpenAiResponses::new(&OpenAiOptions {
        endpoint: endpoint(emulator)?,
        effort: None,
    })?;
    let caps = Caps {
        job: PLENTY,
        user_day: PLENTY,
        day: PLENTY,
    };
    let chain = Chain::new(vec![Provider::new(Box::new(model), caps, None)], false);
    let worker = Worker::new(pool.clone(), WorkerOptions::named("bench"))
        .serve(
            generate_workout_plan::QUEUE,
            GenerateWorkoutPlan::new(chain),
        )
        .start();
    let id: uuid::Uuid = sqlx::query_scalar(
        "insert into public.workout_plan_requests (user_id, user_profile) values (gen_random_uuid(), $1) returning id",
    )
    .bind(ATHLETE)
    .fetch_one(pool)
    .await?;
    worker.wake();
    loop {
        let (status, code): (String, Option<String>) = sqlx::query_as(
            "select status, error_code from public.workout_plan_requests where id = $1",
        )
        .bind(id)
        .fetch_one(pool)
        .await?;
        match status.as_str() {
            "completed" => break,
            "failed" => bail!("the plan failed: {}", code.unwrap_or_default()),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    worker.drain(Duration::from_secs(5)).await;
    Ok(())
}

/// What the emulated provider would have billed.
fn samples(
    report: &mut Report,
    contestant: &'static str,
    time: Duration,
    emulator: &Emulator,
) -> anyhow::Result<()> {
    let calls = emulator.ledger().calls();
    let prices = Prices::bundled()?;
    let price = prices.of(MODEL).context("a model without a price")?;
    let now = jiff::Timestamp::now();
    let (mut output, mut micro_dollars) = (0, 0);
    for call in &calls {
        let usage = Usage {
            input: call.input_tokens as u64,
            cached_input: call.cached_tokens as u64,
            output: call.output_tokens as u64,
            ..Usage::default()
        };
        output += call.output_tokens;
        micro_dollars += price.cost(&usage, now).0;
    }
    report.sample(SECONDS, contestant, 0, time.as_secs_f64())?;
    report.sample(OUTPUT, contestant, 0, output as f64)?;
    report.sample(CALLS, contestant, 0, calls.len() as f64)?;
    report.sample(CENTS, contestant, 0, micro_dollars as f64 / 1e4)
}
