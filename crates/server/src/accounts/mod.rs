//! `/auth/v1/…`: accounts for development, where there is no Supabase. (Who a token names is `auth`'s to say.)
//!
//! What a client of Supabase's own service sees: anonymous users, e-mail and password without a mail to confirm, sessions whose
//! refresh token is changed at each use. Served only where [`Settings::accounts`](crate::Settings) says so.

mod account;
mod error;
mod gate;
mod pace;
mod password;
mod refresh_token;
mod session;
mod settings;
mod sign_in;
mod sign_out;
mod sign_up;
mod signed_in;
mod update;

use std::sync::Arc;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Json, Router};
use coach::Pool;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

use crate::auth::Keys;

pub use settings::AccountSettings;

/// What the handlers of this room need.
struct Accounts {
    pool: Pool,
    keys: Keys,
    settings: AccountSettings,
    signing: EncodingKey,
    verifying: DecodingKey,
    sign_ups: pace::Pace,
    hashing: password::Hashing,
}

/// The URLs of this room; none where accounts are not served.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(state: &crate::State) -> Router<S> {
    let Some(settings) = state.settings.accounts.clone() else {
        return Router::new();
    };
    let gate = Arc::new(gate::Gate::new(
        settings.hosts(),
        &state.settings.allowed_origins,
    ));
    let secret = settings.jwt_secret().as_bytes();
    let accounts = Accounts {
        pool: state.pool.clone(),
        keys: state.keys.clone(),
        signing: EncodingKey::from_secret(secret),
        verifying: DecodingKey::from_secret(secret),
        sign_ups: pace::Pace::default(),
        hashing: password::Hashing::default(),
        settings,
    };
    Router::new()
        .route("/auth/v1/signup", post(sign_up::sign_up))
        .route("/auth/v1/token", post(sign_in::token))
        .route("/auth/v1/user", get(signed_in::user).put(update::update))
        .route("/auth/v1/logout", post(sign_out::sign_out))
        .route("/auth/v1/settings", get(what_is_on))
        .route("/auth/v1/health", get(health))
        .route("/auth/v1/.well-known/jwks.json", get(public_keys))
        .layer(from_fn_with_state(gate, gate::pass))
        .layer(from_fn(error::word))
        .with_state(Arc::new(accounts))
}

/// Which ways to sign in there are.
async fn what_is_on() -> Json<Value> {
    Json(json!({
        "external": { "anonymous_users": true, "email": true, "phone": false },
        "disable_signup": false,
        "mailer_autoconfirm": true,
        "phone_autoconfirm": false,
        "sms_provider": "",
        "saml_enabled": false,
    }))
}

async fn health() -> Json<Value> {
    Json(json!({
        "name": "Mesocycle",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Accounts for development, in the manner of Supabase's service",
    }))
}

/// Empty: these tokens are signed with a secret (HS256), which a set that anybody can read does not hold.
async fn public_keys() -> Json<Value> {
    Json(json!({ "keys": [] }))
}
