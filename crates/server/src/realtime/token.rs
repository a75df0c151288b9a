//! The token of a join, and how a refusal of one is worded to a client.

use coach::caller::Caller;
use jiff::Timestamp;
use jsonwebtoken::dangerous::insecure_decode;
use serde_json::{Map, Value};

use crate::auth::{AuthError, Keys};

/// The caller of a join: its `access_token`, else its `user_token`, else the key that the socket was opened with. A key of
/// the newer kind in the place of a token counts as none.
///
/// # Errors
/// The reason to answer with.
pub(super) async fn of_join(
    keys: &Keys,
    payload: &Map<String, Value>,
    api_key: &str,
) -> Result<Caller, String> {
    let token = ["access_token", "user_token"]
        .into_iter()
        .filter_map(|name| payload.get(name)?.as_str())
        .find(|token| !token.is_empty() && !token.starts_with("sb_"));
    verify(keys, token.unwrap_or(api_key)).await
}

/// The caller behind a token or key.
///
/// # Errors
/// The reason to answer with: `Code: text`.
pub(super) async fn verify(keys: &Keys, credential: &str) -> Result<Caller, String> {
    keys.caller_by(credential)
        .await
        .map_err(|error| reason(error, credential))
}

fn reason(error: AuthError, token: &str) -> String {
    let code = match error {
        AuthError::Expired => return expired(token),
        AuthError::Invalid if insecure_claims(token).is_none() => "MalformedJWT",
        AuthError::Invalid => "JwtSignatureError",
        AuthError::NotYetValid => "InvalidJWTToken",
        AuthError::Missing | AuthError::NoUser | AuthError::UnknownApiKey => "Unauthorized",
        AuthError::KeysUnavailable => "KeysUnavailable",
    };
    format!("{code}: {error}")
}

/// What is said of a token whose time is over.
fn expired(token: &str) -> String {
    let exp = insecure_claims(token).and_then(|claims| claims.get("exp")?.as_f64());
    let ago = exp.map_or(0, |exp| {
        Timestamp::now().as_second().saturating_sub(exp as i64)
    });
    format!("InvalidJWTToken: Token has expired {ago} seconds ago")
}

/// The claims of a token that nobody has verified: for words alone.
fn insecure_claims(token: &str) -> Option<Map<String, Value>> {
    insecure_decode(token).ok().map(|token| token.claims)
}
