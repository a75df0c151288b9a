//! How much ended how, how long that took, and what it cost: sums of hours and days, kept as tasks end, so that no read counts tasks.

use serde::{Deserialize, Serialize};
use sqlx::{query_file_as, query_file_scalar};
use uuid::Uuid;

use crate::Pool;

/// A longer window than this many hours is read from sums of days.
const LONGEST_OF_HOURS: i32 = 72;

/// What a point of a series stands for, and what a window is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// An hour.
    Hour,
    /// A day of UTC.
    Day,
}

impl Span {
    /// The finest one in which a window of so many hours is quickly read.
    #[must_use]
    pub fn of_window(hours: i32) -> Self {
        match hours > LONGEST_OF_HOURS {
            true => Self::Day,
            false => Self::Hour,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

/// How the tasks of a kind ended, in a window. Percentiles are right to 5 %.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// None: all kinds.
    pub kind: Option<String>,
    /// How many ended well.
    pub succeeded: i64,
    /// How many failed for good.
    pub failed: i64,
    /// How many were cancelled.
    pub cancelled: i64,
    /// From acceptance to the end, cancelled ones left out.
    pub mean_seconds: Option<f64>,
    /// Half took less.
    pub p50_seconds: Option<f64>,
    /// Nineteen of twenty took less.
    pub p95_seconds: Option<f64>,
}

/// How many tasks of a kind ended in an hour or a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// Its beginning.
    pub at: String,
    /// The kind.
    pub kind: String,
    /// How many ended well.
    pub succeeded: i64,
    /// How many failed for good.
    pub failed: i64,
    /// How many were cancelled.
    pub cancelled: i64,
}

/// What the tasks of a kind used that ended in an hour or a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Its beginning.
    pub at: String,
    /// The kind.
    pub kind: String,
    /// Who was asked.
    pub model: String,
    /// How often.
    pub calls: i64,
    /// Tokens sent.
    pub input_tokens: i64,
    /// Tokens received.
    pub output_tokens: i64,
    /// Micro-dollars.
    pub cost: i64,
}

/// What went wrong in a window, by code and kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorGroup {
    /// The code.
    pub code: String,
    /// The kind.
    pub kind: String,
    /// Tasks that failed with it for good.
    pub failed: i64,
    /// Attempts that failed with it and were followed by another.
    pub retried: i64,
    /// The hour, or in a long window the day, in which it was first seen in the window.
    pub first_at: String,
    /// When it was last seen.
    pub last_at: String,
    /// The task that it was last seen at.
    pub last_task: Uuid,
}

/// Brings the figures up to date by at most `limit` events, and returns how many are left. Every worker does so each second.
///
/// # Errors
/// The database's.
pub async fn count_events(pool: &Pool, limit: i32) -> Result<i64, sqlx::Error> {
    query_file_scalar!("queries/inspect/count_events.sql", limit)
        .fetch_one(pool)
        .await
}

/// How the tasks ended that did in the last `hours` hours: first all kinds together, if there are any, then each.
///
/// # Errors
/// The database's.
pub async fn totals(pool: &Pool, hours: i32) -> Result<Vec<Totals>, sqlx::Error> {
    query_file_as!(
        Totals,
        "queries/inspect/totals.sql",
        hours,
        Span::of_window(hours).name()
    )
    .fetch_all(pool)
    .await
}

/// How many tasks ended in each span of the last `hours` hours. A span without any is left out.
///
/// # Errors
/// The database's.
pub async fn ended(pool: &Pool, hours: i32, span: Span) -> Result<Vec<Ended>, sqlx::Error> {
    query_file_as!(Ended, "queries/inspect/ended.sql", hours, span.name())
        .fetch_all(pool)
        .await
}

/// What the tasks used that ended in each span of the last `hours` hours.
///
/// # Errors
/// The database's.
pub async fn spent(pool: &Pool, hours: i32, span: Span) -> Result<Vec<Spent>, sqlx::Error> {
    query_file_as!(Spent, "queries/inspect/spent.sql", hours, span.name())
        .fetch_all(pool)
        .await
}

/// What went wrong in the last `hours` hours, the latest first.
///
/// # Errors
/// The database's.
pub async fn errors(pool: &Pool, hours: i32) -> Result<Vec<ErrorGroup>, sqlx::Error> {
    query_file_as!(
        ErrorGroup,
        "queries/inspect/errors.sql",
        hours,
        Span::of_window(hours).name()
    )
    .fetch_all(pool)
    .await
}

/// Sums since counting began; they only grow.
#[derive(Debug, Clone, PartialEq)]
pub struct Ever {
    /// How tasks ended, by how long they took.
    pub ended: Vec<EndedBucket>,
    /// What went wrong.
    pub errors: Vec<ErrorsEver>,
    /// What ended tasks used.
    pub spent: Vec<Spent>,
}

/// Tasks of a kind that ended one way and took about as long.
#[derive(Debug, Clone, PartialEq)]
pub struct EndedBucket {
    /// The kind.
    pub kind: String,
    /// `succeeded`, `failed` or `cancelled`.
    pub outcome: String,
    /// None took longer, from acceptance to the end.
    pub upper_seconds: f64,
    /// How many.
    pub tasks: i64,
    /// How long all of them took together.
    pub seconds: f64,
}

/// What went wrong with a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorsEver {
    /// The kind.
    pub kind: String,
    /// The code.
    pub code: String,
    /// Tasks that failed with it for good.
    pub failed: i64,
    /// Attempts that failed with it and were followed by another.
    pub retried: i64,
}

/// The sums since counting began.
///
/// # Errors
/// The database's.
pub async fn ever(pool: &Pool) -> Result<Ever, sqlx::Error> {
    let ended = query_file_as!(EndedBucket, "queries/inspect/ended_ever.sql")
        .fetch_all(pool)
        .await?;
    let errors = query_file_as!(ErrorsEver, "queries/inspect/errors_ever.sql")
        .fetch_all(pool)
        .await?;
    let spent = query_file_as!(Spent, "queries/inspect/spent_ever.sql")
        .fetch_all(pool)
        .await?;
    Ok(Ever {
        ended,
        errors,
        spent,
    })
}
