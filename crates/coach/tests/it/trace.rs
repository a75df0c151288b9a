//! Which trace a task belongs to, and who sends it.

use serde_json::{Value, json};

use crate::sql::support::Db;

const ONE: &str = "00000000-0000-4000-8000-000000000001";
const OTHER: &str = "00000000-0000-4000-8000-000000000002";
const JOB: &str = "00000000-0000-4000-8000-0000000000a0";
const CHILD: &str = "00000000-0000-4000-8000-0000000000b0";
const PUSH: &str = "00000000-0000-4000-8000-0000000000c0";

/// `[task, trace, origin]` each; null: it is not its turn.
async fn next(db: &Db, holder: &str, minute: u32) -> Value {
    let take = format!(
        "select coalesce(jsonb_agg(jsonb_build_array(e.task, e.trace, e.origin) order by e.up_to) filter (where e.task is not null),
           case when count(*) > 0 then '[]'::jsonb end) from coach.take_ended('{holder}', 100, {}) e",
        at(minute)
    );
    db.get(&take).await
}

/// Confirms all there is.
async fn sent(db: &Db, holder: &str, stop: bool, minute: u32) {
    let sent = format!(
        "select coach.traces_sent('{holder}', (select settled from durable.counted), {stop}, {})",
        at(minute)
    );
    db.owner(&sent).await;
}

async fn end(db: &Db, task: &str) {
    db.owner(&format!("select durable.finish('{task}', 'succeeded')"))
        .await;
    // An end is settled once no transaction runs that was there before it, also of other tests.
    let settled = "select settled >= (select max(id) from durable.event) from durable.counted";
    while db.get(settled).await != json!(true) {
        db.owner("select durable.count_events()").await;
    }
}

fn at(minute: u32) -> String {
    format!("timestamptz '2026-11-22 11:00Z' + {minute} * interval '1 minute'")
}

#[tokio::test]
async fn children_and_pushes_belong_to_the_trace_of_their_job_and_each_end_is_sent_by_one() {
    let db = Db::fresh().await;
    assert_eq!(next(&db, ONE, 0).await, json!([]));
    for (id, kind, input) in [
        (JOB, "bulk_action", format!("{{\"job_id\": \"{JOB}\"}}")),
        (CHILD, "generate_exercise_profile", "{}".to_owned()),
        (PUSH, "send_push", format!("{{\"job_id\": \"{JOB}\"}}")),
    ] {
        db.owner(&format!(
            "select durable.spawn('{id}', '{kind}', '{input}')"
        ))
        .await;
    }
    db.owner(&format!(
        "insert into durable.child (parent, step, position, child, tolerated) values ('{JOB}', 's', 0, '{CHILD}', true)"
    ))
    .await;
    for task in [CHILD, JOB, PUSH] {
        end(&db, task).await;
    }
    assert_eq!(next(&db, OTHER, 0).await, Value::Null, "the one sends");
    let all = json!([[CHILD, JOB, JOB], [JOB, JOB, null], [PUSH, JOB, JOB]]);
    assert_eq!(next(&db, ONE, 0).await, all);
    assert_eq!(next(&db, ONE, 0).await, all, "nothing was confirmed");
    assert_eq!(
        next(&db, OTHER, 1).await,
        all,
        "the one was gone for a minute"
    );
    sent(&db, ONE, false, 1).await;
    assert_eq!(
        next(&db, OTHER, 1).await,
        all,
        "the one has no say any more"
    );
    sent(&db, OTHER, true, 1).await;
    assert_eq!(next(&db, ONE, 1).await, json!([]));
}

#[tokio::test]
async fn who_comes_after_an_hour_begins_with_what_ends_then() {
    let db = Db::fresh().await;
    assert_eq!(next(&db, ONE, 0).await, json!([]));
    for (task, minute, expected) in [
        (JOB, 60, json!([[JOB, JOB, null]])),
        (CHILD, 200, json!([])),
    ] {
        db.owner(&format!(
            "select durable.spawn('{task}', 'bulk_action', '{{}}')"
        ))
        .await;
        end(&db, task).await;
        assert_eq!(next(&db, OTHER, minute).await, expected);
        sent(&db, OTHER, false, minute).await;
    }
}
