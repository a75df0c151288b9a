//! What was written to the contract's tables, told to those who may know: the source of Realtime where no replication is.
//!
//! Triggers keep each change in `coach.change`. A reader asks for what became visible between two of its own snapshots, so
//! that a transaction which began early and commits late is neither skipped nor told twice, and holds nobody up.

mod change;
mod condition;
mod read;
mod table;
mod visibility;

pub use change::{Change, Kind, Record};
pub use condition::{Condition, InvalidCondition, Operator, check, matches};
pub use read::{Look, Snapshot, look, prune, read, snapshot};
pub use table::{Column, Table, describe, is_installed};
pub use visibility::{Ask, visible, visible_to_each};

use durable::Pool;

/// Puts the feed's triggers on the contract's tables, as far as they lack them.
///
/// # Errors
/// When the database does not answer or refuses.
pub async fn install(pool: &Pool) -> Result<(), sqlx::Error> {
    sqlx::query_file_scalar!("queries/change_feed/install.sql")
        .fetch_one(pool)
        .await
        .map(drop)
}
