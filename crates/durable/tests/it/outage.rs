//! The database is away for a minute in the middle of a task's end: what was paid for is not paid for again.

use std::{
    fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use durable::{Attempt, MicroDollars, Policy, Worker, WorkerOptions, migrate::Script};
use local_postgres::LocalPostgres;
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::{
    sync::{mpsc::unbounded_channel, watch},
    task::block_in_place,
};
use uuid::Uuid;

use crate::work::{PATIENCE, Work, within};

/// The longest outage that a result must survive.
const OUTAGE: Duration = Duration::from_secs(60);

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = PathBuf::from(format!("/tmp/durable-outage-{}", std::process::id()));
        fs::DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .expect("a folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Ends the server as `pg_ctl stop -m immediate` does: no checkpoint, no farewell.
fn stop_immediately(data_dir: &Path) {
    let recorded =
        fs::read_to_string(data_dir.join("postgres/postmaster.pid")).expect("postmaster.pid");
    let pid = recorded.lines().next().expect("a process id").trim();
    let line = format!("kill -QUIT {pid} && while kill -0 {pid} 2>/dev/null; do sleep 0.1; done");
    let stopped = Command::new("sh").args(["-c", &line]).status();
    assert!(stopped.expect("sh").success());
}

/// How a task ended: outcome, retries, losses, output. The database may still be starting.
async fn ended(pool: &PgPool, task: Uuid) -> (String, i32, i32, Value) {
    loop {
        let row = sqlx::query_as(
            "select outcome, retries, losses, output from durable.task where id = $1 and outcome is not null",
        );
        if let Ok(Some(row)) = row.bind(task).fetch_optional(pool).await {
            return row;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_and_an_end_outlive_a_minute_without_the_database() {
    let folder = Folder::new();
    let postgres = block_in_place(|| LocalPostgres::start(&folder.0)).expect("PostgreSQL");
    let pool = PgPool::connect(postgres.url()).await.expect("connect");
    Script::new()
        .engine()
        .always("select durable.register_kind('plain', 'plain');")
        .run(&pool)
        .await
        .expect("migrate");
    let (in_step, at_end) = (Uuid::now_v7(), Uuid::now_v7());
    let work_done = Arc::new(AtomicU32::new(0));
    let (working, mut at_work) = unbounded_channel();
    let (go_on, stopped) = watch::channel(false);

    let counted = Arc::clone(&work_done);
    let run = move |attempt: Attempt| {
        let (work_done, working, mut stopped) =
            (Arc::clone(&counted), working.clone(), stopped.clone());
        async move {
            let until_stopped = async || {
                working.send(()).expect("the test listens");
                let _ = stopped.wait_for(|stopped| *stopped).await;
                work_done.fetch_add(1, Ordering::SeqCst);
            };
            if attempt.task() == at_end {
                let mut until_stopped = until_stopped;
                until_stopped().await;
                return Ok(json!("ended"));
            }
            let policy = Policy::park(MicroDollars(1_000_000));
            attempt
                .call("pay", &(), policy, |_| async move {
                    let mut until_stopped = until_stopped;
                    until_stopped().await;
                    Ok(json!("paid").into())
                })
                .await
        }
    };
    let work = Work {
        run,
        cancelled: None,
    };
    let worker = Worker::new(pool.clone(), WorkerOptions::named("survivor"))
        .serve("plain", work)
        .start();
    for task in [in_step, at_end] {
        durable::spawn(&pool, task, "plain", &json!({}))
            .await
            .expect("spawn");
        worker.wake();
        within("the work", at_work.recv()).await;
    }

    block_in_place(|| stop_immediately(&folder.0));
    go_on.send(true).expect("the work waits");
    tokio::time::sleep(OUTAGE).await;
    block_in_place(|| postgres.ensure_running()).expect("PostgreSQL again");

    for (task, output) in [(in_step, "paid"), (at_end, "ended")] {
        let row = within("the end", ended(&pool, task)).await;
        assert_eq!(row, ("succeeded".to_owned(), 0, 0, json!(output)));
    }
    assert_eq!(work_done.load(Ordering::SeqCst), 2, "each was done once");
    let step: (String, i32, i32) = sqlx::query_as("select state, begun, repeats from durable.step")
        .fetch_one(&pool)
        .await
        .expect("the step");
    assert_eq!(step, ("done".to_owned(), 1, 0));
    worker.drain(PATIENCE).await;
    pool.close().await;
}
