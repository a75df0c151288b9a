//! How long to wait for what. The finest timer counts bytes, so that a keep-alive comment is a sign of life.

use std::{fmt, time::Duration};

use futures_util::{Stream, StreamExt, stream};
use tokio::time::timeout;

/// The waits of one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timers {
    /// For a connection.
    pub connect: Duration,
    /// From the request to the answer's headers.
    pub headers: Duration,
    /// From the headers to the body's first byte.
    pub first_byte: Duration,
    /// From one byte to the next, those of keep-alive comments included.
    pub byte_idle: Duration,
    /// From the request to the first content, text or thought: the provider's queue.
    pub queued: Duration,
    /// From one content to the next.
    pub content_idle: Duration,
    /// For all of it.
    pub ceiling: Duration,
    /// Between looks at an answer that is made in the background, at first; before the second try to resume, too.
    pub poll: Duration,
    /// Between such looks, later.
    pub poll_most: Duration,
    /// Between two words to the journal about new text.
    pub tell: Duration,
}

impl Default for Timers {
    /// Connect 10 s, headers 60 s, bytes 75 s (keep-alives come every 15 to 30 s), queue 600 s (DeepSeek closes then), content
    /// 180 s, all 900 s, looks every 2 to 5 s, a word to the journal every second.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            headers: Duration::from_secs(60),
            first_byte: Duration::from_secs(75),
            byte_idle: Duration::from_secs(75),
            queued: Duration::from_secs(600),
            content_idle: Duration::from_secs(180),
            ceiling: Duration::from_secs(900),
            poll: Duration::from_secs(2),
            poll_most: Duration::from_secs(5),
            tell: Duration::from_secs(1),
        }
    }
}

impl Timers {
    /// For a local server, which reads a long prompt in silence, with or without headers and a first empty chunk: all waits for the
    /// first token are this.
    #[must_use]
    pub fn with_first_token(self, wait: Duration) -> Self {
        Self {
            headers: wait,
            first_byte: wait,
            byte_idle: self.byte_idle.max(wait),
            queued: wait,
            ..self
        }
    }
}

/// The wait that was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// [`Timers::headers`].
    Headers,
    /// [`Timers::first_byte`] or [`Timers::byte_idle`].
    ByteIdle,
    /// [`Timers::queued`].
    Queued,
    /// [`Timers::content_idle`].
    ContentIdle,
    /// [`Timers::ceiling`].
    Ceiling,
}

impl fmt::Display for Timer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Headers => "no answer began in time",
            Self::ByteIdle => "nothing came for too long",
            Self::Queued => "the model did not begin in time",
            Self::ContentIdle => "no content came for too long",
            Self::Ceiling => "the answer took too long",
        })
    }
}

/// Why a body's bytes ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// The wait for a byte was over.
    Idle,
    /// The connection was lost; why, in the transport's words.
    Lost(String),
    /// More than any answer has.
    TooLong,
}

/// The most bytes that a body may have: some 30 times the longest plan with all its event frames.
const LONGEST: usize = 32 * 1024 * 1024;

/// Bytes, each awaited for `first`, later for `idle` at most. Time that the reader spends elsewhere does not count.
pub(crate) fn timed<S, B, E>(
    bytes: S,
    first: Duration,
    idle: Duration,
) -> impl Stream<Item = Result<B, Interruption>>
where
    S: Stream<Item = Result<B, E>> + Unpin,
    B: AsRef<[u8]>,
    E: std::error::Error + 'static,
{
    let state = Some((bytes, first, 0_usize));
    stream::unfold(state, move |state| async move {
        let (mut bytes, wait, before) = state?;
        match timeout(wait, bytes.next()).await {
            Err(_) => Some((Err(Interruption::Idle), None)),
            Ok(None) => None,
            Ok(Some(Err(error))) => Some((Err(Interruption::Lost(root_cause(&error))), None)),
            Ok(Some(Ok(chunk))) => match before + chunk.as_ref().len() {
                read if read > LONGEST => Some((Err(Interruption::TooLong), None)),
                read => Some((Ok(chunk), Some((bytes, idle, read)))),
            },
        }
    })
}

/// The innermost cause, which says what happened; the outer ones say where, with the address.
pub(crate) fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use std::io;

    use tokio::{sync::mpsc, time::Instant};

    use super::*;

    const FIRST: Duration = Duration::from_secs(300);
    const IDLE: Duration = Duration::from_secs(75);

    type Hand = mpsc::UnboundedSender<io::Result<&'static [u8]>>;

    /// A body whose bytes are sent by hand.
    fn body() -> (
        Hand,
        impl Stream<Item = Result<&'static [u8], Interruption>> + Unpin,
    ) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let bytes = stream::unfold(receiver, |mut receiver| async {
            receiver.recv().await.map(|chunk| (chunk, receiver))
        });
        (sender, Box::pin(timed(Box::pin(bytes), FIRST, IDLE)))
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_byte_has_a_wait_of_its_own_and_every_byte_starts_the_next() {
        let (sender, mut bytes) = body();
        let began = Instant::now();
        tokio::spawn(async move {
            for wait in [299, 74, 74, 74] {
                tokio::time::sleep(Duration::from_secs(wait)).await;
                sender.send(Ok(b": keep-alive\n\n")).unwrap();
            }
            sender.closed().await;
        });
        for _ in 0..4 {
            assert!(bytes.next().await.unwrap().is_ok());
        }
        assert_eq!(bytes.next().await, Some(Err(Interruption::Idle)));
        assert_eq!(began.elapsed().as_secs(), 299 + 3 * 74 + 75);
        assert_eq!(bytes.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_is_busy_elsewhere_uses_up_no_wait() {
        let (sender, mut bytes) = body();
        sender.send(Ok(b"a")).unwrap();
        assert!(bytes.next().await.unwrap().is_ok());
        tokio::time::sleep(Duration::from_secs(1000)).await;
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            sender.send(Ok(b"b")).unwrap();
        });
        assert_eq!(bytes.next().await, Some(Ok(&b"b"[..])));
    }

    #[tokio::test]
    async fn a_lost_connection_says_why_and_a_body_without_end_is_left() {
        let (sender, mut bytes) = body();
        sender.send(Err(io::Error::other("reset by peer"))).unwrap();
        assert_eq!(
            bytes.next().await,
            Some(Err(Interruption::Lost("reset by peer".to_owned())))
        );
        let (sender, mut bytes) = body();
        let chunk: &'static [u8] = &[b' '; 1024 * 1024];
        (0..33).for_each(|_| sender.send(Ok(chunk)).unwrap());
        let mut read = 0;
        let end = loop {
            match bytes.next().await.unwrap() {
                Ok(_) => read += 1,
                Err(end) => break end,
            }
        };
        assert_eq!((read, end), (32, Interruption::TooLong));
    }
}
