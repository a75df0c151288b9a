//! Requests and tokens a minute, by a bucket that refills all the time, for each provider and model.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::Provider;

/// What an unlimited emulator says its limits are.
const PLENTY: (u32, u32) = (10_000, 30_000_000);

pub(super) struct Limits {
    requests: Option<u32>,
    tokens: Option<u32>,
    buckets: Mutex<BTreeMap<(Provider, String), Pair>>,
}

struct Pair {
    requests: Bucket,
    tokens: Bucket,
}

/// What is left after a call, for the `x-ratelimit` headers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left {
    pub(super) requests: Level,
    pub(super) tokens: Level,
}

/// One bucket's state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    /// Until it is full.
    pub(super) reset: Duration,
}

/// Which limit was passed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed {
    /// `requests` or `tokens`.
    pub(super) what: &'static str,
    pub(super) limit: u32,
    pub(super) wanted: u32,
    /// `None`: more than the bucket ever holds.
    pub(super) wait: Option<Duration>,
}

impl Limits {
    pub(super) fn new(requests: Option<u32>, tokens: Option<u32>) -> Self {
        Self {
            requests,
            tokens,
            buckets: Mutex::default(),
        }
    }

    /// Takes one request and so many tokens, or nothing.
    pub(super) fn take(
        &self,
        provider: Provider,
        model: &str,
        tokens: usize,
    ) -> (Left, Result<(), Passed>) {
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = buckets
            .entry((provider, model.to_owned()))
            .or_insert_with(|| Pair {
                requests: Bucket::full(self.requests.unwrap_or(PLENTY.0), now),
                tokens: Bucket::full(self.tokens.unwrap_or(PLENTY.1), now),
            });
        let tokens = u32::try_from(tokens).unwrap_or(u32::MAX);
        pair.requests.refill(now);
        pair.tokens.refill(now);
        let checked = self
            .requests
            .map_or(Ok(()), |_| pair.requests.check("requests", 1))
            .and_then(|()| {
                self.tokens
                    .map_or(Ok(()), |_| pair.tokens.check("tokens", tokens))
            });
        if checked.is_ok() {
            pair.requests.take(1);
            pair.tokens.take(tokens);
        }
        let left = Left {
            requests: pair.requests.level(),
            tokens: pair.tokens.level(),
        };
        (left, checked)
    }
}

struct Bucket {
    limit: u32,
    level: f64,
    at: Instant,
}

impl Bucket {
    fn full(limit: u32, now: Instant) -> Self {
        Self {
            limit,
            level: f64::from(limit),
            at: now,
        }
    }

    fn refill(&mut self, now: Instant) {
        let gained = (now - self.at).as_secs_f64() * f64::from(self.limit) / 60.0;
        self.level = (self.level + gained).min(f64::from(self.limit));
        self.at = now;
    }

    fn check(&self, what: &'static str, wanted: u32) -> Result<(), Passed> {
        let missing = f64::from(wanted) - self.level;
        match missing > 0.0 {
            false => Ok(()),
            true => Err(Passed {
                what,
                limit: self.limit,
                wanted,
                wait: (wanted <= self.limit).then(|| self.time_for(missing)),
            }),
        }
    }

    fn take(&mut self, wanted: u32) {
        self.level = (self.level - f64::from(wanted)).max(0.0);
    }

    fn time_for(&self, missing: f64) -> Duration {
        Duration::from_secs_f64(missing * 60.0 / f64::from(self.limit.max(1)))
    }

    fn level(&self) -> Level {
        Level {
            limit: self.limit,
            remaining: self.level as u32,
            reset: self.time_for(f64::from(self.limit) - self.level),
        }
    }
}
