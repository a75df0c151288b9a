//! Enqueue: how many single tasks are accepted a second, each in a transaction of its own, by one client and by eight.

use std::time::{Duration, Instant};

use durable::{Hint, NewTask};
use serde_json::json;
use sqlx::PgPool;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    database::{Postgres, connect},
    graphile_engine,
    report::Report,
};

/// Connections of the two sizes of the measure; all in this process.
pub(crate) const CLIENTS: [u32; 2] = [1, 8];
/// The floor, which no engine can undercut.
pub(crate) const BARE: &str = "bare INSERT";

#[derive(Clone)]
enum Contestant {
    BareInsert,
    InsertAndNotify,
    Durable,
    /// As a serving process does it: each spawn is followed by a hint to the workers of other processes.
    DurableWithHint(Hint),
    Graphile,
}

impl Contestant {
    fn name(&self) -> &'static str {
        match self {
            Self::BareInsert => BARE,
            Self::InsertAndNotify => "INSERT and pg_notify",
            Self::Durable => "durable",
            Self::DurableWithHint(_) => "durable, a hint each",
            Self::Graphile => "graphile_worker",
        }
    }

    async fn enqueue(&self, pool: &PgPool, number: u64) -> anyhow::Result<()> {
        let input = json!({ "number": number });
        match self {
            Self::BareInsert => {
                sqlx::query(include_str!("../sql/bare_insert.sql"))
                    .bind(Uuid::now_v7())
                    .bind(input)
                    .execute(pool)
                    .await?;
            }
            Self::InsertAndNotify => {
                sqlx::query(include_str!("../sql/insert_and_notify.sql"))
                    .bind(Uuid::now_v7())
                    .bind(input)
                    .execute(pool)
                    .await?;
            }
            Self::Durable => {
                NewTask::new("no_op", input).spawn(pool).await?;
            }
            Self::DurableWithHint(hint) => {
                NewTask::new("no_op", input).spawn(pool).await?;
                hint.send();
            }
            Self::Graphile => graphile_engine::add(pool, number).await?,
        }
        Ok(())
    }
}

pub(crate) async fn measure(
    postgres: &Postgres,
    report: &mut Report,
    window: Duration,
    repetitions: u32,
) -> anyhow::Result<()> {
    for round in 0..repetitions {
        for clients in CLIENTS {
            let url = postgres.fresh().await?;
            let pool = connect(&url, clients).await?;
            let stop = tokio_util::sync::CancellationToken::new();
            for contestant in [
                Contestant::BareInsert,
                Contestant::InsertAndNotify,
                Contestant::Durable,
                Contestant::DurableWithHint(Hint::start(&pool.clone().into(), stop.clone())),
                Contestant::Graphile,
            ] {
                sqlx::query("checkpoint").execute(&pool).await?;
                let rate = rate(&contestant, &pool, clients, window).await?;
                report.sample(&title(clients), contestant.name(), round, rate)?;
            }
            stop.cancel();
            pool.close().await;
        }
    }
    for clients in CLIENTS {
        report.table(&title(clients), BARE);
    }
    Ok(())
}

fn title(clients: u32) -> String {
    format!("enqueue x{clients} by Rust, tasks/s")
}

async fn rate(
    contestant: &Contestant,
    pool: &PgPool,
    clients: u32,
    window: Duration,
) -> anyhow::Result<f64> {
    // The first statement of a connection is prepared; that is not what is measured.
    for number in 0..u64::from(clients) * 4 {
        contestant.enqueue(pool, number).await?;
    }
    let begin = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..clients {
        let (contestant, pool) = (contestant.clone(), pool.clone());
        running.spawn(async move {
            let mut number = 0;
            while begin.elapsed() < window {
                contestant.enqueue(&pool, number).await?;
                number += 1;
            }
            anyhow::Ok(number)
        });
    }
    let mut accepted = 0;
    while let Some(client) = running.join_next().await {
        accepted += client??;
    }
    Ok(accepted as f64 / begin.elapsed().as_secs_f64())
}
