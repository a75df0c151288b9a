//! What a round has shown: the history's faults, tasks that ended otherwise than they should, and the figures.

use std::{collections::BTreeMap, time::Duration};

use sqlx::PgPool;
use uuid::Uuid;

use crate::{Round, faults::Figures};

/// The promise: a lease of 15 s, a round of duties and the work itself.
const LONGEST_STUCK: f64 = 20.0;

/// A task whose spawn was committed.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) id: Uuid,
    pub(crate) kind: &'static str,
    /// The driver's cancel came through, or may have.
    pub(crate) cancelled: bool,
}

/// What came of a round.
#[derive(Debug)]
pub(crate) struct Verdict {
    tasks: i64,
    takeovers: i64,
    refused: i64,
    lost: usize,
    stuck: f64,
    outcomes: BTreeMap<String, i64>,
    payments: i64,
    repeats: i64,
    /// A line each, by rule.
    faults: Vec<(String, String)>,
}

/// Asks the database; the server runs and nobody disturbs it any more.
pub(crate) async fn judge(pool: &PgPool, accepted: &[Accepted], last_fault: f64) -> Verdict {
    let mut faults: Vec<(String, String)> = sqlx::query_as(include_str!("verdict.sql"))
        .fetch_all(pool)
        .await
        .expect("the history");

    let ends: BTreeMap<Uuid, Option<String>> =
        sqlx::query_as::<_, (Uuid, Option<String>)>("select id, outcome from durable.task")
            .fetch_all(pool)
            .await
            .expect("the tasks")
            .into_iter()
            .collect();
    let mut lost = 0;
    for task in accepted {
        match ends.get(&task.id) {
            None | Some(None) => {
                lost += 1;
                faults.push((
                    "no task is lost".into(),
                    format!("{} {}", task.kind, task.id),
                ));
            }
            Some(Some(outcome)) if outcome == "cancelled" && !task.cancelled => {
                faults.push(("only the driver cancels".into(), task.id.to_string()));
            }
            Some(Some(_)) => {}
        }
    }
    let number = async |sql: &'static str| -> i64 {
        sqlx::query_scalar(sql).fetch_one(pool).await.expect(sql)
    };
    let last_end: f64 = sqlx::query_scalar(
        "select coalesce(extract(epoch from max(ended_at)), 0)::float8 from durable.task",
    )
    .fetch_one(pool)
    .await
    .expect("the last end");
    let stuck = if ends.values().any(Option::is_none) {
        f64::INFINITY
    } else {
        (last_end - last_fault).max(0.0)
    };
    if stuck > LONGEST_STUCK {
        faults.push((
            "nothing is stuck over 20 s".into(),
            format!("{stuck:.1} s after the last fault"),
        ));
    }
    print_late(pool, last_fault).await;
    let outcomes: Vec<(String, i64)> = sqlx::query_as(
        "select coalesce(outcome, 'live') || coalesce(' ' || error_code, ''), count(*) from durable.task group by 1")
        .fetch_all(pool)
        .await
        .expect("the outcomes");
    Verdict {
        tasks: number("select count(*) from durable.task").await,
        takeovers: number("select count(*) from durable.event where type = 'lost'").await,
        refused: number("select count(*) from history.call where refused").await,
        lost,
        stuck,
        outcomes: outcomes.into_iter().collect(),
        payments: number("select count(*) from history.paid").await,
        repeats: number("select coalesce(sum(begun - 1), 0) from durable.step").await,
        faults,
    }
}

/// Which tasks ended after the last fault.
async fn print_late(pool: &PgPool, last_fault: f64) {
    let late: Vec<(String, i64, f64)> = sqlx::query_as(
        "select kind, count(*), max(extract(epoch from ended_at) - $1)::float8 from durable.task
         where extract(epoch from ended_at) > $1 group by kind order by 3 desc",
    )
    .bind(last_fault)
    .fetch_all(pool)
    .await
    .expect("the late ones");
    for (kind, count, seconds) in late {
        println!("ended after the last fault: {count} {kind}, the last {seconds:.1} s");
    }
}

impl Verdict {
    /// Prints what went wrong and the figures; whether nothing went wrong.
    pub(crate) fn print(&self, round: &Round, done: &Figures, took: Duration) -> bool {
        let of = |rules: &[&str]| {
            self.faults
                .iter()
                .filter(|(rule, _)| rules.contains(&rule.as_str()))
                .count()
        };
        for (rule, detail) in self.faults.iter().take(40) {
            println!("FAULT {rule}: {detail}");
        }
        for (outcome, count) in &self.outcomes {
            println!("ended {outcome}: {count}");
        }
        println!(
            "paid calls {}, declared repeats {}",
            self.payments, self.repeats
        );
        println!("seed {}", round.seed);
        println!(
            "tasks {} ({} spawned, the rest children)",
            self.tasks, round.tasks
        );
        println!(
            "kills {}, stops {}, terminations {}, exhaustions {}, restarts {}",
            done.kills, done.stops, done.terminations, done.exhaustions, done.restarts
        );
        println!("takeovers {}", self.takeovers);
        println!("lost {}", self.lost);
        println!(
            "doubled {}",
            of(&[
                "steps are paid once",
                "done steps are not paid again",
                "an end and its effect are one"
            ])
        );
        println!("late writes refused {}", self.refused);
        println!(
            "zombie commits {}",
            of(&[
                "superseded tokens write nothing",
                "terminal is final",
                "one live token",
                "tokens grow"
            ])
        );
        println!("faults in all {}", self.faults.len());
        println!("longest stuck {:.1} s after the last fault", self.stuck);
        println!("duration {:.0} s", took.as_secs_f64());
        self.faults.is_empty()
    }
}
