//! What changes, in order and without a gap: the events of all tasks, by cursor.

use serde::{Deserialize, Serialize};
use sqlx::{query_file, query_file_as};
use uuid::Uuid;

use crate::Pool;

/// Something that happened to a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Grows from one change to the next.
    pub id: i64,
    /// The task.
    pub task: Uuid,
    /// Its kind; none when it was forgotten meanwhile.
    pub kind: Option<String>,
    /// Its queue.
    pub queue: Option<String>,
    /// When.
    pub at: String,
    /// What happened.
    pub r#type: String,
    /// How it has ended by now.
    pub outcome: Option<String>,
    /// The code of what went wrong.
    pub error_code: Option<String>,
}

/// Which events can be read: an id is settled once no transaction runs any more that may bring a smaller one to light. That
/// is known two looks after the id was drawn, and later only while somebody's transaction stays open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    drawn: i64,
    awaited: Option<(i64, i64)>,
    settled: i64,
}

impl Changes {
    /// Takes a look. Returns the id up to which everything can be read.
    ///
    /// # Errors
    /// The database's.
    pub async fn look(&mut self, pool: &Pool) -> Result<i64, sqlx::Error> {
        let now = query_file!("queries/inspect/look_at_events.sql")
            .fetch_one(pool)
            .await?;
        if let Some((id, running_to)) = self.awaited
            && now.running_from >= running_to
        {
            self.settled = id;
            self.awaited = None;
        }
        if self.awaited.is_none() && self.drawn > self.settled {
            self.awaited = Some((self.drawn, now.running_to));
        }
        self.drawn = now.drawn;
        Ok(self.settled)
    }
}

/// The changes after `after` up to `until`, at most `limit`, in order.
///
/// # Errors
/// The database's.
pub async fn changes(
    pool: &Pool,
    after: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<Change>, sqlx::Error> {
    query_file_as!(Change, "queries/inspect/changes.sql", after, until, limit)
        .fetch_all(pool)
        .await
}

/// The last id drawn by now: who begins there hears of all that begins later.
///
/// # Errors
/// The database's.
pub async fn latest_change(pool: &Pool) -> Result<i64, sqlx::Error> {
    let now = query_file!("queries/inspect/look_at_events.sql")
        .fetch_one(pool)
        .await?;
    Ok(now.drawn)
}
