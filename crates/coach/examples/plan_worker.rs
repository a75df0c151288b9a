//! A worker process that makes plans with a model: `plan_worker DATABASE_URL openai|deepseek BASE_URL NAME CONCURRENCY`. Its lease
//! is short, so that a test that kills it with -9 need not wait long for the takeover.

use std::{sync::Arc, time::Duration};

use coach::{
    ask::{Caps, Provider},
    chain::Chain,
    generate_weekly_plan::{self, GenerateWeeklyPlan},
    generate_workout_plan::{self, GenerateWorkoutPlan},
};
use durable::{MicroDollars, Worker, WorkerOptions};
use llm::{
    ApiKey, Endpoint, Model, Prices, Timers,
    models::{DeepSeek, OpenAiOptions, OpenAiResponses},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, provider, base_url, name, concurrency] = arguments.as_slice() else {
        return Err(
            "usage: plan_worker DATABASE_URL openai|deepseek BASE_URL NAME CONCURRENCY".into(),
        );
    };
    // The name tells a test when the last session of a killed process has ended.
    let connection = database.parse::<PgConnectOptions>()?.application_name(name);
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .connect_with(connection)
        .await?;
    let options = WorkerOptions {
        concurrency: concurrency.parse()?,
        lease: Duration::from_secs(5),
        beat: Duration::from_millis(500),
        idle: Duration::from_millis(50),
        ..WorkerOptions::named(name)
    };
    let provider = Provider::new(model(provider, base_url)?, plenty(), None);
    let chain = Chain::new(vec![provider], false);
    let worker = Worker::new(pool, options)
        .serve(
            generate_weekly_plan::QUEUE,
            GenerateWeeklyPlan::new(chain.clone()),
        )
        .serve(
            generate_workout_plan::QUEUE,
            GenerateWorkoutPlan::new(chain),
        )
        .start();
    tokio::signal::ctrl_c().await?;
    worker.drain(Duration::from_secs(5)).await;
    Ok(())
}

fn model(provider: &str, base_url: &str) -> Result<Box<dyn Model>, Box<dyn std::error::Error>> {
    let endpoint = Endpoint {
        provider: provider.to_owned(),
        base_url: base_url.to_owned(),
        api_key: Some(ApiKey::new("sk-test")),
        model: "gpt-6-luna".to_owned(),
        timers: Timers {
            tell: Duration::from_millis(100),
            ..Timers::default()
        },
        prices: Arc::new(Prices::bundled()?),
    };
    Ok(match provider {
        "openai" => Box::new(OpenAiResponses::new(&OpenAiOptions {
            endpoint,
            effort: None,
        })?),
        _ => Box::new(DeepSeek::new(&endpoint)?),
    })
}

/// More than all these plans cost, repeats included.
fn plenty() -> Caps {
    Caps {
        job: MicroDollars(100_000_000),
        user_day: MicroDollars(100_000_000),
        day: MicroDollars(1_000_000_000),
    }
}
