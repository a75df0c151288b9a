//! The Chat Completions dialect, which OpenAI began and most others speak with small differences.

mod body;
mod events;

pub use body::Structured;
pub(crate) use body::{Body, Dialect};
pub use events::{ChatReader, Seen};

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::{
    Answer, Error, Fault, Journal, Request, Timer,
    call::{Call, Line, Read, Unsaid},
    http::Events,
};

/// How long usage and `[DONE]` are waited for once the answer has ended; they come at once, or never.
const LINGER: Duration = Duration::from_secs(5);

/// Asks once, until the ceiling at most.
pub(crate) async fn ask(
    line: &Line,
    dialect: &Dialect,
    request: &Request,
    journal: &mut dyn Journal,
    ceiling: Instant,
) -> Result<Answer, Error> {
    let mut call = Call::new(line, request);
    let mut reader = ChatReader::default();
    let talk = talk(line, dialect, request, &mut call, &mut reader, journal);
    let ended = match timeout_at(ceiling, talk).await {
        Ok(ended) => ended,
        Err(_) => Err(Fault::timeout(Timer::Ceiling)),
    };
    // An answer that said its end is whole, whatever became of the stream behind it.
    let ended = ended.or_else(|fault| match reader.has_ended() {
        true => Ok(()),
        false => Err(fault),
    });
    let ended = ended.and_then(|()| reader.verdict());
    call.conclude(reader.into_read(), ended)
}

async fn talk(
    line: &Line,
    dialect: &Dialect,
    request: &Request,
    call: &mut Call<'_>,
    reader: &mut ChatReader,
    journal: &mut dyn Journal,
) -> Result<(), Fault> {
    let body = Body::new(&line.model, dialect, request);
    let opened = line.door.post_for_events("/chat/completions", &body).await;
    let mut events = call.opened(opened)?;
    call.unsaid = Unsaid::AsRead;
    while !reader.has_ended() {
        let event = call.next_event(&mut events).await?;
        if reader.read(&event.data)? == Seen::Content {
            call.content_came();
            call.progressed(reader.as_read(), journal).await?;
        }
    }
    if !reader.is_done() {
        // Nothing to say if it does not come.
        let _ = tokio::time::timeout(LINGER, linger(reader, &mut events)).await;
    }
    Ok(())
}

async fn linger(reader: &mut ChatReader, events: &mut Events) -> Result<(), Fault> {
    while !reader.is_done() {
        let event = events.next().await?;
        reader.read(&event.data)?;
    }
    Ok(())
}

impl ChatReader {
    fn as_read(&self) -> &Read {
        &self.read
    }

    fn into_read(self) -> Read {
        self.read
    }
}
