//! Whether users may do what the contract says, and no more.

use coach::inspect;
use durable::Pool;

use super::report::Report;

pub(super) async fn examine(pool: &Pool, report: &mut Report) -> Result<(), sqlx::Error> {
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
