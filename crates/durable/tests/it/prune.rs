//! Tasks long ended are forgotten, live ones never.

use crate::support::Database;

#[tokio::test]
async fn a_task_is_forgotten_thirty_days_after_its_end_with_its_steps_and_events() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    db.begin_step(&run, "s", "h").await;
    db.complete(&run, "{}").await;
    assert_eq!(
        db.int("select durable.prune(p_now => now() + interval '29 days')")
            .await,
        0
    );
    assert_eq!(
        db.int("select durable.prune(p_now => now() + interval '31 days')")
            .await,
        1
    );
    for table in ["task", "step", "event"] {
        assert_eq!(db.count(&format!("durable.{table}")).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_live_task_is_kept_however_old_it_is() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    let run = db.claim_one("w").await;
    db.fail(&run, "ANY").await;
    assert_eq!(
        db.int("select durable.prune(p_now => now() + interval '1 year')")
            .await,
        0
    );
    assert!(db.finish(task, "cancelled").await);
}

#[tokio::test]
async fn what_is_erased_is_ended_first_and_leaves_nothing_behind() {
    let db = Database::fresh().await;
    let spawn = "select durable.spawn(gen_random_uuid(), 'plain', '{}', p_key => key) from unnest(array['a', 'a', 'b']) key";
    db.execute(spawn).await;
    db.execute("select durable.note(id, 'word', '{}', now()) from durable.task")
        .await;
    let running = db.claim_one("w").await;
    db.begin_step(&running, "s", "h").await;
    let of_running = format!("select key from durable.task where id = '{}'", running.task);
    let key: String = sqlx::query_scalar(sqlx::AssertSqlSafe(of_running))
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(key, "a", "the first in line");
    assert_eq!(db.int("select durable.erase('a')").await, 2);
    for table in ["task", "event", "ready"] {
        assert_eq!(
            db.count(&format!("durable.{table}")).await,
            1,
            "{table} of b"
        );
    }
    for table in ["run", "step"] {
        assert_eq!(db.count(&format!("durable.{table}")).await, 0, "{table}");
    }
    assert_eq!(db.int("select durable.erase('a')").await, 0);
}
