//! A worker that never renews its lease and never looks whether a task is still its own: as soon as another holds what it
//! claimed, it writes. Processes that were stopped do the same, but most are told in time.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use proptest::{prelude::RngExt, test_runner::TestRng};
use sqlx::PgPool;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// How long it waits to be superseded; longer than nobody is reaped after a restart.
const PATIENCE: Duration = Duration::from_secs(25);

/// The writes, with the task for $1 and the token for $2.
const WRITES: [&str; 6] = [
    "select durable.complete($1, $2, '\"careless\"')::text",
    "select durable.fail($1, $2, 'CARELESS', 'careless')::text",
    "select durable.release($1, $2)::text",
    "select durable.record($1, $2, 'careless')::text",
    "select state from durable.begin_step($1, $2, 'careless', '')",
    "select durable.spawn_children($1, $2, 'careless', '', '[{\"kind\": \"doomed\"}]')::text",
];

/// Claims and writes too late until it is over.
pub(crate) async fn work(pool: &PgPool, over: &AtomicBool, random: &mut TestRng) {
    while !over.load(Ordering::SeqCst) {
        sleep(Duration::from_millis(random.random_range(500..2_000))).await;
        // A server that is away interrupts it as it does everybody.
        let _ = once(pool, over, random).await;
    }
}

async fn once(pool: &PgPool, over: &AtomicBool, random: &mut TestRng) -> Result<(), sqlx::Error> {
    let claimed: Vec<(Uuid, i64)> = sqlx::query_as(
        "select c.task, c.token from durable.start_worker($1, array['work'], p_lease => interval '1 second') w,
         durable.claim(w, 'work', 4) c",
    )
    .bind(format!("careless {}", Uuid::now_v7()))
    .fetch_all(pool)
    .await?;
    let mut mine = claimed;
    let end = Instant::now() + PATIENCE;
    while !mine.is_empty() && Instant::now() < end && !over.load(Ordering::SeqCst) {
        sleep(Duration::from_millis(10)).await;
        let (tasks, tokens): (Vec<_>, Vec<_>) = mine.iter().copied().unzip();
        let lost: Vec<Uuid> = sqlx::query_scalar(
            "select r.task from durable.run r join unnest($1, $2) m (task, token) on m.task = r.task and m.token <> r.token",
        )
        .bind(tasks)
        .bind(tokens)
        .fetch_all(pool)
        .await?;
        for (task, token) in mine.extract_if(.., |(task, _)| lost.contains(task)) {
            let write = WRITES[random.random_range(0..WRITES.len())];
            let _answer: String = sqlx::query_scalar(write)
                .bind(task)
                .bind(token)
                .fetch_one(pool)
                .await?;
        }
    }
    Ok(())
}
