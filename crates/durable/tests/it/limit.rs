//! Concurrency limits: of a key, of a queue, of all queues together, and what waits for them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

use durable::{Attempt, Done, Failure, NewTask, Task, Worker, WorkerOptions, operate};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Database;

impl Database {
    async fn spawn_for(&self, key: &str) -> Uuid {
        NewTask::new("plain", json!({}))
            .key(key)
            .spawn(&self.pool)
            .await
            .expect("spawn")
    }

    async fn limit(&self, queue: &str, max_running: Option<i32>, max_per_key: Option<i32>) {
        operate::limit_queue(&self.pool, queue, max_running, max_per_key)
            .await
            .expect("limit_queue");
    }

    /// Lets in what the limits admit; how many are ready then.
    async fn ready(&self) -> i32 {
        self.execute("select durable.promote()").await;
        self.slots_agree().await;
        self.count("durable.ready").await
    }

    /// Every slot that is in use is held by a live task, and the other way round.
    pub(crate) async fn slots_agree(&self) {
        let differing = "select count(*)::int from (
            select name, used from durable.concurrency where used > 0 except all
            select slot, count(*)::int from (
              select unnest(slots) slot from durable.ready union all select unnest(slots) from durable.run union all
              select unnest(slots) from durable.timer union all select unnest(slots) from durable.parked) held group by slot) d";
        assert_eq!(self.int(differing).await, 0, "slots in use and slots held");
    }
}

#[tokio::test]
async fn no_more_of_a_queue_are_ready_or_run_than_its_limit() {
    let db = Database::fresh().await;
    db.limit("plain", Some(2), None).await;
    for _ in 0..5 {
        db.spawn().await;
    }
    assert_eq!(db.ready().await, 2);
    let worker = db.worker("w").await;
    let runs = db.claim(worker, 10).await;
    assert_eq!(runs.len(), 2);
    assert_eq!(db.ready().await, 0, "what runs holds its slot");
    assert_eq!(db.complete(&runs[0], "{}").await, "succeeded");
    assert_eq!(
        db.ready().await,
        1,
        "the freed slot goes to the next in line"
    );
    assert_eq!(db.count("durable.parked").await, 2);
}

#[tokio::test]
async fn tasks_of_one_key_take_turns_and_leave_other_keys_alone() {
    let db = Database::fresh().await;
    db.limit("plain", None, Some(1)).await;
    let first = db.spawn_for("ada").await;
    let second = db.spawn_for("ada").await;
    let other = db.spawn_for("bob").await;
    let free = db.spawn().await;
    assert_eq!(db.ready().await, 3);
    let worker = db.worker("w").await;
    let mut runs = db.claim(worker, 10).await;
    runs.sort_by_key(|run| run.task);
    assert_eq!(
        runs.iter().map(|run| run.task).collect::<Vec<_>>(),
        [first, other, free]
    );
    db.complete(&runs[0], "{}").await;
    assert_eq!(db.ready().await, 1);
    assert_eq!(db.claim(worker, 10).await[0].task, second);
}

#[tokio::test]
async fn the_limits_of_key_queue_and_all_queues_hold_together() {
    let db = Database::fresh().await;
    db.execute("select durable.register_kind('other', 'other')")
        .await;
    db.limit("*", Some(3), None).await;
    db.limit("plain", Some(2), Some(1)).await;
    for key in ["ada", "ada", "bob", "cy"] {
        db.spawn_for(key).await;
    }
    assert_eq!(
        db.ready().await,
        2,
        "of three keys two fit into the queue's limit"
    );
    for _ in 0..3 {
        db.spawn_kind("other").await;
    }
    assert_eq!(
        db.ready().await,
        3,
        "one of the other queue fits into the total"
    );
    let worker = db.worker("w").await;
    let mut ended = 0;
    loop {
        let runs = db.claim(worker, 10).await;
        if runs.is_empty() && db.ready().await == 0 {
            break;
        }
        for run in runs {
            assert_eq!(db.complete(&run, "{}").await, "succeeded");
            ended += 1;
        }
        assert!(db.ready().await <= 3);
        if db.count("durable.ready where queue = 'plain'").await == 0 {
            let others: Vec<(Uuid, i64)> =
                sqlx::query_as("select task, token from durable.claim($1, 'other', 10)")
                    .bind(worker)
                    .fetch_all(&db.pool)
                    .await
                    .expect("claim");
            for (task, token) in others {
                db.execute(&format!(
                    "select durable.complete('{task}', {token}, '{{}}')"
                ))
                .await;
                ended += 1;
            }
        }
    }
    assert_eq!(ended, 7);
}

#[tokio::test]
async fn a_task_that_waits_for_its_retry_gives_its_slot_to_the_next() {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('AT_ONCE', 'at_once')")
        .await;
    db.limit("plain", Some(1), None).await;
    db.spawn().await;
    db.spawn().await;
    assert_eq!(db.ready().await, 1);
    let run = db.claim_one("w").await;
    assert_eq!(db.fail(&run, "AT_ONCE").await, "ready");
    assert_eq!(
        db.claim_one("v").await.task,
        run.task,
        "a retry at once keeps its slot"
    );
    db.execute("select durable.fail(task, token, 'NETWORK_ERROR', 'm') from durable.run")
        .await;
    assert_eq!(db.ready().await, 1, "the second task");
    assert_eq!(
        db.count("durable.timer").await,
        1,
        "the first waits for its time"
    );
}

#[tokio::test]
async fn a_lost_worker_keeps_no_slot_from_anybody() {
    let db = Database::fresh().await;
    db.limit("plain", Some(1), None).await;
    let first = db.spawn().await;
    db.spawn().await;
    assert_eq!(db.ready().await, 1);
    db.claim_one("w").await;
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    assert_eq!(db.ready().await, 1);
    assert_eq!(
        db.claim_one("v").await.task,
        first,
        "what was lost goes on with the slot it had"
    );
    assert_eq!(db.ready().await, 0);
}

#[tokio::test]
async fn a_cancel_frees_the_slot_wherever_the_task_is() {
    let db = Database::fresh().await;
    db.limit("plain", Some(1), Some(1)).await;
    let (running, waiting, last) = (
        db.spawn_for("ada").await,
        db.spawn_for("bob").await,
        db.spawn_for("ada").await,
    );
    assert_eq!(db.ready().await, 1);
    assert_eq!(db.claim_one("w").await.task, running);
    assert!(
        operate::cancel(&db.pool, waiting).await.expect("cancel"),
        "it holds its key's slot and waits for the queue's"
    );
    db.slots_agree().await;
    assert!(operate::cancel(&db.pool, running).await.expect("cancel"));
    assert_eq!(db.ready().await, 1);
    assert_eq!(db.claim_one("v").await.task, last);
}

#[tokio::test]
async fn raising_or_lifting_a_limit_lets_in_what_waits() {
    let db = Database::fresh().await;
    db.limit("plain", Some(1), None).await;
    for _ in 0..4 {
        db.spawn().await;
    }
    assert_eq!(db.ready().await, 1);
    db.limit("plain", Some(3), None).await;
    assert_eq!(db.ready().await, 3);
    db.limit("plain", Some(1), None).await;
    assert_eq!(db.ready().await, 3, "what is in stays in");
    db.limit("plain", None, None).await;
    assert_eq!(db.ready().await, 4);
    let worker = db.worker("w").await;
    for run in db.claim(worker, 10).await {
        db.complete(&run, "{}").await;
    }
    db.execute("select durable.settle_queues()").await;
    assert_eq!(
        db.count("durable.concurrency").await,
        0,
        "a limit that nobody uses is forgotten"
    );
}

#[tokio::test]
async fn room_that_nobody_was_told_of_is_found_by_the_duty() {
    let db = Database::fresh().await;
    db.limit("plain", Some(1), None).await;
    for _ in 0..3 {
        db.spawn().await;
    }
    assert_eq!(db.ready().await, 1);
    let run = db.claim_one("w").await;
    db.complete(&run, "{}").await;
    // The one that was woken is cancelled before it is admitted, and nobody wakes another.
    let woken = db.text("select task::text from durable.timer").await;
    assert!(
        operate::cancel(&db.pool, woken.parse().expect("an id"))
            .await
            .expect("cancel")
    );
    assert_eq!(db.ready().await, 0);
    db.execute("select durable.settle_queues()").await;
    assert_eq!(db.ready().await, 1);
}

#[tokio::test]
async fn a_caller_with_a_long_transaction_holds_up_nobody_of_its_key() {
    let db = Database::fresh().await;
    db.limit("plain", Some(1), Some(1)).await;
    db.spawn_for("ada").await;
    assert_eq!(db.ready().await, 1);
    let run = db.claim_one("w").await;
    let mut transaction = db.pool.begin().await.expect("begin");
    NewTask::new("plain", json!({}))
        .key("ada")
        .spawn(&mut *transaction)
        .await
        .expect("spawn");
    let done = tokio::time::timeout(Duration::from_secs(20), db.complete(&run, "{}"));
    assert_eq!(
        done.await.expect("not behind the open transaction"),
        "succeeded"
    );
    transaction.commit().await.expect("commit");
    assert_eq!(db.ready().await, 1);
}

#[tokio::test]
async fn an_impossible_limit_is_refused() {
    let db = Database::fresh().await;
    let code = |result: Result<(), sqlx::Error>| {
        result
            .expect_err("refused")
            .as_database_error()
            .and_then(|error| error.code().map(|code| code.into_owned()))
    };
    let refused = operate::limit_queue(&db.pool, "plain", Some(0), None).await;
    assert_eq!(code(refused).as_deref(), Some("23514"));
    let refused = operate::limit_queue(&db.pool, "no such queue", Some(1), None).await;
    assert_eq!(code(refused).as_deref(), Some("22023"));
    let refused = operate::limit_queue(&db.pool, "*", None, Some(1)).await;
    assert_eq!(code(refused).as_deref(), Some("22023"));
}

/// Counts how many of it run at once.
#[derive(Clone, Default)]
struct Crowd {
    now: Arc<AtomicI32>,
    most: Arc<AtomicI32>,
}

impl Task for Crowd {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        attempt.record("in the crowd", &json!({})).await?;
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(Done::Output(json!(null)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_holds_over_all_workers_and_everything_gets_its_turn() {
    let db = Database::fresh().await;
    db.limit("plain", Some(3), Some(1)).await;
    let crowd = Crowd::default();
    let start = |name: &str| {
        Worker::new(db.pool.clone(), WorkerOptions::named(name))
            .serve("plain", crowd.clone())
            .start()
    };
    let workers = [start("a"), start("b")];
    for n in 0..60 {
        db.spawn_for(&format!("user {}", n % 7)).await;
    }
    let all = db.until("select count(*) = 60 from durable.task where outcome = 'succeeded'");
    tokio::time::timeout(Duration::from_secs(60), all)
        .await
        .expect("all have had their turn");
    let most = crowd.most.load(Ordering::SeqCst);
    assert!((1..=3).contains(&most), "{most} ran at once");
    db.slots_agree().await;
    for worker in workers {
        worker.drain(Duration::from_secs(10)).await;
    }
}
