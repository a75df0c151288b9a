//! Why a task is not running, in one sentence, for every place where it may be.

use durable::{NewTask, operate};
use serde_json::json;
use uuid::Uuid;

use crate::support::Database;

impl Database {
    async fn why(&self, task: Uuid) -> String {
        operate::why(&self.pool, task)
            .await
            .expect("why")
            .expect("a sentence")
    }
}

#[tokio::test]
async fn an_operator_is_told_of_every_wait() {
    let db = Database::fresh().await;
    db.execute("select durable.register_kind('limited', 'limited')")
        .await;
    let task = db.spawn().await;
    assert_eq!(db.why(task).await, "No worker listens to queue plain.");
    let worker = db.worker("w").await;
    let next = db.why(task).await;
    assert_eq!(
        next,
        "It is the next to be claimed in queue plain; every worker that listens has its hands full."
    );
    let second = db.spawn().await;
    assert!(
        db.why(second)
            .await
            .starts_with("1 task is ahead of it in queue plain")
    );
    let run = db.claim(worker, 1).await.pop().expect("claimed");
    assert!(
        db.why(task)
            .await
            .starts_with("It runs: attempt 1, on worker w since ")
    );
    db.fail(&run, "AI_RATE_LIMIT").await;
    let waits = db.why(task).await;
    assert!(
        waits.starts_with("It is due in ")
            && waits.contains(" s, at ")
            && waits.ends_with(" UTC: retry after AI_RATE_LIMIT."),
        "{waits}"
    );
    operate::pause_queue(&db.pool, "plain", Some("the provider is down"))
        .await
        .expect("pause");
    let paused = db.why(second).await;
    assert!(
        paused.starts_with("Queue plain is paused since ")
            && paused.ends_with(" UTC: the provider is down."),
        "{paused}"
    );
    operate::resume_queue(&db.pool, "plain")
        .await
        .expect("resume");
    assert_eq!(db.why(second).await, "It is about to be admitted.");
}

#[tokio::test]
async fn an_operator_is_told_which_limit_is_reached() {
    let db = Database::fresh().await;
    operate::limit_queue(&db.pool, "plain", Some(2), Some(1))
        .await
        .expect("limit");
    let keys = ["ada", "ada", "ada", "bob", "cy"];
    let mut tasks = Vec::new();
    for key in keys {
        tasks.push(
            NewTask::new("plain", json!({}))
                .key(key)
                .spawn(&db.pool)
                .await
                .expect("spawn"),
        );
        db.execute("select durable.promote()").await;
    }
    assert_eq!(
        db.why(tasks[1]).await,
        "The limit of 1 at once for key ada is reached; nobody waits before it."
    );
    assert_eq!(
        db.why(tasks[2]).await,
        "The limit of 1 at once for key ada is reached; 1 other waits before it."
    );
    assert_eq!(
        db.why(tasks[4]).await,
        "The limit of 2 at once for queue plain is reached; nobody waits before it."
    );
}

#[tokio::test]
async fn an_operator_is_told_of_children_people_and_ends() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    let run = db.claim_one("w").await;
    let children: Vec<_> = (0..3).map(|_| json!({ "kind": "plain" })).collect();
    let spawn = format!(
        "select durable.spawn_children($1, $2, 'profiles', 'h', '{}')",
        json!(children)
    );
    db.of_run(&run, &spawn).await;
    db.of_run(&run, "select durable.wait_children($1, $2, 'profiles')")
        .await;
    let child = db.claim_one("v").await;
    db.complete(&child, "{}").await;
    assert_eq!(
        db.why(task).await,
        "It waits for 2 of 3 children of step profiles."
    );
    assert!(operate::cancel(&db.pool, task).await.expect("cancel"));
    assert!(db.why(task).await.starts_with("It was cancelled at "));
    assert!(db.why(child.task).await.starts_with("It succeeded at "));
    assert!(
        operate::why(&db.pool, Uuid::now_v7())
            .await
            .expect("why")
            .is_none()
    );

    db.execute(
        "create function public.refuse(t durable.transition) returns void language plpgsql as $$
        begin if t.to_state = 'running' then raise exception 'no'; end if; end $$",
    )
    .await;
    db.execute("select durable.register_kind('refused', 'plain', 'public.refuse')")
        .await;
    db.execute("select durable.disown()").await;
    let refused = db.spawn_kind("refused").await;
    let worker = db.worker("u").await;
    db.claim(worker, 10).await;
    assert_eq!(
        db.why(refused).await,
        "A person must decide: on_transition to running raised P0001 no."
    );
    db.execute("drop function public.refuse").await;
    db.execute("select durable.register_kind('refused', 'plain')")
        .await;
    assert!(operate::unpark(&db.pool, refused).await.expect("unpark"));
    assert_eq!(
        db.claim(worker, 10).await[0].task,
        refused,
        "and then it goes on"
    );
}
