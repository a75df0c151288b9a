//! What follows a failure: by its code's class, and until the retries are used up.

use crate::support::Database;

async fn database() -> Database {
    let db = Database::fresh().await;
    db.execute("select durable.register_error('NEVER', 'never'), durable.register_error('AT_ONCE', 'at_once')").await;
    db
}

#[tokio::test]
async fn a_code_of_class_never_fails_the_task_at_once() {
    let db = database().await;
    let task = db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(db.fail(&run, "NEVER").await, "failed");
    assert_eq!(
        db.outcome(task).await,
        ("failed".into(), Some("NEVER".into()))
    );
}

#[tokio::test]
async fn a_code_of_class_at_once_is_ready_again_with_its_retry_counted() {
    let db = database().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(db.fail(&run, "AT_ONCE").await, "ready");
    assert_eq!(db.claim_one("v").await.retries, 1);
}

#[tokio::test]
async fn an_unregistered_code_waits_longer_each_time_and_never_over_five_minutes() {
    let db = database().await;
    let mut last = 0.0;
    for retry in 1..=9 {
        let (low, high) = (
            f64::min(300.0, 5.0 * 2_f64.powi(retry - 1)) * 0.5,
            f64::min(300.0, 5.0 * 2_f64.powi(retry - 1)),
        );
        let wait: f64 = sqlx::query_scalar("select extract(epoch from durable.backoff('00000000-0000-7000-8000-000000000001', $1))::float8")
            .bind(retry).fetch_one(&db.pool).await.expect("backoff");
        assert!(
            (low..=high).contains(&wait),
            "retry {retry}: {wait} is not in {low}..={high}"
        );
        assert!(
            retry > 6 || wait > last * 0.9,
            "retry {retry}: {wait} after {last}"
        );
        last = wait;
    }
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(db.fail(&run, "UNHEARD_OF").await, "waiting");
    assert_eq!(
        db.text("select reason from durable.timer").await,
        "retry after UNHEARD_OF"
    );
}

#[tokio::test]
async fn a_wait_that_the_outside_named_is_kept() {
    let db = database().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    let outcome: String =
        sqlx::query_scalar("select durable.fail($1, $2, 'AT_ONCE', 'm', interval '90 seconds')")
            .bind(run.task)
            .bind(run.token)
            .fetch_one(&db.pool)
            .await
            .expect("fail");
    assert_eq!(outcome, "waiting");
    assert_eq!(
        db.int("select durable.promote(500, now() + interval '80 seconds')")
            .await,
        0
    );
    assert_eq!(
        db.int("select durable.promote(500, now() + interval '91 seconds')")
            .await,
        1
    );
}

#[tokio::test]
async fn three_retries_are_four_attempts_and_the_last_code_stays() {
    let db = database().await;
    let task = db.spawn().await;
    for retries in 0..3 {
        let run = db.claim_one(&format!("w{retries}")).await;
        assert_eq!(run.retries, retries);
        assert_eq!(db.fail(&run, "AT_ONCE").await, "ready");
    }
    let run = db.claim_one("w-last").await;
    assert_eq!(db.fail(&run, "OTHER").await, "failed");
    assert_eq!(
        db.outcome(task).await,
        ("failed".into(), Some("OTHER".into()))
    );
}
