//! Tables keep their size under load, history goes when it is old enough, statistics do not fall behind.

use std::{collections::BTreeMap, time::Duration};

use durable::{Attempt, Done, Failure, Task, Worker, WorkerOptions};
use serde_json::Value;
use sqlx::{query, query_as, query_scalar};
use tokio::time::timeout;
use uuid::Uuid;

use crate::support::Database;

const PATIENCE: Duration = Duration::from_secs(60);
const TABLES: [&str; 7] = ["ready", "timer", "run", "parked", "task", "step", "event"];

async fn spawn_many(db: &Database, count: usize) -> Vec<Uuid> {
    let tasks: Vec<Uuid> = (0..count).map(|_| Uuid::now_v7()).collect();
    query("select durable.spawn(t, 'plain', '{}') from unnest($1::uuid[]) t")
        .bind(&tasks)
        .execute(&db.pool)
        .await
        .expect("spawn");
    tasks
}

/// Claims until nothing is left; every attempt writes a step, then `end` is called with task and token.
async fn work_off(db: &Database, worker: i64, end: &str) {
    loop {
        let ended: i64 = query_scalar(sqlx::AssertSqlSafe(format!(
            "with c as materialized (select * from durable.claim($1, 'plain', 100)),
             begun as materialized (select c.task, c.token, durable.begin_step(c.task, c.token, 'step', 'hash') from c),
             done as materialized (select b.task, b.token, durable.finish_step(b.task, b.token, 'step', '{{\"kcal\": 2400}}') from begun b)
             select count({end}) from done d"
        )))
        .bind(worker)
        .fetch_one(&db.pool)
        .await
        .expect("work");
        if ended == 0 {
            break;
        }
    }
}

/// Every task fails once, waits, is promoted and succeeds; then it is forgotten. A vacuum stands for autovacuum's.
async fn round(db: &Database, worker: i64) -> BTreeMap<String, i64> {
    spawn_many(db, 700).await;
    work_off(
        db,
        worker,
        "durable.fail(d.task, d.token, 'ANY', 'not yet')",
    )
    .await;
    while db
        .int("select durable.promote(500, clock_timestamp() + interval '1 hour')")
        .await
        > 0
    {}
    work_off(db, worker, "durable.complete(d.task, d.token, '{}')").await;
    while db
        .int("select durable.prune('30 days', 1000, clock_timestamp() + interval '31 days')")
        .await
        > 0
    {}
    for table in TABLES {
        db.execute(&format!("vacuum durable.{table}")).await;
        assert_eq!(db.count(&format!("durable.{table}")).await, 0, "{table}");
    }
    query_as("select relname::text, pg_total_relation_size(oid) from pg_class where relnamespace = 'durable'::regnamespace and relname = any ($1)")
        .bind(TABLES.map(str::to_owned))
        .fetch_all(&db.pool)
        .await
        .expect("sizes")
        .into_iter()
        .collect()
}

#[tokio::test]
async fn tables_and_indexes_are_as_large_after_six_rounds_of_load_as_after_the_second() {
    let db = Database::fresh().await;
    let worker = db.worker("w").await;
    let first = round(&db, worker).await;
    // A page of an index that a vacuum found empty is used again after the next one, so the second round still grows.
    let second = round(&db, worker).await;
    let mut last = second.clone();
    for _ in 2..6 {
        last = round(&db, worker).await;
    }
    println!("first  {first:?}\nsecond {second:?}\nlast   {last:?}");
    for (table, size) in last {
        let limit = second[&table] * 5 / 4;
        assert!(
            size <= limit,
            "{table}: {size} bytes, after the second round {}",
            second[&table]
        );
        assert!(
            size <= first[&table] * 3,
            "{table}: {size} bytes, at first {}",
            first[&table]
        );
    }
}

/// Is never called.
struct Idle;

impl Task for Idle {
    const KIND: &'static str = "other";
    type Input = Value;

    async fn run(&self, _: Value, _: Attempt) -> Result<Done, Failure> {
        Err(Failure::new("UNKNOWN", "nobody asked"))
    }
}

#[tokio::test]
async fn a_worker_forgets_what_is_old_enough_till_nothing_is_left_and_keeps_the_rest() {
    let db = Database::fresh().await;
    let worker = db.worker("w").await;
    spawn_many(&db, 2300).await;
    work_off(
        &db,
        worker,
        "durable.complete(d.task, d.token, '{}', clock_timestamp() - interval '2 hours')",
    )
    .await;
    let young = spawn_many(&db, 20).await;
    work_off(&db, worker, "durable.complete(d.task, d.token, '{}')").await;
    let live = db.spawn().await;

    let mut options = WorkerOptions::named("tidy");
    options.keep_ended = Duration::from_secs(60 * 60);
    let tidy = Worker::new(db.pool.clone(), options)
        .serve("other", Idle)
        .start();
    let forgotten = db.until("select count(*) = 21 from durable.task");
    timeout(PATIENCE, forgotten).await.expect("the pruning");
    tidy.drain(PATIENCE).await;
    let kept: Vec<Uuid> = query_scalar("select id from durable.task order by id")
        .fetch_all(&db.pool)
        .await
        .expect("tasks");
    assert_eq!(kept, [young, vec![live]].concat());
    assert_eq!(db.count("durable.step").await, 20);
    assert_eq!(db.count("durable.event").await, 20);
}

#[tokio::test]
async fn statistics_of_history_are_made_where_autovacuum_is_behind() {
    let db = Database::fresh().await;
    for table in TABLES {
        db.execute(&format!(
            "alter table durable.{table} set (autovacuum_enabled = off)"
        ))
        .await;
    }
    let known =
        "select greatest(reltuples, 0)::int from pg_class where oid = 'durable.task'::regclass";
    let mut session = db.pool.acquire().await.expect("a session");
    let tasks: Vec<Uuid> = (0..3000).map(|_| Uuid::now_v7()).collect();
    query("select durable.spawn(t, 'plain', '{}') from unnest($1::uuid[]) t")
        .bind(&tasks)
        .execute(&mut *session)
        .await
        .expect("spawn");
    query("select pg_stat_force_next_flush()")
        .execute(&mut *session)
        .await
        .expect("flush");
    drop(session);
    assert_eq!(db.int(known).await, 0);
    assert_eq!(db.int("select durable.analyse()").await, 1);
    assert_eq!(db.int(known).await, 3000);
    assert_eq!(
        db.int("select durable.analyse()").await,
        0,
        "once is enough"
    );
    assert_eq!(
        db.int("select reltuples::int from pg_class where oid = 'durable.ready'::regclass")
            .await,
        -1
    );
}
