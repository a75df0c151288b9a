//! The loop: wait for news, claim as much as there is room for, hand over, drain.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, Semaphore},
    task::JoinHandle,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Pool, Task, attempt,
    cancel::{self, Hooks},
    completer::Completer,
    duties::{self, Duty},
    error::describe,
    hint,
    lease::{self, LiveAttempts},
    pool::within,
    store::{self, Claim},
    task::{Handler, handler},
};

/// How a worker works.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// The process's name as operators see it; a number is added, so it need not be unique.
    pub name: String,
    /// Attempts at once in each queue: long work in one leaves room for short work in another.
    pub concurrency: usize,
    /// How long the worker is believed to live without a heartbeat.
    pub lease: Duration,
    /// Time between heartbeats.
    pub beat: Duration,
    /// The longest wait between two looks for work; hints make it shorter.
    pub idle: Duration,
    /// How long ended tasks are kept, with their steps and events.
    pub keep_ended: Duration,
}

impl WorkerOptions {
    /// The defaults: 50 attempts at once in each queue, lease 15 s, heartbeat 5 s, at least a look every 500 ms, ended tasks kept for
    /// 30 days.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            concurrency: 50,
            lease: Duration::from_secs(15),
            beat: Duration::from_secs(5),
            idle: Duration::from_millis(500),
            keep_ended: Duration::from_secs(30 * 24 * 60 * 60),
        }
    }
}

/// The wait after a look that found something; it doubles with every look that finds nothing.
const HOT: Duration = Duration::from_millis(20);

/// How long a drain whose grace has run out waits for results that are being written.
const LAST_WRITES: Duration = Duration::from_secs(2);

/// A worker that does not run yet: add what it serves, then start it.
pub struct Worker {
    pool: Pool,
    options: WorkerOptions,
    queues: Vec<Queue>,
    handlers: BTreeMap<&'static str, Handler>,
    hooks: Hooks,
    duties: Vec<Duty>,
}

impl Worker {
    /// A worker on this database.
    #[must_use]
    pub fn new(pool: impl Into<Pool>, options: WorkerOptions) -> Self {
        Self {
            pool: pool.into(),
            options,
            queues: Vec::new(),
            handlers: BTreeMap::new(),
            hooks: Hooks::new(),
            duties: Vec::new(),
        }
    }

    /// Serves a kind of task in the queue in which it is registered.
    #[must_use]
    pub fn serve<T: Task>(mut self, queue: &str, task: T) -> Self {
        if !self.queues.iter().any(|known| known.name == queue) {
            self.queues.push(Queue {
                name: queue.to_owned(),
                slots: Arc::new(Semaphore::new(self.options.concurrency)),
            });
        }
        let task = Arc::new(task);
        self.handlers.insert(T::KIND, handler(Arc::clone(&task)));
        self.hooks.insert(T::KIND, cancel::hook(task));
        self
    }

    /// Adds a duty to the engine's own: a round each second, by every worker, so it must pass over what another has in hand. It
    /// answers how much it made ready, and should be done within 30 s.
    #[must_use]
    pub fn duty<F, R>(mut self, round: F) -> Self
    where
        F: Fn(Pool) -> R + Send + Sync + 'static,
        R: Future<Output = Result<i32, sqlx::Error>> + Send + 'static,
    {
        self.duties.push(duties::duty(round));
        self
    }

    /// Starts it on the current tokio runtime.
    #[must_use]
    pub fn start(self) -> RunningWorker {
        let wake = Arc::new(Notify::new());
        let stop = CancellationToken::new();
        let listening = CancellationToken::new();
        let room = Room {
            live: Arc::new(LiveAttempts::default()),
            attempts: TaskTracker::new(),
            wake: Arc::clone(&wake),
            nudge: Arc::new(Notify::new()),
            completer: Completer::start(self.pool.clone()),
        };
        let (attempts, live) = (room.attempts.clone(), Arc::clone(&room.live));
        let give_up = CancellationToken::new();
        let task = tokio::spawn(self.work(room, stop.clone(), give_up.clone(), listening.clone()));
        RunningWorker {
            wake,
            stop,
            give_up,
            listening,
            attempts,
            live,
            task,
        }
    }

    async fn work(
        self,
        room: Room,
        stop: CancellationToken,
        give_up: CancellationToken,
        listening: CancellationToken,
    ) {
        let chores = async {
            tokio::join!(
                hint::listen(
                    self.pool.clone(),
                    Arc::clone(&room.wake),
                    Arc::clone(&room.nudge)
                ),
                duties::keep(
                    self.pool.clone(),
                    Arc::clone(&room.wake),
                    self.options.keep_ended,
                    &self.duties
                ),
                cancel::keep(&self.pool, &self.hooks),
            )
        };
        let lives = async {
            while !stop.is_cancelled() && !give_up.is_cancelled() {
                self.live_once(&room, &stop, &give_up, &listening).await;
            }
        };
        tokio::select! { _ = chores => {}, () = lives => {} }
    }

    /// One life under one name: from its entry in the database to its end there.
    async fn live_once(
        &self,
        room: &Room,
        stop: &CancellationToken,
        give_up: &CancellationToken,
        listening: &CancellationToken,
    ) {
        let name = format!("{}-{}", self.options.name, uuid::Uuid::now_v7().simple());
        let queues: Vec<_> = self.queues.iter().map(|queue| queue.name.clone()).collect();
        let entered = store::start_worker(&self.pool, &name, &queues, self.options.lease).await;
        let id = match entered {
            Ok(id) => id,
            Err(error) => {
                tracing::warn!(error = describe(&error), "the worker could not enter");
                let _ = tokio::time::timeout(Duration::from_secs(1), stop.cancelled()).await;
                return;
            }
        };
        tracing::info!(worker = name, queues = queues.join(", "), "worker listens");
        listening.cancel();
        let finished = async {
            self.claim_until(id, room, stop).await;
            room.attempts.close();
            tokio::select! { () = room.attempts.wait() => {}, () = give_up.cancelled() => {} }
        };
        let gone = tokio::select! {
            () = finished => false,
            () = lease::keep(&self.pool, id, &room.live, &room.nudge, self.options.beat, self.options.lease) => true,
        };
        room.live.abandon_all();
        if give_up.is_cancelled() {
            // What is on its way to the journal arrives before the tasks are given back.
            let _ = tokio::time::timeout(LAST_WRITES, room.attempts.wait()).await;
        }
        if gone {
            tracing::warn!(
                worker = name,
                "this worker was given up as lost; its work was left to others"
            );
        } else if let Err(error) = store::stop_worker(&self.pool, id).await {
            tracing::warn!(
                worker = name,
                error = describe(&error),
                "the worker could not leave; its lease will run out"
            );
        }
    }

    /// Claims and hands over until told to stop.
    async fn claim_until(&self, worker: i64, room: &Room, stop: &CancellationToken) {
        let idle = hint::ceiling(&self.pool, self.options.idle);
        // Its own, so that claiming waits for no busy pool and leaves a connection that fell silent behind at once.
        let mut own = self.pool.single();
        let mut wait = HOT;
        let mut woken = true;
        while !stop.is_cancelled() {
            wait = match self.claim_round(&own, worker, room, woken).await {
                Ok(true) => HOT,
                Ok(false) => (wait * 2).min(idle),
                Err(error) => {
                    tracing::warn!(error = describe(&error), "claiming failed");
                    own = self.pool.single();
                    Duration::from_secs(1)
                }
            };
            woken = tokio::select! {
                () = stop.cancelled() => false,
                () = room.wake.notified() => true,
                () = tokio::time::sleep(wait) => false,
            };
            if woken {
                wait = HOT;
            }
        }
    }

    /// Looks once into every queue. Whether anything was claimed. News may be of something that is to be admitted first.
    async fn claim_round(
        &self,
        own: &Pool,
        worker: i64,
        room: &Room,
        news: bool,
    ) -> Result<bool, sqlx::Error> {
        let mut found = false;
        if news {
            within(self.options.lease, duties::promote(own)).await?;
        }
        for queue in &self.queues {
            let free = i32::try_from(queue.slots.available_permits()).unwrap_or(i32::MAX);
            if free == 0 {
                continue;
            }
            // What a claim that is given up took after all comes back by the heartbeat.
            let claims = store::claim(own, worker, &queue.name, free);
            for claim in within(self.options.lease, claims).await? {
                found = true;
                self.hand_over(claim, queue, room).await;
            }
        }
        Ok(found)
    }

    async fn hand_over(&self, claim: Claim, queue: &Queue, room: &Room) {
        let Some(handler) = self.handlers.get(claim.kind.as_str()).cloned() else {
            tracing::warn!(task = %claim.task, kind = claim.kind, "this worker has no code for the kind");
            let failed = store::fail(
                &self.pool,
                claim.task,
                claim.token,
                "UNKNOWN",
                "no code for this kind",
                None,
            );
            if let Err(error) = failed.await {
                tracing::warn!(task = %claim.task, error = describe(&error), "the attempt will be reaped");
            }
            return;
        };
        let abandon = room.live.enter(claim.task, claim.token);
        let Ok(slot) = Arc::clone(&queue.slots).acquire_owned().await else {
            return;
        };
        let (pool, live, wake, completer) = (
            self.pool.clone(),
            Arc::clone(&room.live),
            Arc::clone(&room.wake),
            room.completer.clone(),
        );
        room.attempts.spawn(async move {
            let (task, token) = (claim.task, claim.token);
            attempt::run(pool, handler, claim, abandon, completer).await;
            live.leave(task, token);
            drop(slot);
            wake.notify_one();
        });
    }
}

/// A queue that a worker serves, with its own room.
struct Queue {
    name: String,
    slots: Arc<Semaphore>,
}

/// Where attempts run.
struct Room {
    live: Arc<LiveAttempts>,
    attempts: TaskTracker,
    wake: Arc<Notify>,
    nudge: Arc<Notify>,
    completer: Completer,
}

/// A worker at work.
#[derive(Debug)]
pub struct RunningWorker {
    wake: Arc<Notify>,
    stop: CancellationToken,
    give_up: CancellationToken,
    listening: CancellationToken,
    attempts: TaskTracker,
    live: Arc<LiveAttempts>,
    task: JoinHandle<()>,
}

impl RunningWorker {
    /// Makes it look for work now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// A handle that wakes it from elsewhere in the process.
    #[must_use]
    pub fn waker(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Waits until it has entered the database and claims.
    pub async fn listening(&self) {
        self.listening.cancelled().await;
    }

    /// Whether it has entered the database.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        self.listening.is_cancelled()
    }

    /// Stops claiming, lets running attempts end for `grace`, gives back what is unfinished without a charge, and leaves.
    pub async fn drain(self, grace: Duration) {
        self.stop.cancel();
        self.attempts.close();
        let mut task = self.task;
        if tokio::time::timeout(grace, &mut task).await.is_err() {
            tracing::warn!(
                attempts = self.attempts.len(),
                "unfinished attempts are given back"
            );
            self.give_up.cancel();
            self.live.abandon_all();
            if tokio::time::timeout(Duration::from_secs(5), &mut task)
                .await
                .is_err()
            {
                task.abort();
            }
        }
    }
}
