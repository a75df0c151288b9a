//! Many completions in one statement: each as fenced as if it stood alone.

use durable::{Attempt, Done, Failure, Task, Worker, WorkerOptions};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Database, Run};

impl Database {
    async fn complete_many(&self, runs: &[Run]) -> Vec<Uuid> {
        let outputs: Vec<_> = runs
            .iter()
            .map(|run| json!({ "token": run.token }))
            .collect();
        let mut ended: Vec<Uuid> = sqlx::query_scalar("select durable.complete_many($1, $2, $3)")
            .bind(runs.iter().map(|run| run.task).collect::<Vec<_>>())
            .bind(runs.iter().map(|run| run.token).collect::<Vec<_>>())
            .bind(outputs)
            .fetch_all(&self.pool)
            .await
            .expect("complete_many");
        ended.sort();
        ended
    }
}

#[tokio::test]
async fn of_many_those_that_still_hold_their_task_end_with_their_own_output() {
    let db = Database::fresh().await;
    let mut tasks = Vec::new();
    for _ in 0..4 {
        tasks.push(db.spawn().await);
    }
    let worker = db.worker("w").await;
    let mut runs = db.claim(worker, 4).await;
    runs.sort_by_key(|run| run.task);
    assert_eq!(db.release(&runs[1]).await, "ready");
    assert!(db.finish(runs[2].task, "cancelled").await);
    let again = db.claim(worker, 1).await;
    assert_eq!(again[0].task, runs[1].task);
    assert_eq!(db.complete_many(&runs).await, [tasks[0], tasks[3]]);
    for index in [0, 3] {
        let output = format!(
            "select (output ->> 'token')::int from durable.task where id = '{}'",
            tasks[index]
        );
        assert_eq!(i64::from(db.int(&output).await), runs[index].token);
    }
    assert_eq!(db.outcome(tasks[2]).await.0, "cancelled");
    assert_eq!(
        db.text("select task::text from durable.run").await,
        tasks[1].to_string()
    );
    assert_eq!(db.count("durable.event where type = 'succeeded'").await, 2);
    assert_eq!(db.complete_many(&runs).await.len(), 0, "an end is final");
}

#[tokio::test]
async fn what_has_a_hook_a_slot_or_a_parent_is_left_to_be_completed_alone() {
    let db = Database::fresh().await;
    db.execute("create function public.hook(t durable.transition) returns void language sql as ''; select durable.register_kind('hooked', 'plain', 'public.hook')")
        .await;
    db.spawn_kind("hooked").await;
    db.spawn().await;
    let worker = db.worker("w").await;
    let runs = db.claim(worker, 2).await;
    db.execute("update durable.task set watched = true where kind = 'plain'")
        .await;
    assert_eq!(db.complete_many(&runs).await.len(), 0);
    db.execute("update durable.task set watched = false").await;
    db.execute("update durable.run set slots = '{total}'").await;
    assert_eq!(db.complete_many(&runs).await.len(), 0);
    assert_eq!(db.count("durable.run").await, 2);
    db.execute("update durable.run set slots = null").await;
    assert_eq!(db.complete_many(&runs).await.len(), 1);
    assert_eq!(
        db.text("select kind from durable.task where outcome is null")
            .await,
        "hooked"
    );
}

struct Number;

impl Task for Number {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        Ok(Done::Output(json!(attempt.task())))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_tasks_of_one_worker_end_each_with_its_own_output() {
    let db = Database::fresh().await;
    db.execute(
        "select durable.spawn(gen_random_uuid(), 'plain', '{}') from generate_series(1, 1000)",
    )
    .await;
    let mut options = WorkerOptions::named("test");
    options.concurrency = 200;
    let worker = Worker::new(db.pool.clone(), options)
        .serve("plain", Number)
        .start();
    db.until("select count(*) = 1000 from durable.task where outcome = 'succeeded' and output = to_jsonb(id)").await;
    worker.drain(std::time::Duration::from_secs(10)).await;
    assert_eq!(
        db.count("durable.event where type = 'succeeded'").await,
        1000
    );
}
