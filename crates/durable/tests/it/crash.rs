//! A worker process killed or stopped in the middle of a run: another process takes the task over, and the first, should
//! it wake again, changes nothing.

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
    fn start(url: &str, seconds: u64) -> Self {
        let tests = std::env::current_exe().expect("this test's own file");
        let program: PathBuf = tests
            .parent()
            .and_then(|deps| deps.parent())
            .expect("the target folder")
            .join("examples/slow_worker");
        let child = Command::new(program)
            .args([url, &seconds.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("slow_worker");
        Self(child)
    }

    /// Sends `STOP` or `CONT`, by the shell's own `kill`: a bare machine has no program of that name.
    fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.0.id());
        let sent = Command::new("sh").args(["-c", &line]).status();
        assert!(sent.expect("sh").success());
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
    let mut first = Process::start(db.url(), 60);
    timeout(
        TAKEOVER,
        db.until("select count(*) = 1 from durable.event where type = 'slow'"),
    )
    .await
    .expect("the first run");
    let second = Process::start(db.url(), 60);
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

#[tokio::test]
async fn a_process_that_slept_past_its_lease_wakes_as_a_zombie_and_changes_nothing() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    let zombie = Process::start(db.url(), 8);
    timeout(
        TAKEOVER,
        db.until("select count(*) = 1 from durable.event where type = 'slow'"),
    )
    .await
    .expect("the first run");
    zombie.signal("STOP");
    let successor = Process::start(db.url(), 8);
    timeout(
        TAKEOVER * 2,
        db.until("select count(*) = 2 from durable.event where type = 'slow'"),
    )
    .await
    .expect("the takeover");
    // Its eight seconds are long over: the first thing it does is to complete.
    zombie.signal("CONT");
    timeout(TAKEOVER, db.ended(task)).await.expect("the end");
    let by = db.text("select output::text from durable.task").await;
    assert_eq!(by, successor.0.id().to_string());
    assert_eq!(db.int("select losses from durable.task").await, 1);
    assert_eq!(db.count("durable.event where type = 'succeeded'").await, 1);
}
