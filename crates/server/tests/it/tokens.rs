//! Which credentials are somebody, and which are nobody.

use axum::http::HeaderMap;
use coach::caller::{Caller, Role};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use server::auth::{AuthError, InvalidKeys, JwksSource, KeySettings, Keys, key_claims, mint};
use uuid::Uuid;

use crate::support::{
    PUBLISHABLE, SECRET, SECRET_KEY, Signer, anon_key, claims_of, jwks_of, keys, service_role_key,
    token, with,
};

async fn caller(keys: &Keys, bearer: &str) -> Result<Caller, AuthError> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {bearer}").parse().unwrap());
    keys.caller(&headers).await
}

fn with_jwks(set: &Value) -> Keys {
    Keys::new(KeySettings {
        jwt_secret: Some(SECRET.into()),
        jwks: Some(JwksSource::Json(set.to_string())),
        ..KeySettings::default()
    })
    .unwrap()
}

fn now() -> i64 {
    Timestamp::now().as_second()
}

/// `header.claims.signature` with a header of our choice and no valid signature.
fn unsigned(header: &Value, claims: &Value) -> String {
    let signed = encode(&Header::default(), claims, &EncodingKey::from_secret(b"x")).unwrap();
    let other = encode(&Header::default(), header, &EncodingKey::from_secret(b"x")).unwrap();
    let part = |token: &str, n: usize| token.split('.').nth(n).unwrap().to_owned();
    format!("{}.{}.", part(&other, 1), part(&signed, 1))
}

#[tokio::test]
async fn a_users_token_is_that_user_with_all_its_claims() {
    let claims = with(
        claims_of(Uuid::new_v4()),
        json!({ "email": "a@example.com", "app_metadata": { "n": 1 } }),
    );
    let caller = caller(&keys(), &token(&claims)).await.unwrap();
    assert_eq!((caller.role, caller.claims), (Role::Authenticated, claims));
}

#[tokio::test]
async fn each_kind_of_key_verifies_its_own_tokens() {
    let (one, two, rsa) = (Signer::es256_one(), Signer::es256_two(), Signer::rs256());
    let mut set = jwks_of(&[&one, &two, &rsa]);
    for useless in [
        json!(1),
        json!({ "kty": "EC" }),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "es-one" }),
    ] {
        set["keys"].as_array_mut().unwrap().insert(0, useless);
    }
    let keys = with_jwks(&set);
    let claims = claims_of(Uuid::new_v4());
    for signer in [&one, &two, &rsa] {
        assert_eq!(
            caller(&keys, &signer.sign(&claims)).await.unwrap().claims,
            claims
        );
        assert_eq!(
            caller(&keys, &signer.sign_without_id(&claims))
                .await
                .unwrap()
                .claims,
            claims
        );
    }
    assert_eq!(caller(&keys, &token(&claims)).await.unwrap().claims, claims);
}

#[tokio::test]
async fn a_secret_serves_a_token_with_an_unknown_key_id_and_a_listed_symmetric_key_its_own() {
    let id = |kid: &str| Header {
        kid: Some(kid.into()),
        ..Header::default()
    };
    let claims = claims_of(Uuid::new_v4());
    let listed = "another secret, for the key that is listed here";
    // base64url of that secret.
    let set = json!({ "keys": [{ "kty": "oct", "kid": "listed", "alg": "HS256",
        "k": "YW5vdGhlciBzZWNyZXQsIGZvciB0aGUga2V5IHRoYXQgaXMgbGlzdGVkIGhlcmU" }] });
    let keys = with_jwks(&set);
    let sign = |kid, secret: &str| {
        encode(
            &id(kid),
            &claims,
            &EncodingKey::from_secret(secret.as_bytes()),
        )
        .unwrap()
    };
    assert!(caller(&keys, &sign("unheard-of", SECRET)).await.is_ok());
    assert!(caller(&keys, &sign("listed", listed)).await.is_ok());
    assert_eq!(
        caller(&keys, &sign("listed", SECRET)).await,
        Err(AuthError::Invalid)
    );
    assert_eq!(
        caller(&keys, &sign("unheard-of", listed)).await,
        Err(AuthError::Invalid)
    );
}

#[tokio::test]
async fn a_public_key_is_never_an_hmac_secret() {
    let rsa = Signer::rs256();
    let claims = claims_of(Uuid::new_v4());
    let keys = Keys::new(KeySettings {
        jwks: Some(JwksSource::Json(jwks_of(&[&rsa]).to_string())),
        ..KeySettings::default()
    })
    .unwrap();
    let jwk = rsa.jwk();
    let modulus = jwk["n"].as_str().unwrap();
    for kid in [Some("rs".to_owned()), None] {
        let header = Header {
            kid,
            ..Header::new(Algorithm::HS256)
        };
        for secret in [
            modulus.as_bytes(),
            jwk.to_string().as_bytes(),
            include_bytes!("keys/rs256.pem"),
        ] {
            let forged = encode(&header, &claims, &EncodingKey::from_secret(secret)).unwrap();
            assert_eq!(caller(&keys, &forged).await, Err(AuthError::Invalid));
        }
        let by_decoded = encode(
            &header,
            &claims,
            &EncodingKey::from_urlsafe_base64_secret(&format!("{modulus}==")).unwrap(),
        );
        assert_eq!(
            caller(&keys, &by_decoded.unwrap()).await,
            Err(AuthError::Invalid)
        );
    }
    assert!(caller(&keys, &rsa.sign(&claims)).await.is_ok());
}

#[tokio::test]
async fn what_is_no_sound_token_is_nobody() {
    let claims = claims_of(Uuid::new_v4());
    let good = token(&claims);
    let (head, signature) = good.rsplit_once('.').unwrap();
    let other_secret = mint("another secret, also long enough to be one", &claims).unwrap();
    let hs512 = encode(
        &Header::new(Algorithm::HS512),
        &claims,
        &EncodingKey::from_secret(SECRET.as_bytes()),
    )
    .unwrap();
    let critical = Header {
        crit: Some(vec!["b64".into()]),
        ..Header::default()
    };
    let critical = encode(
        &critical,
        &claims,
        &EncodingKey::from_secret(SECRET.as_bytes()),
    )
    .unwrap();
    let wrong = [
        ("another secret", other_secret),
        ("an algorithm that is not allowed", hs512),
        ("a critical extension", critical),
        (
            "a key that is not in the set",
            Signer::es256_two().sign(&claims),
        ),
        (
            "a key too short to trust",
            Signer::rs256_short().sign(&claims),
        ),
        (
            "alg none",
            unsigned(&json!({ "alg": "none", "typ": "JWT" }), &claims),
        ),
        ("alg None", unsigned(&json!({ "alg": "None" }), &claims)),
        ("no alg", unsigned(&json!({ "typ": "JWT" }), &claims)),
        ("no signature", format!("{head}.")),
        ("half a signature", format!("{head}.{}", &signature[..20])),
        ("a fourth part", format!("{good}.x")),
        ("two parts", head.to_owned()),
        ("a word", "token".to_owned()),
        ("dots", "..".to_owned()),
    ];
    let keys = with_jwks(&jwks_of(&[&Signer::es256_one(), &Signer::rs256_short()]));
    assert!(caller(&keys, &good).await.is_ok());
    for (what, token) in wrong {
        assert_eq!(
            caller(&keys, &token).await,
            Err(AuthError::Invalid),
            "{what}"
        );
    }
}

/// Each case: what it is, how its claims differ from a good token's, and what follows.
async fn try_claims(user: Uuid, cases: &[(&str, Value, Result<(), AuthError>)]) {
    for (what, changes, expected) in cases {
        let token = token(&with(claims_of(user), changes.clone()));
        assert_eq!(
            caller(&keys(), &token).await.map(|_| ()),
            *expected,
            "{what}"
        );
    }
}

#[tokio::test]
async fn a_token_has_its_time_and_clocks_may_differ_by_half_a_minute() {
    let cases = [
        (
            "expired",
            json!({ "exp": now() - 60 }),
            Err(AuthError::Expired),
        ),
        (
            "expired within the leeway",
            json!({ "exp": now() - 10 }),
            Ok(()),
        ),
        (
            "without an end",
            json!({ "exp": null }),
            Err(AuthError::Invalid),
        ),
        (
            "no number",
            json!({ "exp": "tomorrow" }),
            Err(AuthError::Invalid),
        ),
        (
            "not yet valid",
            json!({ "nbf": now() + 120 }),
            Err(AuthError::NotYetValid),
        ),
        (
            "valid within the leeway",
            json!({ "nbf": now() + 10 }),
            Ok(()),
        ),
    ];
    try_claims(Uuid::new_v4(), &cases).await;
}

#[tokio::test]
async fn a_users_token_names_a_user_a_role_and_this_audience() {
    let user = Uuid::new_v4();
    let invalid = || Err(AuthError::Invalid);
    let no_user = || Err(AuthError::NoUser);
    let cases = [
        ("another audience", json!({ "aud": "storage" }), invalid()),
        ("no audience", json!({ "aud": null }), invalid()),
        (
            "one of several",
            json!({ "aud": ["storage", "authenticated"] }),
            Ok(()),
        ),
        ("no subject", json!({ "sub": null }), no_user()),
        ("no uuid", json!({ "sub": "auth0|123" }), no_user()),
        (
            "a uuid of a form SQL cannot read",
            json!({ "sub": format!("urn:uuid:{user}") }),
            no_user(),
        ),
        ("a number", json!({ "sub": 7 }), no_user()),
        ("no role", json!({ "role": null }), invalid()),
        (
            "a role of the database",
            json!({ "role": "postgres" }),
            invalid(),
        ),
        (
            "a role in capitals",
            json!({ "role": "SERVICE_ROLE" }),
            invalid(),
        ),
    ];
    try_claims(user, &cases).await;
}

#[tokio::test]
async fn an_app_key_is_anon_and_the_operators_key_is_the_service_role() {
    for (key, role) in [
        (anon_key(), Role::Anon),
        (PUBLISHABLE.to_owned(), Role::Anon),
        (service_role_key(), Role::ServiceRole),
        (SECRET_KEY.to_owned(), Role::ServiceRole),
    ] {
        let caller = caller(&keys(), &key).await.unwrap();
        assert_eq!(
            (caller.role, &caller.claims["role"]),
            (role, &json!(role.name()))
        );
    }
    let expired = token(&with(
        key_claims(Role::ServiceRole),
        json!({ "exp": now() - 60 }),
    ));
    assert_eq!(caller(&keys(), &expired).await, Err(AuthError::Expired));
    for stranger in [
        "sb_secret_other",
        "sb_publishable_",
        "sb_temporary",
        &format!("sb_{}", anon_key()),
    ] {
        assert_eq!(
            caller(&keys(), stranger).await,
            Err(AuthError::UnknownApiKey),
            "{stranger}"
        );
    }
}

#[tokio::test]
async fn a_secret_key_counts_in_the_apikey_header_unless_a_bearer_says_otherwise() {
    let headers = |pairs: &[(&'static str, String)]| -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    };
    let apikey = ("apikey", SECRET_KEY.to_owned());
    let user = (
        "authorization",
        format!("Bearer {}", token(&claims_of(Uuid::new_v4()))),
    );
    let keys = keys();
    let role = |caller: Result<Caller, AuthError>| caller.map(|caller| caller.role);
    assert_eq!(
        role(keys.caller(&headers(std::slice::from_ref(&apikey))).await),
        Ok(Role::ServiceRole)
    );
    assert_eq!(
        role(keys.caller(&headers(&[apikey, user])).await),
        Ok(Role::Authenticated)
    );
    assert_eq!(
        role(
            keys.caller(&headers(&[("apikey", service_role_key())]))
                .await
        ),
        Err(AuthError::Missing)
    );
}

#[test]
fn keys_that_would_let_anybody_in_are_refused_at_the_start() {
    let settings = |secret: &str| KeySettings {
        jwt_secret: Some(secret.into()),
        ..KeySettings::default()
    };
    assert_eq!(
        Keys::new(KeySettings::default()).err(),
        Some(InvalidKeys::None)
    );
    assert_eq!(
        Keys::new(settings("")).err(),
        Some(InvalidKeys::ShortSecret(0))
    );
    assert_eq!(
        Keys::new(settings("short")).err(),
        Some(InvalidKeys::ShortSecret(5))
    );
    assert_eq!(
        mint("short", &json!({})).err(),
        Some(InvalidKeys::ShortSecret(5))
    );
    for set in ["", "[]", "{\"keys\": {}}"] {
        let settings = KeySettings {
            jwks: Some(JwksSource::Json(set.into())),
            ..KeySettings::default()
        };
        assert!(
            matches!(Keys::new(settings).err(), Some(InvalidKeys::Jwks(_))),
            "{set:?}"
        );
    }
    for url in ["", "not a url", "file:///etc/keys.json"] {
        let settings = KeySettings {
            jwks: Some(JwksSource::Url(url.into())),
            ..KeySettings::default()
        };
        assert!(
            matches!(Keys::new(settings).err(), Some(InvalidKeys::Jwks(_))),
            "{url:?}"
        );
    }
}

#[test]
fn a_caller_never_prints_its_claims() {
    let caller = Caller {
        role: Role::Authenticated,
        claims: claims_of(Uuid::nil()),
    };
    assert_eq!(format!("{caller:?}"), "Caller { role: Authenticated, .. }");
}
