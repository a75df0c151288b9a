//! Lists of tasks, newest first, a page at a time.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::Pool;

/// So many tasks are looked at for one page where few of them may fit, so that a page takes milliseconds, not seconds.
const REACH: i64 = 20_000;
/// The same where each costs a look at its steps, or at an event that lies far from the next.
const SHORT_REACH: i64 = 4_000;
/// In a place with more tasks than this, a list walks the newest tasks instead of sorting the place.
const SMALL_PLACE: i64 = 10_000;

/// Where a task is, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// May be claimed.
    Ready,
    /// For its time, a limit, children, or a paused queue.
    Waiting,
    /// Set aside for a person.
    Parked,
    /// Being worked on.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended badly, for good.
    Failed,
    /// Ended by somebody.
    Cancelled,
}

impl TaskState {
    /// All of them, in the order of a task's life.
    pub const ALL: [Self; 7] = [
        Self::Ready,
        Self::Waiting,
        Self::Parked,
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Its name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Parked => "parked",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a task in this state has not ended.
    #[must_use]
    pub fn is_live(self) -> bool {
        self.place().is_some()
    }

    /// The tasks that stand there.
    fn place(self) -> Option<&'static str> {
        match self {
            Self::Ready => Some("(select y.task from durable.ready y)"),
            Self::Waiting => Some(
                "(select w.task from durable.timer w union all select p.task from durable.parked p where p.wait <> 'person')",
            ),
            Self::Parked => Some("(select p.task from durable.parked p where p.wait = 'person')"),
            Self::Running => Some("(select r.task from durable.run r)"),
            Self::Succeeded | Self::Failed | Self::Cancelled => None,
        }
    }
}

impl FromStr for TaskState {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|state| state.name() == name);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no state \"{name}\"; expected one of {names}")
        })
    }
}

/// Which tasks a list shows: those that fit everything that is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// The kind's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<TaskState>,
    /// The queue's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Whose turn it takes, such as a user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Accepted at this moment or later, in microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// Accepted before this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// The code it ended with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// Cost at least this, in micro-dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_cost: Option<i64>,
    /// How its id, or its user, begins; at least four characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A place in a list; the next page begins after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct Position {
    /// Microseconds since 1970.
    pub at: i64,
    /// The task there.
    pub id: Uuid,
}

impl Position {
    /// Before all that a list can hold: the end of the year 9999.
    pub const FIRST: Self = Self {
        at: 253_402_300_799_999_999,
        id: Uuid::max(),
    };
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Newest first: by when they were accepted, and failed or cancelled ones by when they ended.
    pub tasks: Vec<TaskRow>,
    /// Where the next page begins; none at the end. A page may be short, even empty, and not the last: then so far nothing
    /// more was found.
    pub next: Option<Position>,
}

/// A task in a list.
#[derive(Debug, Clone, PartialEq, FromRow, Serialize, Deserialize)]
pub struct TaskRow {
    /// Its id.
    pub id: Uuid,
    /// The kind's name.
    pub kind: String,
    /// Where its kind stands in line.
    pub queue: String,
    /// Smaller is served first.
    pub lane: i32,
    /// Whose turn it takes, such as a user's id.
    pub user: Option<String>,
    /// A [`TaskState`]'s name.
    pub state: String,
    /// Why it waits.
    pub reason: Option<String>,
    /// The worker that runs it.
    pub worker: Option<String>,
    /// Failed attempts that count against `max_retries`.
    pub retries: i32,
    /// Attempts whose worker was lost.
    pub losses: i32,
    /// Retries it may have.
    pub max_retries: i32,
    /// When it was accepted.
    pub created_at: String,
    /// When it is to be tried, if it waits for that.
    pub due_at: Option<String>,
    /// When the running attempt began.
    pub started_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// From acceptance to the end, or to now.
    pub seconds: f64,
    /// The code it ended with.
    pub error_code: Option<String>,
    /// What its steps have cost, in micro-dollars.
    pub cost: i64,
    /// The task that it runs again.
    pub replay_of: Option<Uuid>,
    #[sqlx(rename = "position_at")]
    #[serde(skip)]
    at: i64,
}

/// Everything of a row but its position, of the tasks `t` with `position_at`.
pub(super) const COLUMNS: &str = "
  t.id, t.kind, t.queue, t.lane::integer as lane, t.key as user,
  coalesce(t.outcome, case when r.task is not null then 'running' when y.task is not null then 'ready'
    when p.wait = 'person' then 'parked' else 'waiting' end) as state,
  coalesce(w.reason, p.reason) as reason, k.name as worker,
  coalesce(r.retries, y.retries, w.retries, p.retries, t.retries) as retries,
  coalesce(r.losses, y.losses, w.losses, p.losses, t.losses) as losses, t.max_retries,
  durable.moment(t.created_at) as created_at, durable.moment(w.due_at) as due_at, durable.moment(r.started_at) as started_at,
  durable.moment(t.ended_at) as ended_at,
  greatest(extract(epoch from coalesce(t.ended_at, clock_timestamp()) - t.created_at), 0)::double precision as seconds,
  t.error_code, coalesce((select sum(s.cost)::bigint from durable.step s where s.task = t.id), 0) as cost, t.replay_of";

/// The places that [`COLUMNS`] reads, of one task `t` at a time.
pub(super) const PLACES: &str = "
  left join durable.run r on r.task = t.id left join durable.worker k on k.id = r.worker
  left join durable.ready y on y.task = t.id left join durable.timer w on w.task = t.id
  left join durable.parked p on p.task = t.id";

/// What a list is read from.
#[derive(Clone, Copy)]
enum Source {
    /// All tasks, by when they were accepted.
    Accepted,
    /// Those that failed or were cancelled, by when.
    EndedBadly,
    /// Those in a place with few.
    Place(&'static str),
}

impl Source {
    fn from(self) -> &'static str {
        match self {
            Self::Accepted => " from durable.task t where true",
            Self::EndedBadly => {
                " from durable.event e join durable.task t on t.id = e.task and t.outcome = e.type where e.type in ('failed', 'cancelled')"
            }
            Self::Place(_) => " from durable.task t where true",
        }
    }

    fn at(self) -> &'static str {
        match self {
            Self::EndedBadly => "e.at",
            _ => "t.created_at",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::EndedBadly => "e.task",
            _ => "t.id",
        }
    }
}

/// Up to `limit` tasks after `after`, or from the newest.
///
/// # Errors
/// The database's.
pub async fn tasks(
    pool: &Pool,
    filter: &Filter,
    after: Option<Position>,
    limit: i64,
) -> Result<Page, sqlx::Error> {
    let source = source(pool, filter).await?;
    let reach = match is_sparse(filter, source) {
        true => reach(pool, filter, source, after).await?,
        false => None,
    };
    let mut query = QueryBuilder::<Postgres>::new("with page as materialized (select t.id, ");
    query.push(source.at()).push(" as at").push(source.from());
    push_filter(&mut query, filter, source);
    push_after(&mut query, source, after);
    if let Some(reach) = reach {
        push_bound(&mut query, source, ">=", reach);
    }
    push_order(&mut query, source);
    query.push(" limit ").push_bind(limit + 1).push(") select ");
    query.push(COLUMNS).push(
        ", durable.micros(page.at) as position_at from page join durable.task t on t.id = page.id",
    );
    query
        .push(PLACES)
        .push(" order by page.at desc, page.id desc");
    let mut tasks: Vec<TaskRow> = query
        .build_query_as()
        // Planned anew each time, for the very values: what is rare and what is common want other plans.
        .persistent(false)
        .fetch_all(pool)
        .await?;
    let more = usize::try_from(limit).is_ok_and(|limit| tasks.len() > limit);
    tasks.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = tasks.last().map(|task| Position {
        at: task.at,
        id: task.id,
    });
    let next = if more { last } else { reach };
    Ok(Page { tasks, next })
}

async fn source(pool: &Pool, filter: &Filter) -> Result<Source, sqlx::Error> {
    let narrow = filter.user.is_some() || filter.text.is_some();
    match filter.state {
        Some(TaskState::Failed | TaskState::Cancelled) if !narrow => Ok(Source::EndedBadly),
        None if !narrow && filter.error_code.is_some() => Ok(Source::EndedBadly),
        Some(state) => match state.place() {
            Some(place) if is_small(pool, place).await? => Ok(Source::Place(place)),
            _ => Ok(Source::Accepted),
        },
        None => Ok(Source::Accepted),
    }
}

async fn is_small(pool: &Pool, place: &str) -> Result<bool, sqlx::Error> {
    let mut query = QueryBuilder::<Postgres>::new("select count(*) from (select from ");
    query.push(place).push(" x limit ").push_bind(SMALL_PLACE);
    let count: i64 = query
        .push(") x")
        .build_query_scalar()
        .fetch_one(pool)
        .await?;
    Ok(count < SMALL_PLACE)
}

/// Whether a walk of the source might pass over many tasks before one fits.
fn is_sparse(filter: &Filter, source: Source) -> bool {
    let narrow = filter.user.is_some() || filter.text.is_some();
    let choosy = filter.kind.is_some()
        || filter.queue.is_some()
        || filter.state.is_some()
        || filter.error_code.is_some()
        || filter.least_cost.is_some();
    choosy && !narrow && !matches!(source, Source::Place(_))
}

/// Where a walk stops that has found little; none when the list ends before.
async fn reach(
    pool: &Pool,
    filter: &Filter,
    source: Source,
    after: Option<Position>,
) -> Result<Option<Position>, sqlx::Error> {
    let mut query = QueryBuilder::<Postgres>::new("select durable.micros(x.at) as at, x.id from (");
    match source {
        Source::EndedBadly => {
            query.push("select e.at, e.task as id from durable.event e where e.type in ('failed', 'cancelled')");
        }
        _ => {
            query.push("select t.created_at as at, t.id from durable.task t where true");
            push_window(&mut query, filter);
        }
    }
    push_after(&mut query, source, after);
    push_order(&mut query, source);
    let reach = match (filter.least_cost, source) {
        (None, Source::Accepted | Source::Place(_)) => REACH,
        _ => SHORT_REACH,
    };
    query
        .push(" limit 1 offset ")
        .push_bind(reach - 1)
        .push(") x");
    query
        .build_query_as()
        .persistent(false)
        .fetch_optional(pool)
        .await
}

fn push_filter(query: &mut QueryBuilder<Postgres>, filter: &Filter, source: Source) {
    push_window(query, filter);
    if let Source::Place(place) = source {
        query.push(" and t.id in ").push(place);
    }
    match (filter.state, source) {
        (None, _) => {}
        (Some(state), _) if !state.is_live() => {
            query.push(" and t.outcome = ").push_bind(state.name());
            if let Source::EndedBadly = source {
                query.push(" and e.type = ").push_bind(state.name());
            }
        }
        (Some(state), Source::Accepted) => {
            query
                .push(" and t.outcome is null and t.id in ")
                .push(state.place().unwrap_or_default());
        }
        (Some(_), _) => {}
    }
    let equal = [
        (" and t.kind = ", &filter.kind),
        (" and t.queue = ", &filter.queue),
        (" and t.key collate \"C\" = ", &filter.user),
        (" and t.error_code = ", &filter.error_code),
    ];
    for (column, value) in equal {
        if let Some(value) = value {
            query.push(column).push_bind(value.clone());
        }
    }
    if let (Some(code), Source::EndedBadly) = (&filter.error_code, source) {
        // The event says it too, so that a header is fetched only where it fits.
        query
            .push(" and e.data ->> 'code' = ")
            .push_bind(code.clone());
    }
    if let Some(cost) = filter.least_cost {
        query
            .push(" and (select sum(s.cost) from durable.step s where s.task = t.id) >= ")
            .push_bind(cost);
    }
    if let Some(text) = &filter.text {
        push_text(query, text);
    }
}

fn push_window(query: &mut QueryBuilder<Postgres>, filter: &Filter) {
    for (bound, micros) in [
        (" and t.created_at >= ", filter.since),
        (" and t.created_at < ", filter.until),
    ] {
        if let Some(micros) = micros {
            query.push(bound).push("durable.at(").push_bind(micros);
            query.push(")");
        }
    }
}

/// An id or a user that begins so. Both indexes are asked for a range.
fn push_text(query: &mut QueryBuilder<Postgres>, text: &str) {
    query
        .push(" and (t.key collate \"C\" >= ")
        .push_bind(text.to_owned());
    query
        .push(" and t.key collate \"C\" < ")
        .push_bind(format!("{text}\u{10ffff}"));
    if let Some((low, high)) = ids_beginning(text) {
        query.push(" or t.id between ").push_bind(low);
        query.push(" and ").push_bind(high);
    }
    query.push(")");
}

/// The least and the greatest id whose text begins so; none when no id's does.
fn ids_beginning(text: &str) -> Option<(Uuid, Uuid)> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    let is_hex = digits.chars().all(|digit| digit.is_ascii_hexdigit());
    if digits.is_empty() || digits.len() > 32 || !is_hex {
        return None;
    }
    let low = Uuid::try_parse(&format!("{digits:0<32}")).ok()?;
    let high = Uuid::try_parse(&format!("{digits:f<32}")).ok()?;
    Some((low, high))
}

fn push_after(query: &mut QueryBuilder<Postgres>, source: Source, after: Option<Position>) {
    if let Some(after) = after {
        push_bound(query, source, "<", after);
    }
}

fn push_bound(
    query: &mut QueryBuilder<Postgres>,
    source: Source,
    relation: &str,
    position: Position,
) {
    query.push(format!(
        " and ({}, {}) {relation} (durable.at(",
        source.at(),
        source.id()
    ));
    query.push_bind(position.at).push("), ");
    query.push_bind(position.id).push(")");
}

fn push_order(query: &mut QueryBuilder<Postgres>, source: Source) {
    query.push(format!(
        " order by {} desc, {} desc",
        source.at(),
        source.id()
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_of_an_id_is_a_range_of_ids() {
        let range = ids_beginning("6F1c2a34-5b").unwrap();
        assert_eq!(
            range,
            (
                "6f1c2a34-5b00-0000-0000-000000000000".parse().unwrap(),
                "6f1c2a34-5bff-ffff-ffff-ffffffffffff".parse().unwrap()
            )
        );
        for none in ["", "-", "zebra", "6f1c2a34-5b67-4c89-9d01-23456789abcd0"] {
            assert_eq!(ids_beginning(none), None, "{none}");
        }
    }

    #[test]
    fn a_state_is_known_by_its_name() {
        for state in TaskState::ALL {
            assert_eq!(state.name().parse(), Ok(state));
        }
        assert!("done".parse::<TaskState>().unwrap_err().contains("ready"));
    }
}
