//! `mesocycle doctor`: what is wrong with configuration, keys, database and clock, and the cure.

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use coach::generate_weekly_plan::QUEUE;
use coach::inspect::{self, Overview};
use durable::Pool;

use crate::config::{self, Flags, Settings};
use crate::{dev_env, output, providers, wire};

/// Say what is wrong with settings, keys, database and clock, and how to mend it
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

/// A difference of clocks that is felt: tokens and leases are dated by different machines.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(2);

/// What was looked at, and what was found wrong.
#[derive(Default)]
struct Report {
    problems: usize,
}

impl Report {
    fn fine(&self, what: &str) {
        output::say(&format!("fine   {what}"));
    }

    fn wrong(&mut self, what: &str, cure: &str) {
        self.problems += 1;
        output::say(&format!("WRONG  {what}\n       cure: {cure}"));
    }
}

/// Prints one line for everything that was looked at; the exit status is 1 when something is wrong.
///
/// # Errors
/// None: what goes wrong is a finding.
pub(crate) async fn doctor(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    match config::load(&arguments.flags, None) {
        Err(error) => report.wrong(
            &format!("settings: {}", output::chain(&error)),
            "correct it; `mesocycle settings` lists them all",
        ),
        Ok(settings) => {
            report.fine("settings can be read");
            examine(&settings.or_development(), &mut report).await;
        }
    }
    match report.problems {
        0 => output::say("Nothing is wrong."),
        1 => output::say("1 thing is wrong."),
        count => output::say(&format!("{count} things are wrong.")),
    }
    Ok(if report.problems == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn examine(settings: &Settings, report: &mut Report) {
    match wire::keys(settings, settings.jwt_secret.clone()) {
        Ok(_) => report.fine("keys: access tokens can be verified"),
        Err(error) => report.wrong(
            &format!("keys: {}", output::chain(&error)),
            "set SUPABASE_JWT_SECRET, MESOCYCLE_JWKS_URL or both",
        ),
    }
    match providers::describe(&settings.providers) {
        Ok(chain) => report.fine(&format!("providers: {}", chain.join("; then "))),
        Err(error) => report.wrong(
            &format!("providers: {}", output::chain(&error)),
            "set it, or take it out of PROVIDERS; `mesocycle settings` lists both",
        ),
    }
    let Ok(url) = wire::database_url(settings) else {
        report.wrong(
            "database: none is set",
            "set DATABASE_URL, or run `mesocycle dev` once, which makes a private one",
        );
        return;
    };
    match wire::pool(settings, url).await {
        Err(error) => {
            let own = local_postgres::is_own_url(&settings.data_dir, url);
            let cure = if own {
                "start `mesocycle dev`: it is this directory's private database"
            } else {
                "correct DATABASE_URL, or start that server"
            };
            report.wrong(&format!("database: {}", output::chain(&error)), cure);
        }
        Ok(pool) => {
            if pool.is_pooled() {
                report.fine("database: through a transaction pooler");
            }
            examine_database(&pool, report).await;
            wire::close(&pool).await;
        }
    }
}

async fn examine_database(pool: &Pool, report: &mut Report) {
    let asked = Instant::now();
    let overview = match inspect::overview(pool).await {
        Ok(overview) => overview,
        Err(error) => {
            return report.wrong(
                &format!("database: {error}"),
                "let this role read the catalogue",
            );
        }
    };
    let here = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        - asked.elapsed() / 2;
    examine_clock(overview.clock, here, report);
    examine_server(&overview, report);
    if !overview.migrated {
        return report.wrong("database: not migrated", "run `mesocycle migrate`");
    }
    report.fine("database: migrated");
    if let Err(error) = examine_contents(pool, report).await {
        report.wrong(
            &format!("database: {error}"),
            "run `mesocycle migrate` as the role that owns the tables, and use that role",
        );
    }
}

fn examine_clock(there: f64, here: Duration, report: &mut Report) {
    let apart = there - here.as_secs_f64();
    if apart.abs() <= CLOCK_TOLERANCE.as_secs_f64() {
        report.fine("clock: here and in the database the same");
    } else {
        let relation = if apart > 0.0 { "ahead of" } else { "behind" };
        report.wrong(
            &format!(
                "clock: the database is {:.0} s {relation} this machine",
                apart.abs()
            ),
            "set both by the same time server (NTP)",
        );
    }
}

fn examine_server(overview: &Overview, report: &mut Report) {
    let (major, minor) = (overview.version / 10_000, overview.version % 10_000);
    match overview.version >= wire::OLDEST_POSTGRES {
        true => report.fine(&format!("database: PostgreSQL {major}.{minor} answers")),
        false => report.wrong(
            &format!("database: PostgreSQL {major}.{minor} is too old"),
            "use version 15 or newer",
        ),
    }
    for role in &overview.forbidden_roles {
        report.wrong(
            &format!("database: this connection may not act as {role}"),
            &format!("as a superuser: grant {role} to the role in DATABASE_URL"),
        );
    }
}

async fn examine_contents(pool: &Pool, report: &mut Report) -> Result<(), sqlx::Error> {
    match inspect::has_worker(pool, QUEUE).await? {
        true => report.fine("worker: at least one is alive"),
        false => report.wrong(
            "worker: none is alive, so no job will be done",
            "start `mesocycle work` (or `dev`)",
        ),
    }
    let findings = inspect::findings(pool).await?;
    if findings.is_empty() {
        report.fine("grants and policies: none is too open");
    }
    for finding in findings {
        let cure = format!("`mesocycle migrate --harden`, or: {};", finding.cure);
        report.wrong(&format!("{}: {}", finding.object, finding.problem), &cure);
    }
    Ok(())
}

impl Settings {
    /// With the database and the secret of this directory's `mesocycle dev` where none is set.
    fn or_development(mut self) -> Settings {
        if let Some(env) = dev_env::read(&self.data_dir) {
            self.database_url = self.database_url.or(Some(env.database_url));
            self.jwt_secret = self.jwt_secret.or(Some(env.jwt_secret));
        }
        self
    }
}
