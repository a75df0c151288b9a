//! Whether a caller may know of a change: asked of PostgreSQL under the caller's own role and claims.

use std::time::Duration;

use durable::{Pool, Transaction};
use sqlx::AssertSqlSafe;

use super::change::{Change, Kind, object};
use super::table::{Table, quote};
use crate::caller::{self, Caller};
use crate::refusal::CallError;

/// How long the policies may take for several callers together.
const TOGETHER: Duration = Duration::from_secs(1);

/// Changes of one table, and who wants to know of them.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// As whom.
    pub caller: &'a Caller,
    /// The table of all the changes.
    pub table: &'a Table,
    /// The changes.
    pub changes: &'a [&'a Change],
}

/// Says of each change whether the caller may see its row, in a transaction of the caller's own.
///
/// What was inserted or updated is looked for by its primary key, as it is now. What was deleted cannot be looked for: the
/// policies are asked about the row as it had been (Supabase's own Realtime tells everybody of every delete).
///
/// # Errors
/// When a policy raises or takes longer than `patience`, or the database does not answer.
pub async fn visible(
    pool: &Pool,
    ask: Ask<'_>,
    patience: Duration,
) -> Result<Vec<bool>, CallError> {
    let mut transaction = caller::begin(pool, ask.caller).await?;
    limit(&mut transaction, patience).await?;
    let mut seen = ask.unseen();
    for part in ask.parts() {
        let rows: Vec<&String> = part.rows.iter().map(|(_, row)| row).collect();
        // Names and policies come from the catalogue; values are parameters.
        let found: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(part.statement.clone()))
            .bind(rows)
            .fetch_all(&mut *transaction)
            .await?;
        part.mark(&mut seen, &found);
    }
    transaction.rollback().await?;
    Ok(seen)
}

/// The same for several callers in one round trip, each as by themselves; `None` where a policy raised for that caller.
///
/// # Errors
/// When all together take longer than a second, or the database does not answer: then nobody's policies are to blame yet.
pub async fn visible_to_each(
    pool: &Pool,
    asks: &[Ask<'_>],
) -> Result<Vec<Option<Vec<bool>>>, CallError> {
    let mut seen: Vec<_> = asks.iter().map(|ask| Some(ask.unseen())).collect();
    let parts: Vec<(usize, &Caller, Part)> = asks
        .iter()
        .enumerate()
        .flat_map(|(index, ask)| {
            ask.parts()
                .into_iter()
                .map(move |part| (index, ask.caller, part))
        })
        .collect();
    let column = |value: fn(&Caller, &Part) -> String| -> Vec<String> {
        parts
            .iter()
            .map(|(_, caller, part)| value(caller, part))
            .collect()
    };
    let mut transaction = pool.begin().await?;
    limit(&mut transaction, TOGETHER).await?;
    let found: Vec<(i32, Option<Vec<i64>>)> =
        sqlx::query_as("select number, seen from coach.ask_each($1, $2, $3, $4)")
            .bind(column(|caller, _| caller.role.name().to_owned()))
            .bind(column(|caller, _| caller.claims.to_string()))
            .bind(column(|_, part| part.statement.clone()))
            .bind(column(|_, part| {
                let rows: Vec<&str> = part.rows.iter().map(|(_, row)| row.as_str()).collect();
                format!("[{}]", rows.join(","))
            }))
            .fetch_all(&mut *transaction)
            .await?;
    transaction.rollback().await?;
    for (number, found) in found {
        let part = usize::try_from(number)
            .ok()
            .and_then(|number| parts.get(number.checked_sub(1)?));
        if let Some((index, _, part)) = part {
            match (&mut seen[*index], found) {
                (Some(seen), Some(found)) => part.mark(seen, &found),
                (seen, _) => *seen = None,
            }
        }
    }
    Ok(seen)
}

async fn limit(transaction: &mut Transaction, patience: Duration) -> Result<(), CallError> {
    sqlx::query("select set_config('statement_timeout', $1, true)")
        .bind(format!("{}ms", patience.as_millis()))
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// One statement's share of an ask.
struct Part {
    statement: String,
    /// Which of the changes, and what the statement is told of it.
    rows: Vec<(usize, String)>,
}

impl Ask<'_> {
    /// What is known before anybody is asked.
    fn unseen(&self) -> Vec<bool> {
        vec![self.table.is_open_to(self.caller.role); self.changes.len()]
    }

    fn parts(&self) -> Vec<Part> {
        let Some(condition) = self.table.condition(self.caller.role) else {
            return Vec::new();
        };
        let rows = |is_gone: bool, row: fn(&Table, &Change) -> String| -> Vec<(usize, String)> {
            let changes = self.changes.iter().enumerate();
            let changes = changes.filter(|(_, change)| (change.kind == Kind::Delete) == is_gone);
            changes
                .map(|(index, change)| (index, row(self.table, change)))
                .collect()
        };
        let there = Part {
            statement: look_up(self.table),
            rows: rows(false, key),
        };
        let gone = Part {
            statement: judge(self.table, condition),
            rows: rows(true, |_, change| whole(change)),
        };
        [there, gone]
            .into_iter()
            .filter(|part| !part.rows.is_empty())
            .collect()
    }
}

impl Part {
    /// Marks the changes whose ordinals were found.
    fn mark(&self, seen: &mut [bool], found: &[i64]) {
        for ordinal in found {
            let row = usize::try_from(*ordinal)
                .ok()
                .and_then(|ordinal| self.rows.get(ordinal.checked_sub(1)?));
            if let Some(flag) = row.and_then(|(index, _)| seen.get_mut(*index)) {
                *flag = true;
            }
        }
    }
}

/// Finds rows by primary key ($1: JSON objects); whatever row level security hides is not found.
///
/// Policies are to be asked about these rows alone, not about every other row of the table as well, which costs and which may
/// raise. So keys are read before (a reading within the comparison might tell of a row, and PostgreSQL 15.20 puts the policies
/// before such), and `offset 0` keeps both parts as they are written.
fn look_up(table: &Table) -> String {
    let (read, same): (Vec<String>, Vec<String>) = table
        .key()
        .enumerate()
        .map(|(place, column)| {
            let literal = column.name.replace('\'', "''");
            let read = format!(
                "(n.key::jsonb ->> '{literal}')::{} as key_{place}",
                column.sql_type
            );
            (read, format!("r.{} = k.key_{place}", quote(&column.name)))
        })
        .unzip();
    format!(
        "select k.ordinal from (select n.ordinal, {} from unnest($1::text[]) with ordinality as n(key, ordinal) offset 0) k
         where exists (select from {} r where {} offset 0)",
        read.join(", "),
        table.sql_name(),
        same.join(" and ")
    )
}

/// Asks the policies' own condition about rows that are gone ($1: JSON objects).
fn judge(table: &Table, condition: &str) -> String {
    format!(
        "select k.ordinal from unnest($1::text[]) with ordinality as k(former, ordinal)
         where exists (select from jsonb_populate_record(null::{}, k.former::jsonb) as {} where {condition})",
        table.sql_name(),
        quote(&table.name),
    )
}

fn key(table: &Table, change: &Change) -> String {
    object(
        table
            .key()
            .filter_map(|column| Some((column.name.as_str(), &**change.record.get(&column.name)?))),
    )
}

fn whole(change: &Change) -> String {
    object(
        change
            .record
            .iter()
            .map(|(name, value)| (name.as_str(), &**value)),
    )
}
