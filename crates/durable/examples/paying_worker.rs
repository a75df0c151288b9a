//! A worker process whose tasks pay for what they send: `paying_worker DATABASE_URL`. The provider is the table
//! `public.sent`; it takes ten seconds over a request. Kill the process, and see another go on with the handle.

use std::time::Duration;

use durable::{Attempt, Done, Failure, MicroDollars, Policy, Step, Task, Worker, WorkerOptions};
use serde_json::{Value, json};

struct Pay;

impl Task for Pay {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        let work = async |mut step: Step| {
            let mut seconds = match step.partial() {
                Some(partial) => partial.as_i64().unwrap_or_default(),
                None => 0,
            };
            if step.handle().is_none() {
                sqlx::query("insert into public.sent (task) values ($1)")
                    .bind(attempt.task())
                    .execute(attempt.pool())
                    .await?;
                step.keep_handle(json!({ "response": attempt.task() }))
                    .await?;
            }
            while seconds < 10 {
                tokio::time::sleep(Duration::from_millis(1100)).await;
                seconds += 1;
                step.keep_partial(&seconds).await?;
            }
            Ok(json!({ "finished_by": std::process::id() }).into())
        };
        let policy = Policy::park(MicroDollars(1_000));
        attempt
            .call("pay", &(), policy, work)
            .await
            .map(Done::Output)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args()
        .nth(1)
        .ok_or("usage: paying_worker DATABASE_URL")?;
    let worker = Worker::new(
        sqlx::PgPool::connect(&url).await?,
        WorkerOptions::named("paying"),
    )
    .serve("plain", Pay)
    .start();
    worker.listening().await;
    tokio::signal::ctrl_c().await?;
    worker.drain(Duration::from_secs(1)).await;
    Ok(())
}
