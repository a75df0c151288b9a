//! How soon changes reach 1,000 Realtime sockets, and what a socket costs in memory: the server is a process of its own, on a
//! private PostgreSQL; this one holds the sockets and writes the changes. Prints the quantiles from just before the INSERT to
//! the frame's arrival.
//!
//! `cargo run --release -p server --example realtime_load -- [sockets] [changes per second] [seconds]`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement at a terminal"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use coach::caller::Role;
use futures_util::{SinkExt, StreamExt};
use local_postgres::LocalPostgres;
use serde_json::{Value, json};
use server::auth::{KeySettings, Keys, key_claims, mint, user_claims};
use server::{Readiness, Settings, State};
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const SECRET: &str = "a secret that only this measurement knows";
const HOUR: Duration = Duration::from_secs(3600);

/// Who listens to what.
#[derive(Clone, Copy)]
enum Listeners {
    /// Each socket is another user's and asks for the user's own rows: what apps do.
    OwnRows,
    /// Each socket is another user's and asks for the whole table: row level security alone decides.
    WholeTable,
    /// All sockets are one user's, and each change is told to all.
    OneUser,
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, url] = &arguments[..]
        && word == "serve"
    {
        return serve(url).await;
    }
    let number = |index: usize, default: usize| {
        arguments
            .get(index)
            .map_or(default, |text| text.parse().unwrap())
    };
    let (sockets, rate, seconds) = (number(0, 1000), number(1, 200), number(2, 20));

    let folder = std::env::temp_dir().join(format!("realtime-load-{}", std::process::id()));
    let postgres = LocalPostgres::start(&folder).unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(4)
        .connect(postgres.url())
        .await
        .unwrap();
    coach::migrate::migrate(&pool).await.unwrap();
    coach::change_feed::install(&pool.clone().into())
        .await
        .unwrap();
    for (name, listeners, rate) in [
        ("own rows by a filter", Listeners::OwnRows, rate),
        ("the whole table", Listeners::WholeTable, rate),
        (
            "one user's sockets",
            Listeners::OneUser,
            (rate / 100).max(1),
        ),
    ] {
        let (mut server, url) = start_server(postgres.url());
        measure(
            name,
            listeners,
            &pool,
            (&server, &url),
            (sockets, rate, seconds),
        )
        .await;
        server.kill().unwrap();
        server.wait().unwrap();
    }
    drop(postgres);
    fs::remove_dir_all(&folder).unwrap();
}

/// The server, in this same program as another process.
fn start_server(database: &str) -> (Child, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut child = command
        .args(["serve", database])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    (child, url.trim().to_owned())
}

async fn serve(database: &str) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .connect(database)
        .await
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!(
        "ws://{}/realtime/v1/websocket",
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
    let stop = state.shutdown.clone();
    server::serve(listener, server::router(state), stop)
        .await
        .unwrap();
}

async fn measure(
    name: &str,
    listeners: Listeners,
    pool: &sqlx::PgPool,
    (server, url): (&Child, &str),
    (sockets, rate, seconds): (usize, usize, usize),
) {
    let one = Uuid::now_v7();
    let users: Vec<Uuid> = (0..sockets)
        .map(|_| match listeners {
            Listeners::OneUser => one,
            _ => Uuid::now_v7(),
        })
        .collect();
    // The first socket brings up what all share.
    let began = Instant::now();
    let (told, mut heard) = mpsc::unbounded_channel();
    listen(url, users[0], listeners, began, told.clone()).await;
    let before = resident(server);
    for user in &users[1..] {
        listen(url, *user, listeners, began, told.clone()).await;
    }
    let each = resident(server).saturating_sub(before) / (sockets as u64 - 1);
    let joined = began.elapsed();

    let changes = rate * seconds;
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / u32::try_from(rate).unwrap());
    for number in 0..changes {
        ticks.tick().await;
        let (pool, user) = (pool.clone(), users[number * 7919 % sockets]);
        tokio::spawn(async move {
            let insert = "insert into public.user_notifications (user_id, title, type) values ($1, $2, 'load')";
            let at = began.elapsed().as_micros().to_string();
            sqlx::query(insert)
                .bind(user)
                .bind(at)
                .execute(&pool)
                .await
                .unwrap();
        });
    }
    let expected = match listeners {
        Listeners::OneUser => changes * sockets,
        _ => changes,
    };
    let mut times = Vec::new();
    while times.len() < expected
        && let Ok(Some(time)) = tokio::time::timeout(Duration::from_secs(20), heard.recv()).await
    {
        times.push(time);
    }
    times.sort_unstable();
    let at = |share: f64| {
        let index = (times.len().saturating_sub(1) as f64 * share) as usize;
        times
            .get(index)
            .map_or(f64::NAN, |time: &Duration| time.as_secs_f64() * 1000.0)
    };
    println!(
        "{name}: {sockets} sockets joined in {:.1} s, {each} KiB each; {} of {expected} deliveries of {changes} changes at {rate}/s: \
         p50 {:.0} ms, p99 {:.0} ms, longest {:.0} ms",
        joined.as_secs_f64(),
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// Opens a socket, joins, and tells from then on how long each change was on its way.
async fn listen(
    url: &str,
    user: Uuid,
    listeners: Listeners,
    began: Instant,
    told: mpsc::UnboundedSender<Duration>,
) {
    let key = mint(SECRET, &key_claims(Role::Anon)).unwrap();
    let token = mint(SECRET, &user_claims(user, Role::Authenticated, HOUR)).unwrap();
    let mut binding = json!({"event": "*", "schema": "public", "table": "user_notifications"});
    if let Listeners::OwnRows = listeners {
        binding["filter"] = format!("user_id=eq.{user}").into();
    }
    let (mut socket, _) = connect_async(format!("{url}?apikey={key}&vsn=2.0.0"))
        .await
        .unwrap();
    let payload = json!({"config": {"postgres_changes": [binding]}, "access_token": token});
    let join = json!(["1", "1", "realtime:load", "phx_join", payload]);
    socket.send(Message::text(join.to_string())).await.unwrap();
    for _ in ["the reply", "the word that changes are told"] {
        socket.next().await.unwrap().unwrap();
    }
    tokio::spawn(async move {
        while let Some(Ok(Message::Text(text))) = socket.next().await {
            let frame: Value = serde_json::from_str(&text).unwrap();
            let at = frame[4]["data"]["record"]["title"].as_str().unwrap();
            let sent = Duration::from_micros(at.parse().unwrap());
            told.send(began.elapsed().saturating_sub(sent)).ok();
        }
    });
}

/// The memory that a process holds, in KiB (Linux).
fn resident(process: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    kib.unwrap_or(0)
}
