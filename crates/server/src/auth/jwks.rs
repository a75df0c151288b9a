//! The public keys that tokens are verified with: a fixed set, or one fetched, cached and fetched again.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{AuthError, InvalidKeys};

/// Where the key set comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JwksSource {
    /// A URL such as `https://<project>.supabase.co/auth/v1/.well-known/jwks.json`.
    Url(String),
    /// The key set itself, as JSON text. Only here symmetric (`oct`) keys count: a set that anybody can fetch holds no secret.
    Json(String),
}

/// How often a fetched key set is fetched again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JwksTiming {
    /// A set older than this is fetched again before it is used (default 10 minutes).
    pub max_age: Duration,
    /// The least time between two fetches, whatever tokens arrive (default 30 seconds).
    pub min_interval: Duration,
    /// How long one fetch may take (default 5 seconds).
    pub timeout: Duration,
}

impl Default for JwksTiming {
    fn default() -> Self {
        Self {
            max_age: Duration::from_secs(600),
            min_interval: Duration::from_secs(30),
            timeout: Duration::from_secs(5),
        }
    }
}

/// One key, usable with one algorithm and no other.
pub(super) struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    pub(super) decoding: DecodingKey,
}

impl Key {
    /// Whether a token with this header may have been signed by this key. A token without a key id tries them all.
    pub(super) fn fits(&self, algorithm: Algorithm, id: Option<&str>) -> bool {
        self.algorithm == algorithm && (id.is_none() || self.id.as_deref() == id)
    }
}

/// A key set.
pub(super) enum Jwks {
    Fixed(Arc<Vec<Key>>),
    Fetched(Arc<Fetched>),
}

impl Jwks {
    pub(super) fn new(source: JwksSource, timing: JwksTiming) -> Result<Self, InvalidKeys> {
        match source {
            JwksSource::Json(text) => {
                let set = serde_json::from_str(&text)
                    .map_err(|_| InvalidKeys::Jwks("it is not JSON".into()))?;
                Ok(Self::Fixed(Arc::new(
                    read_set(&set, Symmetric::Allowed).map_err(InvalidKeys::Jwks)?,
                )))
            }
            JwksSource::Url(url) => Ok(Self::Fetched(Arc::new(Fetched::new(&url, timing)?))),
        }
    }

    /// The keys as they are known now, fetched if they are old or if none of them fits the token.
    ///
    /// # Errors
    /// [`AuthError::KeysUnavailable`] when no fetch has ever succeeded.
    pub(super) async fn keys(
        &self,
        algorithm: Algorithm,
        id: Option<&str>,
    ) -> Result<Arc<Vec<Key>>, AuthError> {
        match self {
            Self::Fixed(keys) => Ok(Arc::clone(keys)),
            Self::Fetched(fetched) => fetched.keys(algorithm, id).await,
        }
    }
}

/// A key set behind a URL.
pub(super) struct Fetched {
    url: reqwest::Url,
    client: reqwest::Client,
    timing: JwksTiming,
    cache: RwLock<Option<Cached>>,
    /// The last fetch, successful or not; held while one is under way, so that there is never a second beside it.
    last_attempt: Mutex<Option<Instant>>,
}

#[derive(Clone)]
struct Cached {
    keys: Arc<Vec<Key>>,
    since: Instant,
}

impl Fetched {
    fn new(url: &str, timing: JwksTiming) -> Result<Self, InvalidKeys> {
        let url: reqwest::Url = url
            .parse()
            .map_err(|_| InvalidKeys::Jwks("its URL is not one".into()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(InvalidKeys::Jwks(
                "its URL must begin with https:// (or http://)".into(),
            ));
        }
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // An Err means that somebody else was faster, which serves as well.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let client = reqwest::Client::builder()
            .timeout(timing.timeout)
            .build()
            .map_err(|_| InvalidKeys::Jwks("the HTTP client cannot start".into()))?;
        Ok(Self {
            url,
            client,
            timing,
            cache: RwLock::new(None),
            last_attempt: Mutex::new(None),
        })
    }

    async fn keys(
        self: &Arc<Self>,
        algorithm: Algorithm,
        id: Option<&str>,
    ) -> Result<Arc<Vec<Key>>, AuthError> {
        let serves = |cached: &Cached| {
            cached.since.elapsed() < self.timing.max_age
                && cached.keys.iter().any(|key| key.fits(algorithm, id))
        };
        let known = self.cached();
        if !known.as_ref().is_some_and(serves) {
            let (this, seen) = (Arc::clone(self), known.map(|cached| cached.since));
            // On a task of its own: a client that leaves must not take the one fetch of this half minute with it.
            let fetching = tokio::spawn(async move { this.fetch_again(seen).await });
            if fetching.await.is_err() {
                tracing::error!("fetching the JWKS did not come to its end");
            }
        }
        // What a failed fetch leaves behind is the old set: an outage there must not lock everybody out here.
        self.cached()
            .map(|cached| cached.keys)
            .ok_or(AuthError::KeysUnavailable)
    }

    fn cached(&self) -> Option<Cached> {
        self.cache
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Fetches unless somebody just did: those who waited for a fetch use what it brought.
    async fn fetch_again(&self, seen: Option<Instant>) {
        let mut last_attempt = self.last_attempt.lock().await;
        let somebody_did = self.cached().map(|cached| cached.since) != seen;
        let too_soon = last_attempt.is_some_and(|at| at.elapsed() < self.timing.min_interval);
        if somebody_did || too_soon {
            return;
        }
        *last_attempt = Some(Instant::now());
        match self.fetch().await {
            Ok(keys) => {
                let cached = Cached {
                    keys: Arc::new(keys),
                    since: Instant::now(),
                };
                *self.cache.write().unwrap_or_else(PoisonError::into_inner) = Some(cached);
            }
            Err(reason) => tracing::warn!(
                reason,
                "the JWKS could not be fetched; the keys known so far stay in use"
            ),
        }
    }

    async fn fetch(&self) -> Result<Vec<Key>, String> {
        // An error of the client names the URL, which an operator may have put a password into.
        let readable = |error: reqwest::Error| error.without_url().to_string();
        let answer = self
            .client
            .get(self.url.clone())
            .send()
            .await
            .map_err(readable)?;
        let set: Value = answer
            .error_for_status()
            .map_err(readable)?
            .json()
            .await
            .map_err(readable)?;
        read_set(&set, Symmetric::Refused)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Symmetric {
    Allowed,
    Refused,
}

/// The usable keys of a set; keys of kinds that are not used here are passed over.
fn read_set(set: &Value, symmetric: Symmetric) -> Result<Vec<Key>, String> {
    let keys = set
        .get("keys")
        .and_then(Value::as_array)
        .ok_or("it has no list \"keys\"")?;
    Ok(keys
        .iter()
        .filter_map(|key| read_key(key, symmetric))
        .collect())
}

fn read_key(value: &Value, symmetric: Symmetric) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
    let algorithm = algorithm_of(&jwk, symmetric)?;
    let said = jwk.common.key_algorithm.map(|said| said.to_string());
    let for_signing = matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    );
    if !for_signing || said.is_some_and(|said| said != format!("{algorithm:?}")) {
        return None;
    }
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    Some(Key {
        id: jwk.common.key_id,
        algorithm,
        decoding,
    })
}

/// The one algorithm a key of this kind verifies. The token's header never chooses: a public key is no HMAC secret.
fn algorithm_of(jwk: &Jwk, symmetric: Symmetric) -> Option<Algorithm> {
    /// 2048 bits, the least that RFC 7518 (section 3.3) allows, in base64url without padding.
    const SHORTEST_MODULUS: usize = 342;
    match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            Some(Algorithm::ES256)
        }
        AlgorithmParameters::RSA(key) if key.n.len() >= SHORTEST_MODULUS => Some(Algorithm::RS256),
        AlgorithmParameters::OctetKey(_) if symmetric == Symmetric::Allowed => {
            Some(Algorithm::HS256)
        }
        _ => None,
    }
}
