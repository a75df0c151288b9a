//! A circuit breaker: stops asking a provider that fails, and tries it again with one call.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::{Class, Error, Permanent};

/// So many failures …
const FAILURES: usize = 5;
/// … within this time open it …
const WITHIN: Duration = Duration::from_secs(60);
/// … for this time.
const OPEN: Duration = Duration::from_secs(60);

/// One provider's breaker. A plain state machine: time is given to it, and it is told how each call ended.
///
/// A failure is a lost connection, a timeout, a 5xx or a busy provider. A wrong key or missing credit opens it at once. What the answer is
/// worth, and a 429, which only says that we are too fast, leave it as it is.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    state: State,
}

/// What the end of a call did to a breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It stays as it was.
    None,
    /// Nobody is to be asked for a while.
    Opened,
    /// The provider is asked again as ever.
    Closed,
}

#[derive(Debug, Clone)]
enum State {
    Closed { failures: VecDeque<Instant> },
    Open { until: Instant },
    Probing { since: Instant },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed {
            failures: VecDeque::new(),
        }
    }
}

impl Breaker {
    /// Asks for leave to call. Once its time is over, the first who asks is the probe, and all others wait for how it ends.
    ///
    /// # Errors
    /// Until when not to ask.
    pub fn admit(&mut self, now: Instant) -> Result<(), Instant> {
        let until = match self.state {
            State::Closed { .. } => return Ok(()),
            State::Open { until } => until,
            // A probe that never told its end is given up.
            State::Probing { since } => since + OPEN,
        };
        if now < until {
            return Err(until);
        }
        self.state = State::Probing { since: now };
        Ok(())
    }

    /// For how long an opened one refuses.
    pub const OPEN: Duration = OPEN;

    /// A call was answered: whatever there was is forgotten.
    pub fn succeeded(&mut self) -> Turn {
        match std::mem::take(&mut self.state) {
            State::Closed { .. } => Turn::None,
            State::Open { .. } | State::Probing { .. } => Turn::Closed,
        }
    }

    /// A call failed.
    pub fn failed(&mut self, error: &Error, now: Instant) -> Turn {
        match (Weight::of(error), &mut self.state) {
            // Says nothing of the provider: the next one probes.
            (Weight::None, State::Probing { .. }) if error.class == Class::Stopped => {
                self.state = State::Open { until: now };
                Turn::None
            }
            (Weight::None, State::Probing { .. }) => self.succeeded(),
            (Weight::None, _) | (_, State::Open { .. }) => Turn::None,
            (Weight::All, _) | (_, State::Probing { .. }) => self.open(now),
            (Weight::One, State::Closed { failures }) => {
                failures.push_back(now);
                while failures
                    .front()
                    .is_some_and(|first| now.duration_since(*first) > WITHIN)
                {
                    failures.pop_front();
                }
                match failures.len() {
                    FAILURES.. => self.open(now),
                    _ => Turn::None,
                }
            }
        }
    }

    /// Whether calls are refused at this time.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        self.clone().admit(now).is_err()
    }

    fn open(&mut self, now: Instant) -> Turn {
        self.state = State::Open { until: now + OPEN };
        Turn::Opened
    }
}

/// What a failure counts.
enum Weight {
    None,
    One,
    All,
}

impl Weight {
    fn of(error: &Error) -> Self {
        match error.class {
            Class::Permanent(Permanent::Key | Permanent::Quota) => Self::All,
            Class::Network | Class::Timeout(_) => Self::One,
            Class::RateLimit { .. } if error.facts.status != Some(429) => Self::One,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::Timer;

    fn error(class: Class, status: Option<u16>) -> Error {
        let mut error = Error::new("test", class, "");
        error.facts.status = status;
        error
    }

    fn lost() -> Error {
        error(Class::Network, None)
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn five_failures_within_a_minute_open_it_for_a_minute() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        for second in 0..4 {
            assert_eq!(breaker.failed(&lost(), start + seconds(second)), Turn::None);
        }
        assert_eq!(breaker.admit(start + seconds(4)), Ok(()));
        assert_eq!(breaker.failed(&lost(), start + seconds(4)), Turn::Opened);
        assert_eq!(breaker.admit(start + seconds(63)), Err(start + seconds(64)));
        assert_eq!(breaker.admit(start + seconds(64)), Ok(()));
    }

    #[test]
    fn failures_that_are_a_minute_apart_do_not_add_up() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        for minute in 0..20 {
            assert_eq!(
                breaker.failed(&lost(), start + seconds(16 * minute)),
                Turn::None
            );
        }
        assert!(!breaker.is_open(start + seconds(400)));
    }

    #[test]
    fn one_probe_decides() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        let key = error(Class::Permanent(Permanent::Key), Some(401));
        assert_eq!(breaker.failed(&key, start), Turn::Opened);
        assert_eq!(breaker.admit(start + seconds(60)), Ok(()));
        assert_eq!(
            breaker.admit(start + seconds(61)),
            Err(start + seconds(120))
        );
        assert_eq!(breaker.failed(&lost(), start + seconds(62)), Turn::Opened);
        assert_eq!(
            breaker.admit(start + seconds(121)),
            Err(start + seconds(122))
        );
        assert_eq!(breaker.admit(start + seconds(122)), Ok(()));
        assert_eq!(breaker.succeeded(), Turn::Closed);
        assert_eq!(breaker.succeeded(), Turn::None);
        assert_eq!(breaker.admit(start + seconds(122)), Ok(()));
        assert_eq!(breaker.admit(start + seconds(122)), Ok(()));
    }

    #[test]
    fn a_probe_that_is_lost_makes_room_for_another() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        breaker.failed(&error(Class::Permanent(Permanent::Quota), Some(402)), start);
        assert_eq!(breaker.admit(start + seconds(60)), Ok(()));
        assert_eq!(breaker.admit(start + seconds(120)), Ok(()));
    }

    #[test]
    fn what_an_answer_is_worth_and_our_own_haste_do_not_count() {
        let start = Instant::now();
        for (class, status, counts) in [
            (Class::Refused, None, false),
            (Class::Empty, None, false),
            (Class::Truncated, None, false),
            (Class::Stopped, None, false),
            (Class::HandleGone, Some(404), false),
            (Class::Permanent(Permanent::BadRequest), Some(400), false),
            (Class::RateLimit { retry_after: None }, Some(429), false),
            (Class::RateLimit { retry_after: None }, Some(503), true),
            (Class::Timeout(Timer::ByteIdle), None, true),
            (Class::Network, Some(500), true),
        ] {
            let mut breaker = Breaker::default();
            let error = error(class, status);
            (0..5).for_each(|_| _ = breaker.failed(&error, start));
            assert_eq!(breaker.is_open(start), counts, "{error}");
        }
    }

    proptest! {
        #[test]
        fn it_never_stays_shut_out_for_more_than_a_minute_after_the_last_event(events in vec((0_u8..4, 0_u64..90), 0..50)) {
            let (mut breaker, mut now) = (Breaker::default(), Instant::now());
            for (event, wait) in events {
                now += seconds(wait);
                match event {
                    0 => _ = breaker.admit(now),
                    1 => _ = breaker.succeeded(),
                    2 => _ = breaker.failed(&lost(), now),
                    _ => {
                        breaker.failed(&error(Class::Permanent(Permanent::Key), None), now);
                    }
                }
            }
            prop_assert_eq!(breaker.admit(now + OPEN), Ok(()));
        }
    }
}
