//! Server-sent events out of bytes: whole events only, whatever the borders of the chunks.

use eventsource_stream::{EventStreamError, Eventsource};
use futures_util::{Stream, StreamExt, stream};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name; `message` if it has none.
    pub name: String,
    /// Its data lines, joined.
    pub data: String,
}

/// Why no more events come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken<E> {
    /// The bytes ended early.
    Bytes(E),
    /// The bytes are no events: not UTF-8, or cut inside a character.
    Format,
}

/// Reads events. An event that the end cuts is not told, and the stream ends as if nothing had been cut: only an event that says so is an
/// end. Comments are not told either.
pub fn events<S, B, E>(bytes: S) -> impl Stream<Item = Result<Event, Broken<E>>>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    let begin = stream::once(async { Ok(BEGIN.to_vec()) });
    let events = begin.chain(without_mark(bytes)).eventsource();
    events.map(|event| match event {
        Ok(event) => Ok(Event {
            name: event.event,
            data: event.data,
        }),
        Err(EventStreamError::Transport(error)) => Err(Broken::Bytes(error)),
        Err(EventStreamError::Utf8(_) | EventStreamError::Parser(_)) => Err(Broken::Format),
    })
}

/// An empty line, which ends no event: eventsource-stream 0.2.3 panics where a stream begins with a byte order mark (it cuts one byte of
/// the three), be it the second one.
const BEGIN: &[u8] = b"\n";

/// The byte order mark that a stream may begin with.
const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The bytes without the mark.
fn without_mark<S, B, E>(bytes: S) -> impl Stream<Item = Result<Vec<u8>, E>>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    let state = (Box::pin(bytes), MARK.as_slice());
    stream::unfold(state, |(mut bytes, mut mark)| async move {
        let chunk = match bytes.next().await? {
            Ok(chunk) => chunk,
            Err(error) => return Some((Err(error), (bytes, mark))),
        };
        let mut rest = chunk.as_ref();
        while let ([expected, others @ ..], [byte, after @ ..]) = (mark, rest) {
            if expected == byte {
                (mark, rest) = (others, after);
            } else {
                mark = &[];
            }
        }
        Some((Ok(rest.to_vec()), (bytes, mark)))
    })
}
