//! How many accounts may be made in a minute: more than anybody develops with, fewer than a loop gone wild would make.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;

use super::error::AccountError;

const MINUTE: Duration = Duration::from_secs(60);
const MOST: u32 = 600;

/// Counts what happened in the present minute.
#[derive(Default)]
pub(super) struct Pace(Mutex<Option<(Instant, u32)>>);

impl Pace {
    /// Counts one more.
    ///
    /// # Errors
    /// 429 `over_request_rate_limit` when there were too many.
    pub(super) fn step(&self) -> Result<(), AccountError> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = minute
            .filter(|(since, _)| since.elapsed() < MINUTE)
            .unwrap_or((Instant::now(), 0));
        if count >= MOST {
            return Err(AccountError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "over_request_rate_limit",
                "Request rate limit reached",
            ));
        }
        *minute = Some((since, count + 1));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_in_a_minute_and_not_one_more() {
        let pace = Pace::default();
        assert!((0..MOST).all(|_| pace.step().is_ok()));
        assert!(pace.step().is_err());
        let Some(earlier) = Instant::now().checked_sub(MINUTE) else {
            return;
        };
        *pace.0.lock().unwrap() = Some((earlier, MOST));
        assert!(pace.step().is_ok(), "the next minute counts anew");
    }
}
