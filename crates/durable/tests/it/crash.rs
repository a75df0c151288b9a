//! A worker process killed in the middle of a run: another process takes the task over.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tokio::time::{Instant, timeout};

use crate::support::Database;

/// The goal for a takeover after a kill -9: lease 15 s and a round of duties, with room for a busy machine.
const TAKEOVER: Duration = Duration::from_secs(20);

struct Process(Child);

impl Process {
    fn start(url: &str) -> Self {
        let tests = std::env::current_exe().expect("this test's own file");
        let program: PathBuf = tests
            .parent()
            .and_then(|deps| deps.parent())
            .expect("the target folder")
            .join("examples/slow_worker");
        let child = Command::new(program)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("slow_worker");
        Self(child)
    }

    fn kill_9(&mut self) {
        self.0.kill().expect("kill");
        self.0.wait().expect("wait");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_task_of_a_killed_process_runs_elsewhere_within_20_seconds() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    let mut first = Process::start(db.url());
    timeout(
        TAKEOVER,
        db.until("select count(*) = 1 from durable.event where type = 'slow'"),
    )
    .await
    .expect("the first run");
    let second = Process::start(db.url());
    timeout(
        TAKEOVER,
        db.until("select count(*) = 2 from durable.worker"),
    )
    .await
    .expect("the second worker");

    let killed = Instant::now();
    first.kill_9();
    timeout(
        TAKEOVER * 2,
        db.until("select count(*) = 2 from durable.event where type = 'slow'"),
    )
    .await
    .expect("the takeover");
    let took = killed.elapsed();
    println!("takeover after kill -9: {:.1} s", took.as_secs_f64());
    assert!(took < TAKEOVER, "the takeover took {took:?}");
    assert_eq!(
        db.int(&format!(
            "select losses from durable.run where task = '{task}'"
        ))
        .await,
        1
    );
    assert_eq!(
        db.int(&format!(
            "select retries from durable.run where task = '{task}'"
        ))
        .await,
        0
    );
    drop(second);
}
