//! Pick-up: from just before a single task is enqueued to the start of its handler, on an otherwise idle system.

use std::time::{Duration, Instant};

use durable::{Hint, NewTask};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::mpsc;

use crate::{
    database::{Postgres, connect},
    durable_engine::Kind,
    engine::{Engine, Handled, Pace, Running},
    graphile_engine,
    report::Report,
};

/// Blocks into which the samples of each contestant are split; blocks take turns.
const BLOCKS: u32 = 4;
/// Milliseconds between two enqueues.
const PAUSES: std::ops::RangeInclusive<u64> = 25..=75;
const CONNECTIONS: u32 = 10;

#[derive(Clone, Copy)]
enum Contestant {
    /// Spawner and worker share a process.
    WokenInMemory,
    /// As for a worker of another process.
    WokenByHint,
    /// Nobody tells the worker, as when a plain INSERT by SQL made the task.
    NotWoken,
    Graphile,
}

impl Contestant {
    fn name(self) -> &'static str {
        match self {
            Self::WokenInMemory => "durable, woken in memory",
            Self::WokenByHint => "durable, woken by a hint",
            Self::NotWoken => "durable, not woken",
            Self::Graphile => "graphile_worker",
        }
    }
}

pub(crate) async fn measure(
    postgres: &Postgres,
    report: &mut Report,
    samples: u32,
    seed: u64,
) -> anyhow::Result<()> {
    println!("\npick-up: the pauses are drawn from seed {seed}");
    let contestants = [
        Contestant::Graphile,
        Contestant::WokenInMemory,
        Contestant::WokenByHint,
        Contestant::NotWoken,
    ];
    let mut times = vec![Vec::new(); contestants.len()];
    for block in 0..BLOCKS {
        for (contestant, times) in contestants.iter().zip(&mut times) {
            // The same pauses for each contestant.
            let random = fastrand::Rng::with_seed(seed.wrapping_add(block.into()));
            times.extend(pick_ups(postgres, *contestant, samples / BLOCKS, random).await?);
        }
    }
    for (contestant, times) in contestants.iter().zip(&mut times) {
        times.sort_unstable();
        for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
            let at = (times.len().saturating_sub(1) as f64 * share) as usize;
            if let Some(time) = times.get(at) {
                let measure = format!("pick-up {name}, ms");
                report.sample(&measure, contestant.name(), 0, time.as_secs_f64() * 1e3)?;
            }
        }
    }
    for name in ["p50", "p95", "p99"] {
        report.table(&format!("pick-up {name}, ms"), Contestant::Graphile.name());
    }
    Ok(())
}

async fn pick_ups(
    postgres: &Postgres,
    contestant: Contestant,
    samples: u32,
    mut random: fastrand::Rng,
) -> anyhow::Result<Vec<Duration>> {
    let url = postgres.fresh().await?;
    let (pool, spawner) = (connect(&url, CONNECTIONS).await?, connect(&url, 1).await?);
    let (starts, mut heard) = mpsc::unbounded_channel();
    let engine = match contestant {
        Contestant::Graphile => Engine::Graphile,
        _ => Engine::Durable(Kind::NoOp),
    };
    let stop = tokio_util::sync::CancellationToken::new();
    let hint = Hint::start(&spawner.clone().into(), stop.clone());
    let worker = engine
        .start(&pool, Pace::Latency, Handled::telling(starts))
        .await?;
    tokio::time::sleep(Duration::from_millis(500)).await;

    // What is prepared and opened at the first task is not measured: number 0 is thrown away.
    let mut begun = Vec::new();
    for number in 0..=u64::from(samples) {
        begun.push(Instant::now());
        enqueue(contestant, &spawner, number, &worker, &hint).await?;
        tokio::time::sleep(Duration::from_millis(random.u64(PAUSES))).await;
    }
    let mut times = Vec::new();
    while times.len() < begun.len() {
        let start = tokio::time::timeout(Duration::from_secs(30), heard.recv()).await?;
        let (number, at) = start.ok_or_else(|| anyhow::anyhow!("the worker ended"))?;
        times.push((number, at - begun[usize::try_from(number)?]));
    }
    worker.stop().await?;
    stop.cancel();
    pool.close().await;
    spawner.close().await;
    let counted = times.into_iter().filter(|(number, _)| *number > 0);
    Ok(counted.map(|(_, time)| time).collect())
}

async fn enqueue(
    contestant: Contestant,
    pool: &PgPool,
    number: u64,
    worker: &Running,
    hint: &Hint,
) -> anyhow::Result<()> {
    if let Contestant::Graphile = contestant {
        return graphile_engine::add(pool, number).await;
    }
    NewTask::new(Kind::NoOp.name(), json!({ "number": number }))
        .spawn(pool)
        .await?;
    match (contestant, worker) {
        (Contestant::WokenInMemory, Running::Durable(worker)) => worker.wake(),
        (Contestant::WokenByHint, _) => hint.send(),
        _ => {}
    }
    Ok(())
}
