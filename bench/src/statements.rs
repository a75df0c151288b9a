//! Which statements took how long, those inside functions too, by the extension `pg_stat_statements`.

use sqlx::{PgPool, Row};

pub(crate) async fn forget(pool: &PgPool) -> anyhow::Result<()> {
    sqlx::query("select pg_stat_statements_reset()")
        .execute(pool)
        .await?;
    Ok(())
}

/// Prints the statements that took most, in microseconds for each of `tasks`. A function's time holds that of the
/// statements in it; waiting for a commit is in none.
pub(crate) async fn print(pool: &PgPool, title: &str, tasks: u32) -> anyhow::Result<()> {
    let rows = sqlx::query(include_str!("../sql/statements.sql"))
        .fetch_all(pool)
        .await?;
    println!("\nstatements of the drain: {title}\n  calls/task  µs/call  µs/task");
    for row in rows {
        let (calls, time, text): (i64, f64, String) = (row.get(0), row.get(1), row.get(2));
        println!(
            "{:>12.2} {:>8.1} {:>8.1}  {text}",
            calls as f64 / f64::from(tasks),
            time / calls as f64,
            time / f64::from(tasks)
        );
    }
    Ok(())
}
