//! What waits to be sent to one socket: bounded, so that a reader who falls behind costs nobody memory.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::ws::{Message, Utf8Bytes};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::serializer::{Version, encode, encode_raw};

/// The most frames that may wait, and the most bytes (one frame may be longer).
const FRAMES: usize = 1024;
const BYTES: usize = 4 << 20;

/// The sending side, shared by the socket and all that writes to it.
#[derive(Debug)]
pub(super) struct Outbox {
    version: Version,
    sender: mpsc::Sender<Message>,
    bytes: AtomicUsize,
    /// Cancelled when something did not fit: the socket is to be dropped.
    pub(super) overflowed: CancellationToken,
}

/// One text frame; the payload is JSON, an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outgoing<'a> {
    pub(super) join_ref: Option<&'a str>,
    pub(super) reference: Option<&'a str>,
    pub(super) topic: &'a str,
    pub(super) event: &'a str,
    pub(super) payload: &'a str,
}

impl Outbox {
    /// An outbox and the end from which the socket takes what is to be sent.
    pub(super) fn new(version: Version) -> (Self, mpsc::Receiver<Message>) {
        let (sender, receiver) = mpsc::channel(FRAMES);
        let outbox = Self {
            version,
            sender,
            bytes: AtomicUsize::new(0),
            overflowed: CancellationToken::new(),
        };
        (outbox, receiver)
    }

    /// Puts a frame into the queue.
    pub(super) fn send(&self, frame: Outgoing<'_>) {
        let text: Utf8Bytes = encode(
            self.version,
            frame.join_ref,
            frame.reference,
            frame.topic,
            frame.event,
            frame.payload,
        );
        self.put(text.len(), Message::Text(text));
    }

    /// Puts a broadcast of raw bytes into the queue; a client of version 1.0.0 cannot be told.
    pub(super) fn send_raw(&self, topic: &str, event: &str, bytes: &[u8]) {
        if self.version == Version::Arrays
            && let Some(frame) = encode_raw(topic, event, bytes)
        {
            self.put(frame.len(), Message::Binary(frame));
        }
    }

    /// To be called once a frame of this many bytes has left the queue.
    pub(super) fn sent(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    fn put(&self, length: usize, message: Message) {
        let before = self.bytes.fetch_add(length, Ordering::Relaxed);
        let fits = before == 0 || before.saturating_add(length) <= BYTES;
        if !fits || self.sender.try_send(message).is_err() {
            self.overflowed.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(payload: &str) -> Outgoing<'_> {
        Outgoing {
            join_ref: None,
            reference: None,
            topic: "t",
            event: "e",
            payload,
        }
    }

    #[test]
    fn a_queue_of_too_many_frames_or_bytes_overflows() {
        let (outbox, _queue) = Outbox::new(Version::Arrays);
        (0..FRAMES).for_each(|_| outbox.send(frame("{}")));
        assert!(!outbox.overflowed.is_cancelled());
        outbox.send(frame("{}"));
        assert!(outbox.overflowed.is_cancelled());

        let (outbox, mut queue) = Outbox::new(Version::Arrays);
        let long = format!("\"{}\"", "x".repeat(BYTES));
        outbox.send(frame(&long));
        assert!(!outbox.overflowed.is_cancelled(), "one frame may be long");
        let taken = queue.try_recv().unwrap().into_data().len();
        outbox.sent(taken);
        outbox.send(frame(&long));
        outbox.send(frame("{}"));
        assert!(outbox.overflowed.is_cancelled());
    }
}
