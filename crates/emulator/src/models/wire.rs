//! Plays a script on a connection: in time, to the place where it breaks off, and with every token booked.

use std::{
    future::pending,
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt, stream};
use tokio::sync::watch;

use super::{
    scenario::Break,
    script::{Frame, Pace, Script},
};
use crate::{CallStatus, Ledger, connection::Handle};

/// Books what is generated. Dropped before the end, the call was cut.
pub(super) struct Meter {
    ledger: Arc<Ledger>,
    id: String,
    start: Instant,
    /// `None`: the call fails at the provider and is not billed.
    outcome: Option<CallStatus>,
    /// Set while an unstreamed answer is generated, whose tokens nobody sees one by one.
    unseen: Option<(Pace, usize)>,
    at_end: Option<Box<dyn FnOnce() + Send>>,
    ended: bool,
}

impl Meter {
    pub(super) fn new(ledger: Arc<Ledger>, id: &str, outcome: Option<CallStatus>) -> Self {
        Self {
            ledger,
            id: id.to_owned(),
            start: Instant::now(),
            outcome,
            unseen: None,
            at_end: None,
            ended: false,
        }
    }

    /// What is done when the answer was generated to its end.
    pub(super) fn at_end(&mut self, then: Box<dyn FnOnce() + Send>) {
        self.at_end = Some(then);
    }

    /// Waits until the frame is due and books its tokens.
    pub(super) async fn pass(&mut self, script: &Script, index: usize) {
        let frame = &script.frames[index];
        if !script.streamed {
            self.unseen = Some((script.pace, frame.tokens));
        }
        if !frame.due.is_zero() {
            tokio::time::sleep_until((self.start + frame.due).into()).await;
        }
        self.unseen = None;
        self.ledger.progress(&self.id, frame.tokens);
        if index + 1 == script.frames.len() {
            self.ended = true;
            match self.outcome {
                Some(status) => self.ledger.end(&self.id, status),
                None => self.ledger.withdraw(&self.id),
            }
            if let Some(then) = self.at_end.take() {
                then();
            }
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if let Some((pace, total)) = self.unseen {
            let tokens = pace.tokens_after(self.start.elapsed(), total);
            self.ledger.progress(&self.id, tokens);
        }
        self.ledger.end(&self.id, CallStatus::Cut);
    }
}

/// How far a generation in the background is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Progress {
    /// How many frames there are.
    pub(super) frames: usize,
    /// There will be no more.
    pub(super) over: bool,
}

/// Who decides that a frame is there.
pub(super) enum Gate {
    /// Nobody: nothing is ever there.
    Closed,
    /// This connection: the generation dies with it.
    Foreground(Meter),
    /// A task that tells how far it is.
    Background(watch::Receiver<Progress>),
}

/// Plays a script to one connection.
pub(super) struct Player {
    pub(super) script: Arc<Script>,
    /// The next frame.
    pub(super) next: usize,
    pub(super) gate: Gate,
    pub(super) connection: Handle,
    /// After how many bytes it breaks off, and how.
    pub(super) breaks: Option<(usize, Break)>,
    pub(super) byte_by_byte: bool,
    /// Bytes so far.
    pub(super) sent: usize,
    /// The rest of the frame.
    pub(super) pending: Bytes,
}

impl Player {
    /// From the first frame, to the end.
    pub(super) fn new(script: Arc<Script>, gate: Gate, connection: Handle) -> Self {
        Self {
            script,
            next: 0,
            gate,
            connection,
            breaks: None,
            byte_by_byte: false,
            sent: 0,
            pending: Bytes::new(),
        }
    }

    /// A response of status 200 whose headers come with the first frame.
    pub(super) async fn respond(mut self) -> Response {
        let streamed = self.script.streamed;
        let first = self.next().await;
        let rest = stream::unfold(self, async |mut player| {
            player.next().await.map(|chunk| (chunk, player))
        });
        let mut response = Response::new(Body::from_stream(stream::iter(first).chain(rest)));
        let headers = response.headers_mut();
        let content_type = match streamed {
            true => "text/event-stream; charset=utf-8",
            false => "application/json",
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response
    }

    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        // What was given before is written before more is made.
        tokio::task::yield_now().await;
        if let Some((at, how)) = self.breaks
            && self.sent == at
        {
            return self.break_off(how).await;
        }
        if self.pending.is_empty() {
            self.pending = self.next_frame().await?.bytes;
        }
        let most = match self.byte_by_byte {
            true => 1,
            false => self.pending.len(),
        };
        let room = self.breaks.map_or(most, |(at, _)| at - self.sent);
        let chunk = self.pending.split_to(most.min(room));
        self.sent += chunk.len();
        Some(Ok(chunk))
    }

    async fn next_frame(&mut self) -> Option<Frame> {
        let frame = self.script.frames.get(self.next)?.clone();
        match &mut self.gate {
            Gate::Foreground(meter) => meter.pass(&self.script, self.next).await,
            Gate::Background(progress) => {
                let next = self.next;
                let there = progress
                    .wait_for(|there| there.frames > next || there.over)
                    .await;
                there.ok().filter(|there| there.frames > next)?;
            }
            Gate::Closed => return None,
        }
        self.next += 1;
        Some(frame)
    }

    async fn break_off(&mut self, how: Break) -> Option<io::Result<Bytes>> {
        match how {
            Break::Close => return None,
            Break::Stall => pending::<()>().await,
            Break::KeepAlive => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                return Some(Ok(self.script.keep_alive_line()));
            }
            Break::Reset => self.connection.reset(),
            Break::Cut => {}
        }
        Some(Err(io::ErrorKind::ConnectionReset.into()))
    }
}
