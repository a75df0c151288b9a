//! Puts the rooms together: pool → engine → coach → server.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use coach::bulk_action::{self, BulkTask};
use coach::generate_exercise_profile::{self, GenerateExerciseProfile};
use coach::generate_weekly_plan::{self, GenerateWeeklyPlan};
use coach::generate_workout_plan::{self, GenerateWorkoutPlan};
use coach::inspect::{self, Overview};
use coach::{change_feed, migrate, plan_schedule, send_push};
use durable::{Pool, Worker, WorkerOptions};
use push::PushService;
use push::services::{Expo, ExpoOptions};
use reqwest::Url;
use server::admin::Admin;
use server::auth::{JwksSource, KeySettings, Keys};
use server::{AccountSettings, AllowedOrigins, Readiness};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::config::{DatabasePooler, Settings};
use crate::providers;

/// How long a request may wait for a connection.
const CONNECTION_PATIENCE: Duration = Duration::from_secs(5);
/// PostgreSQL 15, as it numbers itself.
pub(crate) const OLDEST_POSTGRES: i32 = 150_000;

/// The database that is set.
///
/// # Errors
/// When none is.
pub(crate) fn database_url(settings: &Settings) -> anyhow::Result<&str> {
    let cure = "set DATABASE_URL, or use `mesocycle dev`, which starts a private PostgreSQL";
    settings
        .database_url
        .as_deref()
        .with_context(|| format!("no database is set: {cure}"))
}

/// Connects to a database.
///
/// # Errors
/// When the URL cannot be read or the database does not let us in.
pub(crate) async fn pool(settings: &Settings, url: &str) -> anyhow::Result<Pool> {
    let options = options(url)?;
    let pooled = is_pooled(settings.database_pooler, url, options.get_port());
    let options = match pooled {
        true => Pool::pooled_options(options),
        false => options,
    };
    let connections = PgPoolOptions::new()
        .max_connections(settings.database_connections)
        .acquire_timeout(CONNECTION_PATIENCE)
        .connect_with(options)
        .await
        .context("the database cannot be reached")?;
    if !pooled {
        return Ok(Pool::from(connections));
    }
    tracing::info!("the database is behind a transaction pooler");
    let pool = Pool::pooled(connections);
    Ok(match &settings.database_listen_url {
        Some(url) => pool.listening_at(self::options(url).context("database_listen_url")?),
        None => pool,
    })
}

/// Whether a URL for listening leads to a database, and not through a pooler that is known to hand its connections around.
///
/// # Errors
/// When it does not.
pub(crate) async fn try_to_listen(url: &str) -> anyhow::Result<()> {
    let options = options(url)?;
    if is_pooled(DatabasePooler::Auto, url, options.get_port()) {
        bail!("it leads through a transaction pooler too, where nothing is heard");
    }
    let connecting = timeout(CONNECTION_PATIENCE, options.connect()).await;
    let connection = connecting
        .context("the database does not answer")?
        .context("the database cannot be reached")?;
    Ok(sqlx::Connection::close(connection).await?)
}

/// Whether the URL leads through a transaction-mode pooler, as the settings say; by itself it is known by the port of
/// Supabase's, or the word that Prisma's URLs say it with.
fn is_pooled(pooler: DatabasePooler, url: &str, port: u16) -> bool {
    const SUPAVISOR_TRANSACTION_MODE: u16 = 6543;
    match pooler {
        DatabasePooler::Transaction => true,
        DatabasePooler::None => false,
        DatabasePooler::Auto => {
            port == SUPAVISOR_TRANSACTION_MODE || url.contains("pgbouncer=true")
        }
    }
}

fn options(url: &str) -> anyhow::Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url)
        .context("the database's URL cannot be read; it should look like postgres://user:password@host:5432/database")?
        .application_name("mesocycle")
        // A slow statement would be logged with its text, a migration with all of it.
        .disable_statement_logging())
}

/// Brings the database to the present form and writes the settings that live in it.
///
/// # Errors
/// When the migration is refused, by name of what cannot be reconciled.
pub(crate) async fn migrate(pool: &Pool, settings: &Settings) -> anyhow::Result<()> {
    overview(pool).await?;
    migrate::migrate(pool.connections())
        .await
        .context("the database cannot be migrated")?;
    write_settings(pool, settings).await
}

/// Lets Realtime hear of changes through triggers, where no replication of Supabase's tells them.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn install_change_feed(pool: &Pool) -> anyhow::Result<()> {
    change_feed::install(pool)
        .await
        .context("the change feed of Realtime cannot be installed")
}

/// Makes sure that a database is migrated, and writes the settings that live in it.
///
/// # Errors
/// When it is not migrated, and what to do.
pub(crate) async fn require_migrated(pool: &Pool, settings: &Settings) -> anyhow::Result<()> {
    if !overview(pool).await?.migrated {
        bail!("this database is not migrated: run `mesocycle migrate` first");
    }
    write_settings(pool, settings).await
}

async fn overview(pool: &Pool) -> anyhow::Result<Overview> {
    let overview = inspect::overview(pool)
        .await
        .context("the database does not answer")?;
    if overview.version < OLDEST_POSTGRES {
        bail!(
            "PostgreSQL 15 or newer is needed; this database is version {}",
            overview.version / 10_000
        );
    }
    Ok(overview)
}

async fn write_settings(pool: &Pool, settings: &Settings) -> anyhow::Result<()> {
    for (name, value) in &settings.in_database {
        inspect::set_setting(pool, name, value)
            .await
            .with_context(|| format!("{name} cannot be set"))?;
    }
    Ok(())
}

/// A worker that serves every kind of task and fires athletes' schedules, not yet started.
///
/// # Errors
/// When the push service's address or token, or a provider of models cannot be used.
pub(crate) async fn worker(pool: &Pool, settings: &Settings) -> anyhow::Result<Worker> {
    let mut options = WorkerOptions::named(settings.worker_name.clone());
    options.concurrency = settings.worker_concurrency;
    options.keep_ended = settings.keep_tasks;
    let expo = Expo::new(&ExpoOptions {
        url: settings.expo_push_url.clone(),
        access_token: settings.expo_access_token.clone(),
        ..ExpoOptions::default()
    });
    let expo: Arc<dyn PushService> = Arc::new(expo.context("pushes cannot be sent")?);
    let chain = providers::chain(pool, &settings.providers).await?;
    let worker = Worker::new(pool.clone(), options)
        .serve(
            generate_weekly_plan::QUEUE,
            GenerateWeeklyPlan::new(chain.clone()),
        )
        .serve(
            generate_workout_plan::QUEUE,
            GenerateWorkoutPlan::new(chain.clone()),
        )
        .serve(
            generate_exercise_profile::QUEUE,
            GenerateExerciseProfile::new(chain),
        )
        .serve(bulk_action::QUEUE, BulkTask);
    Ok(send_push::serve(worker, &expo).duty(plan_schedule::fire_due))
}

/// What tokens are verified with: the settings', and `jwt_secret`.
///
/// # Errors
/// Names the key that cannot be used, or says that there is none.
pub(crate) fn keys(settings: &Settings, jwt_secret: Option<String>) -> anyhow::Result<Keys> {
    let jwks = match (&settings.jwks, &settings.jwks_url) {
        (Some(_), Some(_)) => bail!("set jwks or jwks_url, not both"),
        (Some(text), None) => Some(JwksSource::Json(text.clone())),
        (None, url) => url.clone().map(JwksSource::Url),
    };
    let keys = KeySettings {
        jwt_secret,
        jwks,
        publishable_keys: settings.publishable_keys.clone(),
        secret_keys: settings.secret_keys.clone(),
        ..KeySettings::default()
    };
    Keys::new(keys).context("the keys cannot be used")
}

/// What the handlers need; `wake` tells a worker that there may be work.
///
/// # Errors
/// When an allowed origin is none.
pub(crate) fn state(
    settings: &Settings,
    pool: &Pool,
    keys: Keys,
    wake: impl Fn() + Send + Sync + 'static,
    shutdown: &CancellationToken,
) -> anyhow::Result<server::State> {
    let origins = settings.allowed_origins.iter().map(String::as_str);
    Ok(server::State {
        pool: pool.clone(),
        keys,
        wake: Arc::new(wake),
        readiness: Readiness::default(),
        settings: server::Settings {
            allowed_origins: AllowedOrigins::parse(origins).context("allowed_origins")?,
            ..server::Settings::default()
        },
        admin: Admin {
            settings: settings.shown.clone(),
            ..Admin::default()
        },
        shutdown: shutdown.clone(),
    })
}

/// How accounts for development are served at `url`; none: not at all. `usual` is what the verb does unless the settings say.
///
/// # Errors
/// When they are asked for and cannot be.
pub(crate) async fn accounts(
    settings: &Settings,
    pool: &Pool,
    jwt_secret: Option<String>,
    (url, network_url): (String, Option<String>),
    usual: bool,
) -> anyhow::Result<Option<AccountSettings>> {
    if !settings.development_auth.unwrap_or(usual) {
        return Ok(None);
    }
    if !AccountSettings::are_kept_in(pool).await? {
        if settings.development_auth.is_some() {
            bail!(
                "development_auth is true, but this database has Supabase's accounts; sign-in is Supabase's there"
            );
        }
        return Ok(None);
    }
    let secret = jwt_secret.context("development_auth signs tokens with jwt_secret; set it")?;
    let network = network_url.and_then(|url| Some(Url::parse(&url).ok()?.host_str()?.to_owned()));
    let hosts = [Some(settings.host.clone()), network];
    let accounts = AccountSettings::new(secret, url, hosts.into_iter().flatten().collect());
    Ok(Some(accounts.context("jwt_secret")?))
}

/// Closes the pool's connections, without waiting for one that does not come back.
pub(crate) async fn close(pool: &Pool) {
    if timeout(CONNECTION_PATIENCE, pool.close()).await.is_err() {
        tracing::warn!("a connection to the database was left open");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_pooler_is_known_by_its_url_unless_the_settings_say() {
        let direct = "postgres://postgres@db.example.co:5432/postgres";
        let supavisor = "postgres://postgres@pooler.example.co:6543/postgres";
        let named = "postgres://postgres@db.example.co:6432/postgres?pgbouncer=true";
        let known = |pooler, url: &str| is_pooled(pooler, url, options(url).unwrap().get_port());
        for (url, by_itself) in [(direct, false), (supavisor, true), (named, true)] {
            assert_eq!(known(DatabasePooler::Auto, url), by_itself, "{url}");
            assert!(known(DatabasePooler::Transaction, url));
            assert!(!known(DatabasePooler::None, url));
        }
    }
}
