//! A later attempt goes on with the provider's handle of an earlier one.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use durable::{Began, Failure, MicroDollars, Policy, Step};
use serde_json::{Value, json};

use crate::{
    support::{Database, Run},
    work::{PATIENCE, start, within},
};

async fn begin(db: &Database, run: &Run, hash: &str) -> String {
    let sql = format!(
        "select concat_ws(' ', state, handle, partial) from durable.begin_step($1, $2, 's', '{hash}', '{{\"unsure\": \"park\"}}')"
    );
    db.of_run(run, &sql).await
}

async fn keep(db: &Database, run: &Run, what: &str, value: &str) -> String {
    let sql = format!("select durable.keep_{what}($1, $2, 's', '{value}')::text");
    db.of_run(run, &sql).await
}

#[tokio::test]
async fn a_handle_and_the_last_partial_are_handed_on_and_counted_as_resumed() {
    let db = Database::fresh().await;
    db.spawn().await;
    let first = db.claim_one("a").await;
    assert_eq!(begin(&db, &first, "h").await, "begun");
    assert_eq!(keep(&db, &first, "handle", "\"resp_1\"").await, "true");
    assert_eq!(keep(&db, &first, "partial", "7").await, "true");
    assert_eq!(keep(&db, &first, "partial", "8").await, "true");
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;

    let second = db.claim_one("b").await;
    assert_eq!(
        begin(&db, &second, "another").await,
        "changed",
        "the handle belongs to one request"
    );
    assert_eq!(begin(&db, &second, "h").await, "resumed \"resp_1\" 8");
    for what in ["handle", "partial"] {
        assert_eq!(
            keep(&db, &first, what, "9").await,
            "false",
            "the first attempt was superseded"
        );
    }
    assert_eq!(
        db.of_run(&first, "select durable.withdraw_step($1, $2, 's')::text")
            .await,
        "false"
    );
    assert_eq!(
        db.text("select concat_ws(' ', begun, resumed, repeats) from durable.step")
            .await,
        "1 1 0"
    );
    assert_eq!(
        db.count("durable.event where type = 'step_resumed'").await,
        1
    );
    assert!(db.finish_step(&second, "s", "{}").await);
    assert_eq!(
        db.count("durable.step where partial is null and handle is not null")
            .await,
        1
    );
    assert_eq!(
        keep(&db, &second, "partial", "9").await,
        "false",
        "a finished step stays as it is"
    );
}

#[tokio::test]
async fn a_partial_result_does_not_wait_for_the_disk() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("a").await;
    begin(&db, &run, "h").await;
    let mut transaction = db.pool.begin().await.expect("begin");
    let setting: (bool, String) = sqlx::query_as(
        "select durable.keep_partial($1, $2, 's', '1'), current_setting('synchronous_commit')",
    )
    .bind(run.task)
    .bind(run.token)
    .fetch_one(&mut *transaction)
    .await
    .expect("keep_partial");
    assert_eq!(setting, (true, "off".to_owned()));
}

/// Sends once; the first attempt is cut short after the handle, the second reads on from the partial.
#[tokio::test]
async fn the_work_goes_on_with_the_handle_after_its_attempt_was_lost() {
    let db = Database::fresh().await;
    let (sent, seen) = (Arc::new(AtomicU32::new(0)), Arc::new(Mutex::new(None)));
    let (sending, noted) = (Arc::clone(&sent), Arc::clone(&seen));
    let worker = start(&db.pool, move |attempt| {
        let (sent, seen) = (Arc::clone(&sending), Arc::clone(&noted));
        async move {
            let policy = Policy::park(MicroDollars(1_000));
            let work = async |mut step: Step| {
                if let Some(handle) = step.handle() {
                    let noted = (step.began(), handle.clone(), step.partial().cloned());
                    *seen.lock().expect("lock") = Some(noted);
                    return Ok(json!("whole").into());
                }
                sent.fetch_add(1, Ordering::SeqCst);
                step.keep_handle(json!({ "response": "resp_7" })).await?;
                step.keep_partial(&json!({ "cursor": 3, "text": "wh" }))
                    .await?;
                // Within the same second: not written, and no error.
                step.keep_partial(&json!({ "cursor": 4, "text": "who" }))
                    .await?;
                Err(Failure::new("CONNECTION_LOST", "the stream broke"))
            };
            let text: Value = attempt.call("draft", &(), policy, work).await?;
            Ok(text)
        }
    });
    db.execute("select durable.register_error('CONNECTION_LOST', 'at_once')")
        .await;
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(db.outcome(task).await.0, "succeeded");
    assert_eq!(sent.load(Ordering::SeqCst), 1);
    assert_eq!(
        *seen.lock().expect("lock"),
        Some((
            Began::Again,
            json!({ "response": "resp_7" }),
            Some(json!({ "cursor": 3, "text": "wh" }))
        ))
    );
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_dead_handle_is_dropped_and_the_policy_decides() {
    let db = Database::fresh().await;
    let worker = start(&db.pool, async |attempt: durable::Attempt| {
        let policy = Policy::resend(MicroDollars(100), MicroDollars(200));
        attempt
            .call("draft", &(), policy, async |mut step: Step| {
                // The provider forgets every response at once: the second time is the last that the cap allows.
                for n in 1.. {
                    step.keep_handle(json!(n)).await?;
                    step.lose_handle().await?;
                    assert_eq!(step.handle(), None);
                    assert_eq!(step.began(), Began::Again);
                }
                Ok(Value::Null.into())
            })
            .await
    });
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(
        db.outcome(task).await,
        ("failed".into(), Some("STEP_COST_CAP".into()))
    );
    assert_eq!(
        db.text("select concat_ws(' ', begun, repeats, resumed, cost) from durable.step")
            .await,
        "2 1 0 200"
    );
    worker.drain(PATIENCE).await;
}
