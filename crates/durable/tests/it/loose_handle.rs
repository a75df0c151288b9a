//! The provider is told to stop what an ended task had asked for.

use std::time::Duration;

use durable::{Attempt, MicroDollars, Policy, Step};
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

use crate::{
    support::{Database, Run},
    work::{PATIENCE, Work, start_task, within},
};

async fn with_handle(db: &Database, worker: &str) -> Run {
    db.spawn().await;
    let run = db.claim_one(worker).await;
    db.begin_step(&run, "s", "h").await;
    db.of_run(
        &run,
        "select durable.keep_handle($1, $2, 's', '\"resp_1\"')::text",
    )
    .await;
    run
}

#[tokio::test]
async fn every_end_of_a_task_lets_go_of_the_handles_of_its_unfinished_steps() {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('NEVER', 'never')")
        .await;
    let run = with_handle(&db, "a").await;
    assert!(db.finish(run.task, "cancelled").await);
    let run = with_handle(&db, "b").await;
    assert_eq!(db.fail(&run, "NEVER").await, "failed");
    let run = with_handle(&db, "c").await;
    assert_eq!(db.complete(&run, "{}").await, "succeeded");
    assert_eq!(
        db.count(
            "durable.loose_handle where kind = 'plain' and step = 's' and handle = '\"resp_1\"'"
        )
        .await,
        3
    );
    let run = with_handle(&db, "d").await;
    db.finish_step(&run, "s", "{}").await;
    db.complete(&run, "{}").await;
    let run = with_handle(&db, "e").await;
    assert_eq!(db.fail(&run, "LATER").await, "waiting", "it goes on later");
    assert_eq!(db.count("durable.loose_handle").await, 3);
}

#[tokio::test]
async fn a_cancelled_tasks_handle_reaches_the_kinds_cancel_hook() {
    let db = Database::fresh().await;
    let (cancelled, mut handles) = unbounded_channel();
    let (begun, mut kept) = unbounded_channel();
    let run = move |attempt: Attempt| {
        let begun = begun.clone();
        async move {
            let policy = Policy::park(MicroDollars(1));
            let work = async |mut step: Step| {
                step.keep_handle(json!("resp_9")).await?;
                begun.send(()).expect("the test listens");
                std::future::pending().await
            };
            attempt.call::<Value, _>("draft", &(), policy, work).await
        }
    };
    let work = Work {
        run,
        cancelled: Some(cancelled),
    };
    let worker = start_task(&db.pool, work);
    let task = db.spawn().await;
    within("the handle", kept.recv()).await;
    assert!(db.finish(task, "cancelled").await);
    let handle = within("the hook", handles.recv()).await;
    assert_eq!(handle, Some(json!("resp_9")));
    within(
        "the end of it",
        db.until("select count(*) = 0 from durable.loose_handle"),
    )
    .await;
    assert_eq!(
        db.count("durable.event where type = 'handle_cancelled'")
            .await,
        1
    );
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_step_out_of_time_lets_go_of_its_handle_at_once() {
    let db = Database::fresh().await;
    let (cancelled, mut handles) = unbounded_channel();
    let run = async |attempt: Attempt| {
        let policy = Policy::park(MicroDollars(1)).within(Duration::from_millis(500));
        let work = async |mut step: Step| {
            step.keep_handle(json!("slow")).await?;
            std::future::pending().await
        };
        let late = attempt.call::<Value, _>("draft", &(), policy, work).await;
        assert!(
            late.expect_err("late")
                .to_string()
                .contains("STEP_DEADLINE_EXCEEDED")
        );
        std::future::pending().await
    };
    let work = Work {
        run,
        cancelled: Some(cancelled),
    };
    let worker = start_task(&db.pool, work);
    db.spawn().await;
    let handle = within("the hook", handles.recv()).await;
    assert_eq!(handle, Some(json!("slow")));
    worker.drain(Duration::ZERO).await;
}

#[tokio::test]
async fn a_hook_that_does_not_report_back_is_called_again_later_and_dropped_in_the_end() {
    let db = Database::fresh().await;
    let run = with_handle(&db, "a").await;
    db.finish(run.task, "cancelled").await;
    let take = async |after: u32| {
        db.int(&format!(
            "select count(*)::int from durable.take_loose_handles(array['plain'], 16, now() + interval '{after} seconds')"
        ))
        .await
    };
    assert_eq!(
        db.int("select count(*)::int from durable.take_loose_handles(array['another kind'])")
            .await,
        0
    );
    let mut after = 1;
    for wait in [15, 30, 60, 120, 240] {
        assert_eq!(take(after).await, 1, "try at {after} s");
        assert_eq!(take(after + wait - 1).await, 0, "too early");
        after += wait + 1;
    }
    assert_eq!(take(after).await, 0);
    assert_eq!(db.count("durable.loose_handle").await, 0);
    assert_eq!(
        db.count("durable.event where type = 'handle_dropped'")
            .await,
        1
    );
}
