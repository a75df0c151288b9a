//! A key set behind a URL: rotation, outage, and how seldom it is fetched.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use server::auth::{AuthError, JwksSource, JwksTiming, KeySettings, Keys};
use tokio::net::TcpListener;
use tokio::sync::RwLock;
use uuid::Uuid;

use crate::support::{SECRET, Signer, claims_of, jwks_of, token_of};

/// A sign-in server that shows its public keys and counts who looks.
#[derive(Clone)]
struct Issuer {
    url: String,
    set: Arc<Mutex<Value>>,
    down: Arc<AtomicBool>,
    fetches: Arc<AtomicUsize>,
    /// Held for writing, it keeps everybody who fetches waiting.
    gate: Arc<RwLock<()>>,
}

impl Issuer {
    async fn start(signers: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Self {
            url: format!(
                "http://{}/auth/v1/.well-known/jwks.json",
                listener.local_addr().unwrap()
            ),
            set: Arc::new(Mutex::new(jwks_of(signers))),
            down: Arc::default(),
            fetches: Arc::default(),
            gate: Arc::default(),
        };
        let shown = issuer.clone();
        let router = Router::new().route(
            "/auth/v1/.well-known/jwks.json",
            get(move || async move { shown.show().await }),
        );
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    async fn show(&self) -> (StatusCode, Json<Value>) {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        let _open = self.gate.read().await;
        match self.down.load(Ordering::SeqCst) {
            true => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({}))),
            false => (StatusCode::OK, Json(self.set.lock().unwrap().clone())),
        }
    }

    fn rotate_to(&self, signers: &[&Signer]) {
        *self.set.lock().unwrap() = jwks_of(signers);
    }

    fn go_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    fn keys(&self, timing: JwksTiming) -> Keys {
        Keys::new(KeySettings {
            jwt_secret: Some(SECRET.into()),
            jwks: Some(JwksSource::Url(self.url.clone())),
            jwks_timing: timing,
            ..KeySettings::default()
        })
        .unwrap()
    }
}

/// Fetches at every token that is not known, as if half a minute had passed each time.
fn impatient() -> JwksTiming {
    JwksTiming {
        min_interval: Duration::ZERO,
        ..JwksTiming::default()
    }
}

async fn pass(keys: &Keys, token: String) -> Result<(), AuthError> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    keys.caller(&headers).await.map(|_| ())
}

fn signed_by(signer: &Signer) -> String {
    signer.sign(&claims_of(Uuid::new_v4()))
}

#[tokio::test]
async fn a_set_is_fetched_once_for_many_tokens_at_a_time() {
    let (one, rsa) = (Signer::es256_one(), Signer::rs256());
    let issuer = Issuer::start(&[&one, &rsa]).await;
    let keys = issuer.keys(JwksTiming::default());
    let mut calls = tokio::task::JoinSet::new();
    for n in 0..40 {
        let (keys, token) = (
            keys.clone(),
            signed_by(if n % 2 == 0 { &one } else { &rsa }),
        );
        calls.spawn(async move { pass(&keys, token).await });
    }
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    assert_eq!(issuer.fetches(), 1);
}

#[tokio::test]
async fn a_rotated_key_is_found_and_the_old_one_forgotten_when_the_set_says_so() {
    let (one, two) = (Signer::es256_one(), Signer::es256_two());
    let issuer = Issuer::start(&[&one]).await;
    let keys = issuer.keys(impatient());
    assert_eq!(pass(&keys, signed_by(&one)).await, Ok(()));
    issuer.rotate_to(&[&one, &two]);
    assert_eq!(pass(&keys, signed_by(&two)).await, Ok(()));
    assert_eq!(pass(&keys, signed_by(&one)).await, Ok(()));
    assert_eq!(issuer.fetches(), 2);
    issuer.rotate_to(&[&two]);
    assert_eq!(
        pass(&keys, signed_by(&Signer::rs256())).await,
        Err(AuthError::Invalid)
    );
    assert_eq!(pass(&keys, signed_by(&one)).await, Err(AuthError::Invalid));
    assert_eq!(pass(&keys, signed_by(&two)).await, Ok(()));
}

#[tokio::test]
async fn tokens_with_unknown_keys_cannot_make_it_fetch_at_will() {
    let issuer = Issuer::start(&[&Signer::es256_one()]).await;
    let keys = issuer.keys(JwksTiming::default());
    for _ in 0..20 {
        assert_eq!(
            pass(&keys, signed_by(&Signer::es256_two())).await,
            Err(AuthError::Invalid)
        );
    }
    assert_eq!(issuer.fetches(), 1);
}

#[tokio::test]
async fn an_outage_locks_nobody_out() {
    let one = Signer::es256_one();
    let issuer = Issuer::start(&[&one]).await;
    let timing = JwksTiming {
        max_age: Duration::ZERO,
        ..impatient()
    };
    let keys = issuer.keys(timing);
    assert_eq!(pass(&keys, signed_by(&one)).await, Ok(()));
    issuer.go_down(true);
    assert_eq!(pass(&keys, signed_by(&one)).await, Ok(()));
    assert_eq!(issuer.fetches(), 2);
    issuer.go_down(false);
    issuer.rotate_to(&[&Signer::es256_two()]);
    assert_eq!(pass(&keys, signed_by(&one)).await, Err(AuthError::Invalid));
}

#[tokio::test]
async fn without_any_key_yet_a_token_is_neither_right_nor_wrong_but_the_secret_still_serves() {
    let one = Signer::es256_one();
    let issuer = Issuer::start(&[&one]).await;
    issuer.go_down(true);
    let keys = issuer.keys(impatient());
    assert_eq!(
        pass(&keys, signed_by(&one)).await,
        Err(AuthError::KeysUnavailable)
    );
    assert_eq!(pass(&keys, token_of(Uuid::new_v4())).await, Ok(()));
    issuer.go_down(false);
    assert_eq!(pass(&keys, signed_by(&one)).await, Ok(()));
}

#[tokio::test]
async fn a_symmetric_key_that_anybody_can_fetch_is_no_secret() {
    let issuer = Issuer::start(&[]).await;
    *issuer.set.lock().unwrap() = json!({ "keys": [{ "kty": "oct", "kid": "open", "alg": "HS256", "k": "b3Blbi1zZWNyZXQ" }] });
    let keys = issuer.keys(impatient());
    let header = jsonwebtoken::Header {
        kid: Some("open".into()),
        ..jsonwebtoken::Header::default()
    };
    let key = jsonwebtoken::EncodingKey::from_secret(b"open-secret");
    let forged = jsonwebtoken::encode(&header, &claims_of(Uuid::new_v4()), &key).unwrap();
    assert_eq!(pass(&keys, forged).await, Err(AuthError::Invalid));
}

#[tokio::test]
async fn a_client_that_leaves_does_not_take_the_fetch_with_it() {
    let one = Signer::es256_one();
    let issuer = Issuer::start(&[&one]).await;
    let keys = issuer.keys(JwksTiming::default());
    let closed = issuer.gate.write().await;
    let fetching = async {
        while issuer.fetches() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = pass(&keys, signed_by(&one)) => panic!("the gate is closed"),
        () = fetching => {}
    }
    drop(closed);
    assert_eq!(pass(&keys, signed_by(&one)).await, Ok(()));
    assert_eq!(issuer.fetches(), 1);
}
