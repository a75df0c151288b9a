//! Whether the database answers, is new enough, is migrated, and lets us act as its users.

use std::time::Instant;

use coach::inspect::{self, Overview};
use durable::Pool;

use super::report::Report;
use super::{access, clock, pooler, workers};
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
                pooler::examine(settings, report).await;
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
    if let Err(error) = examine_contents(pool, &overview, report).await {
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
    if overview.migrated {
        for role in &overview.missing_roles {
            report.wrong(
                &format!("database: there is no role {role}"),
                "run `mesocycle migrate` as a role that may create roles",
            );
        }
    }
    for role in &overview.forbidden_roles {
        report.wrong(
            &format!("database: this connection may not act as {role}"),
            &format!("as a superuser: grant {role} to the role in DATABASE_URL"),
        );
    }
}

async fn examine_contents(
    pool: &Pool,
    overview: &Overview,
    report: &mut Report,
) -> Result<(), sqlx::Error> {
    let unknown = inspect::unknown_migrations(pool).await?;
    examine_form(overview, &unknown, report);
    workers::examine(pool, report).await?;
    access::examine(pool, report).await
}

fn examine_form(overview: &Overview, unknown: &[String], report: &mut Report) {
    let here = coach::migrate::form();
    if !unknown.is_empty() {
        report.wrong(
            &format!(
                "database: migrated by a newer Mesocycle than this one, with {}",
                unknown.join(", ")
            ),
            "use that newer version everywhere",
        );
    } else if overview.form.as_ref() != Some(&here) {
        let there = overview.form.as_deref().unwrap_or("an older Mesocycle");
        report.wrong(
            &format!("database: migrated by {there}, and this is {here}"),
            "run `mesocycle migrate` with the newer of the two",
        );
    } else {
        report.fine("database: migrated");
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::Level;
    use super::*;

    fn overview(version: i32) -> Overview {
        Overview {
            version,
            clock: 0.0,
            migrated: true,
            form: None,
            missing_roles: vec!["anon".into()],
            forbidden_roles: vec!["service_role".into()],
        }
    }

    fn errors(report: &Report) -> Vec<&str> {
        let errors = report
            .findings()
            .iter()
            .filter(|finding| finding.level == Level::Error && finding.cure.is_some());
        errors.map(|finding| finding.message.as_str()).collect()
    }

    #[test]
    fn a_postgres_before_15_and_roles_that_are_missing_or_forbidden_are_found() {
        let mut report = Report::new(true);
        examine_overview(&overview(140_011), &mut report);
        assert_eq!(
            errors(&report),
            [
                "database: PostgreSQL 14.11 is too old",
                "database: there is no role anon",
                "database: this connection may not act as service_role"
            ]
        );
        let mut report = Report::new(true);
        examine_overview(&overview(150_000), &mut report);
        assert!(!errors(&report).contains(&"database: PostgreSQL 15.0 is too old"));
    }
}
