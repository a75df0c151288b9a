//! One line a request in the log, found again by its id: never a body, a token, a query string or an address.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

use crate::admin::JobRequest;

/// The header that tells the caller the id of their request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The caller's place in a trace of its own.
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");

/// Stands in an answer's extensions: the request has begun this job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BegunJob(pub(crate) Uuid);

/// The id that a proxy gave the request already, so that its log and ours speak of the same: digits of a hash or uuid and
/// nothing else, lest a key gets into the log.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_sound = (8..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_sound.then(|| id.to_owned())
}

/// Gives the request an id unless it has one, a span that carries it, and a line when it is answered.
pub(crate) async fn observe(
    State(state): State<Arc<crate::State>>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let id = given_id(&request).unwrap_or_else(|| Uuid::now_v7().to_string());
    let span =
        tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    let trace_parent = request.headers().get(TRACE_PARENT).cloned();
    let quiet = matches!(request.uri().path(), "/healthz" | "/readyz");
    async move {
        let (came, started) = (SystemTime::now(), Instant::now());
        let mut response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), started.elapsed());
        let route = route.as_ref().map(MatchedPath::as_str);
        state.admin.metrics.answered(&method, route, status, took);
        if let (Some(listener), Some(BegunJob(job))) =
            (&state.admin.job_requests, response.extensions().get())
        {
            let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
            let _ = listener.try_send(JobRequest {
                job: *job,
                id: id.clone(),
                method: method.to_string(),
                route: route.unwrap_or_default().to_owned(),
                status,
                started: came,
                took,
                trace_parent: trace_parent.as_ref().and_then(text),
            });
        }
        let milliseconds = took.as_millis();
        match (status, quiet) {
            (500.., false) => tracing::warn!(status, milliseconds, "answered"),
            (_, true) => tracing::debug!(status, milliseconds, "answered"),
            _ => tracing::info!(status, milliseconds, "answered"),
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}
