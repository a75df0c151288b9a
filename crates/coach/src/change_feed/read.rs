//! Reading and pruning what the triggers kept.

use durable::Pool;

use super::change::{Change, Kind, Record};
use crate::refusal::CallError;

/// What could be seen at one moment, as PostgreSQL writes it: `10:20:10,14`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(String);

/// What a look found.
#[derive(Debug)]
pub struct Look {
    /// The moment of the look.
    pub snapshot: Snapshot,
    /// Whether any change became visible since the former one.
    pub has_news: bool,
}

/// What can be seen now.
///
/// # Errors
/// When the database does not answer.
pub async fn snapshot(pool: &Pool) -> Result<Snapshot, CallError> {
    sqlx::query_file_scalar!("queries/change_feed/snapshot.sql")
        .fetch_one(pool)
        .await
        .map(Snapshot)
        .map_err(CallError::from)
}

/// Whether anything became visible since `before`.
///
/// # Errors
/// When the database does not answer.
pub async fn look(pool: &Pool, before: &Snapshot) -> Result<Look, CallError> {
    let found = sqlx::query_file!("queries/change_feed/look.sql", before.0)
        .fetch_one(pool)
        .await?;
    Ok(Look {
        snapshot: Snapshot(found.snapshot),
        has_news: found.has_news,
    })
}

/// Up to `limit` of the changes that became visible after `before` and were so at `until`, with ids above `after`, of the
/// tables named (`None`: of all), by id.
///
/// # Errors
/// When the database does not answer, or a record is not JSON.
pub async fn read(
    pool: &Pool,
    before: &Snapshot,
    until: &Snapshot,
    after: i64,
    tables: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Change>, CallError> {
    let rows = sqlx::query_file!(
        "queries/change_feed/read.sql",
        before.0,
        until.0,
        after,
        tables,
        limit
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Change {
                id: row.id,
                table: row.table,
                kind: Kind::from_name(&row.kind),
                changed_at: row.changed_at,
                record: record(&row.record)?,
                old_record: record(&row.old_record)?,
                is_cut: row.is_cut,
            })
        })
        .collect()
}

/// Removes up to `limit` of the changes that were visible at `until`, and says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn prune(pool: &Pool, until: &Snapshot, limit: i64) -> Result<i64, CallError> {
    let count = sqlx::query_file_scalar!("queries/change_feed/prune.sql", until.0, limit)
        .fetch_one(pool)
        .await?;
    Ok(count)
}

fn record(json: &str) -> Result<Record, sqlx::Error> {
    serde_json::from_str(json).map_err(|error| sqlx::Error::Decode(error.into()))
}
