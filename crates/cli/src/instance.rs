//! Everything in one process: database, migration, worker, server. This is what `dev` and `demo` run.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use durable::{Pool, RunningWorker};
use local_postgres::{DirectoryLock, LocalPostgres};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::dev_env::DevEnv;
use crate::telemetry::Telemetry;
use crate::{listen, secret, wire};

/// How often the private PostgreSQL is asked whether it is well.
const HEALTH_INTERVAL: Duration = Duration::from_secs(2);

/// A running Mesocycle.
pub(crate) struct Instance {
    pub(crate) env: DevEnv,
    /// The address for other machines, when they are let in.
    pub(crate) network_url: Option<String>,
    pub(crate) pool: Pool,
    settings: Settings,
    database: Database,
    health: Option<JoinHandle<()>>,
    worker: RunningWorker,
    telemetry: Telemetry,
    server: JoinHandle<std::io::Result<()>>,
    stop: CancellationToken,
}

/// The database behind an instance.
enum Database {
    /// Our own, stopped when this is dropped.
    Private(Arc<LocalPostgres>),
    /// Somebody else's; the data directory is still ours alone.
    Given { _lock: DirectoryLock },
}

impl Instance {
    /// Starts everything and answers when `/readyz` does. `stop` ends it.
    ///
    /// # Errors
    /// What could not be started, and the cure where there is one. Then nothing is left running.
    pub(crate) async fn start(
        mut settings: Settings,
        stop: &CancellationToken,
    ) -> anyhow::Result<Instance> {
        settings.providers = settings.providers.for_development();
        secret::make_data_dir(&settings.data_dir)?;
        let (url, database) = open_database(&settings).await?;
        let listener = listen::listen(&settings).await?;
        let address = listener
            .local_addr()
            .context("the address cannot be read")?;
        let secret = secret::jwt_secret(&settings)?;
        let env = DevEnv::new(
            &settings.data_dir,
            listen::local_url(address),
            secret.clone(),
            url,
        )?;
        let network_url = listen::network_url(address);
        let keys = wire::keys(&settings, Some(secret.clone()))?;
        let pool = wire::pool(&settings, &env.database_url).await?;
        wire::migrate(&pool, &settings).await?;
        wire::install_change_feed(&pool).await?;

        let worker = wire::worker(&pool, &settings).await?.start();
        let waker = worker.waker();
        let mut state = wire::state(&settings, &pool, keys, move || waker.notify_one(), stop)?;
        state.admin.page_token = Some(secret::page_token()?);
        state.admin.open_metrics = true;
        let urls = (env.supabase_url.clone(), network_url.clone());
        state.settings.accounts =
            wire::accounts(&settings, &pool, Some(secret), urls, true).await?;
        let telemetry = Telemetry::start(&pool, &settings)?;
        state.admin.job_requests.clone_from(&telemetry.job_requests);
        let readiness = state.readiness.clone();
        let server = serve(listener, state, stop);
        tokio::select! { () = worker.listening() => {}, () = stop.cancelled() => {} }
        env.write(&settings.data_dir)?;
        readiness.set_ready();
        Ok(Instance {
            network_url,
            health: database.keep_running(stop),
            env,
            pool,
            settings,
            database,
            worker,
            telemetry,
            server,
            stop: stop.clone(),
        })
    }

    /// Where the operator's pages are; opened on this machine they ask for no key.
    pub(crate) fn dashboard(&self) -> String {
        format!("{}/dashboard", self.env.supabase_url)
    }

    /// Runs until told to stop, then finishes what is open and stops what was started.
    ///
    /// # Errors
    /// When the server broke or PostgreSQL could not be stopped.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        self.stop.cancelled().await;
        let (served, ()) = tokio::join!(self.server, self.worker.drain(self.settings.drain));
        self.telemetry.stop().await;
        wire::close(&self.pool).await;
        if let Some(health) = self.health {
            health
                .await
                .context("the health check of PostgreSQL broke")?;
        }
        if let Database::Private(postgres) = self.database {
            spawn_blocking(move || postgres.stop()).await??;
        }
        served
            .context("the server broke")?
            .context("the server broke")
    }
}

impl Database {
    /// Starts the private PostgreSQL's health check; it ends with `stop`.
    fn keep_running(&self, stop: &CancellationToken) -> Option<JoinHandle<()>> {
        match self {
            Database::Private(postgres) => Some(tokio::spawn(keep_running(
                Arc::clone(postgres),
                stop.clone(),
            ))),
            Database::Given { .. } => None,
        }
    }
}

/// Serves until `stop`; a server that ends by itself stops everything.
fn serve(
    listener: TcpListener,
    state: server::State,
    stop: &CancellationToken,
) -> JoinHandle<std::io::Result<()>> {
    let stop = stop.clone();
    tokio::spawn(async move {
        let served = server::serve(listener, server::router(state), stop.clone()).await;
        stop.cancel();
        served
    })
}

/// The database that is set, unless it is this directory's own private one, which is started, as when none is set.
async fn open_database(settings: &Settings) -> anyhow::Result<(String, Database)> {
    let data_dir = settings.data_dir.clone();
    let given = settings
        .database_url
        .as_ref()
        .filter(|url| !local_postgres::is_own_url(&data_dir, url));
    if let Some(url) = given {
        let lock = DirectoryLock::acquire(&data_dir)?;
        return Ok((url.clone(), Database::Given { _lock: lock }));
    }
    let postgres = Arc::new(spawn_blocking(move || LocalPostgres::start(&data_dir)).await??);
    Ok((postgres.url().to_owned(), Database::Private(postgres)))
}

/// Starts the private PostgreSQL again whenever it no longer answers.
async fn keep_running(postgres: Arc<LocalPostgres>, stop: CancellationToken) {
    while stop
        .run_until_cancelled(tokio::time::sleep(HEALTH_INTERVAL))
        .await
        .is_some()
    {
        let postgres = Arc::clone(&postgres);
        match spawn_blocking(move || postgres.ensure_running()).await {
            Ok(Ok(false)) => {}
            Ok(Ok(true)) => {
                tracing::warn!("the private PostgreSQL had ended and was started again")
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the private PostgreSQL cannot be started again")
            }
            Err(error) => {
                tracing::error!(%error, "the health check of the private PostgreSQL broke")
            }
        }
    }
}
