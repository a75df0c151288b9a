//! `/changes`: what happens to tasks, as a stream of server-sent events that can be taken up where it broke off.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use durable::inspect::{self, Change, Changes, QueueRow};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::query::read;
use super::{invalid, told};
use crate::refused::{Bare, Refused};

const POLL: Duration = Duration::from_millis(250);
/// How often the queues are counted for a stream; they are told only when a count has changed.
const COUNT: Duration = Duration::from_secs(2);
const BATCH: i64 = 500;
/// Then a stream ends, and the client comes again and shows its key again.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Each stream asks the database a few times a second; so many may.
static STREAMS: Semaphore = Semaphore::const_new(64);

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct After {
    after: Option<i64>,
}

/// Events `change` with an id, from the one after `Last-Event-ID` (or `?after=`), else from now on; and `queues` whenever a count has changed.
pub(super) async fn changes(
    State(state): State<Arc<crate::State>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Bare> {
    let places = STREAMS.try_acquire().map_err(|_| {
        Bare(Refused::unavailable(
            "Too many streams are open. Try again in a moment.",
        ))
    })?;
    let last = headers.get("last-event-id");
    let after = match last.and_then(|id| id.to_str().ok()).map(str::parse::<i64>) {
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => {
            return Err(invalid(
                "Last-Event-ID must be the id of an event of this stream.",
            ));
        }
        None => read::<After>(&uri)?.after,
    };
    let after = match after {
        Some(id) => id,
        None => told(inspect::latest_change(&state.pool).await)?,
    };
    let feed = Feed {
        state,
        after,
        looks: Changes::default(),
        waiting: VecDeque::new(),
        queues: Vec::new(),
        counted_at: None,
        until: Instant::now() + LONGEST,
        _place: places,
    };
    Ok(Sse::new(stream::unfold(feed, next)).keep_alive(KeepAlive::default()))
}

/// One client's stream.
struct Feed {
    state: Arc<crate::State>,
    after: i64,
    looks: Changes,
    waiting: VecDeque<Event>,
    queues: Vec<Count>,
    counted_at: Option<Instant>,
    until: Instant,
    _place: SemaphorePermit<'static>,
}

/// How a queue stands.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Count {
    name: String,
    ready: i64,
    waiting: i64,
    parked: i64,
    running: i64,
    paused: bool,
}

impl From<QueueRow> for Count {
    fn from(queue: QueueRow) -> Self {
        Self {
            name: queue.name,
            ready: queue.ready,
            waiting: queue.waiting,
            parked: queue.parked,
            running: queue.running,
            paused: queue.paused_at.is_some(),
        }
    }
}

/// The next event; none once the server is to stop, or the stream has lasted long enough.
async fn next(mut feed: Feed) -> Option<(Result<Event, Infallible>, Feed)> {
    loop {
        if let Some(event) = feed.waiting.pop_front() {
            return Some((Ok(event), feed));
        }
        let shutdown = feed.state.shutdown.clone();
        tokio::select! {
            () = shutdown.cancelled() => return None,
            () = tokio::time::sleep_until(feed.until) => return None,
            gathered = gather(&mut feed) => if let Err(error) = gathered {
                tracing::warn!(%error, "a stream of changes could not be read on");
                return None;
            },
        }
    }
}

/// Gathers what is new, or waits a moment.
async fn gather(feed: &mut Feed) -> Result<(), coach::refusal::CallError> {
    let pool = &feed.state.pool;
    let settled = feed.looks.look(pool).await?;
    if settled > feed.after {
        let changes = inspect::changes(pool, feed.after, settled, BATCH).await?;
        let full = i64::try_from(changes.len()).is_ok_and(|count| count == BATCH);
        feed.after = match changes.last() {
            Some(last) if full => last.id,
            _ => settled,
        };
        feed.waiting.extend(changes.iter().filter_map(told_of));
    }
    if feed
        .counted_at
        .is_none_or(|counted| counted.elapsed() >= COUNT)
    {
        feed.counted_at = Some(Instant::now());
        let (queues, _) = inspect::queues(pool).await?;
        let queues: Vec<Count> = queues.into_iter().map(Into::into).collect();
        if queues != feed.queues {
            feed.waiting
                .extend(Event::default().event("queues").json_data(&queues).ok());
            feed.queues = queues;
        }
    }
    if feed.waiting.is_empty() {
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

fn told_of(change: &Change) -> Option<Event> {
    let event = Event::default().event("change").id(change.id.to_string());
    event.json_data(change).ok()
}
