//! How large the engine's tables are under steady load, at autovacuum's own pace:
//! `cargo run -p durable --example sizes -- postgres://… [seconds] [tasks a second]`, on an empty database.

#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use std::time::Duration;

use durable::{Attempt, Done, Failure, Task, Worker, WorkerOptions, migrate::Script};
use serde_json::{Value, json};
use sqlx::postgres::PgPoolOptions;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use uuid::Uuid;

/// One step, then the end.
struct Small;

impl Task for Small {
    const KIND: &'static str = "small";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        let calories: u32 = attempt.step("eat", &(), async |_| Ok(2400)).await?;
        Ok(Done::Output(json!({ "kcal": calories })))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("name a database")?;
    let seconds: u64 = arguments.next().map_or(Ok(120), |text| text.parse())?;
    let rate: usize = arguments.next().map_or(Ok(200), |text| text.parse())?;
    let pool = PgPoolOptions::new()
        .max_connections(20)
        .connect(&url)
        .await?;
    Script::new()
        .engine()
        .always("select durable.register_kind('small', 'small');")
        .run(&pool)
        .await?;
    let mut options = WorkerOptions::named("sizes");
    options.keep_ended = Duration::from_secs(20);
    let worker = Worker::new(pool.clone(), options)
        .serve("small", Small)
        .start();

    let began = Instant::now();
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while began.elapsed() < Duration::from_secs(seconds) {
        ticks.tick().await;
        let tasks: Vec<Uuid> = (0..rate).map(|_| Uuid::now_v7()).collect();
        sqlx::query("select durable.spawn(t, 'small', '{}') from unnest($1::uuid[]) t")
            .bind(&tasks)
            .execute(&pool)
            .await?;
        worker.wake();
        if began.elapsed().as_secs().is_multiple_of(10) {
            println!(
                "{:>4} s  {}",
                began.elapsed().as_secs(),
                sizes(&pool).await?
            );
        }
    }
    timeout(Duration::from_secs(60), async {
        while sqlx::query_scalar("select exists (select from durable.ready)")
            .fetch_one(&pool)
            .await?
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok::<_, sqlx::Error>(())
    })
    .await??;
    worker.drain(Duration::from_secs(10)).await;
    println!(" end  {}", sizes(&pool).await?);
    Ok(())
}

async fn sizes(pool: &sqlx::PgPool) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(
        "select string_agg(format('%s %s kB, %s live, %s dead, %s vacuums', s.relname,
           pg_total_relation_size(s.relid) / 1024, s.n_live_tup, s.n_dead_tup, s.autovacuum_count), '; ' order by s.relname)
         from pg_stat_user_tables s
         where s.schemaname = 'durable' and s.relname in ('ready', 'run', 'task', 'step', 'event')",
    )
    .fetch_one(pool)
    .await
}
