//! How long `trigger-workout-plan` takes to answer: an open loop of 100 requests a second, each of another user, against a
//! server on a private PostgreSQL that keeps what it is told. Prints the quantiles in milliseconds.
//!
//! `cargo run --release -p server --example answer_times -- [requests per second] [seconds]`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement at a terminal"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use coach::caller::Role;
use local_postgres::LocalPostgres;
use serde_json::json;
use server::auth::{KeySettings, Keys, mint, user_claims};
use server::{Readiness, Settings, State};
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const SECRET: &str = "a secret that only this measurement knows";

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse().unwrap());
    let rate: u32 = arguments.next().unwrap_or(100);
    let seconds: u32 = arguments.next().unwrap_or(20);
    let _ = rustls::crypto::ring::default_provider().install_default();

    let folder = std::env::temp_dir().join(format!("answer-times-{}", std::process::id()));
    let postgres = LocalPostgres::start(&folder).unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .connect(postgres.url())
        .await
        .unwrap();
    coach::migrate::migrate(&pool).await.unwrap();
    let url = serve(pool).await;

    let _warm = measure(&url, rate, 2).await;
    let mut times = measure(&url, rate, seconds).await;
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{} answers at {rate}/s: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
        times.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
    drop(postgres);
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn serve(pool: sqlx::PgPool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "http://{}/functions/v1/trigger-workout-plan",
        listener.local_addr().unwrap()
    );
    let keys = Keys::new(KeySettings {
        jwt_secret: Some(SECRET.into()),
        ..KeySettings::default()
    });
    let state = State {
        pool: pool.into(),
        keys: keys.unwrap(),
        wake: Arc::new(|| {}),
        readiness: Readiness::default(),
        settings: Settings::default(),
        admin: server::admin::Admin::default(),
        shutdown: CancellationToken::new(),
    };
    tokio::spawn(server::serve(
        listener,
        server::router(state),
        CancellationToken::new(),
    ));
    url
}

/// Sends every request at its own moment, whether or not the earlier ones were answered, and times it from that moment.
async fn measure(url: &str, rate: u32, seconds: u32) -> Vec<Duration> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut calls = tokio::task::JoinSet::new();
    let begin = Instant::now() + Duration::from_millis(100);
    for number in 0..rate * seconds {
        let due = begin + Duration::from_secs(1) * number / rate;
        let claims = user_claims(
            Uuid::new_v4(),
            Role::Authenticated,
            Duration::from_secs(3600),
        );
        let request = client
            .post(url)
            .bearer_auth(mint(SECRET, &claims).unwrap())
            .json(&json!({ "userProfile": "Muscle, three days a week, a gym nearby, 45 minutes, no injuries. ".repeat(5) }));
        calls.spawn(async move {
            tokio::time::sleep_until(due.into()).await;
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 200);
            let _body = response.bytes().await.unwrap();
            due.elapsed()
        });
    }
    calls.join_all().await
}
