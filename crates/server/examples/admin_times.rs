//! How long the operator's lists and figures take with a million tasks in the database: every address in turn, over HTTP, one
//! request at a time. Prints p50, p95 and the longest in milliseconds. `bench/admin` runs it.
//!
//! `cargo run -p server --example admin_times -- [--tasks N] [--rounds N] [--database URL] [--plans]`
//!
//! `--database` measures a database that an earlier run has filled (and kept, with `--keep`); `--plans` prints what PostgreSQL
//! planned for every statement that took 10 ms or more in one further round.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement at a terminal"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use coach::caller::Role;
use local_postgres::LocalPostgres;
use server::admin::Admin;
use server::auth::{KeySettings, Keys, key_claims, mint};
use server::{Readiness, Settings, State};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const SECRET: &str = "a secret that only this measurement knows";
const FILL: &str = include_str!("../../../bench/sql/admin_fill.sql");
const FILL_PLANS: &str = include_str!("../../../bench/sql/admin_fill_plans.sql");

/// What the dashboard asks for. `{user}`, `{task}` and `{next}` stand for such as are there.
const ADDRESSES: [&str; 28] = [
    // Reads nothing: what HTTP alone takes on this machine now.
    "settings",
    "overview?window=24h",
    "overview?window=30d",
    "costs?window=30d",
    "errors?window=24h",
    "errors?window=30d",
    "tasks",
    "tasks?limit=200",
    "tasks?after={next}",
    "tasks?state=ready",
    "tasks?state=waiting",
    "tasks?state=parked",
    "tasks?state=running",
    "tasks?state=succeeded",
    "tasks?state=failed",
    "tasks?state=cancelled&kind=send_push",
    "tasks?error_code=AI_TIMEOUT",
    "tasks?error_code=NEVER_SEEN",
    "tasks?kind=bulk_action",
    "tasks?kind=generate_weekly_plan&min_cost=4400",
    "tasks?user={user}",
    "tasks?user={user}&state=failed",
    "tasks?text={user8}",
    "tasks?text={task8}",
    "tasks/{task}",
    "queues",
    "weekly-plans",
    "weekly-plans?user={user}",
];

struct Options {
    tasks: i32,
    rounds: u32,
    database: Option<String>,
    plans: bool,
    keep: bool,
}

fn options() -> Options {
    let mut options = Options {
        tasks: 1_000_000,
        rounds: 40,
        database: None,
        plans: false,
        keep: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--tasks" => options.tasks = arguments.next().unwrap().parse().unwrap(),
            "--rounds" => options.rounds = arguments.next().unwrap().parse().unwrap(),
            "--database" => options.database = arguments.next(),
            "--plans" => options.plans = true,
            "--keep" => options.keep = true,
            other => unreachable!("there is no option {other}"),
        }
    }
    options
}

#[tokio::main]
async fn main() {
    let options = options();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = std::env::temp_dir().join(format!("admin-times-{}", std::process::id()));
    let own = options
        .database
        .is_none()
        .then(|| LocalPostgres::start(&folder).unwrap());
    let url = match &own {
        Some(postgres) => postgres.url().to_owned(),
        None => options.database.clone().unwrap(),
    };
    let pool = pool(&url, false).await;
    if own.is_some() {
        fill(&pool, options.tasks).await;
    }
    let addresses = addresses(&pool).await;
    let server = serve(pool).await;
    println!("{:<48} {:>8} {:>8} {:>8}  ms", "", "p50", "p95", "longest");
    let mut times = vec![Vec::new(); addresses.len()];
    for round in 0..=options.rounds {
        for (address, times) in addresses.iter().zip(&mut times) {
            let took = ask(&server, address).await;
            // The first round warms the server and the database up.
            if round > 0 {
                times.push(took);
            }
        }
    }
    for (address, times) in ADDRESSES.iter().zip(&mut times) {
        times.sort_unstable();
        let at = |share: f64| {
            times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0
        };
        println!(
            "{address:<48} {:>8.1} {:>8.1} {:>8.1}",
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
    if options.plans {
        print_plans(&url, &addresses).await;
    }
    if let Some(postgres) = own {
        match options.keep {
            true => {
                println!("kept: --database '{}'", postgres.url());
                std::mem::forget(postgres);
            }
            false => {
                drop(postgres);
                std::fs::remove_dir_all(&folder).unwrap();
            }
        }
    }
}

async fn pool(url: &str, plans: bool) -> PgPool {
    let explain = "load 'auto_explain'; set auto_explain.log_min_duration = 10; set auto_explain.log_analyze = on;
        set auto_explain.log_buffers = on; set auto_explain.log_nested_statements = on; set client_min_messages = log";
    PgPoolOptions::new()
        .max_connections(10)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if plans {
                    sqlx::raw_sql(explain).execute(connection).await?;
                }
                Ok(())
            })
        })
        .connect(url)
        .await
        .unwrap()
}

/// A month of work, counted as workers would have counted it.
async fn fill(pool: &PgPool, tasks: i32) {
    let began = Instant::now();
    coach::migrate::migrate(pool).await.unwrap();
    sqlx::query(FILL).bind(tasks).execute(pool).await.unwrap();
    sqlx::query(FILL_PLANS)
        .bind(tasks / 3)
        .execute(pool)
        .await
        .unwrap();
    sqlx::raw_sql("vacuum analyze").execute(pool).await.unwrap();
    // Two looks until the ids are settled, then all of them.
    for _ in 0..2 {
        durable::inspect::count_events(&pool.clone().into(), 1)
            .await
            .unwrap();
    }
    while durable::inspect::count_events(&pool.clone().into(), 5000)
        .await
        .unwrap()
        > 0
    {}
    sqlx::raw_sql("vacuum analyze durable.ended_sum, durable.spent_sum, durable.error_sum")
        .execute(pool)
        .await
        .unwrap();
    println!(
        "{tasks} tasks filled in and counted in {:.0} s",
        began.elapsed().as_secs_f64()
    );
}

async fn addresses(pool: &PgPool) -> Vec<String> {
    let (task, user, next): (String, String, String) = sqlx::query_as(
        "select t.id::text, t.key, durable.micros(t.created_at) || '_' || t.id from durable.task t
         where t.key is not null and t.created_at < now() - interval '15 days' order by t.created_at desc limit 1",
    )
    .fetch_one(pool)
    .await
    .unwrap();
    let filled = |address: &&str| {
        address
            .replace("{task}", &task)
            .replace("{user}", &user)
            .replace("{task8}", &task[..8])
            .replace("{user8}", &user[..8])
            .replace("{next}", &next)
    };
    ADDRESSES.iter().map(filled).collect()
}

struct Server {
    url: String,
    client: reqwest::Client,
    token: String,
}

async fn serve(pool: PgPool) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/admin/v1", listener.local_addr().unwrap());
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
        admin: Admin::default(),
        shutdown: CancellationToken::new(),
    };
    tokio::spawn(server::serve(
        listener,
        server::router(state),
        CancellationToken::new(),
    ));
    Server {
        url,
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        token: mint(SECRET, &key_claims(Role::ServiceRole)).unwrap(),
    }
}

async fn ask(server: &Server, address: &str) -> Duration {
    let request = server.client.get(format!("{}/{address}", server.url));
    let began = Instant::now();
    let response = request.bearer_auth(&server.token).send().await.unwrap();
    let status = response.status();
    let body = response.text().await.unwrap();
    assert_eq!(status, 200, "{address}: {body}");
    began.elapsed()
}

/// Asks once more, on connections that tell what was planned; the plans come as notices, which the driver logs.
async fn print_plans(url: &str, addresses: &[String]) {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_env_filter("sqlx::postgres::notice=trace")
        .init();
    let server = serve(pool(url, true).await).await;
    for address in addresses {
        println!("\n== {address}");
        ask(&server, address).await;
    }
}
