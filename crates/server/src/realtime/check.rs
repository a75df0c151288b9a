//! Whether a channel's bindings can be served, and what its app should know if they can and yet will bring nothing.

use std::sync::Arc;

use coach::caller::Role;
use coach::change_feed::{self, InvalidCondition, Table};
use coach::refusal::CallError;

use super::bindings::Binding;
use super::hub::Hub;

/// What became of a channel's bindings.
pub(super) enum Checked {
    /// They are served from now on.
    Served {
        /// Why nothing will come, where that is known.
        warning: Option<String>,
    },
    /// They are not: the reason.
    Refused(String),
}

const INSTALLED_BY: &str = "Told are changes of Mesocycle's tables, on databases where its change feed is installed: \
                            mesocycle migrate --realtime installs it.";

/// Checks the bindings and, if they can be served, makes sure that the feed runs.
///
/// # Errors
/// The reason to refuse the join with, where the database does not answer.
pub(super) async fn check(
    hub: &Arc<Hub>,
    bindings: &[Binding],
    role: Role,
) -> Result<Checked, String> {
    checked(hub, bindings, role).await.map_err(|error| {
        tracing::warn!(%error, "a join cannot be served");
        "DatabaseUnavailable: the database does not answer; try again".to_owned()
    })
}

async fn checked(hub: &Arc<Hub>, bindings: &[Binding], role: Role) -> Result<Checked, CallError> {
    let mut protected = None;
    for binding in bindings {
        let found = match &binding.table {
            Some(name) => hub.tables.get(name).await?,
            None if change_feed::is_installed(&hub.pool).await? => {
                protected.get_or_insert_with(|| "its tables".to_owned());
                continue;
            }
            None => None,
        };
        let Some(table) = found else {
            let name = binding.table.as_deref().unwrap_or("*");
            let reason = format!("No changes of a table \"{name}\" are told. {INSTALLED_BY}");
            return Ok(Checked::Refused(reason));
        };
        if table.row_security {
            protected.get_or_insert_with(|| format!("the table {}", table.name));
        }
        if let Some(reason) = wrong_filter(hub, binding, &table, role).await? {
            return Ok(Checked::Refused(reason));
        }
    }
    if !bindings.is_empty() {
        hub.start_feed().await?;
    }
    let warning = protected
        .filter(|_| role == Role::Anon)
        .map(|what| no_user(&what));
    Ok(Checked::Served { warning })
}

/// Why a binding's filter cannot be served. That `anon` may not read a column is no reason: its app may still be about to send
/// its user's token, and until then the filter lets nothing through.
async fn wrong_filter(
    hub: &Hub,
    binding: &Binding,
    table: &Table,
    role: Role,
) -> Result<Option<String>, CallError> {
    for condition in &binding.conditions {
        let column = table.column(&condition.column);
        if column.is_some_and(|column| role != Role::Anon && !column.is_readable_by(role)) {
            let name = &condition.column;
            return Ok(Some(format!(
                "A filter cannot be served: this user may not read the column \"{name}\"."
            )));
        }
        match change_feed::check(&hub.pool, table, condition).await {
            Ok(()) => {}
            Err(InvalidCondition::Refused(reason)) => {
                return Ok(Some(format!("A filter cannot be served: {reason}.")));
            }
            Err(InvalidCondition::Unavailable(error)) => return Err(error),
        }
    }
    Ok(None)
}

fn no_user(what: &str) -> String {
    tracing::warn!(
        "a channel joined without a user's token and will hear of nothing that row level security protects"
    );
    format!(
        "This channel joined without a user's token, and row level security protects {what}: it will be told no rows. \
         Call supabase.realtime.setAuth() before subscribe()."
    )
}
