//! A round from its first task to its verdict.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use durable::{NewTask, migrate::Script, operate};
use proptest::{
    prelude::RngExt,
    test_runner::{RngAlgorithm, TestRng},
};
use serde_json::json;
use sqlx::postgres::{PgPool, PgPoolOptions};
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use crate::{
    Round, careless,
    faults::{Faults, STOPPED},
    server::Server,
    verdict::{self, Accepted},
    work::{REGISTER, Work},
};

const RECORD: &str = include_str!("../history/record.sql");
const CHECK: &str = include_str!("../history/check.sql");

/// The engine's fence without its token.
const WITHOUT_FENCE: &str = "
    create or replace function durable.end_run(p_task uuid, p_token bigint) returns durable.run language sql
      set search_path = '' as $$ delete from durable.run where task = p_task returning *; $$;";

/// A task is one of this many that a transaction spawns.
const BATCH: u32 = 20;
/// The last quarter of the tasks is quick and comes over this time: whoever was stopped before has woken by then.
const HURRY: Duration = Duration::from_secs(STOPPED.as_secs() + 2);
/// Not more live tasks than this at once: on a slow machine a round takes longer instead.
const BACKLOG: i64 = 500;
/// How long the last tasks may take after the last fault before the round is given up. The promise is 20 s.
const PATIENCE: Duration = Duration::from_secs(90);

/// Runs a round and prints its figures; whether all was well.
pub(crate) async fn run(round: &Round) -> bool {
    let begun = Instant::now();
    println!(
        "chaos: seed {}, {} tasks, {} s of faults",
        round.seed,
        round.tasks,
        round.time.as_secs()
    );
    let server = tokio::task::block_in_place(Server::start);
    let pool = PgPoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .connect(&server.url("driver"))
        .await
        .expect("connect");
    let mut script = Script::new()
        .engine()
        .always(REGISTER)
        .always(RECORD)
        .always(CHECK);
    if round.without_fence {
        script = script.always(WITHOUT_FENCE);
    }
    script.run(&pool).await.expect("the engine");

    let mut faults = Faults::prepare(&server);
    let mut of_faults = random(round.seed, 1);
    let over = AtomicBool::new(false);
    let spawning = async {
        let accepted = spawn_all(&pool, round, &server).await;
        over.store(true, Ordering::SeqCst);
        accepted
    };
    let mut of_careless = random(round.seed, 3);
    let (accepted, (), ()) = tokio::join!(
        spawning,
        faults.work(&over, &mut of_faults),
        careless::work(&pool, &over, &mut of_careless)
    );
    let last_fault = now(&pool).await;
    println!("chaos: the last fault is over, {:?}", faults.figures);
    until_all_ended(&pool).await;
    let verdict = verdict::judge(&pool, &accepted, last_fault).await;
    let well = verdict.print(round, &faults.figures, begun.elapsed());
    drop(faults);
    pool.close().await;
    tokio::task::block_in_place(|| drop(server));
    well
}

fn random(seed: u64, stream: u8) -> TestRng {
    let mut bytes = [stream; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// The database's clock, in seconds.
async fn now(pool: &PgPool) -> f64 {
    loop {
        let asked = sqlx::query_scalar("select extract(epoch from clock_timestamp())::float8")
            .fetch_one(pool)
            .await;
        match asked {
            Ok(now) => return now,
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Spawns the round's tasks evenly over its time, or as fast as they are done, so that there is work whenever a fault
/// strikes and no heap of it at the end; cancels some of them.
async fn spawn_all(pool: &PgPool, round: &Round, server: &Server) -> Vec<Accepted> {
    let mut random = random(round.seed, 2);
    let batches = round.tasks.div_ceil(BATCH);
    let mut start = Instant::now();
    let slow = round.time.saturating_sub(HURRY);
    let mut pace = slow / (batches - batches / 4).max(1);
    let mut accepted: Vec<Accepted> = Vec::new();
    for batch in 0..batches {
        if batch == batches - batches / 4 {
            std::fs::write(server.hurry_file(), "").expect("a file");
            start = Instant::now();
            pace = HURRY / (batches / 4);
        }
        start += pace;
        sleep_until(start).await;
        while backlog(pool).await > BACKLOG {
            sleep(Duration::from_millis(100)).await;
        }
        let size = BATCH.min(round.tasks - batch * BATCH);
        let mut tasks: Vec<_> = (0..size)
            .map(|n| draw(batch * BATCH + n, &mut random))
            .collect();
        while spawn_batch(pool, &tasks).await.is_err() {
            // Whether the lost commit was one is for the database to say.
            if let Ok(true) = are_known(pool, &tasks).await {
                break;
            }
            sleep(Duration::from_millis(200)).await;
        }
        accepted.extend(tasks.drain(..).map(|(id, kind, _)| Accepted {
            id,
            kind,
            cancelled: false,
        }));
        if random.random_range(0..2) == 0 {
            let chosen = accepted.len() - 1 - random.random_range(0..accepted.len().min(100));
            let task = &mut accepted[chosen];
            // A cancel whose answer was lost is told from its event later.
            task.cancelled |= operate::cancel(pool, task.id).await.unwrap_or(true);
        }
    }
    accepted
}

/// A task, by its number and by chance.
fn draw(number: u32, random: &mut TestRng) -> (Uuid, &'static str, NewTask) {
    let millis = match random.random_range(0..100) {
        0..=81 => random.random_range(2..80),
        82..=89 => random.random_range(300..1_200),
        // Long enough for a stopped process to wake while its successor is still at work.
        _ => random.random_range(4_000..8_000),
    };
    let kind = match random.random_range(0..100) {
        0..=29 => "plain",
        30..=52 => "paying",
        53..=64 => "flaky",
        65..=66 => "doomed",
        67..=81 => "keyed",
        82..=84 => "sleeper",
        85..=92 => "settler",
        _ => "parent",
    };
    let work = Work {
        millis: match kind {
            "sleeper" | "parent" => millis.min(100),
            "keyed" => millis.min(1_000),
            _ => millis,
        },
        count: random.random_range(1..4),
        shared: number / 200,
    };
    let id = Uuid::now_v7();
    let mut task = NewTask::new(kind, json!(work))
        .id(id)
        .lane(random.random_range(0..3));
    if kind == "keyed" {
        task = task.key(format!("user {}", random.random_range(0..20)));
    }
    if random.random_range(0..10) == 0 {
        task = task.delay(Duration::from_millis(random.random_range(500..4_000)));
    }
    (id, kind, task)
}

async fn spawn_batch(
    pool: &PgPool,
    tasks: &[(Uuid, &'static str, NewTask)],
) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    for (_, _, task) in tasks {
        task.clone().spawn(&mut *transaction).await?;
    }
    transaction.commit().await
}

async fn are_known(
    pool: &PgPool,
    tasks: &[(Uuid, &'static str, NewTask)],
) -> Result<bool, sqlx::Error> {
    let ids: Vec<Uuid> = tasks.iter().map(|(id, _, _)| *id).collect();
    sqlx::query_scalar("select count(*) = cardinality($1) from durable.task where id = any ($1)")
        .bind(ids)
        .fetch_one(pool)
        .await
}

/// How many tasks are live; none that the server knows of while it is away.
async fn backlog(pool: &PgPool) -> i64 {
    sqlx::query_scalar(
        "select (select count(*) from durable.ready) + (select count(*) from durable.run)
              + (select count(*) from durable.timer) + (select count(*) from durable.parked)",
    )
    .fetch_one(pool)
    .await
    .unwrap_or(0)
}

async fn until_all_ended(pool: &PgPool) {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        let live: Result<i64, _> =
            sqlx::query_scalar("select count(*) from durable.task where outcome is null")
                .fetch_one(pool)
                .await;
        if matches!(live, Ok(0)) {
            return;
        }
        sleep(Duration::from_millis(200)).await;
    }
}
