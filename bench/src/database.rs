//! The private PostgreSQL of one run, and a new database for every sample.

use std::{
    fs,
    path::{Path, PathBuf},
};

use local_postgres::LocalPostgres;
use sqlx::{AssertSqlSafe, PgPool, postgres::PgPoolOptions};

use crate::{durable_engine, graphile_engine};

/// Stock settings otherwise: fsync and synchronous_commit stay on.
const SETTINGS: &[&str] = &[
    "alter system set shared_buffers = '512MB'",
    "alter system set max_connections = 200",
];

/// What it takes to learn which statement, inside functions too, used how much time.
const STATISTICS: &str = "alter system set shared_preload_libraries = 'pg_stat_statements'";
/// Known to the server only once the library is loaded.
const STATISTICS_LOADED: &[&str] = &[
    "create extension pg_stat_statements",
    "alter system set pg_stat_statements.track = 'all'",
    "select pg_reload_conf()",
];

/// The database that holds both engines and the floor's table, and is copied for every sample.
const TEMPLATE: &str = "bench_template";
const SAMPLE: &str = "bench_sample";

/// A running private PostgreSQL, safe against a crash of the machine as a real one is.
pub(crate) struct Postgres {
    server: LocalPostgres,
    folder: PathBuf,
    pool: PgPool,
    postmaster: i32,
}

impl Postgres {
    /// With `statements`, statistics of statements are kept, which costs a little time.
    pub(crate) async fn start(folder: &Path, statements: bool) -> anyhow::Result<Self> {
        let server = LocalPostgres::start(folder)?;
        let pool = connect(server.url(), 1).await?;
        for setting in SETTINGS.iter().chain(statements.then_some(&STATISTICS)) {
            sqlx::query(*setting).execute(&pool).await?;
        }
        pool.close().await;
        server.stop()?;
        server.ensure_running()?;

        let pool = connect(server.url(), 1).await?;
        sqlx::query(AssertSqlSafe(format!("create database {TEMPLATE}")))
            .execute(&pool)
            .await?;
        let template = connect(&url_of(server.url(), TEMPLATE), 2).await?;
        sqlx::raw_sql(include_str!("../sql/floor.sql"))
            .execute(&template)
            .await?;
        durable_engine::migrate(&template).await?;
        graphile_engine::migrate(&template).await?;
        if statements {
            for statement in STATISTICS_LOADED {
                sqlx::query(*statement).execute(&template).await?;
            }
        }
        template.close().await;

        let pid_file: String = sqlx::query_scalar("select pg_read_file('postmaster.pid')")
            .fetch_one(&pool)
            .await?;
        let postmaster = pid_file.lines().next().unwrap_or_default().trim().parse()?;
        Ok(Self {
            server,
            folder: folder.to_owned(),
            pool,
            postmaster,
        })
    }

    /// The process id of the server.
    pub(crate) fn postmaster(&self) -> i32 {
        self.postmaster
    }

    /// A new database with both engines in it; the one before is dropped. Nothing waits to be written when it is handed out.
    pub(crate) async fn fresh(&self) -> anyhow::Result<String> {
        for statement in [
            format!("drop database if exists {SAMPLE} with (force)"),
            format!("create database {SAMPLE} template {TEMPLATE}"),
            "checkpoint".to_owned(),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .execute(&self.pool)
                .await?;
        }
        Ok(url_of(self.server.url(), SAMPLE))
    }

    /// Stops the server and removes its folder.
    pub(crate) fn remove(self) -> anyhow::Result<()> {
        drop(self.server);
        Ok(fs::remove_dir_all(&self.folder)?)
    }
}

/// A pool of so many connections, all open. It does not ask a connection for its health before each use, which would
/// double the round trips of every contestant.
pub(crate) async fn connect(url: &str, connections: u32) -> Result<PgPool, sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(connections)
        .test_before_acquire(false)
        .connect(url)
        .await?;
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(pool.acquire().await?);
    }
    Ok(pool)
}

fn url_of(url: &str, database: &str) -> String {
    url.replace("/mesocycle?", &format!("/{database}?"))
}
