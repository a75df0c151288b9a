//! Pinned horizon: what a long transaction of somebody else, under which no dead row can be removed, does to a queue that
//! is filled and drained without a pause.

use std::time::{Duration, Instant};

use sqlx::PgPool;

use crate::{
    database::{Postgres, connect},
    durable_engine::Kind,
    engine::{Engine, Handled, Pace},
    report::Report,
};

const WINDOW: Duration = Duration::from_secs(5);
/// Tasks of one bulk enqueue, and how many may wait before the next one is held back.
const BULK: u32 = 500;
const BACKLOG: u64 = 2000;
const CONNECTIONS: u32 = 10;

pub(crate) async fn measure(
    postgres: &Postgres,
    report: &mut Report,
    pinned: u32,
) -> anyhow::Result<()> {
    for engine in [Engine::Graphile, Engine::Durable(Kind::NoOp)] {
        let rates = closed_loop(postgres, engine, pinned / 5).await?;
        for (window, rate) in (0..).zip(&rates) {
            report.sample(
                "pinned, tasks/s of each window",
                engine.name(),
                window,
                *rate,
            )?;
        }
        if let (Some(first), Some(last)) = (rates.first(), rates.last()) {
            report.sample(
                "pinned, last window over the first",
                engine.name(),
                0,
                last / first,
            )?;
        }
    }
    report.table(
        "pinned, last window over the first",
        Engine::Graphile.name(),
    );
    Ok(())
}

/// The rate of a clean window, then of so many windows under a transaction that was opened after the first.
async fn closed_loop(
    postgres: &Postgres,
    engine: Engine,
    windows: u32,
) -> anyhow::Result<Vec<f64>> {
    let url = postgres.fresh().await?;
    let (pool, spawner, other) = (
        connect(&url, CONNECTIONS).await?,
        connect(&url, 1).await?,
        connect(&url, 1).await?,
    );
    let handled = Handled::default();
    let worker = engine
        .start(&pool, Pace::Throughput, handled.clone())
        .await?;
    let producer = tokio::spawn(keep_filled(engine, spawner, handled.clone()));
    tokio::time::sleep(Duration::from_secs(2)).await;

    let mut rates = vec![window(&handled).await];
    let mut transaction = other.begin().await?;
    sqlx::query("set transaction isolation level repeatable read")
        .execute(&mut *transaction)
        .await?;
    sqlx::query("select count(*) from pg_class")
        .execute(&mut *transaction)
        .await?;
    for _ in 0..windows {
        rates.push(window(&handled).await);
    }
    transaction.rollback().await?;
    anyhow::ensure!(
        !producer.is_finished(),
        "{}: {:?}",
        engine.name(),
        producer.await
    );
    producer.abort();
    worker.stop().await?;
    Ok(rates)
}

async fn window(handled: &Handled) -> f64 {
    let (begin, before) = (Instant::now(), handled.count());
    tokio::time::sleep(WINDOW).await;
    (handled.count() - before) as f64 / begin.elapsed().as_secs_f64()
}

async fn keep_filled(engine: Engine, pool: PgPool, handled: Handled) -> anyhow::Result<()> {
    let mut enqueued = 0;
    loop {
        if enqueued - handled.count() < BACKLOG {
            engine.fill(&pool, BULK).await?;
            enqueued += u64::from(BULK);
        } else {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
