//! Traces for an OpenTelemetry collector: one a job, from the HTTP request to the push.
//!
//! Nothing is measured for them while a job runs: when a task has ended, its trace is drawn from what the engine has recorded of it. So a
//! trace survives the death of a worker, knows jobs that came by RPC or INSERT, and costs a job nothing. Of all processes one sends at a time.

mod collector;
mod spans;

use std::time::Duration;

use anyhow::bail;
use coach::trace::Feed;
use durable::{Pool, inspect};
use opentelemetry_proto::tonic::trace::v1::Span;
use server::admin::JobRequest;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use collector::{Collector, Sent};

/// Between two looks for tasks that have ended.
const ROUND: Duration = Duration::from_secs(1);
/// Between two looks at what is not settled yet.
const BREATH: Duration = Duration::from_millis(100);
/// After a collector that cannot be reached.
const PAUSE: Duration = Duration::from_secs(10);
/// Events that are looked at for one message.
const EVENTS: i32 = 500;
/// Requests that wait to be sent; those beyond are dropped.
const REQUESTS: usize = 1_000;
/// How long the end of the process may be held up.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What there is to do after a batch.
enum Next {
    /// There may be more.
    More,
    /// That was all for now.
    Nothing,
    /// The collector takes nothing just now.
    Away,
    /// Another process sends.
    NotOurs,
}

/// A process's traces on their way to the collector.
pub(crate) struct Traces {
    pool: Pool,
    collector: Collector,
    feed: Feed,
    requests: mpsc::Receiver<JobRequest>,
    /// Requests that were taken and not sent yet.
    waiting: Vec<Span>,
    /// How far the ends of tasks were sent.
    reached: i64,
    /// Whether the log has been told that the collector takes nothing.
    complained: bool,
}

/// Whether a collector takes traces: it is sent none.
///
/// # Errors
/// Why it does not.
pub(crate) async fn try_collector(endpoint: &str, headers: &[String]) -> anyhow::Result<()> {
    match Collector::new(endpoint, headers)?.send(Vec::new()).await {
        Sent::Taken => Ok(()),
        Sent::Refused(reason) => bail!("the collector refuses them: {reason}"),
        Sent::Away(reason) => bail!("the collector cannot be reached: {reason}"),
    }
}

/// Hears of requests that began a job.
pub(crate) type Requests = mpsc::Sender<JobRequest>;

impl Traces {
    /// Traces to this collector, such as `http://localhost:4318`, and who hears of requests for them.
    ///
    /// # Errors
    /// When the address or the headers are none.
    pub(crate) fn new(
        pool: &Pool,
        endpoint: &str,
        headers: &[String],
    ) -> anyhow::Result<(Self, Requests)> {
        let (sender, requests) = mpsc::channel(REQUESTS);
        let traces = Self {
            pool: pool.clone(),
            collector: Collector::new(endpoint, headers)?,
            feed: Feed::default(),
            requests,
            waiting: Vec::new(),
            reached: 0,
            complained: false,
        };
        Ok((traces, sender))
    }

    /// Sends until told to stop, and then what has ended by now.
    pub(crate) async fn keep(mut self, stop: CancellationToken) {
        while let Some(pause) = stop.run_until_cancelled(self.round()).await {
            if stop.run_until_cancelled(sleep(pause)).await.is_none() {
                break;
            }
        }
        let _ = timeout(LAST_WORDS, self.last_words()).await;
    }

    /// Sends what has ended by now, if this process is the one that sends.
    async fn last_words(&mut self) -> Result<(), sqlx::Error> {
        self.send_requests().await;
        let last = inspect::latest_change(&self.pool).await?;
        loop {
            match self.send_ended().await? {
                Next::More => {}
                // An end is known to be whole some looks after it.
                Next::Nothing if self.reached < last => {
                    inspect::count_events(&self.pool, EVENTS).await?;
                    sleep(BREATH).await;
                }
                Next::Nothing => break,
                Next::Away | Next::NotOurs => return Ok(()),
            }
        }
        self.feed.sent(&self.pool, self.reached, true).await
    }

    /// Sends all there is. How long to wait for more.
    async fn round(&mut self) -> Duration {
        if !self.send_requests().await {
            return PAUSE;
        }
        loop {
            match self.send_ended().await {
                Ok(Next::More) => {}
                Ok(Next::Nothing | Next::NotOurs) => return ROUND,
                Ok(Next::Away) => return PAUSE,
                Err(error) => {
                    tracing::warn!(
                        error = durable::describe(&error),
                        "what has ended could not be read for its traces"
                    );
                    return PAUSE;
                }
            }
        }
    }

    /// Whether the collector took them.
    async fn send_requests(&mut self) -> bool {
        while self.waiting.len() < REQUESTS
            && let Ok(request) = self.requests.try_recv()
        {
            self.waiting.push(spans::of_request(&request));
        }
        if self.waiting.is_empty() {
            return true;
        }
        let sent = self.collector.send(self.waiting.clone()).await;
        if self.heed(sent) {
            self.waiting.clear();
            return true;
        }
        false
    }

    /// Sends a batch of ended tasks.
    async fn send_ended(&mut self) -> Result<Next, sqlx::Error> {
        let Some(batch) = self.feed.next(&self.pool, EVENTS).await? else {
            return Ok(Next::NotOurs);
        };
        let mut spans = Vec::new();
        for ended in &batch.ended {
            if let Some(task) = inspect::task(&self.pool, ended.task, false).await? {
                spans.extend(spans::of_task(ended, &task));
            }
        }
        if !spans.is_empty() {
            let sent = self.collector.send(spans).await;
            if !self.heed(sent) {
                return Ok(Next::Away);
            }
        }
        if batch.up_to <= self.reached {
            return Ok(Next::Nothing);
        }
        self.feed.sent(&self.pool, batch.up_to, false).await?;
        self.reached = batch.up_to;
        Ok(Next::More)
    }

    /// Whether what was sent is done with. The log hears once that it is not, and once that it is again.
    fn heed(&mut self, sent: Sent) -> bool {
        match sent {
            Sent::Taken if self.complained => {
                self.complained = false;
                tracing::info!("the collector takes traces again");
                true
            }
            Sent::Taken => true,
            Sent::Refused(reason) => {
                if !self.complained {
                    tracing::warn!(reason, "the collector refuses traces; they are dropped");
                }
                self.complained = true;
                true
            }
            Sent::Away(reason) => {
                if !self.complained {
                    tracing::warn!(
                        reason,
                        "the collector cannot be reached; jobs go on, and traces are kept until it can"
                    );
                }
                self.complained = true;
                false
            }
        }
    }
}
