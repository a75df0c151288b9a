//! The checker of the engine's history: what it records, that it finds nothing where all is well (every other test of this
//! crate asks it at its end), and that each of its rules can fail.

use sqlx::{Connection, PgConnection, PgPool};

use crate::support::{Database, Run};

/// Recording triggers and wrappers; loaded after the engine.
pub(crate) const RECORD: &str = include_str!("../history/record.sql");
/// The rules.
pub(crate) const CHECK: &str = include_str!("../history/check.sql");

const FAULTS: &str =
    "select concat_ws(': ', rule, task::text, detail) from history.faults() order by 1 limit 50";

/// What the history shows, a line each, asked from where nothing can be awaited.
pub(crate) fn faults_now(url: &str) -> Vec<String> {
    let asked = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime")
                .block_on(async {
                    let mut connection = PgConnection::connect(url).await?;
                    sqlx::query_scalar(FAULTS).fetch_all(&mut connection).await
                })
        });
        asking.join().expect("the thread that asks")
    });
    asked.expect("history.faults()")
}

/// The rules that are broken.
async fn broken(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select distinct rule from history.faults() order by 1")
        .fetch_all(pool)
        .await
        .expect("history.faults()")
}

impl Database {
    /// Replaces a piece of one of the engine's functions, as a mistake in it would.
    async fn break_function(&self, name: &str, right: &str, wrong: &str) {
        let function: String = sqlx::query_scalar(
            "select pg_get_functiondef(p.oid) from pg_proc p
             where p.pronamespace::regnamespace::text in ('durable', 'unrecorded') and p.proname = $1
             order by p.pronamespace::regnamespace::text = 'durable' limit 1",
        )
        .bind(name)
        .fetch_one(&self.pool)
        .await
        .expect("the function");
        let mistaken = function.replacen(right, wrong, 1);
        assert_ne!(mistaken, function, "{name} holds no {right}");
        self.execute(&mistaken).await;
    }

    /// A task that one attempt lost and another holds.
    async fn superseded(&self) -> (Run, Run) {
        self.spawn().await;
        let zombie = self.claim_one("zombie").await;
        self.execute("select durable.reap(now() + interval '1 minute')")
            .await;
        (zombie, self.claim_one("successor").await)
    }

    async fn pay(&self, run: &Run, step: &str) {
        self.execute(&format!(
            "insert into history.paid (task, step, token) values ('{}', '{step}', {})",
            run.task, run.token
        ))
        .await;
    }
}

#[tokio::test]
async fn a_completion_without_the_fence_is_found() {
    let db = Database::unjudged().await;
    db.break_function("end_run", "and token = p_token", "")
        .await;
    let (zombie, _successor) = db.superseded().await;
    assert_eq!(broken(&db.pool).await, [""; 0]);
    assert_eq!(db.complete(&zombie, "{}").await, "succeeded");
    assert_eq!(broken(&db.pool).await, ["superseded tokens write nothing"]);
}

#[tokio::test]
async fn a_journal_without_the_fence_is_found() {
    let db = Database::unjudged().await;
    db.break_function("begin_step", "and r.token = p_token", "")
        .await;
    let (zombie, _successor) = db.superseded().await;
    assert_eq!(db.begin_step(&zombie, "s", "h").await, "begun");
    assert_eq!(broken(&db.pool).await, ["superseded tokens write nothing"]);
}

#[tokio::test]
async fn a_write_after_the_attempts_own_end_is_found() {
    let db = Database::unjudged().await;
    db.break_function("holds", "return found", "return true")
        .await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(db.release(&run).await, "ready");
    assert!(db.record(&run).await);
    assert_eq!(broken(&db.pool).await, ["superseded tokens write nothing"]);
}

#[tokio::test]
async fn a_live_attempt_that_is_refused_is_found() {
    let db = Database::unjudged().await;
    db.break_function("holds", "return found", "return false")
        .await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert!(!db.record(&run).await);
    assert_eq!(broken(&db.pool).await, ["live tokens are not refused"]);
}

#[tokio::test]
async fn a_token_that_is_given_out_twice_is_found() {
    let db = Database::unjudged().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    db.execute("alter sequence durable.ticket restart").await;
    assert_eq!(db.release(&run).await, "ready");
    assert_eq!(db.claim_one("v").await.token, run.token);
    assert_eq!(broken(&db.pool).await, ["tokens grow"]);
}

#[tokio::test]
async fn two_attempts_at_once_are_found() {
    let db = Database::unjudged().await;
    db.execute("alter table durable.run drop constraint run_pkey")
        .await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    db.execute(&format!(
        "insert into durable.run (task, token, worker, retries, losses, started_at)
         select '{}', token + 1, worker, 0, 0, now() from durable.run",
        run.task
    ))
    .await;
    assert_eq!(
        broken(&db.pool).await,
        ["one live token", "one place or ended"]
    );
}

#[tokio::test]
async fn a_task_in_two_places_is_found() {
    let db = Database::unjudged().await;
    db.break_function(
        "put_back",
        "return 'ready'",
        "insert into durable.timer (task, due_at, reason, retries, losses) values (p_task.id, p_now, 'twice', 0, 0); return 'ready'",
    )
    .await;
    db.spawn().await;
    assert_eq!(broken(&db.pool).await, ["one place or ended"]);
}

#[tokio::test]
async fn a_task_that_is_nowhere_is_found() {
    let db = Database::unjudged().await;
    db.spawn().await;
    db.execute("delete from durable.ready").await;
    assert_eq!(broken(&db.pool).await, ["one place or ended"]);
}

#[tokio::test]
async fn an_end_that_is_written_over_is_found() {
    let db = Database::unjudged().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(db.complete(&run, "{}").await, "succeeded");
    db.execute("update durable.task set watched = true").await;
    assert_eq!(broken(&db.pool).await, [""; 0]);
    db.execute("update durable.task set outcome = 'failed'")
        .await;
    assert_eq!(broken(&db.pool).await, ["terminal is final"]);
}

#[tokio::test]
async fn an_attempt_that_nobody_can_reap_is_found() {
    let db = Database::unjudged().await;
    db.spawn().await;
    db.claim_one("w").await;
    db.execute("delete from durable.worker").await;
    assert_eq!(broken(&db.pool).await, ["runs have a worker"]);
}

#[tokio::test]
async fn a_slot_that_leaks_is_found() {
    let db = Database::unjudged().await;
    db.break_function("free_slots", "p_slots is null", "true")
        .await;
    db.execute("select durable.limit_queue('plain', 1)").await;
    db.spawn().await;
    db.execute("select durable.promote()").await;
    let run = db.claim_one("w").await;
    assert_eq!(broken(&db.pool).await, [""; 0]);
    assert_eq!(db.complete(&run, "{}").await, "succeeded");
    assert_eq!(broken(&db.pool).await, ["slots in use are held"]);
}

#[tokio::test]
async fn a_limit_that_is_overdrawn_is_found() {
    let db = Database::unjudged().await;
    db.break_function("take_slot", "greatest(0, c.capacity - c.used)", "2")
        .await;
    db.execute("select durable.limit_queue('plain', 1)").await;
    db.spawn().await;
    db.spawn().await;
    db.execute("select durable.promote()").await;
    assert_eq!(broken(&db.pool).await, ["limits hold"]);
}

#[tokio::test]
async fn a_limit_that_is_lowered_below_its_use_is_no_fault() {
    let db = Database::fresh().await;
    db.execute("select durable.limit_queue('plain', 2)").await;
    for _ in 0..3 {
        db.spawn().await;
    }
    db.execute("select durable.promote()").await;
    db.execute("select durable.limit_queue('plain', 1)").await;
    db.execute("select durable.promote()").await;
    assert_eq!(db.count("durable.ready").await, 2);
}

#[tokio::test]
async fn a_parent_that_waits_for_nobody_is_found() {
    let db = Database::unjudged().await;
    db.break_function(
        "child_ended",
        "remaining = remaining - 1",
        "remaining = remaining",
    )
    .await;
    db.spawn().await;
    let parent = db.claim_one("w").await;
    let sql = "select durable.spawn_children($1, $2, 's', 'h', '[{\"kind\": \"plain\"}]')";
    assert_eq!(db.of_run(&parent, sql).await, "spawned");
    let wait = "select durable.wait_children($1, $2, 's')";
    assert_eq!(db.of_run(&parent, wait).await, "waiting");
    assert_eq!(broken(&db.pool).await, [""; 0]);
    let child = db.claim_one("v").await;
    assert_eq!(db.complete(&child, "{}").await, "succeeded");
    assert_eq!(broken(&db.pool).await, ["parents wait for live children"]);
}

#[tokio::test]
async fn a_link_that_missed_its_childs_end_is_found() {
    let db = Database::unjudged().await;
    db.break_function("end_task", "v_task.watched", "false")
        .await;
    db.spawn().await;
    let parent = db.claim_one("w").await;
    let sql = "select durable.spawn_children($1, $2, 's', 'h', '[{\"kind\": \"plain\"}]')";
    assert_eq!(db.of_run(&parent, sql).await, "spawned");
    let child = db.claim_one("v").await;
    assert_eq!(db.complete(&child, "{}").await, "succeeded");
    assert_eq!(broken(&db.pool).await, ["links know their child's end"]);
}

#[tokio::test]
async fn a_step_that_is_paid_twice_is_found_and_a_declared_repeat_is_not() {
    let db = Database::unjudged().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(db.begin_step(&run, "call", "h").await, "begun");
    db.pay(&run, "call").await;
    assert_eq!(db.begin_step(&run, "call", "h").await, "repeat");
    db.pay(&run, "call").await;
    assert_eq!(broken(&db.pool).await, [""; 0]);
    db.pay(&run, "call").await;
    assert_eq!(broken(&db.pool).await, ["steps are paid once"]);
}

#[tokio::test]
async fn a_step_that_is_paid_again_by_an_attempt_that_could_know_better_is_found() {
    let db = Database::unjudged().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(db.begin_step(&run, "call", "h").await, "begun");
    assert_eq!(db.begin_step(&run, "call", "h").await, "repeat");
    db.pay(&run, "call").await;
    assert!(db.finish_step(&run, "call", "1").await);
    assert_eq!(db.release(&run).await, "ready");
    let next = db.claim_one("v").await;
    db.pay(&next, "call").await;
    assert_eq!(broken(&db.pool).await, ["done steps are not paid again"]);
}
