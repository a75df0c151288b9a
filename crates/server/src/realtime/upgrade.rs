//! `GET /realtime/v1/websocket`: who may open a connection.

use std::sync::Arc;

use axum::extract::Request;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;

use super::Realtime;
use super::serializer::Version;
use super::socket::Socket;
use super::token;
use crate::AllowedOrigins;
use crate::refused::Refused;
use crate::serve::Upgraded;

/// The largest message of a client, in bytes: a broadcast.
const LARGEST: usize = 1 << 20;
/// What a connection reads at once, and gathers before it writes: small, since there are many.
const BUFFER: usize = 4 * 1024;

/// Upgrades to a WebSocket, or refuses with `{"error": …}`: 401 without a key that is known here, 403 for a web page that may
/// not call, 400 for another version or what is no upgrade, 429 when this process holds as many as it takes.
pub(super) async fn websocket(
    Extension(realtime): Extension<Arc<Realtime>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let (version, api_key, place) = match realtime.let_in(&parts).await {
        Ok(admitted) => admitted,
        Err(refusal) => return refusal,
    };
    let open = parts.extensions.get::<Upgraded>().map(Upgraded::token);
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return refuse(rejection.status(), &rejection.body_text()),
    };
    upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST)
        .on_upgrade(async move |socket| {
            Socket::run(realtime, version, api_key, socket).await;
            drop((place, open));
        })
}

fn refuse(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

impl Realtime {
    async fn let_in(
        &self,
        parts: &Parts,
    ) -> Result<(Version, String, OwnedSemaphorePermit), Response> {
        if !self.allows(parts) {
            return Err(refuse(
                StatusCode::FORBIDDEN,
                "This web page may not call this server.",
            ));
        }
        let Some(version) = Version::parse(query(parts, "vsn").as_deref()) else {
            return Err(refuse(
                StatusCode::BAD_REQUEST,
                "vsn must be 1.0.0 or 2.0.0.",
            ));
        };
        let api_key = api_key(parts).unwrap_or_default();
        if let Err(reason) = token::verify(&self.keys, &api_key).await {
            return Err(refuse(StatusCode::UNAUTHORIZED, &reason));
        }
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => Ok((version, api_key, place)),
            Err(_) => Err(refuse(
                StatusCode::TOO_MANY_REQUESTS,
                "ConnectionRateLimitReached: Too many connected clients",
            )),
        }
    }

    /// Browsers ask nobody before they open a WebSocket, so the origin is checked here.
    fn allows(&self, parts: &Parts) -> bool {
        match (&self.allowed_origins, parts.headers.get(ORIGIN)) {
            (AllowedOrigins::Any, _) | (_, None) => true,
            (AllowedOrigins::List(list), Some(origin)) => list.contains(origin),
        }
    }

    /// Lets a REST call in by the same key.
    pub(super) async fn admit(&self, parts: &Parts) -> Result<(), Refused> {
        let bearer = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
        let credential = bearer
            .map(str::to_owned)
            .or_else(|| api_key(parts))
            .unwrap_or_default();
        self.keys.caller_by(&credential).await?;
        Ok(())
    }
}

/// The key of the query, or of the header that other calls carry it in.
fn api_key(parts: &Parts) -> Option<String> {
    let header = || Some(parts.headers.get("apikey")?.to_str().ok()?.to_owned());
    query(parts, "apikey").or_else(header)
}

fn query(parts: &Parts, name: &str) -> Option<String> {
    let query: axum::extract::Query<Vec<(String, String)>> =
        axum::extract::Query::try_from_uri(&parts.uri).ok()?;
    query
        .0
        .into_iter()
        .find_map(|(key, value)| (key == name).then_some(value))
}
