//! One request to Expo and the sense of its answer.

use std::{collections::BTreeMap, io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Semaphore;

use super::{ExpoOptions, InvalidExpoOptions, wire::RequestErrors};
use crate::RequestFailure;

/// A body larger than this goes out compressed, as the official SDK's does.
const COMPRESS_OVER: usize = 1024;

/// Why a request brought no tickets.
pub(super) enum Refused {
    /// Nothing was sent: the messages are of several projects, told by Expo as tokens by project.
    Mixed(BTreeMap<String, Vec<String>>),
    Failure(RequestFailure),
}

impl Refused {
    pub(super) fn into_failure(self) -> RequestFailure {
        match self {
            Self::Mixed(_) => RequestFailure::Permanent {
                reason: "PUSH_TOO_MANY_EXPERIENCE_IDS".to_owned(),
            },
            Self::Failure(failure) => failure,
        }
    }
}

/// The way to Expo.
pub(super) struct Door {
    client: Client,
    url: String,
    authorization: Option<HeaderValue>,
    places: Semaphore,
}

impl Door {
    pub(super) fn new(options: &ExpoOptions) -> Result<Self, InvalidExpoOptions> {
        let url = options.url.trim_end_matches('/').to_owned();
        reqwest::Url::parse(&url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| InvalidExpoOptions::Url(url.clone()))?;
        let authorization = match &options.access_token {
            None => None,
            Some(token) => {
                let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
                    .map_err(|_| InvalidExpoOptions::AccessToken)?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        // Whoever installed one first is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(options.connect_timeout)
            .timeout(options.timeout)
            .build()
            .map_err(|error| InvalidExpoOptions::Client(error.to_string()))?;
        Ok(Self {
            client,
            url,
            authorization,
            places: Semaphore::new(options.concurrency.max(1)),
        })
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, Refused> {
        let body = serde_json::to_vec(body).map_err(|error| permanent(error.to_string()))?;
        let mut request = self
            .client
            .post(format!("{}/{path}", self.url))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request = if body.len() > COMPRESS_OVER {
            let body = gzip(&body).map_err(|error| permanent(error.to_string()))?;
            request.header(CONTENT_ENCODING, "gzip").body(body)
        } else {
            request.body(body)
        };
        let _place = self.places.acquire().await;
        let response = request.send().await.map_err(|error| not_answered(&error))?;
        let (status, after) = (response.status(), retry_after(&response));
        let answer = match response.bytes().await {
            Ok(answer) => answer,
            Err(error) if status.is_success() => return Err(not_answered(&error)),
            Err(_) => Default::default(),
        };
        match serde_json::from_slice::<T>(&answer) {
            Ok(answer) if status.is_success() => Ok(answer),
            _ => Err(refused(status, after, &answer)),
        }
    }
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

/// Without a connection nothing was sent; with one, who knows.
fn not_answered(error: &reqwest::Error) -> Refused {
    let what = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "timed out",
        (_, true) => "no connection",
        _ => "connection lost",
    };
    let reason = what.to_owned();
    Refused::Failure(match error.is_connect() || error.is_builder() {
        true => RequestFailure::Retry {
            after: None,
            reason,
        },
        false => RequestFailure::Ambiguous { reason },
    })
}

fn permanent(reason: String) -> Refused {
    Refused::Failure(RequestFailure::Permanent { reason })
}

/// An answer without tickets. 429 and 503 say that nothing was taken. Any other 5xx may come from a gateway while the service
/// behind it has accepted, and so may a 200 that cannot be read.
fn refused(status: StatusCode, after: Option<Duration>, answer: &[u8]) -> Refused {
    let error = serde_json::from_slice::<RequestErrors>(answer)
        .ok()
        .and_then(|answer| answer.errors.into_iter().next());
    if let Some(projects) = error.as_ref().and_then(|error| error.projects()) {
        return Refused::Mixed(projects);
    }
    let code = error.map(|error| error.code).unwrap_or_default();
    let busy = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    );
    let reason = format!("HTTP {} {code}", status.as_u16())
        .trim_end()
        .to_owned();
    Refused::Failure(if busy || code == "TOO_MANY_REQUESTS" {
        RequestFailure::Retry { after, reason }
    } else if status.is_server_error() || (status.is_success() && code.is_empty()) {
        RequestFailure::Ambiguous { reason }
    } else {
        RequestFailure::Permanent { reason }
    })
}

fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    named_wait(value, jiff::Timestamp::now())
}

/// The wait that a `Retry-After` names, in seconds or as a date (RFC 9110, 10.2.3).
fn named_wait(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    // A date that has passed asks for no wait.
    Some(date.duration_since(now).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_named_in_seconds_or_by_a_date() {
        let now = "1994-11-06T08:49:00Z".parse().unwrap();
        for (value, seconds) in [
            ("120", Some(120)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
        ] {
            assert_eq!(
                named_wait(value, now),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }
}
