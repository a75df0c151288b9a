//! What stands between a worker process and the emulated provider, sees every byte, and says when the moment to kill has come.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::PgPool;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// When the process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The intent of a step stands, its request has not left: the first bytes of the n-th `POST`, from 1.
    Intent(usize),
    /// The provider has the request, the worker not one byte of an answer: the n-th.
    Sent(usize),
    /// So many bytes of answers have come after the provider's first event; its handle is in the journal by then.
    Stream(i64),
    /// The n-th answer has come whole.
    Answered(usize),
}

/// A way to the provider for one process.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    watched: Arc<Watched>,
    server: JoinHandle<()>,
}

struct Watched {
    provider: SocketAddr,
    pool: PgPool,
    cut: Cut,
    posts: AtomicUsize,
    answers: AtomicUsize,
    /// Bytes of answers since the first event; negative before it.
    streamed: AtomicI64,
    reached: watch::Sender<bool>,
}

impl Proxy {
    /// `handles`: the provider names a response before it begins, and that has to be in the journal before a stream is cut.
    pub(crate) async fn start(provider: SocketAddr, pool: PgPool, cut: Cut, handles: bool) -> Self {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port");
        let watched = Arc::new(Watched {
            provider,
            pool,
            cut,
            posts: AtomicUsize::new(0),
            answers: AtomicUsize::new(0),
            streamed: AtomicI64::new(if handles { -1 } else { 0 }),
            reached: watch::Sender::new(false),
        });
        Self {
            address: listener.local_addr().expect("an address"),
            server: tokio::spawn(accept(listener, Arc::clone(&watched))),
            watched,
        }
    }

    /// Waits until the moment has come; nothing passes any more then.
    pub(crate) async fn reached(&self) {
        let mut reached = self.watched.reached.subscribe();
        let _ = reached.wait_for(|reached| *reached).await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn accept(listener: TcpListener, watched: Arc<Watched>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((worker, _)) = listener.accept().await {
        let Ok(provider) = TcpStream::connect(watched.provider).await else {
            return;
        };
        let (from_worker, to_worker) = worker.into_split();
        let (from_provider, to_provider) = provider.into_split();
        connections.spawn(upwards(from_worker, to_provider, Arc::clone(&watched)));
        connections.spawn(downwards(from_provider, to_worker, Arc::clone(&watched)));
    }
}

async fn upwards(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    watched: Arc<Watched>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let chunk = &buffer[..count];
        let post = chunk.starts_with(b"POST ");
        if post {
            let number = watched.posts.fetch_add(1, Ordering::SeqCst) + 1;
            if watched.cut == Cut::Intent(number) {
                return watched.reach().await;
            }
        }
        // A handle is there already: the rest of a stream is asked for.
        if chunk.starts_with(b"GET ") {
            watched.streamed.fetch_max(0, Ordering::SeqCst);
        }
        if to.write_all(chunk).await.is_err() {
            return;
        }
    }
}

async fn downwards(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    watched: Arc<Watched>,
) {
    let mut buffer = vec![0; 4 * 1024];
    let mut first_event = FirstEvent::default();
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let posts = watched.posts.load(Ordering::SeqCst);
        if matches!(watched.cut, Cut::Sent(number) if number <= posts) {
            return watched.reach().await;
        }
        let (pass, end) = watched.let_through(&buffer[..count]);
        if to.write_all(&buffer[..pass]).await.is_err() {
            return;
        }
        watched.see(&buffer[..pass], &mut first_event).await;
        if end {
            return watched.reach().await;
        }
    }
}

impl Watched {
    /// How many of these bytes pass before the moment, and whether it comes with them.
    fn let_through(&self, chunk: &[u8]) -> (usize, bool) {
        let before = self.streamed.load(Ordering::SeqCst);
        let Cut::Stream(limit) = self.cut else {
            return (chunk.len(), false);
        };
        if before < 0 {
            return (chunk.len(), false);
        }
        let length = i64::try_from(chunk.len()).expect("a small number");
        self.streamed.fetch_add(length, Ordering::SeqCst);
        match usize::try_from(limit - before) {
            Ok(left) if left >= chunk.len() => (chunk.len(), false),
            Ok(left) => (left, true),
            Err(_) => (0, true),
        }
    }

    /// Looks at what has passed: waits until the journal has the handle of a first event, counts the ends.
    async fn see(&self, chunk: &[u8], first_event: &mut FirstEvent) {
        let text = String::from_utf8_lossy(chunk);
        if let Some(handle) = first_event.whole(&text) {
            self.until_kept(&handle).await;
            self.streamed.fetch_max(0, Ordering::SeqCst);
        }
        if text.contains("event: response.completed") || text.contains("data: [DONE]") {
            let number = self.answers.fetch_add(1, Ordering::SeqCst) + 1;
            if self.cut == Cut::Answered(number) {
                self.reach().await;
            }
        }
    }

    async fn until_kept(&self, handle: &str) {
        let mut kept = false;
        while !kept && !*self.reached.borrow() {
            kept = sqlx::query_scalar(
                "select exists (select from durable.step where handle ->> 'id' = $1 or output is not null and handle is null)",
            )
            .bind(handle)
            .fetch_one(&self.pool)
            .await
            .expect("the journal");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The moment has come. Never returns: nothing passes until the process is dead.
    async fn reach(&self) {
        self.reached.send_replace(true);
        std::future::pending::<()>().await;
    }
}

/// The event that tells that a response was created, which may come in pieces.
#[derive(Default)]
struct FirstEvent(String);

impl FirstEvent {
    /// The response's id, once the event is whole.
    fn whole(&mut self, text: &str) -> Option<String> {
        if self.0.is_empty() {
            self.0
                .push_str(&text[text.find("event: response.created")?..]);
        } else {
            self.0.push_str(text);
        }
        let event = &self.0[..self.0.find("\n\n")?];
        let id = &event[event.find("resp_")?..];
        let id = id[..id.find('"')?].to_owned();
        self.0.clear();
        Some(id)
    }
}
