//! What the tests share: tokens, signing keys, and a server on a loopback port.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use coach::Pool;
use coach::caller::Role;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use server::admin::Admin;
use server::auth::{KeySettings, Keys, key_claims, mint, user_claims};
use server::{Readiness, Settings, State};
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;
use uuid::Uuid;

use crate::openapi::assert_described;

pub(crate) const SECRET: &str = "a secret that only these tests know, 42 long";
pub(crate) const PUBLISHABLE: &str = "sb_publishable_for_tests";
pub(crate) const SECRET_KEY: &str = "sb_secret_for_tests";

/// A key that signs tokens, and its public half as a JWKS would show it.
pub(crate) struct Signer {
    algorithm: Algorithm,
    id: &'static str,
    key: EncodingKey,
}

impl Signer {
    pub(crate) fn es256_one() -> Self {
        Self::ec("es-one", include_bytes!("keys/es256_one.pem"))
    }

    pub(crate) fn es256_two() -> Self {
        Self::ec("es-two", include_bytes!("keys/es256_two.pem"))
    }

    pub(crate) fn rs256() -> Self {
        Self::rsa("rs", include_bytes!("keys/rs256.pem"))
    }

    pub(crate) fn rs256_short() -> Self {
        Self::rsa("rs-short", include_bytes!("keys/rs256_short.pem"))
    }

    fn ec(id: &'static str, pem: &[u8]) -> Self {
        Self {
            algorithm: Algorithm::ES256,
            id,
            key: EncodingKey::from_ec_pem(pem).unwrap(),
        }
    }

    fn rsa(id: &'static str, pem: &[u8]) -> Self {
        Self {
            algorithm: Algorithm::RS256,
            id,
            key: EncodingKey::from_rsa_pem(pem).unwrap(),
        }
    }

    /// The public key with all that Supabase says of its own.
    pub(crate) fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.id.into());
        let extra = json!({ "use": "sig", "key_ops": ["verify"], "ext": true });
        with(serde_json::to_value(jwk).unwrap(), extra)
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = Header {
            kid: Some(self.id.into()),
            ..Header::new(self.algorithm)
        };
        encode(&header, claims, &self.key).unwrap()
    }

    pub(crate) fn sign_without_id(&self, claims: &Value) -> String {
        encode(&Header::new(self.algorithm), claims, &self.key).unwrap()
    }
}

/// The claims of a user's token, good for an hour.
pub(crate) fn claims_of(user: Uuid) -> Value {
    user_claims(user, Role::Authenticated, Duration::from_secs(3600))
}

/// `claims` with some of them replaced; null takes one away.
pub(crate) fn with(mut claims: Value, changes: Value) -> Value {
    let fields = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        let _replaced = match value {
            Value::Null => fields.remove(name),
            value => fields.insert(name.clone(), value.clone()),
        };
    }
    claims
}

pub(crate) fn token(claims: &Value) -> String {
    mint(SECRET, claims).unwrap()
}

pub(crate) fn token_of(user: Uuid) -> String {
    token(&claims_of(user))
}

pub(crate) fn anon_key() -> String {
    token(&key_claims(Role::Anon))
}

pub(crate) fn service_role_key() -> String {
    token(&key_claims(Role::ServiceRole))
}

pub(crate) fn jwks_of(signers: &[&Signer]) -> Value {
    json!({ "keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>() })
}

pub(crate) fn keys() -> Keys {
    Keys::new(KeySettings {
        jwt_secret: Some(SECRET.into()),
        publishable_keys: vec![PUBLISHABLE.into()],
        secret_keys: vec![SECRET_KEY.into()],
        ..KeySettings::default()
    })
    .unwrap()
}

/// A pool of a database that is not there: for all that must be answered without one.
pub(crate) fn no_database() -> Pool {
    PgPoolOptions::new()
        .acquire_timeout(Duration::from_secs(1))
        .connect_lazy("postgres://nobody@127.0.0.1:1/nothing")
        .unwrap()
        .into()
}

/// A server on a loopback port; it stops when this is dropped.
pub(crate) struct TestServer {
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
    pub(crate) readiness: Readiness,
    pub(crate) shutdown: CancellationToken,
    pub(crate) serving: tokio::task::JoinHandle<std::io::Result<()>>,
    woken: Arc<AtomicUsize>,
    _stop: DropGuard,
}

impl TestServer {
    pub(crate) async fn start(pool: Pool) -> Self {
        Self::start_with(pool, Settings::default()).await
    }

    /// A server that wakes this worker.
    pub(crate) async fn start_with_wake(pool: Pool, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self::launch(pool, Settings::default(), Admin::default(), wake).await
    }

    pub(crate) async fn start_with(pool: Pool, settings: Settings) -> Self {
        let woken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&woken);
        let wake = Arc::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        Self {
            woken,
            ..Self::launch(pool, settings, Admin::default(), wake).await
        }
    }

    /// A server with this for operators.
    pub(crate) async fn start_as(pool: Pool, settings: Settings, admin: Admin) -> Self {
        Self::launch(pool, settings, admin, Arc::new(|| {})).await
    }

    async fn launch(
        pool: Pool,
        settings: Settings,
        admin: Admin,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Self {
        listen_to_every_place();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (readiness, shutdown) = (Readiness::default(), CancellationToken::new());
        let state = State {
            pool,
            keys: keys(),
            wake,
            readiness: readiness.clone(),
            settings,
            admin,
            shutdown: shutdown.clone(),
        };
        let serving = tokio::spawn(server::serve(
            listener,
            server::router(state),
            shutdown.clone(),
        ));
        Self {
            url,
            client: client(),
            readiness,
            _stop: shutdown.clone().drop_guard(),
            shutdown,
            serving,
            woken: Arc::default(),
        }
    }

    /// How often a worker in this process would have been woken.
    pub(crate) fn woken(&self) -> usize {
        self.woken.load(Ordering::SeqCst)
    }

    pub(crate) fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    /// Posts `body` as `token`; the status and the JSON that came back.
    pub(crate) async fn ask(&self, path: &str, token: &str, body: &Value) -> (u16, Value) {
        answer(self.post(path).bearer_auth(token).json(body)).await
    }
}

/// A client that goes straight to loopback, whatever proxy the environment names.
pub(crate) fn client() -> reqwest::Client {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Sends a request and reads status and JSON, which every answer must be; one of ours is held against openapi.json too.
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = client.execute(request).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    assert_eq!(headers["content-type"], "application/json");
    let text = response.text().await.unwrap();
    let body =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text:?} is not JSON"));
    assert_described(&method, &path, status, &headers, &body);
    (status, body)
}

/// Asserts the contract's envelope and returns its sentence.
pub(crate) fn refused((status, body): (u16, Value), expected: u16, code: &str) -> String {
    assert_eq!(
        (status, &body["success"], &body["code"]),
        (expected, &json!(false), &json!(code)),
        "{body}"
    );
    assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    let sentence = body["error"].as_str().unwrap();
    assert!(
        sentence.len() > 10 && sentence.contains(' '),
        "{sentence:?} is no sentence"
    );
    sentence.to_owned()
}

/// To be called before a test meets the server's code. A place that logs is asked once who listens, and while nobody listens
/// anywhere the answer is remembered as "nobody": a test that captures at that very moment would not hear of it.
pub(crate) fn listen_to_every_place() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    });
}

/// All that is logged on this thread from now on, the end of every span too. A test's server runs on the test's thread
/// (unless it is `multi_thread`), so this is what that server logs and nothing of other tests.
pub(crate) fn capture_log() -> CapturedLog {
    listen_to_every_place();
    let bytes = LogBytes::default();
    let writer = bytes.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone());
    CapturedLog {
        bytes,
        _guard: tracing::subscriber::set_default(subscriber.finish()),
    }
}

pub(crate) struct CapturedLog {
    bytes: LogBytes,
    _guard: DefaultGuard,
}

impl CapturedLog {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.0.lock().unwrap().clone()).unwrap()
    }
}

#[derive(Clone, Default)]
struct LogBytes(Arc<Mutex<Vec<u8>>>);

impl Write for LogBytes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
