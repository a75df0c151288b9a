//! What failed for good waits in the dead letters; what ended may be replayed.

use durable::operate;
use uuid::Uuid;

use crate::support::Database;

#[tokio::test]
async fn a_task_that_failed_for_good_is_a_dead_letter_until_it_is_replayed() {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('NO', 'never')")
        .await;
    let task = db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(db.fail(&run, "NO").await, "failed");
    assert_eq!(
        db.text("select task::text from durable.dead_letter").await,
        task.to_string()
    );
    let again = operate::replay(&db.pool, task, None).await.expect("replay");
    assert_eq!(db.count("durable.dead_letter").await, 0);
    assert_eq!(
        db.text(&format!(
            "select replay_of::text from durable.task where id = '{again}'"
        ))
        .await,
        task.to_string()
    );
    assert_eq!(db.outcome(task).await.0, "failed", "an end is final");
    let run = db.claim_one("v").await;
    assert_eq!((run.task, run.retries), (again, 0));
}

#[tokio::test]
async fn a_replay_pays_for_nothing_that_was_done_before_the_step_it_starts_from() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    let run = db.claim_one("w").await;
    for name in ["draft", "repair", "store"] {
        assert_eq!(db.begin_step(&run, name, "h").await, "begun");
        assert!(
            db.finish_step(&run, name, &format!("{{\"step\": \"{name}\"}}"))
                .await
        );
    }
    assert!(db.finish(task, "failed").await);
    operate::replay(&db.pool, task, Some("repair"))
        .await
        .expect("replay");
    let again = db.claim_one("v").await;
    assert_eq!(
        db.begin_step(&again, "draft", "h").await,
        "done {\"step\": \"draft\"}"
    );
    assert_eq!(db.begin_step(&again, "repair", "h").await, "begun");
}

#[tokio::test]
async fn what_is_live_unknown_or_without_that_step_is_not_replayed() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    for (task, step) in [(task, None), (Uuid::now_v7(), None)] {
        let refused = operate::replay(&db.pool, task, step)
            .await
            .expect_err("refused");
        assert!(refused.to_string().contains("has not ended"), "{refused}");
    }
    assert!(db.finish(task, "failed").await);
    let refused = operate::replay(&db.pool, task, Some("draft"))
        .await
        .expect_err("refused");
    assert!(
        refused.to_string().contains("never began a step \"draft\""),
        "{refused}"
    );
    assert_eq!(db.count("durable.task").await, 1);
}
