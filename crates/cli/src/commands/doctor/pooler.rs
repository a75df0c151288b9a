//! Whether workers hear of work at once although the database is behind a transaction pooler.

use super::report::Report;
use crate::config::Settings;
use crate::{output, wire};

/// Looks at the second URL that a transaction pooler asks for.
pub(super) async fn examine(settings: &Settings, report: &mut Report) {
    let Some(url) = &settings.database_listen_url else {
        return report.warn(
            "database: through a transaction pooler, so workers look for jobs four times a second and a cancel is heard late",
            "set MESOCYCLE_DATABASE_LISTEN_URL to the direct or session-mode URL (port 5432)",
        );
    };
    match wire::try_to_listen(url).await {
        Ok(()) => report.fine("database: through a transaction pooler, and listening beside it"),
        Err(error) => report.wrong(
            &format!("database_listen_url: {}", output::chain(&error)),
            "set MESOCYCLE_DATABASE_LISTEN_URL to the direct or session-mode URL (port 5432)",
        ),
    }
}
