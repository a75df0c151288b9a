//! Making tokens, for development: the counterpart of verifying them.

use std::time::Duration;

use coach::caller::Role;
use jiff::Timestamp;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::InvalidKeys;
use super::keys::check_secret;

/// Who the minted tokens say they are from.
const ISSUER: &str = "mesocycle";

/// Signs `claims` with the legacy JWT secret (HS256).
///
/// # Errors
/// When the secret is too short to be safe, or `claims` is not a JSON object.
pub fn mint(secret: &str, claims: &Value) -> Result<String, InvalidKeys> {
    check_secret(secret)?;
    if !claims.is_object() {
        return Err(InvalidKeys::Signing);
    }
    encode(
        &Header::default(),
        claims,
        &EncodingKey::from_secret(secret.as_bytes()),
    )
    .map_err(|_| InvalidKeys::Signing)
}

/// The claims of a user's access token, good for `ttl` from now.
pub fn user_claims(user: Uuid, role: Role, ttl: Duration) -> Value {
    let now = Timestamp::now().as_second();
    let lifetime = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
    json!({
        "iss": ISSUER,
        "sub": user,
        "aud": "authenticated",
        "role": role.name(),
        "iat": now,
        "exp": now.saturating_add(lifetime),
        "is_anonymous": false,
    })
}

/// The claims of an app's key (`anon`) or the operator's (`service_role`), good for ten years from now.
pub fn key_claims(role: Role) -> Value {
    const TEN_YEARS: i64 = 10 * 365 * 24 * 3600;
    let now = Timestamp::now().as_second();
    json!({ "iss": ISSUER, "role": role.name(), "iat": now, "exp": now + TEN_YEARS })
}
