//! The hook of a kind: told of every transition, in the transition's own transaction.

use crate::support::Database;

/// A kind whose hook writes down what it is told, and raises where `told.refuse` says so.
async fn database() -> Database {
    let db = Database::fresh().await;
    db.execute(
        "create table public.told (n bigint generated always as identity, task uuid, line text);
         create table public.refuse (task uuid, state text);
         create function public.hook(t durable.transition) returns void language plpgsql as $$
         begin
           insert into public.told (task, line) values (t.task, concat_ws(' ', coalesce(t.from_state, '-'), t.to_state, t.error_code));
           if exists (select from public.refuse r where r.task = t.task and r.state = t.to_state) then
             raise exception 'refused';
           end if;
         end $$;
         select durable.register_kind('hooked', 'plain', 'public.hook');
         select durable.register_error('AT_ONCE', 'at_once')",
    ).await;
    db
}

#[tokio::test]
async fn a_hook_is_told_of_every_transition_from_spawn_to_end() {
    let db = database().await;
    let task = db.spawn_kind("hooked").await;
    let run = db.claim_one("a").await;
    db.fail(&run, "AT_ONCE").await;
    let run = db.claim_one("b").await;
    db.fail(&run, "LATER").await;
    db.execute("select durable.promote(500, now() + interval '1 hour')")
        .await;
    db.claim_one("c").await;
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    let run = db.claim_one("d").await;
    assert_eq!(db.complete(&run, "{}").await, "succeeded");
    let told: Vec<String> =
        sqlx::query_scalar("select line from public.told where task = $1 order by n")
            .bind(task)
            .fetch_all(&db.pool)
            .await
            .expect("told");
    assert_eq!(
        told,
        [
            "- ready",
            "ready running",
            "running ready AT_ONCE",
            "ready running",
            "running waiting LATER",
            "waiting ready",
            "ready running",
            "running ready WORKER_LOST",
            "ready running",
            "running succeeded",
        ]
    );
}

#[tokio::test]
async fn a_hook_that_raises_parks_its_own_task_and_not_the_batch() {
    let db = database().await;
    let (good, bad) = (db.spawn_kind("hooked").await, db.spawn_kind("hooked").await);
    db.execute(&format!(
        "insert into public.refuse values ('{bad}', 'running')"
    ))
    .await;
    let worker = db.worker("w").await;
    let claimed: Vec<_> = db
        .claim(worker, 10)
        .await
        .iter()
        .map(|run| run.task)
        .collect();
    assert_eq!(claimed, [good]);
    assert_eq!(
        db.text("select task::text from durable.parked").await,
        bad.to_string()
    );
    assert!(
        db.text("select reason from durable.parked")
            .await
            .contains("refused")
    );
}

#[tokio::test]
async fn a_hook_that_refuses_the_completion_leaves_a_live_parked_task() {
    let db = database().await;
    let task = db.spawn_kind("hooked").await;
    db.execute(&format!(
        "insert into public.refuse values ('{task}', 'succeeded')"
    ))
    .await;
    let run = db.claim_one("w").await;
    assert_eq!(db.complete(&run, "{}").await, "parked");
    assert_eq!(
        db.int("select count(*)::int from durable.task where outcome is null")
            .await,
        1
    );
    assert!(
        db.finish(task, "cancelled").await,
        "an operator can still end it"
    );
}

#[tokio::test]
async fn a_hook_that_refuses_the_spawn_refuses_the_caller() {
    let db = database().await;
    let task = uuid::Uuid::now_v7();
    db.execute(&format!(
        "insert into public.refuse values ('{task}', 'ready')"
    ))
    .await;
    durable::spawn(&db.pool, task, "hooked", &serde_json::json!({}))
        .await
        .expect_err("the hook refused");
    assert_eq!(db.count("durable.task").await, 0);
}
