//! One request to a provider: sent, and its answer opened or understood as a failure.

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use reqwest::{
    Client, Method, RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::Serialize;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    Class, Endpoint, Fault, Permanent, RateLimits, Timer,
    rate_limits::named_wait,
    sse::{self, Broken, Event},
    timers::{Interruption, root_cause, timed},
};

/// An endpoint that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidEndpoint {
    /// The address is none.
    #[error("{provider}'s address must be a URL such as https://api.openai.com/v1, not {url:?}")]
    Url {
        /// Whose.
        provider: String,
        /// What it is.
        url: String,
    },
    /// The key cannot stand in a header.
    #[error("{0}'s key must be printable ASCII without line breaks")]
    Key(String),
    /// The model has no name.
    #[error("{0} needs the name of a model")]
    Model(String),
    /// No HTTPS on this machine.
    #[error("no HTTPS client could be made: {0}")]
    Client(String),
}

/// The most bytes of a failure's body that are read.
const FAILURE_BODY: usize = 64 * 1024;

/// The way to a provider.
pub(crate) struct Door {
    client: Client,
    base_url: String,
    authorization: Option<HeaderValue>,
    headers: Duration,
    first_byte: Duration,
    byte_idle: Duration,
}

/// What the headers of an answer say, whatever the answer is.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) request_id: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) rate_limits: RateLimits,
}

/// An answer's headers, and its body or why there is none.
pub(crate) struct Opened<T> {
    pub(crate) head: Head,
    pub(crate) body: Result<T, Fault>,
}

impl Door {
    pub(crate) fn new(endpoint: &Endpoint) -> Result<Self, InvalidEndpoint> {
        let provider = endpoint.provider.clone();
        if endpoint.model.trim().is_empty() {
            return Err(InvalidEndpoint::Model(provider));
        }
        let base_url = endpoint.base_url.trim_end_matches('/').to_owned();
        Url::parse(&base_url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| InvalidEndpoint::Url {
                provider: provider.clone(),
                url: base_url.clone(),
            })?;
        let authorization = match &endpoint.api_key {
            None => None,
            Some(key) => {
                let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose()))
                    .map_err(|_| InvalidEndpoint::Key(provider))?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        // Whoever installed one first is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // No time limit for a whole answer, and no way to another host with the key.
        let client = Client::builder()
            .connect_timeout(endpoint.timers.connect)
            .redirect(Policy::none())
            .build()
            .map_err(|error| InvalidEndpoint::Client(error.to_string()))?;
        Ok(Self {
            client,
            base_url,
            authorization,
            headers: endpoint.timers.headers,
            first_byte: endpoint.timers.first_byte,
            byte_idle: endpoint.timers.byte_idle,
        })
    }

    /// Asks for a stream of events.
    pub(crate) async fn post_for_events(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Opened<Events> {
        let request = self.request(Method::POST, path).json(body);
        self.open_events(request).await
    }

    /// Asks for the rest of a stream of events.
    pub(crate) async fn get_events(&self, path: &str) -> Opened<Events> {
        self.open_events(self.request(Method::GET, path)).await
    }

    /// Asks for a JSON value.
    pub(crate) async fn json(&self, method: Method, path: &str) -> Opened<Value> {
        let Opened { head, body } = self.open(self.request(method, path)).await;
        let body = match body {
            Ok(response) => self.read_json(response).await,
            Err(fault) => Err(fault),
        };
        Opened { head, body }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base_url));
        match &self.authorization {
            Some(authorization) => request.header(AUTHORIZATION, authorization),
            None => request,
        }
    }

    async fn open_events(&self, request: RequestBuilder) -> Opened<Events> {
        let Opened { head, body } = self.open(request.header(ACCEPT, "text/event-stream")).await;
        let body = body.and_then(|response| match is_page(response.headers()) {
            true => Err(Fault::new(
                Class::Permanent(Permanent::BadRequest),
                "the address answers no stream of events",
            )),
            false => Ok(self.events(response)),
        });
        Opened { head, body }
    }

    fn events(&self, response: Response) -> Events {
        let bytes = timed(response.bytes_stream(), self.first_byte, self.byte_idle);
        Events(Box::pin(sse::events(bytes)))
    }

    /// Sends, and answers as soon as the headers say that all is well.
    async fn open(&self, request: RequestBuilder) -> Opened<Response> {
        let response = match timeout(self.headers, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Opened::failed(not_sent(&error)),
            Err(_) => return Opened::failed(Fault::timeout(Timer::Headers)),
        };
        let status = response.status();
        let head = Head {
            request_id: request_id(response.headers()),
            status: Some(status.as_u16()),
            rate_limits: RateLimits::of(response.headers()),
        };
        let body = match status.is_success() {
            true => Ok(response),
            false => Err(self.refusal(status, response).await),
        };
        Opened { head, body }
    }

    async fn refusal(&self, status: StatusCode, response: Response) -> Fault {
        let wait = named_wait(response.headers(), jiff::Timestamp::now());
        // The status says enough where the body does not come.
        let body = timeout(self.headers, first_bytes(response)).await;
        Fault::of_status(status.as_u16(), &body.unwrap_or_default(), wait)
    }

    async fn read_json(&self, response: Response) -> Result<Value, Fault> {
        match timeout(self.byte_idle, response.bytes()).await {
            Ok(Ok(body)) => serde_json::from_slice(&body)
                .map_err(|_| Fault::network("an answer that is no JSON")),
            Ok(Err(error)) => Err(Fault::network(root_cause(&error))),
            Err(_) => Err(Fault::timeout(Timer::ByteIdle)),
        }
    }
}

impl<T> Opened<T> {
    fn failed(fault: Fault) -> Self {
        Self {
            head: Head::default(),
            body: Err(fault),
        }
    }
}

/// Mid-body errors come as "decode" and nowhere here: what fails before the headers is the connection.
fn not_sent(error: &reqwest::Error) -> Fault {
    let what = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "no connection in time",
        (_, true) => "no connection",
        _ => "the connection was lost before the answer",
    };
    Fault::network(format!("{what}: {}", root_cause(error)))
}

async fn first_bytes(response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(Ok(chunk)) = chunks.next().await {
        body.extend_from_slice(&chunk);
        if body.len() > FAILURE_BODY {
            break;
        }
    }
    body
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(id.chars().take(128).collect())
}

/// Whether an answer says that it is something else than events. One that says nothing may be events.
fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}

/// A stream of events under the byte timers.
pub(crate) struct Events(
    std::pin::Pin<Box<dyn Stream<Item = Result<Event, Broken<Interruption>>> + Send>>,
);

impl Events {
    /// The next event, or why none comes: even a clean end is a failure, as a reader stops at the event that says so.
    pub(crate) async fn next(&mut self) -> Result<Event, Fault> {
        match self.0.next().await {
            Some(Ok(event)) => Ok(event),
            None => Err(Fault::network("the stream ended before the answer did")),
            Some(Err(Broken::Format)) => Err(Fault::network("the stream was garbled")),
            Some(Err(Broken::Bytes(Interruption::Idle))) => Err(Fault::timeout(Timer::ByteIdle)),
            Some(Err(Broken::Bytes(Interruption::TooLong))) => {
                Err(Fault::network("the stream was longer than any answer"))
            }
            Some(Err(Broken::Bytes(Interruption::Lost(why)))) => {
                Err(Fault::network(format!("the connection was lost: {why}")))
            }
        }
    }
}
