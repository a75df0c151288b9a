//! Verifying a credential: the signature by our keys, the claims by Supabase's rules.

use std::sync::Arc;

use axum::http::HeaderMap;
use coach::caller::{Caller, Role};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::api_key::ApiKeys;
use super::credential::{self, Credential};
use super::jwks::Jwks;
use super::{AuthError, InvalidKeys, JwksSource, JwksTiming};

/// Clocks may differ by this many seconds, as PostgREST allows.
pub(crate) const LEEWAY: u64 = 30;

/// The keys as configured: plain values, read from the environment by somebody else.
#[derive(Clone, Default)]
pub struct KeySettings {
    /// The legacy HS256 secret, at least 32 characters.
    pub jwt_secret: Option<String>,
    /// The keys of newer projects (ES256, RS256).
    pub jwks: Option<JwksSource>,
    /// When a key set behind a URL is fetched again.
    pub jwks_timing: JwksTiming,
    /// `sb_publishable_…`: each stands for `anon`.
    pub publishable_keys: Vec<String>,
    /// `sb_secret_…`: each stands for `service_role`.
    pub secret_keys: Vec<String>,
}

/// Everything that credentials are verified with. Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    secret: Option<DecodingKey>,
    jwks: Option<Jwks>,
    api_keys: ApiKeys,
}

impl Keys {
    /// Checks and takes the settings; fetches nothing yet.
    ///
    /// # Errors
    /// When a setting cannot be used, or there is nothing to verify a token with.
    pub fn new(settings: KeySettings) -> Result<Self, InvalidKeys> {
        if settings.jwt_secret.is_none() && settings.jwks.is_none() {
            return Err(InvalidKeys::None);
        }
        let timing = settings.jwks_timing;
        Ok(Self(Arc::new(Inner {
            secret: settings.jwt_secret.as_deref().map(secret_key).transpose()?,
            jwks: settings
                .jwks
                .map(|source| Jwks::new(source, timing))
                .transpose()?,
            api_keys: ApiKeys::new(settings.publishable_keys, settings.secret_keys)?,
        })))
    }

    /// The caller behind a request's headers.
    ///
    /// # Errors
    /// See [`AuthError`]. A caller of role `authenticated` always has a uuid `sub`.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Caller, AuthError> {
        self.caller_of(credential::of(headers)?).await
    }

    /// The caller behind a token or an `sb_…` key that did not come in a header.
    ///
    /// # Errors
    /// As for [`caller`](Self::caller).
    pub async fn caller_by(&self, credential: &str) -> Result<Caller, AuthError> {
        self.caller_of(Credential::parse(credential)).await
    }

    async fn caller_of(&self, credential: Credential<'_>) -> Result<Caller, AuthError> {
        match credential {
            Credential::ApiKey(key) => self
                .0
                .api_keys
                .role_of(key)
                .map(Caller::of_role)
                .ok_or(AuthError::UnknownApiKey),
            Credential::Token(token) => caller_of(self.verify(token).await?),
        }
    }

    /// The claims of a token that one of our keys signed and whose time is now.
    async fn verify(&self, token: &str) -> Result<Map<String, Value>, AuthError> {
        let header = decode_header(token).map_err(|_| AuthError::Invalid)?;
        if header.crit.is_some() {
            // RFC 7515, 4.1.11: an extension that is critical and not understood refuses the token.
            return Err(AuthError::Invalid);
        }
        let mut validation = Validation::new(header.alg);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.validate_aud = false; // Depends on the role: see caller_of.
        let mut refusal = AuthError::Invalid;
        for key in self.candidates(&header).await? {
            match decode(token, &key, &validation) {
                Ok(verified) => return Ok(verified.claims),
                Err(error) => match error.kind() {
                    ErrorKind::ExpiredSignature => refusal = AuthError::Expired,
                    ErrorKind::ImmatureSignature => refusal = AuthError::NotYetValid,
                    _ => {}
                },
            }
        }
        Err(refusal)
    }

    /// The keys that may have signed a token with this header, each usable with the header's algorithm alone.
    async fn candidates(&self, header: &Header) -> Result<Vec<DecodingKey>, AuthError> {
        if !matches!(
            header.alg,
            Algorithm::HS256 | Algorithm::ES256 | Algorithm::RS256
        ) {
            return Ok(Vec::new());
        }
        let id = header.kid.as_deref();
        let symmetric = header.alg == Algorithm::HS256;
        let mut found = Vec::new();
        match &self.0.jwks {
            // A fetched set holds no symmetric key, so such a token is no reason to fetch one.
            Some(Jwks::Fetched(_)) if symmetric => {}
            Some(jwks) => {
                let keys = jwks.keys(header.alg, id).await?;
                found.extend(
                    keys.iter()
                        .filter(|key| key.fits(header.alg, id))
                        .map(|key| key.decoding.clone()),
                );
            }
            None => {}
        }
        if symmetric && (found.is_empty() || id.is_none()) {
            // Supabase signs with the legacy secret under a key id, too.
            found.extend(self.0.secret.clone());
        }
        Ok(found)
    }
}

fn secret_key(secret: &str) -> Result<DecodingKey, InvalidKeys> {
    check_secret(secret)?;
    Ok(DecodingKey::from_secret(secret.as_bytes()))
}

/// Supabase's own least length; an empty secret would let anybody in.
pub(crate) fn check_secret(secret: &str) -> Result<(), InvalidKeys> {
    const SHORTEST: usize = 32;
    let length = secret.chars().count();
    if length < SHORTEST {
        Err(InvalidKeys::ShortSecret(length))
    } else {
        Ok(())
    }
}

/// Reads role, user and audience of verified claims.
fn caller_of(claims: Map<String, Value>) -> Result<Caller, AuthError> {
    let role = claims
        .get("role")
        .and_then(Value::as_str)
        .and_then(Role::from_name)
        .ok_or(AuthError::Invalid)?;
    if role == Role::Authenticated {
        if !names_a_user(&claims) {
            return Err(AuthError::NoUser);
        }
        if !is_for_users(&claims) {
            return Err(AuthError::Invalid);
        }
    }
    Ok(Caller {
        role,
        claims: Value::Object(claims),
    })
}

/// `sub` is a uuid in its usual form, which SQL can read as well (it knows no `urn:uuid:`).
fn names_a_user(claims: &Map<String, Value>) -> bool {
    const HYPHENATED: usize = 36;
    let subject = claims.get("sub").and_then(Value::as_str);
    subject.is_some_and(|text| text.len() == HYPHENATED && Uuid::try_parse(text).is_ok())
}

/// `aud` is `authenticated`, or a list with it.
fn is_for_users(claims: &Map<String, Value>) -> bool {
    match claims.get("aud") {
        Some(Value::String(audience)) => audience == "authenticated",
        Some(Value::Array(audiences)) => {
            audiences.iter().any(|audience| audience == "authenticated")
        }
        _ => false,
    }
}
