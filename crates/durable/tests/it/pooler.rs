//! The engine through a transaction-mode pooler, with fewer servers than clients, so that servers really switch.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use durable::{
    Attempt, Began, Done, Failure, Hint, Pool, RunningWorker, Task, Worker, WorkerOptions,
};
use futures_util::future::join_all;
use local_postgres::testing::PgBouncer;
use serde_json::{Value, json};
use sqlx::{
    Connection, PgConnection, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::Database;

const PATIENCE: Duration = Duration::from_secs(60);

/// Journals two steps, writes of its own in a transaction with its end, fails once for every third task; every fifth
/// waits to be cancelled.
struct Work {
    paid: Arc<AtomicU32>,
}

impl Task for Work {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, input: Value, attempt: Attempt) -> Result<Done, Failure> {
        let number = input["number"].as_u64().unwrap_or_default();
        for step in ["first", "second"] {
            let _: u64 = attempt
                .step(step, &number, async |began| {
                    assert_eq!(began, Began::First);
                    self.paid.fetch_add(1, Ordering::SeqCst);
                    Ok(number)
                })
                .await?;
        }
        attempt.record("progress", &json!({})).await?;
        if number.is_multiple_of(5) {
            std::future::pending::<()>().await;
        }
        if number.is_multiple_of(3) && attempt.retries() == 0 {
            return Err(Failure::new("AT_ONCE", "not yet"));
        }
        let mut transaction = attempt.pool().begin().await?;
        attempt.hold(&mut transaction).await?;
        sqlx::query("insert into public.made (task, server) values ($1, pg_backend_pid())")
            .bind(attempt.task())
            .execute(&mut *transaction)
            .await?;
        attempt.complete(&mut transaction, &json!({})).await?;
        transaction.commit().await?;
        Ok(Done::Settled)
    }
}

fn options(bouncer: &PgBouncer) -> PgConnectOptions {
    bouncer.url().parse().expect("options")
}

/// A pool through it, as a worker uses it.
async fn pool(bouncer: &PgBouncer, connections: u32) -> Pool {
    let pool = PgPoolOptions::new().max_connections(connections);
    let pool = pool.connect_with(Pool::pooled_options(options(bouncer)));
    Pool::pooled(pool.await.expect("a pool"))
}

fn start(pool: &Pool, task: impl Task) -> RunningWorker {
    let mut options = WorkerOptions::named("pooled");
    options.beat = Duration::from_millis(200);
    Worker::new(pool.clone(), options)
        .serve("plain", task)
        .start()
}

async fn spawn_numbered(pool: &Pool, number: u64) -> Uuid {
    let task = Uuid::now_v7();
    let mut transaction = pool.begin().await.expect("begin");
    durable::spawn(
        &mut *transaction,
        task,
        "plain",
        &json!({ "number": number }),
    )
    .await
    .expect("spawn");
    transaction.commit().await.expect("commit");
    task
}

#[tokio::test]
async fn tasks_steps_retries_cancels_heartbeats_and_duties_go_through_a_pooler() {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('AT_ONCE', 'at_once')")
        .await;
    db.execute("create table public.made (task uuid primary key, server integer not null)")
        .await;
    let bouncer = db.bouncer(3);
    let pool = pool(&bouncer, 10).await;
    let paid = Arc::new(AtomicU32::new(0));
    let workers = [0, 1].map(|_| {
        start(
            &pool,
            Work {
                paid: Arc::clone(&paid),
            },
        )
    });
    for worker in &workers {
        timeout(PATIENCE, worker.listening())
            .await
            .expect("entered");
    }

    let tasks = join_all((1..=60).map(|number| spawn_numbered(&pool, number))).await;
    let waiting: Vec<_> = tasks.iter().skip(4).step_by(5).copied().collect();
    let both_steps = "select count(*) = 120 from durable.step where state = 'done'";
    timeout(PATIENCE, db.until(both_steps))
        .await
        .expect("the steps");
    for task in &waiting {
        let cancelled = sqlx::query("select durable.finish($1, 'cancelled')").bind(task);
        cancelled.execute(&pool).await.expect("cancel");
    }
    for task in &tasks {
        timeout(PATIENCE, db.ended(*task)).await.expect("the end");
    }
    for worker in workers {
        worker.drain(PATIENCE).await;
    }

    assert_eq!(paid.load(Ordering::SeqCst), 120, "no step was paid twice");
    assert_eq!(
        db.count("durable.task where outcome = 'succeeded'").await,
        48
    );
    assert_eq!(
        db.count("durable.task where outcome = 'cancelled'").await,
        12
    );
    assert_eq!(
        db.int("select sum(retries)::int from durable.task").await,
        16
    );
    assert_eq!(db.count("public.made").await, 48);
    assert_eq!(db.count("durable.run").await, 0);
    assert_eq!(db.count("durable.worker").await, 0);
    let servers = db
        .int("select count(distinct server)::int from public.made")
        .await;
    assert!(servers > 1, "the pooler switched between {servers} servers");
}

#[tokio::test]
async fn statements_of_one_client_meet_several_servers_and_none_of_them_has_a_name() {
    let db = Database::fresh().await;
    let bouncer = db.bouncer(3);
    let pool = pool(&bouncer, 10).await;
    let asked = (0..200).map(|number: i32| {
        let pool = pool.clone();
        async move {
            sqlx::query("select pg_backend_pid(), $1::int, (select count(*) from pg_prepared_statements)::int")
                .bind(number)
                .fetch_one(&pool)
                .await
        }
    });
    let mut servers = BTreeSet::new();
    for (number, row) in (0..).zip(join_all(asked).await) {
        let row = row.expect("an answer");
        servers.insert(row.get::<i32, _>(0));
        assert_eq!(row.get::<i32, _>(1), number);
        // The one that is being asked.
        assert!(row.get::<i32, _>(2) <= 1);
    }
    assert!(servers.len() > 1);
}

#[tokio::test]
async fn a_driver_that_names_its_statements_fails_behind_the_same_pooler() {
    let db = Database::fresh().await;
    let bouncer = db.bouncer(1);
    let options = options(&bouncer).extra_float_digits(None);
    let mut first = PgConnection::connect_with(&options).await.expect("connect");
    let mut second = PgConnection::connect_with(&options).await.expect("connect");
    let ask = async |connection: &mut PgConnection| {
        let asked: Result<i32, _> = sqlx::query_scalar("select $1::int")
            .bind(1)
            .fetch_one(connection)
            .await;
        asked
    };
    assert_eq!(ask(&mut first).await.expect("the first"), 1);
    let refused = ask(&mut second)
        .await
        .expect_err("a statement of that name exists");
    assert_eq!(
        refused
            .as_database_error()
            .and_then(|error| error.code())
            .as_deref(),
        Some("42P05")
    );
}

/// Ends at once.
struct Quick;

impl Task for Quick {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, _: Attempt) -> Result<Done, Failure> {
        Ok(Done::Output(json!({})))
    }
}

/// The longest of some pick-ups of a task that plain SQL spawned while nothing else happened.
async fn slowest_pick_up(db: &Database, worker: &RunningWorker) -> Duration {
    timeout(PATIENCE, worker.listening())
        .await
        .expect("entered");
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        // Idle: the worker has looked in vain until its longest wait.
        tokio::time::sleep(Duration::from_millis(1200)).await;
        let task = Uuid::now_v7();
        db.execute(&format!("select durable.spawn('{task}', 'plain', '{{}}')"))
            .await;
        let since = Instant::now();
        timeout(PATIENCE, db.ended(task)).await.expect("the end");
        slowest = slowest.max(since.elapsed());
    }
    slowest
}

#[tokio::test]
async fn what_plain_sql_spawns_is_picked_up_within_a_second_with_and_without_listen() {
    let db = Database::fresh().await;
    let listening = start(&db.pool.clone().into(), Quick);
    let slowest = slowest_pick_up(&db, &listening).await;
    listening.drain(PATIENCE).await;
    println!("slowest pick-up, direct, no hint sent: {slowest:?}");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");

    let bouncer = db.bouncer(2);
    let polling = start(&pool(&bouncer, 4).await, Quick);
    let slowest = slowest_pick_up(&db, &polling).await;
    polling.drain(PATIENCE).await;
    println!("slowest pick-up, through a pooler, polled: {slowest:?}");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}

#[tokio::test]
async fn a_hint_through_the_pooler_is_heard_on_a_direct_connection() {
    let db = Database::fresh().await;
    let bouncer = db.bouncer(2);
    let direct = db.pool.connect_options().as_ref().clone();
    let pool = pool(&bouncer, 4).await.listening_at(direct);
    let stop = CancellationToken::new();
    let hint = Hint::start(&pool, stop.clone());
    let mut listener = sqlx::postgres::PgListener::connect(db.url())
        .await
        .expect("listener");
    listener.listen("durable_ready").await.expect("listen");
    for _ in 0..3 {
        hint.send();
        timeout(PATIENCE, listener.recv())
            .await
            .expect("in time")
            .expect("a hint");
    }
    let left: String = sqlx::query_scalar("select current_setting('synchronous_commit')")
        .fetch_one(&pool)
        .await
        .expect("the setting");
    assert_eq!(
        left,
        db.text("select current_setting('synchronous_commit')")
            .await,
        "nothing is left in the session"
    );
    stop.cancel();

    let worker = start(&pool, Quick);
    timeout(PATIENCE, worker.listening())
        .await
        .expect("entered");
    let heard = "select count(*) = 1 from pg_stat_activity where datname = current_database() and query like 'LISTEN%' and pid <> pg_backend_pid()";
    drop(listener);
    timeout(PATIENCE, db.until(heard))
        .await
        .expect("the worker listens by itself");
    worker.drain(PATIENCE).await;
}
