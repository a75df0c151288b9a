//! A condition on one column of a changed row, tested by PostgreSQL in the column's own type.

use std::collections::HashMap;

use durable::Pool;
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::change::{Change, object};
use super::table::{Table, quote};
use crate::refusal::CallError;

/// How long the test of a batch may take.
const LIMIT: &str = "2s";

/// How a column's value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// Equal to one of several.
    In,
    /// `is distinct from`: two nulls are not.
    IsDistinct,
    /// `is null`
    IsNull,
    /// `is true`
    IsTrue,
    /// `is false`
    IsFalse,
    /// `is unknown`
    IsUnknown,
}

/// A condition on one column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The column's name, not yet known to exist.
    pub column: String,
    /// The comparison.
    pub operator: Operator,
    /// Whether it must be false instead of true; unknown is neither.
    pub negated: bool,
    /// What to compare with, as text: several for [`Operator::In`], none for the `Is…` of nulls and truth, else one.
    pub values: Vec<String>,
}

/// Why a condition cannot be tested.
#[derive(Debug, thiserror::Error)]
pub enum InvalidCondition {
    /// The value is not one of the column's type, or the type has no such comparison.
    #[error("{0}")]
    Refused(String),
    /// The database does not answer.
    #[error(transparent)]
    Unavailable(#[from] CallError),
}

impl Condition {
    /// What its test has in common with others, so that one statement tests them all.
    fn shape(&self) -> (&str, Operator, bool) {
        (&self.column, self.operator, self.negated)
    }

    /// What it compares with, as the one text parameter that its statement takes.
    fn parameter(&self) -> String {
        match self.operator {
            Operator::In => Value::from(self.values.clone()).to_string(),
            _ => self.values.first().cloned().unwrap_or_default(),
        }
    }
}

/// The statement that tests conditions of one shape ($2: what each compares with) on rows ($1: each the column's value in a
/// JSON object): pairs of ordinals that hold. `None` where the table has no such column.
fn statement(table: &Table, (column, operator, negated): (&str, Operator, bool)) -> Option<String> {
    let column = table.column(column)?;
    let (name, sql_type) = (quote(&column.name), &column.sql_type);
    let compared = |sign: &str| format!("v.value {sign} f.value::{sql_type}");
    let test = match operator {
        Operator::Equal => compared("="),
        Operator::NotEqual => compared("<>"),
        Operator::Less => compared("<"),
        Operator::LessOrEqual => compared("<="),
        Operator::Greater => compared(">"),
        Operator::GreaterOrEqual => compared(">="),
        Operator::IsDistinct => compared("is distinct from"),
        Operator::In => format!(
            "v.value = any (array(select e::{sql_type} from jsonb_array_elements_text(f.value::jsonb) e))"
        ),
        Operator::IsNull => "v.value is null".into(),
        Operator::IsTrue => "v.value is true".into(),
        Operator::IsFalse => "v.value is false".into(),
        Operator::IsUnknown => "v.value is unknown".into(),
    };
    let wanted = if negated { "false" } else { "true" };
    Some(format!(
        "with v as materialized (
           select (jsonb_populate_record(null::{}, r.record::jsonb)).{name} as value, r.ordinal
           from unnest($1::text[]) with ordinality as r(record, ordinal))
         select f.ordinal, v.ordinal from unnest($2::text[]) with ordinality as f(value, ordinal), v where {}",
        table.sql_name(),
        if negated { format!("({test}) is {wanted}") } else { test },
    ))
}

/// Makes sure that a condition can be tested on a table.
///
/// # Errors
/// Says what is wrong with it.
pub async fn check(
    pool: &Pool,
    table: &Table,
    condition: &Condition,
) -> Result<(), InvalidCondition> {
    let column = &condition.column;
    let Some(sql) = statement(table, condition.shape()) else {
        return Err(InvalidCondition::Refused(format!(
            "there is no column \"{column}\" in this table"
        )));
    };
    let no_values = vec!["{}".to_owned()];
    match run(pool, sql, no_values, vec![condition.parameter()]).await {
        Ok(_) => Ok(()),
        Err(error) => match error.as_database_error().and_then(|error| error.code()) {
            // Data exceptions, and what has no such comparison.
            Some(code) if code.starts_with("22") || code.starts_with("42") => {
                let type_name = table.column(column).map_or("", |column| &column.sql_type);
                Err(InvalidCondition::Refused(format!(
                    "the value cannot be compared with the column \"{column}\" of type {type_name}"
                )))
            }
            _ => Err(InvalidCondition::Unavailable(error.into())),
        },
    }
}

/// Tests every condition on every change of a table; `result[i][j]` says whether `conditions[i]` holds of `changes[j]`.
///
/// A condition that cannot be tested any more holds of nothing, and does not touch the others.
///
/// # Errors
/// When the database does not answer.
pub async fn matches(
    pool: &Pool,
    table: &Table,
    conditions: &[Condition],
    changes: &[&Change],
) -> Result<Vec<Vec<bool>>, CallError> {
    let mut holds = vec![vec![false; changes.len()]; conditions.len()];
    let mut shapes: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, condition) in conditions.iter().enumerate() {
        shapes.entry(condition.shape()).or_default().push(index);
    }
    for (shape, members) in shapes {
        let (column, ..) = shape;
        let (known, values): (Vec<usize>, Vec<String>) = changes
            .iter()
            .enumerate()
            .filter_map(|(index, change)| {
                let value = change.told().get(column)?;
                Some((index, object(std::iter::once((column, &**value)))))
            })
            .unzip();
        let Some(sql) = statement(table, shape).filter(|_| !known.is_empty()) else {
            continue;
        };
        let parameters = members
            .iter()
            .map(|index| conditions[*index].parameter())
            .collect();
        let pairs = match run(pool, sql, values, parameters).await {
            Ok(pairs) => pairs,
            Err(error) if error.as_database_error().is_some() => {
                tracing::warn!(
                    table = table.name,
                    error = durable::describe(&error),
                    "a filter cannot be tested"
                );
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        for (condition, change) in pairs {
            if let (Some(condition), Some(change)) =
                (position(&members, condition), position(&known, change))
            {
                holds[condition][change] = true;
            }
        }
    }
    Ok(holds)
}

/// The entry that SQL calls the `ordinal`th.
fn position(entries: &[usize], ordinal: i64) -> Option<usize> {
    let index = usize::try_from(ordinal).ok()?.checked_sub(1)?;
    entries.get(index).copied()
}

async fn run(
    pool: &Pool,
    sql: String,
    values: Vec<String>,
    parameters: Vec<String>,
) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query("select set_config('statement_timeout', $1, true)")
        .bind(LIMIT)
        .execute(&mut *transaction)
        .await?;
    // Names come from the catalogue and are quoted, operators from the list above; values are parameters.
    let pairs = sqlx::query_as(AssertSqlSafe(sql))
        .bind(values)
        .bind(parameters)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    Ok(pairs)
}
