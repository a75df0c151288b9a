//! Where claims start: above what was claimed before, and never above what may still come.

use durable::NewTask;
use serde_json::json;

use crate::support::Database;

impl Database {
    /// The floor of lane 0, after two rounds of the duty: one that looks, one that acts.
    async fn raised(&self) -> i32 {
        self.raise().await;
        self.raise().await;
        self.floor().await
    }

    /// One round, a second after the last.
    async fn raise(&self) {
        self.execute(
            "select durable.raise_floor(looked_at + interval '1 second') from durable.horizon",
        )
        .await;
    }

    async fn floor(&self) -> i32 {
        self.int("select floor::int from durable.lane where queue = 'plain' and lane = 0")
            .await
    }

    async fn last_ticket(&self) -> i32 {
        self.int("select last_value::int from durable.ticket").await
    }
}

#[tokio::test]
async fn the_floor_follows_what_was_claimed_and_stops_at_what_was_not() {
    let db = Database::fresh().await;
    for _ in 0..5 {
        db.spawn().await;
    }
    let worker = db.worker("w").await;
    let runs = db.claim(worker, 3).await;
    let first_left = db.int("select min(ticket)::int from durable.ready").await;
    assert_eq!(db.raised().await, first_left);
    assert_eq!(i64::from(first_left), runs[2].token + 1);
    assert_eq!(db.claim(worker, 10).await.len(), 2);
    assert_eq!(db.raised().await, db.last_ticket().await);
    db.spawn().await;
    assert_eq!(db.claim(worker, 10).await.len(), 1);
}

#[tokio::test]
async fn a_task_whose_transaction_commits_late_is_not_passed_over() {
    let db = Database::fresh().await;
    let mut late = db.pool.begin().await.expect("begin");
    let task = NewTask::new("plain", json!({}))
        .spawn(&mut *late)
        .await
        .expect("spawn");
    db.spawn().await;
    let worker = db.worker("w").await;
    assert_eq!(db.claim(worker, 10).await.len(), 1);
    let before = db.raised().await;
    assert_eq!(
        db.raised().await,
        before,
        "it waits for the open transaction"
    );
    late.commit().await.expect("commit");
    let claimed = db.claim(worker, 10).await;
    assert_eq!(claimed[0].task, task);
    assert_eq!(db.raised().await, db.last_ticket().await);
}

#[tokio::test]
async fn however_many_workers_there_are_only_one_looks_in_a_second() {
    let db = Database::fresh().await;
    db.spawn().await;
    db.claim_one("w").await;
    for _ in 0..5 {
        db.execute("select durable.raise_floor('2100-01-01 12:00:00')")
            .await;
    }
    assert_eq!(
        db.floor().await,
        0,
        "the first has looked and nobody has acted"
    );
    db.execute("select durable.raise_floor('2100-01-01 12:00:01')")
        .await;
    assert_eq!(db.floor().await, db.last_ticket().await);
}

#[tokio::test]
async fn a_claim_that_was_rolled_back_is_found_again() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    let worker = db.worker("w").await;
    let mut open = db.pool.begin().await.expect("begin");
    sqlx::query("select durable.claim($1, 'plain', 1)")
        .bind(worker)
        .execute(&mut *open)
        .await
        .expect("claim");
    db.raised().await;
    open.rollback().await.expect("rollback");
    db.raised().await;
    assert_eq!(db.claim(worker, 1).await[0].task, task);
}

#[tokio::test]
async fn a_long_transaction_that_writes_elsewhere_holds_nothing_down() {
    let db = Database::fresh().await;
    db.execute("create table public.elsewhere (n integer)")
        .await;
    let mut open = db.pool.begin().await.expect("begin");
    sqlx::query("insert into public.elsewhere values (1)")
        .execute(&mut *open)
        .await
        .expect("insert");
    db.spawn().await;
    db.claim_one("w").await;
    assert_eq!(db.raised().await, db.last_ticket().await);
    open.rollback().await.expect("rollback");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_floors_rising_all_the_time_every_task_of_many_spawners_is_claimed() {
    let db = std::sync::Arc::new(Database::fresh().await);
    let spawners: Vec<_> = (0..6)
        .map(|n| {
            let db = std::sync::Arc::clone(&db);
            tokio::spawn(async move {
                for m in 0..150 {
                    // Some commit at once, some after others that began later, some never.
                    let mut transaction = db.pool.begin().await.expect("begin");
                    NewTask::new("plain", json!({ "n": n }))
                        .lane(m % 3 - 1)
                        .spawn(&mut *transaction)
                        .await
                        .expect("spawn");
                    if m % 7 == 0 {
                        tokio::task::yield_now().await;
                    }
                    if m % 11 == 0 {
                        transaction.rollback().await.expect("rollback");
                    } else {
                        transaction.commit().await.expect("commit");
                    }
                }
            })
        })
        .collect();
    let worker = db.worker("w").await;
    let mut claimed = 0;
    while claimed < 6 * 136 {
        claimed += db.claim(worker, 20).await.len();
        db.raise().await;
    }
    for spawner in spawners {
        spawner.await.expect("spawner");
    }
    assert_eq!(db.count("durable.ready").await, 0);
    assert_eq!(db.count("durable.run").await, 6 * 136);
}
