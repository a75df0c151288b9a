//! A worker process that sends pushes: `push_worker DATABASE_URL EXPO_PUSH_URL`. Its lease is short, so that a test that kills
//! it with -9 need not wait long for the takeover.

use std::{sync::Arc, time::Duration};

use coach::send_push;
use durable::{Worker, WorkerOptions};
use push::{Expo, PushService, services::ExpoOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(database), Some(url)) = (arguments.next(), arguments.next()) else {
        return Err("usage: push_worker DATABASE_URL EXPO_PUSH_URL".into());
    };
    let pool = sqlx::postgres::PgPoolOptions::new()
        .max_connections(10)
        .connect(&database)
        .await?;
    let expo: Arc<dyn PushService> = Arc::new(Expo::new(&ExpoOptions {
        url,
        timeout: Duration::from_secs(5),
        ..ExpoOptions::default()
    })?);
    let options = WorkerOptions {
        concurrency: 12,
        lease: Duration::from_secs(3),
        beat: Duration::from_millis(500),
        ..WorkerOptions::named("push")
    };
    let worker = send_push::serve(Worker::new(pool, options), &expo).start();
    tokio::signal::ctrl_c().await?;
    worker.drain(Duration::from_secs(5)).await;
    Ok(())
}
