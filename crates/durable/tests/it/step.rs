//! The journal: begun before the work, replayed after it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use durable::{Failure, MicroDollars, Policy, Priced};
use serde_json::json;

use crate::{
    support::Database,
    work::{PATIENCE, start, within},
};

#[tokio::test]
async fn a_finished_step_is_replayed_to_a_later_attempt() {
    let db = Database::fresh().await;
    db.spawn().await;
    let first = db.claim_one("w").await;
    assert_eq!(db.begin_step(&first, "draft", "h").await, "begun");
    assert!(db.finish_step(&first, "draft", "{\"paid\": true}").await);
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    let second = db.claim_one("v").await;
    assert_eq!(
        db.begin_step(&second, "draft", "h").await,
        "done {\"paid\": true}"
    );
}

#[tokio::test]
async fn another_request_under_the_same_name_is_an_error() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    db.begin_step(&run, "draft", "h").await;
    assert_eq!(db.begin_step(&run, "draft", "other").await, "changed");
    db.finish_step(&run, "draft", "{}").await;
    assert_eq!(db.begin_step(&run, "draft", "other").await, "changed");
}

/// A statement whose answer was lost on the way is sent again: that is not a second sending.
#[tokio::test]
async fn every_write_of_a_step_may_be_sent_twice() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    let sending = uuid::Uuid::now_v7();
    let begin = format!(
        "select state from durable.begin_step($1, $2, 's', 'h', '{{\"unsure\": \"park\"}}', '{sending}')"
    );
    for _ in 0..2 {
        assert_eq!(db.of_run(&run, &begin).await, "begun");
    }
    for _ in 0..2 {
        let finish = "select durable.finish_step($1, $2, 's', '{}', 700)::text";
        assert_eq!(db.of_run(&run, finish).await, "true");
    }
    assert_eq!(
        db.text("select concat_ws(' ', state, begun, repeats, cost) from durable.step")
            .await,
        "done 1 0 700"
    );
}

#[tokio::test]
async fn what_a_step_cost_and_used_is_written_with_its_output() {
    let db = Database::fresh().await;
    let worker = start(&db.pool, async |attempt: durable::Attempt| {
        let policy = Policy::resend(MicroDollars(5_000), MicroDollars(5_000));
        let text: String = attempt
            .call("draft", &"request", policy, async |_| {
                Ok(Priced {
                    output: "plan".to_owned(),
                    cost: Some(MicroDollars(4_321)),
                    usage: json!({ "input_tokens": 12, "output_tokens": 34 }),
                })
            })
            .await?;
        Ok(json!(text))
    });
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(
        db.text("select concat_ws(' ', output, cost, usage ->> 'output_tokens') from durable.step")
            .await,
        "\"plan\" 4321 34"
    );
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_steps_time_runs_from_its_first_begin_over_all_attempts() {
    let db = Database::fresh().await;
    db.spawn().await;
    let begin = |at: &str| {
        format!(
            "select state from durable.begin_step($1, $2, 's', 'h', '{{\"time_limit\": 60}}', p_now => now() + interval '{at}')"
        )
    };
    let first = db.claim_one("a").await;
    assert_eq!(db.of_run(&first, &begin("0 seconds")).await, "begun");
    db.release(&first).await;
    let second = db.claim_one("b").await;
    assert_eq!(db.of_run(&second, &begin("50 seconds")).await, "repeat");
    db.release(&second).await;
    let third = db.claim_one("c").await;
    assert_eq!(db.of_run(&third, &begin("61 seconds")).await, "late");
}

#[tokio::test]
async fn work_past_its_steps_time_is_dropped_and_fails_for_good() {
    let db = Database::fresh().await;
    let dropped = Arc::new(AtomicU32::new(0));
    struct Count(Arc<AtomicU32>);
    impl Drop for Count {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let counted = Arc::clone(&dropped);
    let worker = start(&db.pool, move |attempt| {
        let guard = Count(Arc::clone(&counted));
        async move {
            let policy = Policy::park(MicroDollars(1)).within(Duration::from_millis(50));
            attempt
                .call("draft", &(), policy, async |_| {
                    let _guard = guard;
                    std::future::pending::<Result<Priced<serde_json::Value>, Failure>>().await
                })
                .await
        }
    });
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(
        db.outcome(task).await,
        ("failed".into(), Some("STEP_DEADLINE_EXCEEDED".into()))
    );
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn an_output_that_cannot_be_stored_fails_the_task_and_is_not_paid_for_again() {
    let db = Database::fresh().await;
    let sent = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&sent);
    let worker = start(&db.pool, move |attempt| {
        let counted = Arc::clone(&counted);
        async move {
            let policy = Policy::resend(MicroDollars(1), MicroDollars(100));
            attempt
                .call("draft", &(), policy, async |_| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    Ok(json!("PostgreSQL stores no \0").into())
                })
                .await
        }
    });
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(
        db.outcome(task).await,
        ("failed".into(), Some("STEP_NOT_STORED".into()))
    );
    assert_eq!(sent.load(Ordering::SeqCst), 1);
    worker.drain(PATIENCE).await;
}
