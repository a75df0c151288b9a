//! An intent without a handle: nobody knows whether it was paid for, and the step's policy says what follows.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use durable::{Failure, MicroDollars, Policy, Step};
use serde_json::{Value, json};

use crate::{
    support::{Database, Run},
    work::{PATIENCE, start, within},
};

async fn begin(db: &Database, run: &Run, terms: &str) -> String {
    let sql = format!("select state from durable.begin_step($1, $2, 's', 'h', '{terms}')");
    db.of_run(run, &sql).await
}

/// The next attempt, after the worker of this one was lost.
async fn taken_over(db: &Database, by: &str) -> Run {
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    db.claim_one(by).await
}

const PARK: &str = r#"{"unsure": "park"}"#;

#[tokio::test]
async fn a_step_whose_end_nobody_saw_is_a_repeat_and_counted() {
    let db = Database::fresh().await;
    db.spawn().await;
    let first = db.claim_one("w").await;
    assert_eq!(begin(&db, &first, "{}").await, "begun");
    let second = taken_over(&db, "v").await;
    assert_eq!(begin(&db, &second, "{}").await, "repeat");
    assert_eq!(db.int("select begun from durable.step").await, 2);
    assert_eq!(db.int("select repeats from durable.step").await, 1);
    assert_eq!(
        db.count("durable.event where type = 'step_repeated'").await,
        1
    );
    assert!(
        !db.finish_step(&first, "s", "{}").await,
        "the first attempt was superseded"
    );
    assert!(db.finish_step(&second, "s", "{}").await);
}

#[tokio::test]
async fn it_is_sent_again_only_within_the_cost_cap() {
    let db = Database::fresh().await;
    db.spawn().await;
    let terms = r#"{"unsure": "resend", "estimate": 400, "cost_cap": 1000}"#;
    let mut run = db.claim_one("w").await;
    for (by, expected) in [("a", "begun"), ("b", "repeat"), ("c", "capped")] {
        assert_eq!(begin(&db, &run, terms).await, expected);
        run = taken_over(&db, by).await;
    }
    assert_eq!(
        db.int("select cost::int from durable.step").await,
        800,
        "the third was not sent"
    );
    assert!(db.finish_step(&run, "s", "{}").await);
    assert_eq!(db.int("select cost::int from durable.step").await, 800);
}

#[tokio::test]
async fn a_first_sending_above_the_cap_does_not_happen() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(
        begin(&db, &run, r#"{"estimate": 11, "cost_cap": 10}"#).await,
        "capped"
    );
    assert_eq!(db.count("durable.step").await, 0);
}

#[tokio::test]
async fn a_sending_that_is_known_to_have_cost_nothing_is_no_repeat() {
    let db = Database::fresh().await;
    let sent = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&sent);
    let worker = start(&db.pool, move |attempt| {
        let sent = Arc::clone(&counted);
        async move {
            let policy = Policy::resend(MicroDollars(100), MicroDollars(100));
            let work = async |mut step: Step| {
                if sent.fetch_add(1, Ordering::SeqCst) == 0 {
                    step.withdraw().await?;
                    return Err(Failure::new("AT_ONCE", "the provider is overloaded"));
                }
                Ok(json!("well").into())
            };
            attempt.call::<Value, _>("draft", &(), policy, work).await
        }
    });
    db.execute("select durable.register_error('AT_ONCE', 'at_once')")
        .await;
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(db.outcome(task).await.0, "succeeded");
    assert_eq!(
        db.text("select concat_ws(' ', begun, repeats, cost) from durable.step")
            .await,
        "2 0 100"
    );
    worker.drain(PATIENCE).await;
}

/// A task whose step is parked for a person.
async fn parked(db: &Database) -> uuid::Uuid {
    let task = db.spawn().await;
    let first = db.claim_one("a").await;
    assert_eq!(begin(db, &first, PARK).await, "begun");
    let second = taken_over(db, "b").await;
    assert_eq!(begin(db, &second, PARK).await, "parked");
    assert_eq!(db.count("durable.run").await, 0, "no worker holds it");
    assert!(
        !db.finish_step(&second, "s", "{}").await,
        "the attempt is over"
    );
    task
}

#[tokio::test]
async fn a_parked_step_says_what_a_person_is_to_do() {
    let db = Database::fresh().await;
    let task = parked(&db).await;
    let reason = db.text("select reason from durable.parked").await;
    assert!(
        reason.contains(&format!("durable.decide_step('{task}', 's', 'resend'")),
        "{reason}"
    );
    assert_eq!(
        db.count("durable.event where type = 'step_parked'").await,
        1
    );
    for wrong in [
        format!("select durable.decide_step('{task}', 's', 'maybe')"),
        format!("select durable.decide_step('{task}', 's', 'done')"),
        format!("select durable.decide_step('{task}', 'other', 'resend')"),
        format!(
            "select durable.decide_step('{}', 's', 'resend')",
            uuid::Uuid::now_v7()
        ),
    ] {
        let refused = sqlx::query(sqlx::AssertSqlSafe(wrong.as_str()))
            .execute(&db.pool)
            .await;
        let error = refused.expect_err(&wrong);
        let code = error.as_database_error().and_then(|error| error.code());
        assert_eq!(code.as_deref(), Some("22023"), "{wrong}");
    }
    assert_eq!(db.count("durable.parked").await, 1, "still parked");
    assert!(db.finish(task, "cancelled").await);
}

#[tokio::test]
async fn a_persons_word_is_obeyed_and_counted() {
    for (word, answer, repeats) in [
        ("'resend'", "repeat", 1),
        ("'fail'", "declined", 0),
        ("'done', '{\"found\": 1}'", "done", 0),
    ] {
        let db = Database::fresh().await;
        let task = parked(&db).await;
        db.execute(&format!(
            "select durable.decide_step('{task}', 's', {word})"
        ))
        .await;
        let third = db.claim_one("c").await;
        assert_eq!(third.task, task);
        assert_eq!(begin(&db, &third, PARK).await, answer, "{word}");
        assert_eq!(db.int("select repeats from durable.step").await, repeats);
        assert_eq!(
            db.count("durable.event where type = 'step_decided'").await,
            1
        );
    }
}

#[tokio::test]
async fn a_worker_lets_go_of_a_parked_task_and_goes_on_after_the_word() {
    let db = Database::fresh().await;
    let worker = start(&db.pool, async |attempt: durable::Attempt| {
        let policy = Policy::park(MicroDollars(1));
        let work = async |step: Step| match step.began() {
            durable::Began::First => Err(Failure::new("AT_ONCE", "the connection broke")),
            durable::Began::Again => Ok(json!("paid twice, by a person's word").into()),
        };
        attempt.call::<Value, _>("draft", &(), policy, work).await
    });
    db.execute("select durable.register_error('AT_ONCE', 'at_once')")
        .await;
    let task = db.spawn().await;
    within(
        "the parking",
        db.until("select count(*) = 1 from durable.parked"),
    )
    .await;
    db.execute(&format!(
        "select durable.decide_step('{task}', 'draft', 'resend')"
    ))
    .await;
    within("the end", db.ended(task)).await;
    assert_eq!(db.outcome(task).await.0, "succeeded");
    worker.drain(PATIENCE).await;
}
