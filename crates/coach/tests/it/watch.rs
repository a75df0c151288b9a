//! What the operator is told of the service as a whole, when, and by whom; with a clock in the hand.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::sql::support::Db;

const ONE: &str = "00000000-0000-4000-8000-000000000001";
const OTHER: &str = "00000000-0000-4000-8000-000000000002";

/// One look, as `[alert, about, ended, figures]` each.
async fn look_by(db: &Db, holder: &str, seconds: u32) -> Value {
    let terms = json!({
        "failed_percent": 20, "failed_least": 10, "window_minutes": 15, "queue_seconds": 300, "no_worker_seconds": 60,
        "spend_percent": 80, "repeat_minutes": 60, "day_cap": 1_000_000,
    });
    let look = format!(
        "select coalesce(jsonb_agg(jsonb_build_array(l.alert, l.about, l.ended, l.figures)), '[]')
         from coach.look_after('{holder}', '{terms}', {}) l",
        at(seconds)
    );
    db.get(&look).await
}

async fn look(db: &Db, seconds: u32) -> Value {
    look_by(db, ONE, seconds).await
}

async fn told(db: &Db, holder: &str, alert: &str, about: &str, ended: bool, seconds: u32) {
    let told = format!(
        "select coach.alert_told('{holder}', '{alert}', '{about}', {ended}, {})",
        at(seconds)
    );
    db.owner(&told).await;
}

fn at(seconds: u32) -> String {
    format!("timestamptz '2026-11-22 11:00Z' + {seconds} * interval '1 second'")
}

/// A worker of these queues that lives for a day.
async fn worker(db: &Db, queues: &str, seconds: u32) {
    let start = format!(
        "select durable.start_worker('w{seconds}', '{{{queues}}}', p_lease => interval '1 day', p_now => {})",
        at(seconds)
    );
    db.owner(&start).await;
}

async fn spawn(db: &Db, kind: &str, seconds: u32, due: Option<u32>) -> String {
    let due = due.map_or_else(|| "null".to_owned(), at);
    let id = Uuid::now_v7().to_string();
    let spawn = format!(
        "select durable.spawn('{id}', '{kind}', '{{}}', p_due_at => {due}, p_now => {})",
        at(seconds)
    );
    db.owner(&spawn).await;
    id
}

async fn end(db: &Db, outcome: &str, code: &str, seconds: u32) {
    let task = spawn(db, "bulk_action", seconds, None).await;
    let finish = format!(
        "select durable.finish('{task}', '{outcome}', p_code => '{code}', p_now => {})",
        at(seconds)
    );
    db.owner(&finish).await;
}

#[tokio::test]
async fn too_many_failures_are_told_but_not_those_that_the_athlete_can_mend_nor_a_few() {
    let db = Db::fresh().await;
    worker(&db, "operations", 0).await;
    for _ in 0..5 {
        end(&db, "failed", "INVALID_PROFILE", 10).await;
        end(&db, "cancelled", "USER_CANCELLED", 10).await;
    }
    for _ in 0..2 {
        end(&db, "failed", "AI_TIMEOUT", 10).await;
        end(&db, "succeeded", "", 10).await;
    }
    assert_eq!(look(&db, 20).await, json!([]), "2 of 9, which are too few");
    end(&db, "succeeded", "", 30).await;
    let figures = json!({ "failed": 2, "ended": 10, "minutes": 15 });
    let expected = json!([["failure_rate", "bulk_action", false, figures]]);
    assert_eq!(look(&db, 40).await, expected);
    told(&db, ONE, "failure_rate", "bulk_action", false, 40).await;
    assert_eq!(look(&db, 50).await, json!([]), "it was told");
    let over = look(&db, 10 + 15 * 60).await;
    assert_eq!(over[0][2], json!(true), "the window has passed: {over}");
    end(&db, "succeeded", "", 1_000).await;
}

#[tokio::test]
async fn a_queue_is_slow_by_how_long_its_first_is_ready_and_not_by_how_old_it_is() {
    let db = Db::fresh().await;
    worker(&db, "operations", 0).await;
    spawn(&db, "bulk_action", 5, Some(5_000)).await;
    assert_eq!(look(&db, 4_999).await, json!([]));
    db.owner(&format!("select durable.promote(p_now => {})", at(5_000)))
        .await;
    assert_eq!(
        look(&db, 5_001).await,
        json!([]),
        "it has just become ready"
    );
    assert_eq!(look(&db, 5_300).await, json!([]));
    let expected = json!([["queue_age", "operations", false, { "seconds": 301 }]]);
    assert_eq!(look(&db, 5_302).await, expected);
    told(&db, ONE, "queue_age", "operations", false, 5_302).await;
    db.owner("select durable.pause_queue('operations', 'a rest')")
        .await;
    let over = look(&db, 5_310).await;
    assert_eq!(over[0][2], json!(true), "who paused it knows: {over}");
}

#[tokio::test]
async fn work_that_nobody_alive_can_do_is_told_after_a_while_and_so_is_its_end() {
    let db = Db::fresh().await;
    worker(&db, "push", 0).await;
    spawn(&db, "bulk_action", 5, None).await;
    spawn(&db, "send_push", 5, Some(100_000)).await;
    assert_eq!(look(&db, 10).await, json!([]));
    assert_eq!(look(&db, 69).await, json!([]), "a worker may be on its way");
    let firing = json!([["no_worker", "operations", false, {}]]);
    assert_eq!(look(&db, 70).await, firing);
    assert_eq!(look(&db, 75).await, firing, "nobody was told");
    told(&db, ONE, "no_worker", "operations", false, 75).await;
    assert_eq!(look(&db, 80).await, json!([]));
    assert_eq!(look(&db, 75 + 3_599).await, json!([]));
    assert_eq!(look(&db, 75 + 3_600).await, firing, "it lasts");
    told(&db, ONE, "no_worker", "operations", false, 75 + 3_600).await;
    worker(&db, "operations", 4_000).await;
    let over = json!([["no_worker", "operations", true, {}]]);
    assert_eq!(look(&db, 4_001).await[0], over[0]);
    told(&db, ONE, "no_worker", "operations", true, 4_001).await;
    let rest = look(&db, 4_002).await;
    assert_eq!(
        rest,
        json!([["queue_age", "operations", false, { "seconds": 3_992 }]])
    );
}

#[tokio::test]
async fn what_a_dead_worker_left_behind_is_work_that_nobody_does() {
    let db = Db::fresh().await;
    let start = format!(
        "select durable.start_worker('short', '{{operations}}', p_lease => interval '15 seconds', p_now => {})",
        at(0)
    );
    let id = db.get(&start).await;
    spawn(&db, "bulk_action", 1, None).await;
    db.owner(&format!(
        "select durable.claim({id}, 'operations', p_now => {})",
        at(2)
    ))
    .await;
    assert_eq!(look(&db, 10).await, json!([]), "it works");
    assert_eq!(look(&db, 20).await, json!([]));
    let firing = json!([["no_worker", "operations", false, {}]]);
    assert_eq!(look(&db, 80).await, firing);
}

#[tokio::test]
async fn money_is_told_before_it_is_all_spent_and_the_next_day_begins_anew() {
    let db = Db::fresh().await;
    let spend = |micros: u32| {
        format!(
            "select durable.spend(durable.spend_scopes('{{\"caps\": [{{\"scope\": \"everybody\", \"daily\": true, \"cap\": 1}}]}}', {}), {micros})",
            at(0)
        )
    };
    db.owner(&spend(799_999)).await;
    assert_eq!(look(&db, 5).await, json!([]));
    db.owner(&spend(1)).await;
    let figures = json!({ "used": 800_000, "cap": 1_000_000 });
    assert_eq!(look(&db, 10).await, json!([["spend", "", false, figures]]));
    told(&db, ONE, "spend", "", false, 10).await;
    let over = look(&db, 13 * 3_600).await;
    assert_eq!((&over[0][0], &over[0][2]), (&json!("spend"), &json!(true)));
}

#[tokio::test]
async fn one_looks_at_a_time_and_another_goes_on_where_it_died() {
    let db = Db::fresh().await;
    spawn(&db, "bulk_action", 0, None).await;
    assert_eq!(look_by(&db, ONE, 1).await, json!([]));
    let firing = json!([["no_worker", "operations", false, {}]]);
    assert_eq!(
        look_by(&db, OTHER, 60).await,
        json!([]),
        "it is not its turn"
    );
    assert_eq!(
        look_by(&db, OTHER, 61).await,
        firing,
        "the one is gone for a minute"
    );
    told(&db, ONE, "no_worker", "operations", false, 62).await;
    assert_eq!(
        look_by(&db, OTHER, 63).await,
        firing,
        "the one has no say any more"
    );
    assert_eq!(look_by(&db, ONE, 64).await, json!([]));
    told(&db, OTHER, "no_worker", "operations", false, 65).await;
    db.owner(&format!("select coach.stop_watching('{OTHER}')"))
        .await;
    assert_eq!(
        look_by(&db, ONE, 66).await,
        json!([]),
        "it was told, whoever looks"
    );
}

#[tokio::test]
async fn a_provider_that_fails_is_told_until_nobody_has_met_it_for_an_hour() {
    let db = Db::fresh().await;
    let note = |seconds| {
        format!(
            "select coach.note_trouble('provider_failing', 'openai', '{{\"code\": \"NETWORK_ERROR\"}}', {})",
            at(seconds)
        )
    };
    let told_of =
        |ended: bool| json!([["provider_failing", "openai", ended, { "code": "NETWORK_ERROR" }]]);
    db.owner(&note(0)).await;
    assert_eq!(look(&db, 1).await, told_of(false));
    told(&db, ONE, "provider_failing", "openai", false, 1).await;
    db.owner(&note(1_000)).await;
    assert_eq!(look(&db, 3_599).await, json!([]), "once an episode");
    assert_eq!(look(&db, 3_601).await, told_of(false), "it lasts");
    told(&db, ONE, "provider_failing", "openai", false, 3_601).await;
    assert_eq!(look(&db, 4_599).await, json!([]));
    assert_eq!(look(&db, 4_601).await, told_of(true));
    told(&db, ONE, "provider_failing", "openai", true, 4_601).await;
    assert_eq!(look(&db, 4_602).await, json!([]));
    db.owner(&note(5_000)).await;
    assert_eq!(look(&db, 5_001).await, told_of(false));
    told(&db, ONE, "provider_failing", "openai", false, 5_001).await;
    db.owner("select coach.settle_trouble('deepseek')").await;
    assert_eq!(look(&db, 5_002).await, json!([]));
    db.owner("select coach.settle_trouble('openai')").await;
    assert_eq!(look(&db, 5_003).await, told_of(true), "it answers again");
}

#[tokio::test]
async fn a_worker_from_outside_that_holds_a_job_is_somebody() {
    let db = Db::fresh().await;
    spawn(&db, "bulk_action", 0, None).await;
    let start = format!(
        "select durable.start_worker('outside', '{{operations}}', true, interval '10 minutes', {})",
        at(0)
    );
    db.owner(&start).await;
    assert_eq!(look(&db, 1).await, json!([]));
    assert_eq!(look(&db, 590).await, json!([]));
    assert_eq!(
        look(&db, 610).await,
        json!([]),
        "its lease has just run out"
    );
    let firing = json!([["no_worker", "operations", false, {}]]);
    assert_eq!(look(&db, 671).await, firing);
}
