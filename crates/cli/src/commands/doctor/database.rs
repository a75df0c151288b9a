//! Whether the database answers, is new enough, is migrated, and lets us act as its users.

use std::time::Instant;

use coach::inspect::{self, Overview};
use durable::Pool;

use super::report::Report;
use super::{access, clock, workers};
use crate::config::Settings;
use crate::{output, wire};

pub(super) async fn examine(settings: &Settings, report: &mut Report) {
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
            examine_server(&pool, report).await;
            wire::close(&pool).await;
        }
    }
}

async fn examine_server(pool: &Pool, report: &mut Report) {
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
    clock::examine(overview.clock, asked, report);
    examine_overview(&overview, report);
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

fn examine_overview(overview: &Overview, report: &mut Report) {
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
    workers::examine(pool, report).await?;
    access::examine(pool, report).await
}
