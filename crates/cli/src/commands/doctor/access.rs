//! Whether users may do what the contract says, and no more; and whether Realtime hears of it.

use coach::inspect::{self, Finding};
use durable::Pool;

use super::report::Report;

pub(super) async fn examine(pool: &Pool, report: &mut Report) -> Result<(), sqlx::Error> {
    let objects = inspect::missing_objects(pool).await?;
    for object in &objects {
        let cure = match object.starts_with("function") {
            true => "run `mesocycle migrate`",
            false => "bring it back from a backup; a migration does not make a table twice",
        };
        report.wrong(&format!("database: {object} is missing"), cure);
    }
    let missing = inspect::missing_access(pool).await?;
    if missing.is_empty() && objects.is_empty() {
        report.fine("grants and policies: none is missing");
    }
    for finding in &missing {
        report.wrong(&sentence(finding), &statement(finding));
    }
    let silent = inspect::missing_publication(pool).await?;
    if silent.is_empty() {
        report.fine("realtime: no table is left out");
    }
    for finding in &silent {
        report.wrong(&sentence(finding), &statement(finding));
    }
    let open = inspect::findings(pool).await?;
    if open.is_empty() {
        report.fine("grants and policies: none is too open");
    }
    for finding in &open {
        let cure = format!("`mesocycle migrate --harden`, or: {};", finding.cure);
        report.wrong(&sentence(finding), &cure);
    }
    Ok(())
}

fn sentence(finding: &Finding) -> String {
    format!("{}: {}", finding.object, finding.problem)
}

fn statement(finding: &Finding) -> String {
    format!("as the owner: {};", finding.cure)
}
