//! `/realtime/v1`: changes of the contract's tables and broadcasts, over WebSockets, as supabase-js asks for them.
//!
//! A socket (`socket`) reads frames (`serializer`) and joins topics (`channel`, with `bindings` and `filter`). Each joined
//! topic is a `member` in the `hub`. One `feed` a process reads what changed in the database and matches it with the members'
//! bindings; the `lane` of each caller asks row level security and sends to that caller's sockets by way of their `outbox`.

mod bindings;
mod broadcast;
mod channel;
mod check;
mod feed;
mod filter;
mod frames;
mod hub;
mod lane;
mod member;
mod outbox;
mod serializer;
mod socket;
mod tables;
mod token;
mod upgrade;

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Extension, Router};
use tokio::sync::Semaphore;

use crate::auth::Keys;
use crate::{AllowedOrigins, State};
use hub::Hub;

/// The most connections of a process.
const SOCKETS: usize = 10_000;

/// What the handlers here share.
struct Realtime {
    hub: Arc<Hub>,
    keys: Keys,
    allowed_origins: AllowedOrigins,
    places: Arc<Semaphore>,
}

/// The URLs of Realtime.
pub(crate) fn routes(state: &State) -> Router<Arc<State>> {
    let hub = Arc::new(Hub::new(state.pool.clone(), state.shutdown.clone()));
    let (pruned, stop) = (Arc::clone(&hub), state.shutdown.clone());
    tokio::spawn(async move {
        stop.run_until_cancelled(pruned.prune()).await;
    });
    let realtime = Arc::new(Realtime {
        hub,
        keys: state.keys.clone(),
        allowed_origins: state.settings.allowed_origins.clone(),
        places: Arc::new(Semaphore::new(SOCKETS)),
    });
    Router::new()
        .route("/realtime/v1/websocket", get(upgrade::websocket))
        .route("/realtime/v1/api/broadcast", post(broadcast::post_messages))
        .route(
            "/realtime/v1/api/broadcast/{topic}/events/{event}",
            post(broadcast::post_event),
        )
        .layer(Extension(realtime))
}
