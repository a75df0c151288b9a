//! Nothing is missed and nothing told twice, from the moment of SUBSCRIBED on.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use coach::change_feed;
use serde_json::json;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::support::{Client, all_of, database, plan};
use crate::support::TestServer;

/// The next number of a linear congruential generator.
fn next(seed: &mut u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_row_that_is_written_after_subscribed_is_told_once_however_many_write() {
    const SEED: u64 = 1;
    println!("seed {SEED}");
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let (number, subscribed, stop) = (
        Arc::new(AtomicI32::new(0)),
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let owed = Arc::new(Mutex::new(HashSet::new()));
    let writers: Vec<_> = (0..6)
        .map(|writer| {
            let (pool, mut seed) = (database.pool.clone(), SEED * 100 + writer);
            let (number, subscribed, stop, owed) = (number.clone(), subscribed.clone(), stop.clone(), owed.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let mut transaction = pool.begin().await.unwrap();
                    let mut written = Vec::new();
                    for _ in 0..=next(&mut seed) % 3 {
                        let version = number.fetch_add(1, Ordering::SeqCst);
                        sqlx::query("insert into public.weekly_base_plans (user_id, days, version) select $1, '{}', $2 from pg_sleep($3)")
                            .bind(user)
                            .bind(version)
                            .bind((next(&mut seed) % 20) as f64 / 1000.0)
                            .execute(&mut *transaction)
                            .await
                            .unwrap();
                        written.push(i64::from(version));
                    }
                    // Whatever commits after SUBSCRIBED is owed, whenever it was written.
                    let is_owed = subscribed.load(Ordering::SeqCst);
                    if next(&mut seed).is_multiple_of(5) {
                        transaction.rollback().await.unwrap();
                    } else {
                        transaction.commit().await.unwrap();
                        if is_owed {
                            owed.lock().await.extend(written);
                        }
                    }
                }
            })
        })
        .collect();
    while number.load(Ordering::SeqCst) < 20 {
        tokio::task::yield_now().await;
    }
    let mut client = Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
    subscribed.store(true, Ordering::SeqCst);
    let mut told = HashSet::new();
    while told.len() < 200 {
        let version = client.version().await;
        assert!(told.insert(version), "{version} was told twice");
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    plan(&database, user, -1).await;
    loop {
        match client.version().await {
            -1 => break,
            version => assert!(told.insert(version), "{version} was told twice"),
        }
    }
    let owed = owed.lock().await;
    let missed: Vec<_> = owed.difference(&told).collect();
    assert!(
        missed.is_empty() && owed.len() > 50,
        "{missed:?} of {} were missed",
        owed.len()
    );
}

#[tokio::test]
async fn a_transaction_that_began_first_and_commits_last_is_told_and_holds_nobody_up() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
    let mut early = database.pool.begin().await.unwrap();
    sqlx::query(
        "insert into public.weekly_base_plans (user_id, days, version) values ($1, '{}', 1)",
    )
    .bind(user)
    .execute(&mut *early)
    .await
    .unwrap();
    for version in [2, 3] {
        plan(&database, user, version).await;
        assert_eq!(
            client.version().await,
            i64::from(version),
            "while the first is still open"
        );
    }
    early.commit().await.unwrap();
    plan(&database, user, 4).await;
    assert_eq!((client.version().await, client.version().await), (1, 4));
}

#[tokio::test]
async fn every_server_of_a_database_tells_every_change() {
    let database = database().await;
    let servers = [database.server().await, database.server().await];
    let user = Uuid::now_v7();
    let bindings = json!([all_of("weekly_base_plans")]);
    let mut clients = Vec::new();
    for server in &servers {
        clients.push(Client::listening(server, user, bindings.clone()).await);
        clients.push(Client::listening(server, user, bindings.clone()).await);
    }
    for version in 0..50 {
        plan(&database, user, version).await;
    }
    for client in &mut clients {
        for version in 0..50 {
            assert_eq!(client.version().await, version);
        }
    }
}

#[tokio::test]
async fn a_client_of_a_server_that_stopped_goes_on_at_the_next() {
    let database = database().await;
    let user = Uuid::now_v7();
    for version in 0..3 {
        let server: TestServer = database.server().await;
        let mut client =
            Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
        plan(&database, user, version).await;
        assert_eq!(client.version().await, i64::from(version));
        server.shutdown.cancel();
        assert_eq!(
            client.closed().await.map(|frame| u16::from(frame.code)),
            Some(1012)
        );
        plan(&database, user, 100).await;
    }
}

#[tokio::test]
async fn connections_that_break_cost_a_delay_and_no_change() {
    let database = database().await;
    let server = database.server().await;
    let user = Uuid::now_v7();
    let mut client = Client::listening(&server, user, json!([all_of("weekly_base_plans")])).await;
    for version in 0..5 {
        // All but the one that asks: the feed's and the lanes' among them.
        database
            .run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
            .await;
        let mut written = false;
        while !written {
            let insert = sqlx::query(
                "insert into public.weekly_base_plans (user_id, days, version) values ($1, '{}', $2)",
            );
            written = insert
                .bind(user)
                .bind(version)
                .execute(&database.pool)
                .await
                .is_ok();
        }
        assert_eq!(client.version().await, i64::from(version));
    }
}

#[tokio::test]
async fn what_is_removed_was_there_for_long_and_a_late_commit_was_not() {
    let database = database().await;
    let (pool, user) = (&database.pool, Uuid::now_v7());
    let beginning = change_feed::snapshot(pool).await.unwrap();
    let mut late = pool.begin().await.unwrap();
    sqlx::query(
        "insert into public.weekly_base_plans (user_id, days, version) values ($1, '{}', 1)",
    )
    .bind(user)
    .execute(&mut *late)
    .await
    .unwrap();
    plan(&database, user, 2).await;
    let old = change_feed::snapshot(pool).await.unwrap();
    late.commit().await.unwrap();
    plan(&database, user, 3).await;
    assert_eq!(change_feed::prune(pool, &old, 100).await.unwrap(), 1);
    let now = change_feed::look(pool, &beginning).await.unwrap();
    assert!(now.has_news);
    let left = change_feed::read(pool, &beginning, &now.snapshot, i64::MIN, None, 100)
        .await
        .unwrap();
    let versions: Vec<&str> = left
        .iter()
        .map(|change| change.record["version"].get())
        .collect();
    assert_eq!(versions, ["1", "3"]);
    assert!(
        !change_feed::look(pool, &now.snapshot)
            .await
            .unwrap()
            .has_news
    );
}
