//! What goes wrong with whole requests to Expo.

use std::{fmt, time::Duration};

use clap::ValueEnum;

use crate::seed::drawn;

/// What goes wrong with pushes; `once` means with the first request to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Scenario {
    /// Nothing.
    #[default]
    Plain,
    /// 429 with `Retry-After: 1` and the code `TOO_MANY_REQUESTS`, once.
    #[value(name = "429-once")]
    TooManyRequestsOnce,
    /// 500 without acceptance, once.
    #[value(name = "500-once")]
    ErrorOnce,
    /// 503 without acceptance, once.
    #[value(name = "503-once")]
    BusyOnce,
    /// Accepts, then cuts the connection in the answer, once.
    CutOnce,
    /// 500 to the first question for receipts.
    #[value(name = "receipts-500-once")]
    ReceiptsErrorOnce,
    /// Accepts every request and answers 2 s later.
    Slow,
    /// By the seed: one request in 30 each gets 429, 500, or is accepted and cut; the others take 0 to 40 ms after acceptance.
    Rough,
}

impl fmt::Display for Scenario {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_possible_value() {
            Some(value) => formatter.write_str(value.get_name()),
            None => Ok(()),
        }
    }
}

/// The fate of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    TooManyRequests,
    Error,
    Busy,
    Accept { then: Then, after: Duration },
}

/// What follows acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Answer,
    Cut,
}

impl Scenario {
    /// The fate of the request with this number, from 0.
    pub(crate) fn fate(self, request: usize, seed: u64) -> Fate {
        let answer = |after| Fate::Accept {
            then: Then::Answer,
            after,
        };
        let cut = Fate::Accept {
            then: Then::Cut,
            after: Duration::ZERO,
        };
        match (self, request) {
            (Self::TooManyRequestsOnce, 0) => Fate::TooManyRequests,
            (Self::ErrorOnce, 0) => Fate::Error,
            (Self::BusyOnce, 0) => Fate::Busy,
            (Self::CutOnce, 0) => cut,
            (Self::Slow, _) => answer(Duration::from_secs(2)),
            (Self::Rough, _) => match drawn(seed, request as u64) % 30 {
                0 => Fate::TooManyRequests,
                1 => Fate::Error,
                2 => cut,
                _ => answer(Duration::from_millis(drawn(!seed, request as u64) % 40)),
            },
            _ => answer(Duration::ZERO),
        }
    }
}
