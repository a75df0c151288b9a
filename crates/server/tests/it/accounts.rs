//! `/auth/v1`: accounts for development, as a client of Supabase's own service meets them.

use std::str::FromStr;
use std::time::Duration;

use coach::Pool;
use local_postgres::testing::{PgBouncer, fresh_database};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use server::{AccountSettings, AllowedOrigins, Settings};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::database::{CREATE, TestDatabase, request};
use crate::support::{SECRET, TestServer, anon_key, answer, capture_log, no_database, token_of};

const SIGN_UP: &str = "/auth/v1/signup";
const BY_PASSWORD: &str = "/auth/v1/token?grant_type=password";
const REFRESH: &str = "/auth/v1/token?grant_type=refresh_token";
const ISSUER: &str = "http://127.0.0.1:54321";

/// A server with accounts, that listens on this machine alone or on all its addresses.
async fn start(database: &TestDatabase, hosts: &[&str], origins: AllowedOrigins) -> TestServer {
    let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    let settings = Settings {
        accounts: Some(AccountSettings::new(SECRET.into(), ISSUER, hosts).unwrap()),
        allowed_origins: origins,
        ..Settings::default()
    };
    TestServer::start_with(database.pool.clone(), settings).await
}

async fn with_accounts(database: &TestDatabase) -> TestServer {
    start(database, &["127.0.0.1"], AllowedOrigins::Any).await
}

async fn post(server: &TestServer, path: &str, body: Value) -> (u16, Value) {
    answer(server.post(path).json(&body)).await
}

/// A sign-up that must succeed.
async fn sign_up(server: &TestServer, body: Value) -> Value {
    let (status, session) = post(server, SIGN_UP, body).await;
    assert_eq!(status, 200, "{session}");
    session
}

fn user_request(server: &TestServer, session: &Value) -> RequestBuilder {
    let token = session["access_token"].as_str().unwrap();
    server
        .client
        .get(format!("{}/auth/v1/user", server.url))
        .bearer_auth(token)
}

async fn update(server: &TestServer, session: &Value, body: Value) -> (u16, Value) {
    let request = server
        .client
        .put(format!("{}/auth/v1/user", server.url))
        .bearer_auth(session["access_token"].as_str().unwrap());
    answer(request.json(&body)).await
}

async fn refresh(server: &TestServer, session: &Value) -> (u16, Value) {
    post(
        server,
        REFRESH,
        json!({ "refresh_token": session["refresh_token"] }),
    )
    .await
}

async fn sign_out(server: &TestServer, session: &Value, scope: &str) -> u16 {
    server
        .post(&format!("/auth/v1/logout{scope}"))
        .bearer_auth(session["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

/// Asserts the older form of a refusal, which clients get that name no version.
fn refused((status, body): (u16, Value), expected: u16, code: &str) {
    assert_eq!(
        (status, &body["code"], &body["error_code"]),
        (expected, &json!(expected), &json!(code)),
        "{body}"
    );
    assert!(
        body["msg"].as_str().is_some_and(|text| text.len() > 10),
        "{body}"
    );
}

/// The claims of a token, not verified.
fn claims(session: &Value) -> Value {
    let token = session["access_token"].as_str().unwrap();
    let mut validation = jsonwebtoken::Validation::default();
    validation.set_audience(&["authenticated"]);
    let key = jsonwebtoken::DecodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::decode::<Value>(token, &key, &validation)
        .unwrap()
        .claims
}

#[tokio::test]
async fn an_anonymous_user_is_a_user_with_three_plans_a_day() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let session = sign_up(&server, json!({ "data": { "nickname": "ada" } })).await;

    let user = &session["user"];
    assert_eq!(user["is_anonymous"], true);
    assert_eq!(
        (&user["email"], &user["app_metadata"], &user["identities"]),
        (&json!(""), &json!({}), &json!([]))
    );
    assert_eq!(user["user_metadata"], json!({ "nickname": "ada" }));
    assert_eq!(
        (&session["token_type"], &session["expires_in"]),
        (&json!("bearer"), &json!(3600))
    );

    let claims = claims(&session);
    let lasts = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!((lasts, &claims["exp"]), (3600, &session["expires_at"]));
    assert_eq!(
        (
            &claims["sub"],
            &claims["role"],
            &claims["aud"],
            &claims["aal"],
            &claims["is_anonymous"]
        ),
        (
            &user["id"],
            &json!("authenticated"),
            &json!("authenticated"),
            &json!("aal1"),
            &json!(true)
        )
    );
    assert_eq!(claims["iss"], format!("{ISSUER}/auth/v1"));
    assert_eq!(claims["amr"][0]["method"], "anonymous");
    assert!(claims["amr"][0]["timestamp"].is_i64());
    Uuid::try_parse(claims["session_id"].as_str().unwrap()).unwrap();

    // The rest of the house knows the token, and that its bearer is anonymous.
    let token = session["access_token"].as_str().unwrap();
    let id: Uuid = user["id"].as_str().unwrap().parse().unwrap();
    database.ended_jobs(id, 2).await;
    assert_eq!(server.ask(CREATE, token, &request()).await.0, 200);
    database
        .run("update public.plan_generation_jobs set status = 'failed' where status = 'pending'")
        .await;
    assert_eq!(server.ask(CREATE, token, &request()).await.0, 429);
    assert_eq!(
        answer(user_request(&server, &session)).await,
        (200, user.clone())
    );
}

#[tokio::test]
async fn an_address_and_a_password_make_an_account_that_can_be_signed_in_to() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let body =
        json!({ "email": " Ada@Example.com", "password": "correct horse", "data": { "n": 1 } });
    let session = sign_up(&server, body).await;
    let user = &session["user"];
    assert_eq!(
        (
            &user["email"],
            &user["is_anonymous"],
            &user["app_metadata"]["provider"]
        ),
        (&json!("ada@example.com"), &json!(false), &json!("email"))
    );
    assert_eq!(
        user["identities"][0]["identity_data"]["email"],
        "ada@example.com"
    );
    assert_eq!(
        user["user_metadata"],
        json!({ "n": 1, "email": "ada@example.com", "email_verified": true, "phone_verified": false, "sub": user["id"] })
    );
    assert!(user["email_confirmed_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(claims(&session)["amr"][0]["method"], "password");

    let credentials = json!({ "email": "ADA@example.com", "password": "correct horse" });
    let (status, again) = post(&server, BY_PASSWORD, credentials).await;
    assert_eq!(
        (status, &again["user"]["id"]),
        (200, &user["id"]),
        "{again}"
    );
    assert_ne!(claims(&again)["session_id"], claims(&session)["session_id"]);

    for (email, password) in [
        ("ada@example.com", "wrong horse"),
        ("ada@example.com", ""),
        ("eve@example.com", "correct horse"),
        ("", "correct horse"),
    ] {
        let wrong = post(
            &server,
            BY_PASSWORD,
            json!({ "email": email, "password": password }),
        )
        .await;
        refused(wrong, 400, "invalid_credentials");
    }
    refused(
        post(
            &server,
            BY_PASSWORD,
            json!({ "email": "ada@example.com", "password": "x".repeat(100_000) }),
        )
        .await,
        400,
        "invalid_credentials",
    );
}

#[tokio::test]
async fn what_cannot_be_signed_up_is_refused_with_the_code_that_clients_know() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    sign_up(
        &server,
        json!({ "email": "ada@example.com", "password": "correct horse" }),
    )
    .await;
    let cases = [
        (
            json!({ "email": "ADA@example.com", "password": "another one" }),
            422,
            "user_already_exists",
        ),
        (
            json!({ "email": "eve@example.com", "password": "short" }),
            422,
            "weak_password",
        ),
        (
            json!({ "email": "eve@example.com", "password": "x".repeat(73) }),
            400,
            "validation_failed",
        ),
        (
            json!({ "email": "eve@example.com" }),
            400,
            "validation_failed",
        ),
        (
            json!({ "email": "nowhere", "password": "correct horse" }),
            400,
            "validation_failed",
        ),
        (
            json!({ "password": "correct horse" }),
            400,
            "validation_failed",
        ),
        (
            json!({ "phone": "123", "password": "correct horse" }),
            400,
            "phone_provider_disabled",
        ),
        (json!({ "email": 1 }), 400, "bad_json"),
        (json!({ "data": [] }), 400, "bad_json"),
        (json!([]), 400, "bad_json"),
    ];
    for (body, status, code) in cases {
        refused(post(&server, SIGN_UP, body).await, status, code);
    }
    refused(
        answer(server.post(SIGN_UP).body("{")).await,
        400,
        "bad_json",
    );
    refused(
        post(&server, "/auth/v1/token", json!({})).await,
        400,
        "invalid_credentials",
    );

    // A client that names a version gets the newer form.
    let newer = server
        .post(SIGN_UP)
        .header("x-supabase-api-version", "2024-01-01")
        .json(&json!({ "email": "eve@example.com", "password": "short" }));
    let response = newer.send().await.unwrap();
    assert_eq!(response.headers()["x-supabase-api-version"], "2024-01-01");
    assert_eq!(response.headers()["x-sb-error-code"], "weak_password");
    let body: Value = response.json().await.unwrap();
    assert_eq!(
        body,
        json!({ "code": "weak_password", "message": "Password should be at least 6 characters.",
                "weak_password": { "reasons": ["length"] } })
    );
}

#[tokio::test]
async fn a_refresh_token_is_changed_at_each_use_and_an_old_one_ends_the_session() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let first = sign_up(&server, json!({})).await;
    let (status, second) = refresh(&server, &first).await;
    assert_eq!(status, 200, "{second}");
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(claims(&second)["session_id"], claims(&first)["session_id"]);
    assert_eq!(claims(&second)["amr"], claims(&first)["amr"]);

    // An answer that was lost on the way is given again, at any time.
    database
        .run("update auth.session set refreshed_at = now() - interval '1 hour'")
        .await;
    let (status, lost) = refresh(&server, &first).await;
    assert_eq!(
        (status, &lost["refresh_token"]),
        (200, &second["refresh_token"]),
        "{lost}"
    );

    // Several tabs refresh at once: for a moment an older one gets the newest.
    let (_, third) = refresh(&server, &second).await;
    let (status, moment) = refresh(&server, &first).await;
    assert_eq!(
        (status, &moment["refresh_token"]),
        (200, &third["refresh_token"]),
        "{moment}"
    );

    // Later it is a thief's, or the thief has the newest.
    database
        .run("update auth.session set refreshed_at = now() - interval '11 seconds'")
        .await;
    refused(
        refresh(&server, &first).await,
        400,
        "refresh_token_already_used",
    );
    refused(
        refresh(&server, &third).await,
        400,
        "refresh_token_not_found",
    );
    refused(
        answer(user_request(&server, &third)).await,
        403,
        "session_not_found",
    );
}

#[tokio::test]
async fn of_many_refreshes_at_once_all_get_the_same_new_token() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let session = sign_up(&server, json!({})).await;
    let refreshed =
        futures_util::future::join_all((0..8).map(|_| refresh(&server, &session))).await;
    let tokens: std::collections::BTreeSet<_> = refreshed
        .iter()
        .map(|(status, session)| {
            assert_eq!(*status, 200, "{session}");
            session["refresh_token"].as_str().unwrap()
        })
        .collect();
    assert_eq!(tokens.len(), 1);
}

#[tokio::test]
async fn a_refresh_token_that_nobody_issued_is_not_found() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let session = sign_up(&server, json!({})).await;
    let token = session["refresh_token"].as_str().unwrap();
    let missing =
        json!({ "error": "invalid_request", "error_description": "refresh_token required" });
    assert_eq!(post(&server, REFRESH, json!({})).await, (400, missing));
    for wrong in [
        "x".to_owned(),
        token.replace(".0.", ".1."),
        session["access_token"].as_str().unwrap().into(),
    ] {
        let body = json!({ "refresh_token": wrong });
        refused(
            post(&server, REFRESH, body).await,
            400,
            "refresh_token_not_found",
        );
    }
    // Nor is it an access token.
    let request = server.client.get(format!("{}/auth/v1/user", server.url));
    refused(answer(request.bearer_auth(token)).await, 403, "bad_jwt");
}

#[tokio::test]
async fn signing_out_ends_this_session_the_others_or_all() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let credentials = json!({ "email": "ada@example.com", "password": "correct horse" });
    let one = sign_up(&server, credentials.clone()).await;
    let two = post(&server, BY_PASSWORD, credentials.clone()).await.1;
    let three = post(&server, BY_PASSWORD, credentials.clone()).await.1;
    let alive = async |session: &Value| answer(user_request(&server, session)).await.0 == 200;

    assert_eq!(sign_out(&server, &one, "?scope=local").await, 204);
    assert_eq!(
        [alive(&one).await, alive(&two).await, alive(&three).await],
        [false, true, true]
    );
    assert_eq!(sign_out(&server, &two, "?scope=others").await, 204);
    assert_eq!([alive(&two).await, alive(&three).await], [true, false]);
    let four = post(&server, BY_PASSWORD, credentials).await.1;
    assert_eq!(sign_out(&server, &two, "?scope=galaxy").await, 400);
    assert_eq!(sign_out(&server, &two, "").await, 204);
    assert_eq!([alive(&two).await, alive(&four).await], [false, false]);
    refused(
        refresh(&server, &four).await,
        400,
        "refresh_token_not_found",
    );
    assert_eq!(sign_out(&server, &four, "").await, 403);
}

#[tokio::test]
async fn an_anonymous_user_becomes_a_permanent_one_and_keeps_the_id() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    sign_up(
        &server,
        json!({ "email": "eve@example.com", "password": "correct horse" }),
    )
    .await;
    let session = sign_up(&server, json!({ "data": { "a": 1, "b": { "c": null } } })).await;

    refused(
        update(&server, &session, json!({ "password": "correct horse" })).await,
        422,
        "validation_failed",
    );
    refused(
        update(&server, &session, json!({ "email": "eve@example.com" })).await,
        422,
        "email_exists",
    );
    refused(
        update(&server, &session, json!({ "phone": "1" })).await,
        422,
        "phone_provider_disabled",
    );

    let changes = json!({ "email": "Ada@example.com", "password": "battery staple", "data": { "a": null, "d": 2 } });
    let (status, user) = update(&server, &session, changes).await;
    assert_eq!(
        (status, &user["id"], &user["email"], &user["is_anonymous"]),
        (
            200,
            &session["user"]["id"],
            &json!("ada@example.com"),
            &json!(false)
        ),
        "{user}"
    );
    assert_eq!(user["user_metadata"]["b"], json!({ "c": null }));
    assert_eq!(
        (&user["user_metadata"]["a"], &user["user_metadata"]["d"]),
        (&Value::Null, &json!(2))
    );
    assert!(!user["user_metadata"].as_object().unwrap().contains_key("a"));

    let (_, refreshed) = refresh(&server, &session).await;
    assert_eq!(claims(&refreshed)["is_anonymous"], false);
    let by_password = post(
        &server,
        BY_PASSWORD,
        json!({ "email": "ada@example.com", "password": "battery staple" }),
    )
    .await;
    assert_eq!(by_password.1["user"]["id"], user["id"], "{}", by_password.1);

    // Another password ends every other session.
    refused(
        update(&server, &refreshed, json!({ "password": "battery staple" })).await,
        422,
        "same_password",
    );
    assert_eq!(
        update(&server, &refreshed, json!({ "password": "another one" }))
            .await
            .0,
        200
    );
    refused(
        answer(user_request(&server, &by_password.1)).await,
        403,
        "session_not_found",
    );
    assert_eq!(answer(user_request(&server, &refreshed)).await.0, 200);
}

#[tokio::test]
async fn who_has_no_good_token_of_an_account_is_told_why() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let user = || server.client.get(format!("{}/auth/v1/user", server.url));
    refused(answer(user()).await, 401, "no_authorization");
    refused(answer(user().bearer_auth("junk")).await, 403, "bad_jwt");
    refused(answer(user().bearer_auth(anon_key())).await, 403, "bad_jwt");
    refused(
        answer(user().bearer_auth(token_of(Uuid::new_v4()))).await,
        403,
        "user_not_found",
    );
}

#[tokio::test]
async fn nothing_secret_is_stored_in_the_clear_or_logged() {
    let log = capture_log();
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let session = sign_up(
        &server,
        json!({ "email": "ada@example.com", "password": "correct horse" }),
    )
    .await;
    let (_, next) = refresh(&server, &session).await;
    refused(
        post(
            &server,
            BY_PASSWORD,
            json!({ "email": "ada@example.com", "password": "wrong horse" }),
        )
        .await,
        400,
        "invalid_credentials",
    );

    let stored: String = sqlx::query_scalar(
        "select (select jsonb_agg(a) from auth.account a)::text || (select jsonb_agg(s) from auth.session s)::text",
    )
    .fetch_one(&database.pool)
    .await
    .unwrap();
    assert!(stored.contains("$argon2id$"), "{stored}");
    let logged = log.text();
    assert!(logged.contains("/auth/v1/signup"), "the log is captured");
    for session in [&session, &next] {
        let refresh_token = session["refresh_token"].as_str().unwrap();
        let signature = refresh_token.rsplit('.').next().unwrap();
        let access_token = session["access_token"].as_str().unwrap();
        for secret in [
            "correct horse",
            "wrong horse",
            refresh_token,
            signature,
            access_token,
        ] {
            assert!(!stored.contains(secret), "stored: {secret}");
            assert!(!logged.contains(secret), "logged: {secret}");
        }
    }
    assert!(!logged.contains("ada@example.com"));
}

#[tokio::test]
async fn only_the_connections_own_role_reads_accounts() {
    let database = TestDatabase::new().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select r || ' ' || t || ' ' || p from unnest(array['anon', 'authenticated', 'service_role']) r,
                unnest(array['auth.account', 'auth.session']) t, unnest(array['select', 'insert', 'update', 'delete']) p
         where has_table_privilege(r, t, p)",
    )
    .fetch_all(&database.pool)
    .await
    .unwrap();
    assert!(open.is_empty(), "{open:?}");
}

/// The status of a health check with these headers.
async fn pass(server: &TestServer, host: &str, origin: Option<&str>) -> u16 {
    let mut request = server
        .client
        .get(format!("{}/auth/v1/health", server.url))
        .header("host", host);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn another_web_page_is_kept_out_by_its_origin_and_by_the_name_it_calls() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    for (host, origin, status) in [
        ("127.0.0.1:54321", None, 200),
        ("localhost", None, 200),
        ("app.localhost:80", None, 200),
        ("[::1]:54321", None, 200),
        ("10.0.2.2:54321", None, 200),
        ("evil.example", None, 403),
        ("localhost.evil.example", None, 403),
        ("127.0.0.1.evil.example", None, 403),
        ("localhost@evil.example", None, 403),
        ("192.168.1.5:54321", None, 403),
        ("127.0.0.1", Some("http://localhost:8081"), 200),
        ("127.0.0.1", Some("http://127.0.0.1:3000"), 200),
        ("127.0.0.1", Some("https://evil.example"), 403),
        ("127.0.0.1", Some("http://localhost.evil.example"), 403),
        ("127.0.0.1", Some("null"), 403),
        ("127.0.0.1", Some(""), 403),
        ("127.0.0.1", Some("file://"), 403),
        ("127.0.0.1", Some("http://10.0.2.2"), 403),
    ] {
        assert_eq!(
            pass(&server, host, origin).await,
            status,
            "{host} {origin:?}"
        );
    }
    let (status, body) = answer(
        server
            .post(SIGN_UP)
            .header("origin", "https://evil.example")
            .json(&json!({})),
    )
    .await;
    assert_eq!(
        (status, &body["error_code"]),
        (403, &json!("not_allowed")),
        "{body}"
    );
    let made: i64 = sqlx::query_scalar("select count(*) from auth.account")
        .fetch_one(&database.pool)
        .await
        .unwrap();
    assert_eq!(made, 0);
}

#[tokio::test]
async fn a_listed_page_and_the_addresses_of_a_server_that_listens_on_all_pass() {
    let database = TestDatabase::new().await;
    let origins = AllowedOrigins::parse(["https://app.example.com"]).unwrap();
    let server = start(&database, &["0.0.0.0", "192.168.1.5"], origins).await;
    for (host, origin, status) in [
        ("192.168.1.5:54321", None, 200),
        ("192.168.1.5:54321", Some("http://192.168.1.5:8081"), 200),
        ("172.17.0.1:54321", None, 200),
        ("127.0.0.1", Some("http://172.17.0.1"), 403),
        ("127.0.0.1", Some("https://app.example.com"), 200),
        ("127.0.0.1", Some("https://other.example.com"), 403),
        ("app.example.com", None, 200),
        ("evil.example", None, 403),
    ] {
        assert_eq!(
            pass(&server, host, origin).await,
            status,
            "{host} {origin:?}"
        );
    }
}

#[tokio::test]
async fn accounts_and_graphql_work_through_a_transaction_pooler() {
    let database = fresh_database(&coach::migrate::script()).unwrap();
    let bouncer = PgBouncer::start(&database, 2).unwrap();
    let options = PgConnectOptions::from_str(bouncer.url()).unwrap();
    let connections = PgPoolOptions::new()
        .connect_with(Pool::pooled_options(options))
        .await
        .unwrap();
    let accounts = AccountSettings::new(SECRET.into(), ISSUER, vec![]).unwrap();
    let settings = Settings {
        accounts: Some(accounts),
        ..Settings::default()
    };
    let server = TestServer::start_with(Pool::pooled(connections), settings).await;
    let users = (0..6).map(|_| async {
        let session = sign_up(&server, json!({})).await;
        let (status, session) = refresh(&server, &session).await;
        assert_eq!(status, 200, "{session}");
        let token = session["access_token"].as_str().unwrap().to_owned();
        let insert = json!({ "query": "mutation { insertIntoweekly_base_plansCollection(objects: [{days: \"{}\"}]) { affectedCount } }" });
        let (_, inserted) = server.ask("/graphql/v1", &token, &insert).await;
        assert_eq!(
            inserted["data"]["insertIntoweekly_base_plansCollection"]["affectedCount"],
            1,
            "{inserted}"
        );
        let query = json!({ "query": "{ weekly_base_plansCollection { edges { node { user_id } } } }" });
        let (_, seen) = server.ask("/graphql/v1", &token, &query).await;
        assert_eq!(
            seen["data"]["weekly_base_plansCollection"]["edges"],
            json!([{ "node": { "user_id": session["user"]["id"] } }])
        );
    });
    futures_util::future::join_all(users).await;
}

#[tokio::test]
async fn accounts_are_served_only_where_they_are_asked_for() {
    let server = TestServer::start(no_database()).await;
    for path in [SIGN_UP, BY_PASSWORD, "/auth/v1/health"] {
        let (status, body) = answer(server.post(path).json(&json!({}))).await;
        assert_eq!(
            (status, &body["code"]),
            (404, &json!("NOT_FOUND")),
            "{path}"
        );
    }
    assert!(AccountSettings::new("short".into(), ISSUER, vec![]).is_err());
}

#[tokio::test]
async fn what_is_on_and_the_keys_are_told_to_anybody() {
    let database = TestDatabase::new().await;
    let server = with_accounts(&database).await;
    let get = async |path: &str| {
        let request = server.client.get(format!("{}/auth/v1/{path}", server.url));
        answer(request.timeout(Duration::from_secs(10))).await
    };
    assert_eq!(
        get(".well-known/jwks.json").await,
        (200, json!({ "keys": [] }))
    );
    let (status, settings) = get("settings").await;
    assert_eq!(
        (status, &settings["external"]["anonymous_users"]),
        (200, &json!(true))
    );
    assert_eq!(settings["mailer_autoconfirm"], true);
    assert_eq!(get("health").await.1["name"], "Mesocycle");
}
