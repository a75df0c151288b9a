//! Children: spawned once, waited for without a worker, cancelled with their parent.

use std::time::Duration;

use durable::{
    Attempt, Child, ChildEnd, Done, Failure, NewTask, RunningWorker, Task, Worker, WorkerOptions,
    operate,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Database;

const PATIENCE: Duration = Duration::from_secs(30);

/// What a parent is told to do.
#[derive(Deserialize)]
struct Plan {
    children: Vec<Wish>,
}

#[derive(Deserialize)]
struct Wish {
    name: String,
    #[serde(default)]
    once: bool,
    #[serde(default)]
    tolerated: bool,
}

struct Parent;

impl Task for Parent {
    const KIND: &'static str = "parent";
    type Input = Plan;

    async fn run(&self, plan: Plan, attempt: Attempt) -> Result<Done, Failure> {
        let children: Vec<_> = plan
            .children
            .iter()
            .map(|wish| {
                let mut child = Child::new("plain", json!({ "name": wish.name }));
                if wish.once {
                    child = child.once(&wish.name);
                }
                if wish.tolerated {
                    child = child.tolerated();
                }
                child
            })
            .collect();
        let ends = attempt.children("profiles", &children).await?;
        let words: Vec<_> = ends
            .into_iter()
            .map(|end| match end {
                ChildEnd::Succeeded(output) => output,
                ChildEnd::Failed(code) => json!(code),
                ChildEnd::Cancelled => json!("cancelled"),
            })
            .collect();
        Ok(Done::Output(json!(words)))
    }
}

/// A child says its name back, or fails when it is called so.
struct Echo;

impl Task for Echo {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, input: Value, _: Attempt) -> Result<Done, Failure> {
        match input["name"].as_str() {
            Some("bad") => Err(Failure::new("NO", "bad")),
            Some("endless") => std::future::pending().await,
            _ => Ok(Done::Output(input["name"].clone())),
        }
    }
}

struct Family {
    db: Database,
    worker: RunningWorker,
}

impl Family {
    /// With room for one attempt at a time in each queue: a parent that held its worker would wait for ever.
    async fn new() -> Self {
        let db = Database::fresh().await;
        db.execute("select durable.register_error('NO', 'never'), durable.register_error('CHILD_FAILED', 'never'), durable.register_kind('parent', 'plain')")
            .await;
        let mut options = WorkerOptions::named("test");
        options.concurrency = 1;
        let worker = Worker::new(db.pool.clone(), options)
            .serve("plain", Echo)
            .serve("plain", Parent)
            .start();
        Self { db, worker }
    }

    async fn parent(&self, children: Value) -> Uuid {
        let task = NewTask::new("parent", json!({ "children": children }))
            .spawn(&self.db.pool)
            .await
            .expect("spawn");
        self.worker.wake();
        task
    }

    async fn end_of(&self, task: Uuid) -> (String, String) {
        tokio::time::timeout(PATIENCE, self.db.ended(task))
            .await
            .expect("an end");
        sqlx::query_as(
            "select outcome, coalesce(error_code, output::text) from durable.task where id = $1",
        )
        .bind(task)
        .fetch_one(&self.db.pool)
        .await
        .expect("the task")
    }
}

#[tokio::test]
async fn a_parent_waits_without_a_worker_and_gets_its_childrens_outputs_in_order() {
    let family = Family::new().await;
    let names: Vec<_> = (0..40)
        .map(|n| json!({ "name": format!("child {n}") }))
        .collect();
    let parent = family.parent(json!(names)).await;
    let outputs: Vec<_> = (0..40).map(|n| json!(format!("child {n}"))).collect();
    let (outcome, output) = family.end_of(parent).await;
    assert_eq!(outcome, "succeeded");
    assert_eq!(
        serde_json::from_str::<Value>(&output).expect("JSON"),
        json!(outputs)
    );
    assert_eq!(family.db.count("durable.task").await, 41);
    family.worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_failed_child_fails_its_parent_and_its_siblings_are_cancelled() {
    let family = Family::new().await;
    // More room, or the endless one would keep the bad one from running.
    let mut options = WorkerOptions::named("more");
    options.concurrency = 5;
    let more = Worker::new(family.db.pool.clone(), options)
        .serve("plain", Echo)
        .serve("plain", Parent)
        .start();
    let parent = family
        .parent(json!([{ "name": "endless" }, { "name": "bad" }]))
        .await;
    assert_eq!(
        family.end_of(parent).await,
        ("failed".into(), "CHILD_FAILED".into())
    );
    let cancelled = family.db.until("select count(*) = 1 from durable.task where outcome = 'cancelled' and error_code = 'PARENT_ENDED'");
    tokio::time::timeout(PATIENCE, cancelled)
        .await
        .expect("the sibling is cancelled");
    family.worker.drain(Duration::ZERO).await;
    more.drain(Duration::ZERO).await;
}

#[tokio::test]
async fn a_tolerated_childs_failure_is_an_answer() {
    let family = Family::new().await;
    let parent = family
        .parent(json!([{ "name": "bad", "tolerated": true }, { "name": "good" }]))
        .await;
    assert_eq!(
        family.end_of(parent).await,
        ("succeeded".into(), "[\"NO\", \"good\"]".into())
    );
    family.worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_parent_without_children_goes_on_at_once() {
    let family = Family::new().await;
    let parent = family.parent(json!([])).await;
    assert_eq!(
        family.end_of(parent).await,
        ("succeeded".into(), "[]".into())
    );
    family.worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_child_for_one_key_exists_once_however_many_parents_want_it() {
    let family = Family::new().await;
    let mut parents = Vec::new();
    for _ in 0..10 {
        parents.push(
            family
                .parent(
                    json!([{ "name": "squat", "once": true }, { "name": "lunge", "once": true }]),
                )
                .await,
        );
    }
    for parent in parents {
        assert_eq!(
            family.end_of(parent).await,
            ("succeeded".into(), "[\"squat\", \"lunge\"]".into())
        );
    }
    assert_eq!(
        family.db.count("durable.task where kind = 'plain'").await,
        2
    );
    family.worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_key_whose_task_failed_is_served_by_a_new_one() {
    let family = Family::new().await;
    let bad = json!([{ "name": "bad", "once": true, "tolerated": true }]);
    for _ in 0..2 {
        let parent = family.parent(bad.clone()).await;
        assert_eq!(family.end_of(parent).await.1, "[\"NO\"]");
    }
    assert_eq!(
        family.db.count("durable.task where kind = 'plain'").await,
        2
    );
    family.worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_cancel_goes_down_the_tree_but_spares_whom_another_parent_wants() {
    let db = Database::fresh().await;
    let (grandparent, other) = (db.spawn().await, db.spawn().await);
    let worker = db.worker("w").await;
    let runs = db.claim(worker, 2).await;
    db.adopt(
        &runs[0],
        json!([{ "kind": "plain" }, { "kind": "plain", "once": "shared" }]),
    )
    .await;
    db.adopt(&runs[1], json!([{ "kind": "plain", "once": "shared" }]))
        .await;
    let shared = db.text("select task::text from durable.once").await;
    let mut children = db.claim(worker, 2).await;
    children.sort_by_key(|run| run.task.to_string() == shared);
    db.adopt(&children[0], json!([{ "kind": "plain" }])).await;
    let grandchild = db.text("select task::text from durable.ready").await;
    assert!(
        operate::cancel(&db.pool, grandparent)
            .await
            .expect("cancel")
    );
    // One round per generation.
    db.execute("select durable.disown()").await;
    db.execute("select durable.disown()").await;
    let code = db.outcome(children[0].task).await;
    assert_eq!(code, ("cancelled".into(), Some("PARENT_ENDED".into())));
    assert_eq!(
        db.outcome(grandchild.parse().expect("an id")).await.0,
        "cancelled"
    );
    assert_eq!(
        db.text("select task::text from durable.run").await,
        children[1].task.to_string(),
        "the shared child goes on"
    );
    assert!(operate::cancel(&db.pool, other).await.expect("cancel"));
    db.execute("select durable.disown()").await;
    assert_eq!(db.outcome(children[1].task).await.0, "cancelled");
    assert_eq!(db.count("durable.task where outcome is null").await, 0);
}

#[tokio::test]
async fn children_are_spawned_all_or_none_and_never_by_a_superseded_attempt() {
    let db = Database::fresh().await;
    db.spawn().await;
    let zombie = db.claim_one("w").await;
    let refused = sqlx::query("select durable.spawn_children($1, $2, 's', 'h', '[{\"kind\": \"plain\"}, {\"kind\": \"no such kind\"}]')")
        .bind(zombie.task)
        .bind(zombie.token)
        .execute(&db.pool)
        .await;
    assert!(refused.is_err());
    assert_eq!(db.count("durable.task").await, 1, "none of them");
    // The refused call's session may still hold its lock, and the reaper passes over what is locked.
    db.until("select durable.reap(now() + interval '1 minute') = 1")
        .await;
    let spawn = "select durable.spawn_children($1, $2, 's', 'h', '[{\"kind\": \"plain\"}]')";
    let second = db.claim_one("v").await;
    assert_eq!(db.of_run(&second, spawn).await, "spawned");
    assert_eq!(db.of_run(&second, spawn).await, "done");
    assert_eq!(
        db.of_run(&second, &spawn.replace("'h'", "'other'")).await,
        "changed"
    );
    assert_eq!(db.of_run(&zombie, spawn).await, "lost");
    let wait = "select durable.wait_children($1, $2, 's')";
    assert_eq!(db.of_run(&zombie, wait).await, "lost");
    assert_eq!(db.count("durable.task").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn children_that_end_all_at_once_wake_their_parent_once() {
    let db = std::sync::Arc::new(Database::fresh().await);
    for round in 0..10 {
        db.spawn().await;
        let parent = db.claim_one(&format!("parent {round}")).await;
        let children: Vec<_> = (0..8).map(|_| json!({ "kind": "plain" })).collect();
        let spawn = format!(
            "select durable.spawn_children($1, $2, 's', 'h', '{}')",
            json!(children)
        );
        assert_eq!(db.of_run(&parent, &spawn).await, "spawned");
        let worker = db.worker(&format!("children {round}")).await;
        let mut ends = Vec::new();
        for run in db.claim(worker, 8).await {
            let db = std::sync::Arc::clone(&db);
            ends.push(tokio::spawn(async move { db.complete(&run, "{}").await }));
        }
        let waited = db
            .of_run(&parent, "select durable.wait_children($1, $2, 's')")
            .await;
        for end in ends {
            assert_eq!(end.await.expect("complete"), "succeeded");
        }
        let places = (
            db.count("durable.run").await,
            db.count("durable.ready").await,
            db.count("durable.parked").await,
        );
        let expected = if waited == "done" {
            (1, 0, 0)
        } else {
            (0, 1, 0)
        };
        assert_eq!(places, expected, "round {round}: {waited}");
        assert!(db.finish(parent.task, "succeeded").await);
    }
}

impl Database {
    /// Spawns children and waits for them, in SQL.
    async fn adopt(&self, parent: &crate::support::Run, children: Value) {
        let spawn = format!("select durable.spawn_children($1, $2, 's', 'h', '{children}')");
        assert_eq!(self.of_run(parent, &spawn).await, "spawned");
        assert_eq!(
            self.of_run(parent, "select durable.wait_children($1, $2, 's')")
                .await,
            "waiting"
        );
    }
}
