//! A task that sleeps holds no worker, and goes on where it was; one that is told "later" comes back without a charge.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use durable::{Attempt, Done, Failure, Task, Worker, WorkerOptions};
use serde_json::{Value, json};

use crate::support::Database;

/// Works once, sleeps, and ends.
struct Sleeper {
    nap: Duration,
    worked: Arc<AtomicU32>,
}

impl Task for Sleeper {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        attempt
            .step("work", &(), async |_| {
                Ok(self.worked.fetch_add(1, Ordering::SeqCst))
            })
            .await?;
        attempt.sleep("nap", self.nap).await?;
        Ok(Done::Output(json!("rested")))
    }
}

#[tokio::test]
async fn a_task_sleeps_outside_its_worker_and_goes_on_when_it_is_time() {
    let db = Database::fresh().await;
    let worked = Arc::new(AtomicU32::new(0));
    let worker = Worker::new(db.pool.clone(), WorkerOptions::named("test"))
        .serve(
            "plain",
            Sleeper {
                nap: Duration::from_secs(3600),
                worked: Arc::clone(&worked),
            },
        )
        .start();
    let task = db.spawn().await;
    db.until("select count(*) = 1 from durable.timer").await;
    assert_eq!(
        db.count("durable.run").await,
        0,
        "nobody runs while it sleeps"
    );
    assert_eq!(
        db.text("select reason from durable.timer").await,
        "step nap sleeps"
    );
    // An hour later, on the clock of the journal and of the timer alike.
    db.execute(
        "update durable.step set output = to_jsonb(now() - interval '1 second') where name = 'nap'",
    )
    .await;
    db.execute("select durable.promote(500, now() + interval '2 hours')")
        .await;
    db.ended(task).await;
    assert_eq!(db.outcome(task).await.0, "succeeded");
    assert_eq!(worked.load(Ordering::SeqCst), 1);
    assert_eq!(
        db.int("select retries + losses from durable.task").await,
        0,
        "to sleep is no fault"
    );
    worker.drain(Duration::from_secs(10)).await;
}

#[tokio::test]
async fn a_sleeper_that_is_woken_early_sleeps_on_to_the_same_moment() {
    let db = Database::fresh().await;
    db.spawn().await;
    let nap = "select durable.sleep($1, $2, 'nap', '1 hour', now()::date + time '12:00')";
    let run = db.claim_one("w").await;
    assert_eq!(db.of_run(&run, nap).await, "waiting");
    db.execute("select durable.promote(500, now() + interval '2 days')")
        .await;
    let run = db.claim_one("v").await;
    assert_eq!(
        db.of_run(&run, &nap.replace("12:00", "12:30")).await,
        "waiting"
    );
    assert_eq!(
        db.text("select (due_at at time zone current_setting('timezone'))::time::text from durable.timer").await,
        "13:00:00"
    );
    db.execute("select durable.promote(500, now() + interval '2 days')")
        .await;
    let run = db.claim_one("u").await;
    assert_eq!(
        db.of_run(&run, &nap.replace("12:00", "13:00")).await,
        "done"
    );
}

/// Asks for another time as often as it is told to, then ends.
struct Patient(AtomicU32);

impl Task for Patient {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        if self.0.fetch_add(1, Ordering::SeqCst) < 5 {
            return Err(Failure::Later {
                after: Duration::ZERO,
                reason: "the budget is used up".into(),
            });
        }
        Ok(Done::Output(json!(attempt.retries())))
    }
}

#[tokio::test]
async fn what_is_put_off_more_often_than_it_may_be_retried_still_succeeds() {
    let db = Database::fresh().await;
    let worker = Worker::new(db.pool.clone(), WorkerOptions::named("test"))
        .serve("plain", Patient(AtomicU32::new(0)))
        .start();
    let task = db.spawn().await;
    db.ended(task).await;
    assert_eq!(db.outcome(task).await.0, "succeeded");
    assert_eq!(db.text("select output::text from durable.task").await, "0");
    worker.drain(Duration::from_secs(10)).await;
}
