//! A server that plays exact bytes: what it says and when it cuts is written down by the test, byte by byte.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// A request, as it was heard.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// `POST /v1/responses`.
    pub(crate) line: String,
    /// All header lines, in lower case.
    pub(crate) headers: String,
    /// The JSON body; null if there is none.
    pub(crate) body: Value,
}

impl Heard {
    /// The number behind `starting_after=`.
    pub(crate) fn starting_after(&self) -> Option<u64> {
        let (_, after) = self.line.split_once("starting_after=")?;
        after.parse().ok()
    }
}

/// What is done to a request, step by step.
#[derive(Clone)]
pub(crate) enum Act {
    /// Status and headers.
    Head(u16, Vec<(&'static str, String)>),
    /// A piece of the body, as one chunk.
    Bytes(Vec<u8>),
    /// The body's proper end.
    End,
    /// Waits until the test says so.
    Wait(Arc<Notify>),
    /// Waits a while: for timers of the client only.
    Pause(Duration),
    /// Says nothing more until the client leaves.
    Hang,
}

/// All that is done to a request; without [`Act::End`] the connection is cut.
#[derive(Clone, Default)]
pub(crate) struct Play(Vec<Act>);

impl Play {
    pub(crate) fn status(status: u16, headers: &[(&'static str, &str)], body: &str) -> Self {
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        Self(vec![Act::Head(status, headers.collect())])
            .bytes(body)
            .end()
    }

    pub(crate) fn json(body: &Value) -> Self {
        Self::status(
            200,
            &[("content-type", "application/json")],
            &body.to_string(),
        )
    }

    /// The head of a stream of events.
    pub(crate) fn events() -> Self {
        Self::events_with(&[])
    }

    pub(crate) fn events_with(headers: &[(&'static str, &str)]) -> Self {
        let mut all = vec![("content-type", "text/event-stream".to_owned())];
        all.extend(
            headers
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        Self(vec![Act::Head(200, all)])
    }

    /// The head of a stream of events after what came before it.
    pub(crate) fn events_after(mut self) -> Self {
        self.0.extend(Self::events().0);
        self
    }

    pub(crate) fn silent() -> Self {
        Self(vec![Act::Hang])
    }

    pub(crate) fn bytes(self, bytes: impl AsRef<[u8]>) -> Self {
        self.then(Act::Bytes(bytes.as_ref().to_vec()))
    }

    pub(crate) fn end(self) -> Self {
        self.then(Act::End)
    }

    pub(crate) fn hang(self) -> Self {
        self.then(Act::Hang)
    }

    pub(crate) fn wait(self, signal: &Arc<Notify>) -> Self {
        self.then(Act::Wait(Arc::clone(signal)))
    }

    pub(crate) fn pause(self, time: Duration) -> Self {
        self.then(Act::Pause(time))
    }

    fn then(mut self, act: Act) -> Self {
        self.0.push(act);
        self
    }
}

type Director = dyn Fn(&Heard, usize) -> Play + Send + Sync;

/// A running server; gone when dropped.
pub(crate) struct Server {
    url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    left: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Plays these in the order of the requests; a request too many gets HTTP 599.
    pub(crate) async fn playing(plays: Vec<Play>) -> Self {
        Self::directed(move |_, number| match plays.get(number) {
            Some(play) => play.clone(),
            None => Play::status(599, &[], "one request too many"),
        })
        .await
    }

    /// Plays what the director says for a request and its number.
    pub(crate) async fn directed(
        director: impl Fn(&Heard, usize) -> Play + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let left = Arc::new(Notify::new());
        let stage = Stage {
            heard: Arc::clone(&heard),
            left: Arc::clone(&left),
            director: Arc::new(director),
        };
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(stage.clone().play(connection));
            }
        });
        Self {
            url,
            heard,
            left,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/v1", self.url)
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("no panic").clone()
    }

    /// The request lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.heard().into_iter().map(|heard| heard.line).collect()
    }

    /// Returns once a client has left a connection that hangs.
    pub(crate) async fn left(&self) {
        self.left.notified().await;
    }
}

#[derive(Clone)]
struct Stage {
    heard: Arc<Mutex<Vec<Heard>>>,
    left: Arc<Notify>,
    director: Arc<Director>,
}

impl Stage {
    /// The client may leave at any time, so errors of writing end the play.
    async fn play(self, mut connection: TcpStream) -> Option<()> {
        let heard = hear(&mut connection).await?;
        let number = {
            let mut all = self.heard.lock().expect("no panic");
            all.push(heard.clone());
            all.len() - 1
        };
        for act in (self.director)(&heard, number).0 {
            self.act(&mut connection, act).await?;
        }
        connection.shutdown().await.ok()
    }

    async fn act(&self, connection: &mut TcpStream, act: Act) -> Option<()> {
        match act {
            Act::Head(status, headers) => {
                let mut head = format!("HTTP/1.1 {status} Played\r\n");
                head.push_str("transfer-encoding: chunked\r\nconnection: close\r\n");
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                head.push_str("\r\n");
                connection.write_all(head.as_bytes()).await.ok()
            }
            Act::Bytes(bytes) if bytes.is_empty() => Some(()),
            Act::Bytes(bytes) => {
                let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                chunk.extend_from_slice(&bytes);
                chunk.extend_from_slice(b"\r\n");
                connection.write_all(&chunk).await.ok()
            }
            Act::End => connection.write_all(b"0\r\n\r\n").await.ok(),
            Act::Wait(signal) => {
                signal.notified().await;
                Some(())
            }
            Act::Pause(time) => {
                tokio::time::sleep(time).await;
                Some(())
            }
            Act::Hang => {
                let mut rest = Vec::new();
                let _ = connection.read_to_end(&mut rest).await;
                self.left.notify_one();
                None
            }
        }
    }
}

async fn hear(connection: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let (line, headers) = head.split_once("\r\n")?;
    let headers = headers.to_lowercase();
    let length = headers
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("a length"));
    while bytes.len() < head_end + 4 + length {
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = serde_json::from_slice(&bytes[head_end + 4..]).unwrap_or_default();
    Some(Heard {
        line: line.trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body,
    })
}
