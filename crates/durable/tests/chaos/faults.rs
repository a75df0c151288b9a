//! The faults, one after the other, drawn from the seed.

use std::{
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use proptest::{prelude::RngExt, test_runner::TestRng};
use sqlx::{Connection, PgConnection};
use tokio::time::{Instant, sleep};

use crate::server::{Server, signal};

/// How many worker processes there are.
const WORKERS: usize = 4;
/// Longer than a lease of 15 s and a round of duties: whoever wakes after that is a zombie.
pub(crate) const STOPPED: Duration = Duration::from_secs(18);

/// What was done to the system.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) kills: u32,
    pub(crate) stops: u32,
    pub(crate) terminations: u32,
    pub(crate) exhaustions: u32,
    pub(crate) restarts: u32,
}

/// The worker processes, and what is done to them and their server.
pub(crate) struct Faults<'a> {
    server: &'a Server,
    workers: Vec<Process>,
    started: usize,
    pub(crate) figures: Figures,
}

struct Process {
    child: Child,
    stopped_at: Option<Instant>,
}

impl Process {
    fn resume(&mut self) {
        if self.stopped_at.take().is_some() {
            signal("CONT", &self.child.id().to_string());
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl<'a> Faults<'a> {
    pub(crate) fn prepare(server: &'a Server) -> Self {
        let mut faults = Self {
            server,
            workers: Vec::new(),
            started: 0,
            figures: Figures::default(),
        };
        for _ in 0..WORKERS {
            let worker = faults.start_worker();
            faults.workers.push(worker);
        }
        faults
    }

    fn start_worker(&mut self) -> Process {
        self.started += 1;
        let name = format!("worker-{}", self.started);
        let child = Command::new(std::env::current_exe().expect("this test's own file"))
            .args(["worker", &self.server.url(&name)])
            .arg(self.server.hurry_file())
            .stdin(Stdio::piped())
            .spawn()
            .expect("a worker process");
        Process {
            child,
            stopped_at: None,
        }
    }

    /// Does one fault after the other until `over`, then undoes what lasts. Nobody is stopped any more once work is to be
    /// quick: whoever is stopped before wakes among attempts that still take their time.
    pub(crate) async fn work(&mut self, over: &AtomicBool, random: &mut TestRng) {
        let hurry = self.server.hurry_file();
        while !over.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(random.random_range(500..2_500))).await;
            self.resume(STOPPED);
            let victim = random.random_range(0..WORKERS);
            match random.random_range(0..10) {
                0..=2 => self.kill(victim),
                3..=5 if !hurry.exists() => self.stop(victim),
                3..=7 => self.terminate(random.random_range(1..6)).await,
                8 => self.exhaust(random.random_range(1..4)).await,
                _ => self.restart().await,
            }
        }
        while self
            .workers
            .iter()
            .any(|worker| worker.stopped_at.is_some())
        {
            sleep(Duration::from_millis(100)).await;
            self.resume(STOPPED);
        }
    }

    /// Wakes those that were stopped for so long.
    fn resume(&mut self, after: Duration) {
        for worker in &mut self.workers {
            if worker.stopped_at.is_some_and(|at| at.elapsed() >= after) {
                worker.resume();
            }
        }
    }

    fn kill(&mut self, victim: usize) {
        self.figures.kills += 1;
        let next = self.start_worker();
        drop(std::mem::replace(&mut self.workers[victim], next));
    }

    /// At least one goes on working: that its work is taken over is what is to be seen.
    fn stop(&mut self, victim: usize) {
        let stopped = self
            .workers
            .iter()
            .filter(|worker| worker.stopped_at.is_some());
        if stopped.count() + 1 < WORKERS && self.workers[victim].stopped_at.is_none() {
            self.figures.stops += 1;
            signal("STOP", &self.workers[victim].child.id().to_string());
            self.workers[victim].stopped_at = Some(Instant::now());
        }
    }

    async fn terminate(&mut self, sessions: i32) {
        let Ok(mut connection) = PgConnection::connect(&self.server.url("faults")).await else {
            return;
        };
        let ended = sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where application_name like 'worker-%' order by random() limit $1",
        )
        .bind(sessions)
        .fetch_all(&mut connection)
        .await
        .map_or(0, |rows| rows.len());
        self.figures.terminations += u32::try_from(ended).unwrap_or_default();
    }

    /// Takes every session that the server has to give, the workers' own too, for some seconds.
    async fn exhaust(&mut self, seconds: u64) {
        self.figures.exhaustions += 1;
        let url = self.server.url("crowd");
        let mut crowd = Vec::new();
        let end = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < end {
            match PgConnection::connect(&url).await {
                Ok(mut connection) => {
                    let _ = sqlx::query(
                        "select pg_terminate_backend(pid) from pg_stat_activity
                         where application_name like 'worker-%' limit 1",
                    )
                    .execute(&mut connection)
                    .await;
                    crowd.push(connection);
                }
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn restart(&mut self) {
        self.figures.restarts += 1;
        tokio::task::block_in_place(|| self.server.restart_at_once());
    }
}
