//! The collector's door: OTLP over HTTP, in protobuf.

use std::time::Duration;

use anyhow::{Context, bail};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, Url};

use super::spans::text;

/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What traces are found by.
const SERVICE: &str = "mesocycle";

/// Where traces go.
pub(super) struct Collector {
    http: Client,
    url: Url,
    resource: Resource,
}

/// What became of a message.
pub(super) enum Sent {
    /// The collector has it.
    Taken,
    /// It will never take it, for this reason.
    Refused(String),
    /// It may be tried again; why it did not work.
    Away(String),
}

impl Collector {
    /// The collector at this address, the one before `/v1/traces`. Headers are written `name=value`.
    ///
    /// # Errors
    /// When the address or a header is none.
    pub(super) fn new(endpoint: &str, headers: &[String]) -> anyhow::Result<Self> {
        let expected = "otlp_endpoint is no address; it should look like http://localhost:4318";
        let url = Url::parse(&format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .context(expected)?;
        if !matches!(url.scheme(), "http" | "https") {
            bail!(expected);
        }
        let http = Client::builder()
            .timeout(PATIENCE)
            .default_headers(self::headers(headers)?)
            .build()?;
        let resource = Resource {
            attributes: vec![
                text("service.name", SERVICE),
                text("service.version", env!("CARGO_PKG_VERSION")),
            ],
            ..Resource::default()
        };
        Ok(Self {
            http,
            url,
            resource,
        })
    }

    /// Sends spans. The message may be repeated: a span's id follows from what it tells of.
    pub(super) async fn send(&self, spans: Vec<Span>) -> Sent {
        let scope = InstrumentationScope {
            name: SERVICE.to_owned(),
            ..InstrumentationScope::default()
        };
        let scope_spans = ScopeSpans {
            scope: Some(scope),
            spans,
            ..ScopeSpans::default()
        };
        let resource_spans = ResourceSpans {
            resource: Some(self.resource.clone()),
            scope_spans: vec![scope_spans],
            ..ResourceSpans::default()
        };
        let message = ExportTraceServiceRequest {
            resource_spans: vec![resource_spans],
        };
        let request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/x-protobuf")
            .body(message.encode_to_vec());
        match request.send().await {
            Ok(answer) => judged(answer.status()),
            // The address may hold a secret.
            Err(error) => Sent::Away(error.without_url().to_string()),
        }
    }
}

/// OTLP names the answers after which a message may be sent again.
fn judged(status: StatusCode) -> Sent {
    let answered = format!("it answers {status}");
    match status.as_u16() {
        200..300 => Sent::Taken,
        429 | 502..=504 => Sent::Away(answered),
        _ => Sent::Refused(answered),
    }
}

fn headers(said: &[String]) -> anyhow::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for item in said {
        let read = item.split_once('=').and_then(|(name, value)| {
            let mut value = HeaderValue::from_str(value.trim()).ok()?;
            value.set_sensitive(true);
            Some((HeaderName::from_bytes(name.trim().as_bytes()).ok()?, value))
        });
        let (name, value) = read
            .context("otlp_headers: expected headers such as x-api-key=abc, with commas between")?;
        headers.insert(name, value);
    }
    Ok(headers)
}
