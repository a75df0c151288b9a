//! Schedules: a task at every fire time of a cron pattern in a time zone, once over any number of workers.
//!
//! A pattern has five fields, so that fire times are at least a minute apart: minute, hour, day of month, month, day of
//! week (when both days are restricted, either is enough). Daylight saving time:
//!
//! | the pattern has | a time that does not exist | a time that occurs twice |
//! | --- | --- | --- |
//! | one minute and one hour (`30 2 * * *`) | fires at the first instant after the gap | fires at the first of the two |
//! | anything else (`*/15 * * * *`, `0 2,14 * * *`) | is left out | fires both times |

mod fires;

use jiff::Timestamp;
use serde_json::Value;
use sqlx::{PgExecutor, query_file, query_file_as, query_file_scalar};
use uuid::Uuid;

use crate::Pool;
pub use fires::next_fires;
use fires::{Fires, Pattern};

/// What becomes of fire times that passed while no worker lived: those over a minute old. Later ones are always run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfire {
    /// Nothing: the next one is the next.
    Skip,
    /// The latest one is run, for all of them; none if a later one is due anyway.
    One,
    /// The latest so many are run.
    All {
        /// At least 1; [`Misfire::ALL`] has 10.
        cap: u32,
    },
}

impl Misfire {
    /// The latest ten are run.
    pub const ALL: Self = Self::All { cap: 10 };

    fn parts(self) -> (&'static str, i32) {
        match self {
            Self::Skip => ("skip", 10),
            Self::One => ("one", 10),
            Self::All { cap } => ("all", i32::try_from(cap.max(1)).unwrap_or(i32::MAX)),
        }
    }

    fn of(name: &str, cap: i32) -> Self {
        match name {
            "skip" => Self::Skip,
            "one" => Self::One,
            _ => Self::All {
                cap: cap.unsigned_abs(),
            },
        }
    }
}

/// A schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// What it is known by; unique.
    pub name: String,
    /// The kind of its tasks, registered.
    pub kind: String,
    /// What each task is given. When it was due is in the task's event `scheduled`.
    pub input: Value,
    /// Such as `30 6 * * MON`.
    pub cron: String,
    /// An IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    /// What becomes of fire times that passed unseen.
    pub misfire: Misfire,
}

/// A schedule as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The schedule.
    pub schedule: Schedule,
    /// Whether it fires; false while it is paused.
    pub enabled: bool,
    /// When it fires next.
    pub next_at: Timestamp,
    /// The latest fire time that a task was spawned for.
    pub last_at: Option<Timestamp>,
    /// Fire times that passed without a task of their own.
    pub missed: i64,
}

/// Why a schedule was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The cron pattern is none, or never fires.
    #[error(
        "the cron pattern \"{pattern}\" {problem}; expected five fields: minute (0-59), hour (0-23), day of month (1-31), month (1-12), day of week (0-7 or SUN-SAT), such as \"30 6 * * MON\""
    )]
    Cron {
        /// As it was given.
        pattern: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no such time zone.
    #[error(
        "there is no time zone \"{name}\"; expected an IANA name such as \"Europe/Berlin\" or \"UTC\""
    )]
    TimeZone {
        /// As it was given.
        name: String,
    },
    /// The database refused (SQLSTATE 22023: the kind is not registered) or was not reached.
    #[error("{}", crate::describe(.0))]
    Database(#[from] sqlx::Error),
}

/// Makes or changes a schedule. One that keeps its pattern and time zone keeps its next fire time; a paused one stays paused.
///
/// # Errors
/// Says what is wrong with the pattern, the time zone or the kind, and what would be right.
pub async fn put(
    executor: impl PgExecutor<'_> + Copy,
    schedule: &Schedule,
) -> Result<(), ScheduleError> {
    let pattern = Pattern::parse(&schedule.cron, &schedule.time_zone)?;
    let next = pattern.next_after(clock(executor).await?)?;
    let (misfire, cap) = schedule.misfire.parts();
    query_file!(
        "queries/put_schedule.sql",
        schedule.name,
        schedule.kind,
        schedule.input,
        schedule.cron,
        schedule.time_zone,
        misfire,
        cap,
        next.as_second()
    )
    .execute(executor)
    .await?;
    Ok(())
}

/// Removes a schedule; tasks that it spawned stay. False when there is none of that name.
///
/// # Errors
/// The database's.
pub async fn remove(executor: impl PgExecutor<'_>, name: &str) -> Result<bool, sqlx::Error> {
    let removed = query_file!("queries/remove_schedule.sql", name).execute(executor);
    Ok(removed.await?.rows_affected() > 0)
}

/// Pauses a schedule until [`resume`]. False when there is none of that name.
///
/// # Errors
/// The database's.
pub async fn pause(executor: impl PgExecutor<'_>, name: &str) -> Result<bool, sqlx::Error> {
    let paused = query_file!("queries/pause_schedule.sql", name).execute(executor);
    Ok(paused.await?.rows_affected() > 0)
}

/// Lets a paused schedule fire again, from now on: what fell into the pause is not made up for. False when there is none of
/// that name, or it was not paused.
///
/// # Errors
/// The database's; the pattern's, when it fires no more.
pub async fn resume(
    executor: impl PgExecutor<'_> + Copy,
    name: &str,
) -> Result<bool, ScheduleError> {
    let found = query_file!("queries/find_schedule.sql", name)
        .fetch_optional(executor)
        .await?;
    let Some(found) = found else {
        return Ok(false);
    };
    let pattern = Pattern::parse(&found.cron, &found.time_zone)?;
    let next = pattern.next_after(clock(executor).await?)?;
    let resumed = query_file!("queries/resume_schedule.sql", name, next.as_second())
        .execute(executor)
        .await?;
    Ok(resumed.rows_affected() > 0)
}

/// All schedules, by name.
///
/// # Errors
/// The database's.
pub async fn list(executor: impl PgExecutor<'_>) -> Result<Vec<Entry>, sqlx::Error> {
    let rows = query_file!("queries/list_schedules.sql")
        .fetch_all(executor)
        .await?;
    let entries = rows.into_iter().map(|row| Entry {
        schedule: Schedule {
            name: row.name,
            kind: row.kind,
            input: row.input,
            cron: row.cron,
            time_zone: row.time_zone,
            misfire: Misfire::of(&row.misfire, row.misfire_cap),
        },
        enabled: row.enabled,
        next_at: moment(row.next_at),
        last_at: row.last_at.map(moment),
        missed: row.missed,
    });
    Ok(entries.collect())
}

/// A schedule whose time has come.
struct Due {
    name: String,
    cron: String,
    time_zone: String,
    misfire: String,
    misfire_cap: i32,
    next_at: i64,
    now: i64,
}

/// Duty of any worker: fires what is due, and answers how many tasks were spawned. One schedule that cannot be fired keeps
/// no other from it; it stays due. `now` is the database's clock unless a test holds its own.
///
/// # Errors
/// The database's, when it cannot be asked what is due.
pub async fn fire_due(pool: &Pool, now: Option<Timestamp>) -> Result<i32, sqlx::Error> {
    let now = now.map(Timestamp::as_second);
    let due = query_file_as!(Due, "queries/due_schedules.sql", now)
        .fetch_all(pool)
        .await?;
    let mut spawned = 0;
    for due in due {
        match fire(pool, &due, now).await {
            Ok(count) => spawned += count,
            Err(error) => {
                tracing::warn!(schedule = due.name, %error, "a schedule cannot be fired")
            }
        }
    }
    Ok(spawned)
}

async fn fire(pool: &Pool, due: &Due, now: Option<i64>) -> Result<i32, ScheduleError> {
    let pattern = Pattern::parse(&due.cron, &due.time_zone)?;
    let misfire = Misfire::of(&due.misfire, due.misfire_cap);
    let (first, until) = (moment(due.next_at), moment(due.now));
    // After a long absence it may take a second: off the threads that keep the heartbeat.
    let fires = tokio::task::spawn_blocking(move || pattern.fires(first, until, misfire));
    let Fires { run, missed, next } = fires.await.map_err(|_| sqlx::Error::WorkerCrashed)??;
    let tasks: Vec<Uuid> = run.iter().map(|at| task_id(&due.name, *at)).collect();
    let at: Vec<i64> = run.iter().map(|at| at.as_second()).collect();
    let spawned = query_file_scalar!(
        "queries/fire_schedule.sql",
        due.name,
        due.next_at,
        &tasks,
        &at,
        missed,
        next.as_second(),
        now
    );
    Ok(spawned.fetch_one(pool).await?)
}

/// The id of the task of one fire time: whoever computes it, however often, it is the same.
fn task_id(schedule: &str, at: Timestamp) -> Uuid {
    const NAMESPACE: Uuid = Uuid::from_u128(0x8d5f_4f0a_0c8e_4f0b_9c61_1d3a_52e7_90b4);
    Uuid::new_v5(&NAMESPACE, format!("{schedule} {at}").as_bytes())
}

async fn clock(executor: impl PgExecutor<'_>) -> Result<Timestamp, sqlx::Error> {
    let now = query_file_scalar!("queries/clock.sql");
    Ok(moment(now.fetch_one(executor).await?))
}

/// Seconds since 1970, as the database tells them; it knows no later time than jiff.
fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}
