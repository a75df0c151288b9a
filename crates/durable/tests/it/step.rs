//! The journal: begun before the work, replayed after it.

use crate::support::Database;

#[tokio::test]
async fn a_finished_step_is_replayed_to_a_later_attempt() {
    let db = Database::fresh().await;
    db.spawn().await;
    let first = db.claim_one("w").await;
    assert_eq!(db.begin_step(&first, "draft", "h").await, "begun");
    assert!(db.finish_step(&first, "draft", "{\"paid\": true}").await);
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    let second = db.claim_one("v").await;
    assert_eq!(
        db.begin_step(&second, "draft", "h").await,
        "done {\"paid\": true}"
    );
}

#[tokio::test]
async fn a_step_whose_end_nobody_saw_is_a_repeat_and_counted() {
    let db = Database::fresh().await;
    db.spawn().await;
    let first = db.claim_one("w").await;
    assert_eq!(db.begin_step(&first, "draft", "h").await, "begun");
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    let second = db.claim_one("v").await;
    assert_eq!(db.begin_step(&second, "draft", "h").await, "repeat");
    assert_eq!(db.int("select begun from durable.step").await, 2);
    assert!(
        !db.finish_step(&first, "draft", "{}").await,
        "the first attempt was superseded"
    );
    assert!(db.finish_step(&second, "draft", "{}").await);
}

#[tokio::test]
async fn another_request_under_the_same_name_is_an_error() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    db.begin_step(&run, "draft", "h").await;
    assert_eq!(db.begin_step(&run, "draft", "other").await, "changed");
}
