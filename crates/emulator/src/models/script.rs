//! An answer as the bytes that will be sent, and when.

use std::time::Duration;

use axum::body::Bytes;

use super::scenario::At;

/// How fast a model speaks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    /// Until the first token.
    pub(super) first: Duration,
    /// From one token to the next.
    pub(super) each: Duration,
}

impl Pace {
    /// When so many tokens are there.
    fn due(self, tokens: usize) -> Duration {
        match u32::try_from(tokens) {
            Ok(0) => Duration::ZERO,
            Ok(tokens) => self.first + self.each * (tokens - 1),
            Err(_) => Duration::MAX,
        }
    }

    /// How many tokens are there after a time, of so many.
    pub(super) fn tokens_after(self, time: Duration, total: usize) -> usize {
        match time.checked_sub(self.first) {
            None => 0,
            Some(_) if self.each.is_zero() => total,
            Some(time) => total.min((time.as_secs_f64() / self.each.as_secs_f64()) as usize + 1),
        }
    }
}

/// Something that is written at once: an event, a comment, a body.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) bytes: Bytes,
    /// Since the call was accepted.
    pub(super) due: Duration,
    /// The tokens of the answer until and with this frame.
    pub(super) tokens: usize,
    /// The sequence number of an event that has one.
    pub(super) sequence: Option<u64>,
    keep_alive: bool,
}

/// All frames of an answer.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) frames: Vec<Frame>,
    pub(super) pace: Pace,
    pub(super) streamed: bool,
}

impl Script {
    pub(super) fn new(pace: Pace, streamed: bool) -> Self {
        Self {
            frames: Vec::new(),
            pace,
            streamed,
        }
    }

    /// The next frame, when so many tokens are there. Returns its place.
    pub(super) fn push(&mut self, tokens: usize, bytes: impl Into<Bytes>) -> usize {
        let before = self.frames.last().map_or(Duration::ZERO, |frame| frame.due);
        self.frames.push(Frame {
            bytes: bytes.into(),
            due: self.pace.due(tokens).max(before),
            tokens,
            sequence: None,
            keep_alive: false,
        });
        self.frames.len() - 1
    }

    /// An event `data: …` without a name.
    pub(super) fn data(&mut self, tokens: usize, data: &impl ToString) {
        self.push(tokens, format!("data: {}\n\n", data.to_string()));
    }

    pub(super) fn keep_alive_line(&self) -> Bytes {
        Bytes::from_static(match self.streamed {
            true => b": keep-alive\n\n",
            false => b"\n",
        })
    }

    /// Keep-alive lines, the first at once; what follows is so much later.
    pub(super) fn keep_alive(&mut self, count: usize, apart: Duration) {
        let line = self.keep_alive_line();
        let start = self.frames.last().map_or(Duration::ZERO, |frame| frame.due);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.frames.extend((0..count).map(|number| Frame {
            bytes: line.clone(),
            due: start + apart * number,
            tokens: 0,
            sequence: None,
            keep_alive: true,
        }));
        self.pace.first += apart * count;
    }

    /// Keep-alive lines so far apart while the first token is waited for.
    pub(super) fn wait_alive(&mut self, apart: Duration) {
        let count = self.pace.first.as_millis() / apart.as_millis();
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.pace.first -= apart * count;
        self.keep_alive(count as usize, apart);
    }

    /// How many bytes are before a place.
    pub(super) fn offset(&self, at: At, draw: u64) -> usize {
        let total = self.before(self.frames.len());
        let is_content = |frame: &Frame| frame.tokens > 0;
        let contents: Vec<usize> = (0..self.frames.len())
            .filter(|index| is_content(&self.frames[*index]))
            .collect();
        let middle = contents.get(contents.len() / 2).copied().unwrap_or(0);
        let within = |index: usize| self.before(index) + self.frames[index].bytes.len() / 2;
        match at {
            At::End => total,
            At::Random => 1 + (draw % (total.max(2) as u64 - 1)) as usize,
            At::FirstToken => contents.first().map_or(0, |index| self.before(*index)),
            At::FirstEvent => {
                let first = self.frames.iter().position(|frame| !frame.keep_alive);
                let first = first.unwrap_or(0);
                match self.streamed {
                    true => self.before(first + 1),
                    false => self.before(first) + 1,
                }
            }
            At::Half if self.streamed => self.before(middle),
            At::Half | At::MidEvent => within(middle),
            At::MidCharacter => self.mid_character().unwrap_or_else(|| within(middle)),
            At::Terminal if self.streamed => self.before(self.frames.len().saturating_sub(1)),
            At::Terminal => total - 1,
        }
    }

    fn before(&self, index: usize) -> usize {
        self.frames[..index]
            .iter()
            .map(|frame| frame.bytes.len())
            .sum()
    }

    /// The second byte of the first character that has several.
    fn mid_character(&self) -> Option<usize> {
        let mut bytes = self.frames.iter().flat_map(|frame| frame.bytes.iter());
        bytes
            .position(|byte| !byte.is_ascii())
            .map(|first| first + 1)
    }
}
