//! Drain: how fast one worker works off a queue of tasks that do nothing.

use std::time::{Duration, Instant};

use crate::{
    cpu,
    database::{Postgres, connect},
    durable_engine::Kind,
    engine::{Engine, Handled, Pace},
    report::Report,
    statements,
};

const CONTESTANTS: [Engine; 4] = [
    Engine::Graphile,
    Engine::Durable(Kind::NoOp),
    Engine::Durable(Kind::Journalled),
    Engine::Durable(Kind::WithContractRow),
];
/// Connections of the worker's pool.
const CONNECTIONS: u32 = 10;
/// A drain that takes longer is a fault.
const PATIENCE: Duration = Duration::from_secs(900);

pub(crate) async fn measure(
    postgres: &Postgres,
    report: &mut Report,
    tasks: u32,
    repetitions: u32,
    statements: bool,
) -> anyhow::Result<()> {
    for round in 0..repetitions {
        for engine in CONTESTANTS {
            let sample = drain(postgres, engine, tasks, statements).await?;
            let per_task = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(tasks);
            let rate = f64::from(tasks) / sample.time.as_secs_f64();
            report.sample("drain, tasks/s", engine.name(), round, rate)?;
            report.sample(
                "drain, server's CPU µs/task",
                engine.name(),
                round,
                per_task(sample.server),
            )?;
            report.sample(
                "drain, worker's CPU µs/task",
                engine.name(),
                round,
                per_task(sample.worker),
            )?;
        }
    }
    for measure in [
        "drain, tasks/s",
        "drain, server's CPU µs/task",
        "drain, worker's CPU µs/task",
    ] {
        report.table(measure, Engine::Graphile.name());
    }
    Ok(())
}

struct Sample {
    time: Duration,
    server: Duration,
    worker: Duration,
}

async fn drain(
    postgres: &Postgres,
    engine: Engine,
    tasks: u32,
    statements: bool,
) -> anyhow::Result<Sample> {
    let url = postgres.fresh().await?;
    let operator = connect(&url, 1).await?;
    engine.fill(&operator, tasks).await?;
    sqlx::query("vacuum analyze").execute(&operator).await?;
    sqlx::query("checkpoint").execute(&operator).await?;

    if statements {
        statements::forget(&operator).await?;
    }
    let handled = Handled::default();
    let pool = connect(&url, CONNECTIONS).await?;
    let before = (cpu::of_server(postgres.postmaster()), cpu::own());
    let begin = Instant::now();
    let worker = engine
        .start(&pool, Pace::Throughput, handled.clone())
        .await?;
    // The handlers' count says when it is worth asking the database, which alone decides.
    while handled.count() < u64::from(tasks) || !engine.is_done(&operator).await? {
        anyhow::ensure!(
            begin.elapsed() < PATIENCE,
            "{} handled {} of {tasks} tasks in {PATIENCE:?}",
            engine.name(),
            handled.count()
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let time = begin.elapsed();
    let after = (cpu::of_server(postgres.postmaster()), cpu::own());
    worker.stop().await?;
    anyhow::ensure!(
        handled.count() == u64::from(tasks),
        "{} called its handler {} times for {tasks} tasks",
        engine.name(),
        handled.count()
    );
    if statements {
        statements::print(&operator, engine.name(), tasks).await?;
    }
    pool.close().await;
    operator.close().await;
    Ok(Sample {
        time,
        server: after.0 - before.0,
        worker: after.1 - before.1,
    })
}
