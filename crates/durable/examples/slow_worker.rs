//! A worker process that takes its time over every task: `slow_worker DATABASE_URL SECONDS`. Kill it, or stop it with
//! SIGSTOP, and watch another take over.

use std::time::Duration;

use durable::{Attempt, Done, Failure, Task, Worker, WorkerOptions};

struct Slow(Duration);

impl Task for Slow {
    const KIND: &'static str = "plain";
    type Input = serde_json::Value;

    async fn run(&self, _: serde_json::Value, attempt: Attempt) -> Result<Done, Failure> {
        let by = std::process::id();
        attempt
            .record("slow", &serde_json::json!({ "process": by }))
            .await?;
        tokio::time::sleep(self.0).await;
        Ok(Done::Output(by.into()))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usage = "usage: slow_worker DATABASE_URL SECONDS";
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or(usage)?;
    let time = Duration::from_secs(arguments.next().ok_or(usage)?.parse()?);
    let pool = sqlx::PgPool::connect(&url).await?;
    let worker = Worker::new(pool, WorkerOptions::named("slow"))
        .serve("plain", Slow(time))
        .start();
    worker.listening().await;
    tokio::signal::ctrl_c().await?;
    worker.drain(Duration::from_secs(1)).await;
    Ok(())
}
