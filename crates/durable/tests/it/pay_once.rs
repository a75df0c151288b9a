//! A process is killed in the middle of what it pays for: another goes on with the provider's handle.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::support::Database;

/// A `paying_worker` process, killed at the end.
struct Process(Child);

impl Process {
    fn start(url: &str) -> Self {
        let tests = std::env::current_exe().expect("this test's own file");
        let folder = tests.parent().and_then(|deps| deps.parent());
        let program = folder
            .expect("the target folder")
            .join("examples/paying_worker");
        let child = Command::new(program)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("paying_worker");
        Self(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn ten_calls_of_a_killed_process_are_paid_for_once() {
    let db = Database::fresh().await;
    db.execute("create table public.sent (task uuid)").await;
    let minute = Duration::from_secs(60);
    let first = Process::start(db.url());
    for _ in 0..10 {
        db.spawn().await;
    }
    let partials = db.until("select count(*) = 10 from durable.step where partial is not null");
    tokio::time::timeout(minute, partials)
        .await
        .expect("ten calls on their way");
    drop(first);
    let second = Process::start(db.url());
    let ends = db.until("select count(*) = 10 from durable.task where outcome = 'succeeded'");
    tokio::time::timeout(minute * 2, ends)
        .await
        .expect("ten ends");
    assert_eq!(db.count("public.sent").await, 10, "paid for once");
    let sql = format!(
        "select concat_ws(' ', count(*), sum(begun), sum(repeats), sum(resumed)) from durable.step
         where (output -> 'finished_by')::int = {}",
        second.0.id()
    );
    assert_eq!(db.text(&sql).await, "10 10 0 10");
}
