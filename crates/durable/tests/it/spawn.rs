//! Accepting a task: with the caller's own writes or not at all, now or later, once for a key.

use std::time::Duration;

use durable::NewTask;
use serde_json::json;
use uuid::Uuid;

use crate::support::Database;

#[tokio::test]
async fn a_task_exists_if_and_only_if_what_the_caller_writes_beside_it_does() {
    let db = Database::fresh().await;
    db.execute("create table public.orders (task uuid)").await;
    for (way, commit) in [
        ("Rust", true),
        ("Rust", false),
        ("SQL", true),
        ("SQL", false),
    ] {
        let mut transaction = db.pool.begin().await.expect("begin");
        let task = Uuid::now_v7();
        sqlx::query("insert into public.orders values ($1)")
            .bind(task)
            .execute(&mut *transaction)
            .await
            .expect("insert");
        if way == "Rust" {
            NewTask::new("plain", json!({}))
                .id(task)
                .spawn(&mut *transaction)
                .await
                .expect("spawn");
        } else {
            sqlx::query("select durable.spawn($1, 'plain', '{}')")
                .bind(task)
                .execute(&mut *transaction)
                .await
                .expect("spawn");
        }
        if commit {
            transaction.commit().await.expect("commit");
        } else {
            transaction.rollback().await.expect("rollback");
        }
        let exists = db.int(&format!("select count(*)::int from durable.task join durable.ready on task = id where id = '{task}'")).await;
        assert_eq!(exists == 1, commit, "by {way}");
    }
    assert_eq!(
        db.count("public.orders join durable.task on id = task")
            .await,
        2
    );
    assert_eq!(db.count("durable.task").await, 2);
}

#[tokio::test]
async fn a_delayed_task_is_not_ready_before_its_time() {
    let db = Database::fresh().await;
    NewTask::new("plain", json!({}))
        .delay(Duration::from_secs(60))
        .spawn(&db.pool)
        .await
        .expect("spawn");
    assert_eq!(
        db.int("select durable.promote(500, now() + interval '50 seconds')")
            .await,
        0
    );
    assert_eq!(
        db.int("select durable.promote(500, now() + interval '61 seconds')")
            .await,
        1
    );
    assert_eq!(db.count("durable.ready").await, 1);
}

#[tokio::test]
async fn retries_and_lane_of_a_task_take_the_place_of_the_kinds() {
    let db = Database::fresh().await;
    let patient = db.spawn().await;
    let urgent = NewTask::new("plain", json!({}))
        .lane(-1)
        .max_retries(0)
        .spawn(&db.pool)
        .await
        .expect("spawn");
    let worker = db.worker("w").await;
    let runs = db.claim(worker, 2).await;
    assert_eq!(
        runs.iter().map(|run| run.task).collect::<Vec<_>>(),
        [urgent, patient]
    );
    assert_eq!(db.fail(&runs[0], "NETWORK_ERROR").await, "failed");
    assert_eq!(db.fail(&runs[1], "NETWORK_ERROR").await, "waiting");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_at_once_for_one_key_gets_one_task() {
    let db = std::sync::Arc::new(Database::fresh().await);
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let db = std::sync::Arc::clone(&db);
            tokio::spawn(async move {
                NewTask::new("plain", json!({}))
                    .spawn_once("squat", &db.pool)
                    .await
                    .expect("spawn")
            })
        })
        .collect();
    let mut tasks = Vec::new();
    for caller in callers {
        tasks.push(caller.await.expect("caller"));
    }
    tasks.dedup();
    assert_eq!(tasks.len(), 1);
    assert_eq!(db.count("durable.task").await, 1);
    let run = db.claim_one("w").await;
    db.complete(&run, "{}").await;
    let later = NewTask::new("plain", json!({}))
        .spawn_once("squat", &db.pool)
        .await
        .expect("spawn");
    assert_eq!(later, tasks[0], "it has succeeded and is not done again");
}
