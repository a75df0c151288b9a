//! What all processes know of each other's breakers.

use std::time::Duration;

use coach::provider_health::{closed, open_breakers, opened};
use durable::Pool;
use uuid::Uuid;

use crate::sql::support::Db;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn open_breakers_are_known_by_worker_until_they_close_or_their_worker_is_gone() {
    let db = Db::fresh().await;
    let pool = Pool::from(db.pool.clone());
    let (first, second) = (run_of(&db, "first").await, run_of(&db, "second").await);
    opened(&pool, "openai", first, "NETWORK_ERROR", MINUTE).await;
    opened(&pool, "openai", second, "QUOTA_EXCEEDED", Duration::ZERO).await;
    opened(&pool, "deepseek", second, "AI_TIMEOUT", MINUTE).await;
    assert_eq!(
        told(&pool).await,
        [
            "deepseek second AI_TIMEOUT false",
            "openai first NETWORK_ERROR false",
            "openai second QUOTA_EXCEEDED true"
        ]
    );
    closed(&pool, "openai", second).await;
    db.owner("update durable.worker set lease_until = now() where name = 'first'")
        .await;
    assert_eq!(told(&pool).await, ["deepseek second AI_TIMEOUT false"]);
    db.owner("delete from durable.worker where name = 'first'")
        .await;
    opened(&pool, "openai", second, "AI_TIMEOUT", MINUTE).await;
    let rows = db
        .get("select to_jsonb(count(*)) from coach.open_breaker")
        .await;
    assert_eq!(rows, 2, "the row of a worker that is gone is removed");
}

/// A task that this worker runs.
async fn run_of(db: &Db, worker: &str) -> Uuid {
    let id = Uuid::now_v7();
    db.owner(&format!(
        "insert into durable.run (task, token, worker, retries, losses, started_at)
         values ('{id}', 1, durable.start_worker('{worker}', array['ask']), 0, 0, now())"
    ))
    .await;
    id
}

async fn told(pool: &Pool) -> Vec<String> {
    let breakers = open_breakers(pool).await.expect("the open breakers");
    let line = |b: &coach::provider_health::OpenBreaker| {
        format!("{} {} {} {}", b.provider, b.worker, b.code, b.is_probing)
    };
    breakers.iter().map(line).collect()
}
