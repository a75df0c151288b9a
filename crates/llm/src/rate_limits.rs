//! What a provider still allows, read from the headers of every answer, good or bad.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The provider's count of requests and of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RateLimits {
    /// `x-ratelimit-…-requests`.
    pub requests: Option<Allowance>,
    /// `x-ratelimit-…-tokens`.
    pub tokens: Option<Allowance>,
}

/// One count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// How many there are in all.
    pub limit: Option<u64>,
    /// How many are left.
    pub remaining: Option<u64>,
    /// How long until all are back.
    pub reset: Option<Duration>,
}

impl RateLimits {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let allowance = |what: &str| {
            let of = |part: &str| text(headers, &format!("x-ratelimit-{part}-{what}"));
            let allowance = Allowance {
                limit: of("limit").and_then(|limit| limit.parse().ok()),
                remaining: of("remaining").and_then(|remaining| remaining.parse().ok()),
                reset: of("reset").and_then(duration),
            };
            (allowance != Allowance::default()).then_some(allowance)
        };
        Self {
            requests: allowance("requests"),
            tokens: allowance("tokens"),
        }
    }

    /// The resets of what is used up.
    fn exhausted(self) -> impl Iterator<Item = Duration> {
        [self.requests, self.tokens]
            .into_iter()
            .flatten()
            .filter(|allowance| allowance.remaining == Some(0))
            .filter_map(|allowance| allowance.reset)
    }

    /// The newer of two, part by part.
    pub(crate) fn or(self, older: Self) -> Self {
        Self {
            requests: self.requests.or(older.requests),
            tokens: self.tokens.or(older.tokens),
        }
    }
}

/// The wait that the headers of a refusal name: the longest of `Retry-After`, `retry-after-ms` and the resets of what is used up.
pub(crate) fn named_wait(headers: &HeaderMap, now: jiff::Timestamp) -> Option<Duration> {
    let milliseconds = text(headers, "retry-after-ms").and_then(|wait| wait.parse::<f64>().ok());
    let milliseconds =
        milliseconds.and_then(|wait| Duration::try_from_secs_f64(wait / 1000.0).ok());
    let named = text(headers, RETRY_AFTER.as_str()).and_then(|wait| retry_after(wait, now));
    RateLimits::of(headers)
        .exhausted()
        .chain(milliseconds)
        .chain(named)
        .max()
}

/// Seconds, or a date (RFC 9110, 10.2.3); a date that has passed asks for no wait.
fn retry_after(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(date.duration_since(now).try_into().unwrap_or_default())
}

/// `1s`, `6m0s`, `120ms`; a bare number is seconds.
fn duration(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    value.parse::<jiff::SignedDuration>().ok()?.try_into().ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_reset_is_read_as_the_providers_write_it() {
        for (value, milliseconds) in [
            ("1s", Some(1_000)),
            ("6m0s", Some(360_000)),
            ("120ms", Some(120)),
            ("1h2m3s", Some(3_723_000)),
            ("8.64s", Some(8_640)),
            ("17", Some(17_000)),
            ("0", Some(0)),
            ("-5s", None),
            ("soon", None),
            ("", None),
            ("1e300", None),
            ("NaN", None),
        ] {
            assert_eq!(
                duration(value),
                milliseconds.map(Duration::from_millis),
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_left_is_told_for_requests_and_tokens() {
        let limits = RateLimits::of(&headers(&[
            ("x-ratelimit-limit-requests", "60"),
            ("x-ratelimit-remaining-requests", "59"),
            ("x-ratelimit-reset-requests", "1s"),
            ("x-ratelimit-remaining-tokens", "149984"),
            ("x-ratelimit-reset-tokens", "6m0s"),
        ]));
        let requests = limits.requests.unwrap();
        assert_eq!((requests.limit, requests.remaining), (Some(60), Some(59)));
        let tokens = limits.tokens.unwrap();
        assert_eq!(tokens.reset, Some(Duration::from_secs(360)));
        assert_eq!(RateLimits::of(&headers(&[])), RateLimits::default());
    }

    #[test]
    fn the_longest_named_wait_counts_and_a_reset_only_of_what_is_used_up() {
        let now = "1994-11-06T08:49:00Z".parse().unwrap();
        for (pairs, milliseconds) in [
            (&[("retry-after", "7")][..], Some(7_000)),
            (
                &[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")],
                Some(37_000),
            ),
            (&[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")], Some(0)),
            (&[("retry-after-ms", "1500")], Some(1_500)),
            (
                &[("retry-after", "1"), ("retry-after-ms", "1500")],
                Some(1_500),
            ),
            (
                &[
                    ("retry-after", "1"),
                    ("x-ratelimit-remaining-tokens", "0"),
                    ("x-ratelimit-reset-tokens", "2s"),
                ],
                Some(2_000),
            ),
            (
                &[
                    ("x-ratelimit-remaining-tokens", "9"),
                    ("x-ratelimit-reset-tokens", "2s"),
                ],
                None,
            ),
            (&[], None),
        ] {
            assert_eq!(
                named_wait(&headers(pairs), now),
                milliseconds.map(Duration::from_millis),
                "{pairs:?}"
            );
        }
    }
}
