//! HTTP/1.1 by hand, so that a test sees the bytes as they come and how a connection ends.

use std::{io::ErrorKind, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longer than anything that is to come takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The body was whole.
    Whole,
    /// The connection was closed before the body was.
    Cut,
    /// The connection was reset.
    Reset,
}

/// A request that was sent.
pub(crate) struct Exchange {
    stream: TcpStream,
    /// What is not read yet: a part of the headers, or of a chunk's frame.
    unread: Vec<u8>,
    head: Option<String>,
    body: Vec<u8>,
    chunks: Vec<usize>,
    /// What is missing of the present chunk, or of a body with a length.
    missing: usize,
    pub(crate) end: Option<End>,
}

/// What came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Bytes of each chunk of a chunked body.
    pub(crate) chunks: Vec<usize>,
    pub(crate) end: End,
}

impl Exchange {
    /// Sends a request to `http://host:port/path`.
    pub(crate) async fn send(
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Self {
        let rest = url.strip_prefix("http://").expect("http");
        let (host, path) = rest.split_once('/').expect("a path");
        let mut stream = TcpStream::connect(host).await.expect("a connection");
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let request = format!(
            "{method} /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("written");
        Self {
            stream,
            unread: Vec::new(),
            head: None,
            body: Vec::new(),
            chunks: Vec::new(),
            missing: 0,
            end: None,
        }
    }

    /// Reads on until the condition holds for the body so far or the exchange ends.
    pub(crate) async fn read_until(&mut self, enough: impl Fn(&[u8]) -> bool) {
        loop {
            if self.end.is_some() || (self.head.is_some() && enough(&self.body)) {
                return;
            }
            assert!(
                timeout(PATIENCE, self.read_some()).await.is_ok(),
                "nothing came for {PATIENCE:?}"
            );
        }
    }

    /// Whether nothing comes for a while, on a connection that is open before and after.
    pub(crate) async fn is_silent_for(&mut self, time: Duration) -> bool {
        self.end.is_none() && timeout(time, self.read_some()).await.is_err()
    }

    /// Reads to the end.
    pub(crate) async fn answer(mut self) -> Answer {
        self.read_until(|_| false).await;
        self.so_far()
    }

    pub(crate) fn so_far(&self) -> Answer {
        let mut lines = self.head.as_deref().unwrap_or_default().split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        Answer {
            status: status.map_or(0, |status| status.parse().expect("a status")),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            body: self.body.clone(),
            chunks: self.chunks.clone(),
            end: self.end.unwrap_or(End::Cut),
        }
    }

    async fn read_some(&mut self) {
        let mut buffer = [0; 16 << 10];
        match self.stream.read(&mut buffer).await {
            Ok(0) => self.end = Some(End::Cut),
            Ok(count) => self.unread.extend_from_slice(&buffer[..count]),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset);
                self.end = Some(End::Reset);
            }
        }
        if self.head.is_none() && !self.read_head() {
            return;
        }
        let head = self.head.as_deref().unwrap_or_default();
        match head.to_lowercase().contains("transfer-encoding: chunked") {
            true => self.read_chunks(),
            false => {
                self.take_missing();
                if self.missing == 0 {
                    self.end = Some(End::Whole);
                }
            }
        }
    }

    fn read_head(&mut self) -> bool {
        let Some(at) = self
            .unread
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")
        else {
            return false;
        };
        let head = String::from_utf8_lossy(&self.unread[..at]).into_owned();
        self.unread.drain(..at + 4);
        let lower = head.to_lowercase();
        let length = lower.split("content-length: ").nth(1);
        let length = length.and_then(|length| length.split("\r\n").next());
        self.missing = length.map_or(0, |length| length.parse().expect("a length"));
        self.head = Some(head);
        true
    }

    /// Takes chunks apart as far as they are there.
    fn read_chunks(&mut self) {
        loop {
            self.take_missing();
            if self.missing > 0 {
                return;
            }
            // The end of the chunk before, then a size.
            let start = if self.chunks.is_empty() { 0 } else { 2 };
            let line = self.unread.get(start..).unwrap_or_default();
            let Some(at) = line.windows(2).position(|bytes| bytes == b"\r\n") else {
                return;
            };
            let size = std::str::from_utf8(&line[..at]).expect("a size");
            let size = usize::from_str_radix(size, 16).expect("a size");
            self.unread.drain(..start + at + 2);
            if size == 0 {
                self.end = Some(End::Whole);
                return;
            }
            self.chunks.push(size);
            self.missing = size;
        }
    }

    fn take_missing(&mut self) {
        let size = self.missing.min(self.unread.len());
        self.body.extend(self.unread.drain(..size));
        self.missing -= size;
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}
