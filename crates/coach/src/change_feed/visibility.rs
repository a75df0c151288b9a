//! Whether a caller may know of a change: asked of PostgreSQL under the caller's own role and claims.

use durable::{Pool, Transaction};
use sqlx::AssertSqlSafe;

use super::change::{Change, Kind, object};
use super::table::{Table, quote};
use crate::caller::{self, Caller};
use crate::refusal::CallError;

/// How long the policies of a table may take for one caller and one batch.
const LIMIT: &str = "1s";

/// Says of each change of `table` whether the caller may see its row.
///
/// What was inserted or updated is looked for by its primary key, as it is now. What was deleted cannot be looked for: the
/// policies are asked about the row as it had been (Supabase's own Realtime tells everybody of every delete).
///
/// # Errors
/// When a policy raises or takes longer than a second, or the database does not answer.
pub async fn visible(
    pool: &Pool,
    caller: &Caller,
    table: &Table,
    changes: &[&Change],
) -> Result<Vec<bool>, CallError> {
    let Some(condition) = table.condition(caller.role) else {
        return Ok(vec![true; changes.len()]);
    };
    let mut seen = vec![false; changes.len()];
    let (gone, there): (Vec<usize>, Vec<usize>) =
        (0..changes.len()).partition(|index| changes[*index].kind == Kind::Delete);
    let mut transaction = caller::begin(pool, caller).await?;
    sqlx::query("select set_config('statement_timeout', $1, true)")
        .bind(LIMIT)
        .execute(&mut *transaction)
        .await?;
    if !there.is_empty() {
        let keys = there
            .iter()
            .map(|index| key(table, changes[*index]))
            .collect();
        let found = ask(&mut transaction, look_up(table), keys).await?;
        mark(&mut seen, &there, &found);
    }
    if !gone.is_empty() {
        let rows = gone.iter().map(|index| whole(changes[*index])).collect();
        let found = ask(&mut transaction, judge(table, condition), rows).await?;
        mark(&mut seen, &gone, &found);
    }
    transaction.rollback().await?;
    Ok(seen)
}

/// Finds rows by primary key ($1: JSON objects); whatever row level security hides is not found.
///
/// `offset 0` keeps each look-up a look-up: in a join, policies would be asked about every other row of the table as well.
fn look_up(table: &Table) -> String {
    let same_key: Vec<String> = table
        .key()
        .map(|column| {
            let literal = column.name.replace('\'', "''");
            format!(
                "r.{} = (k.key::jsonb ->> '{literal}')::{}",
                quote(&column.name),
                column.sql_type
            )
        })
        .collect();
    format!(
        "select k.ordinal from unnest($1::text[]) with ordinality as k(key, ordinal)
         where exists (select from {} r where {} offset 0)",
        table.sql_name(),
        same_key.join(" and ")
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

async fn ask(
    transaction: &mut Transaction,
    sql: String,
    rows: Vec<String>,
) -> Result<Vec<i64>, CallError> {
    // Names and policies come from the catalogue; values are parameters.
    Ok(sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(rows)
        .fetch_all(&mut **transaction)
        .await?)
}

fn mark(seen: &mut [bool], asked: &[usize], found: &[i64]) {
    for ordinal in found {
        let asked = usize::try_from(*ordinal)
            .ok()
            .and_then(|ordinal| asked.get(ordinal.checked_sub(1)?));
        if let Some(flag) = asked.and_then(|index| seen.get_mut(*index)) {
            *flag = true;
        }
    }
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
