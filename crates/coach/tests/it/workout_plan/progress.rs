//! `coach.report_progress`: forward only, throttled, fenced by the caller.

use serde_json::{Value, json};
use uuid::Uuid;

use super::database::{Database, eight_weeks};

/// Reports at `seconds` after noon; whether it was written.
async fn report(database: &Database, request: Uuid, at: &str, step: i32, completed: i32) -> bool {
    let sql = format!(
        "select to_jsonb(coach.report_progress('{request}', {step}, 'Step {step}', 100, {completed}, timestamptz '2026-01-01 12:00:{at}Z'))"
    );
    database.value(&sql).await == Value::Bool(true)
}

async fn shown(database: &Database, request: Uuid) -> (Value, Value, Value) {
    let row = database.row(request).await;
    (
        row["current_step"].clone(),
        row["exercises_completed"].clone(),
        row["exercises_total"].clone(),
    )
}

#[tokio::test]
async fn progress_is_written_after_a_second_or_five_percent_or_with_a_step() {
    let database = Database::fresh().await;
    let request = database.request(Uuid::new_v4()).await;
    for (at, step, completed, written) in [
        ("00.0", 1, 0, true),   // a step
        ("00.1", 1, 10, false), // 10 of 100 in one of three steps is 3.3 %
        ("00.2", 1, 15, true),  // 5 %
        ("00.3", 1, 16, false),
        ("01.1", 1, 17, false), // 0.9 s after the last
        ("01.2", 1, 18, true),  // a second
        ("01.3", 2, 18, true),  // a step
        ("01.4", 2, 100, true),
        ("01.5", 3, 100, true),
    ] {
        assert_eq!(
            report(&database, request, at, step, completed).await,
            written,
            "{at} {step} {completed}"
        );
    }
    assert_eq!(
        shown(&database, request).await,
        (json!(3), json!(100), json!(100))
    );
}

#[tokio::test]
async fn progress_never_goes_back_when_an_attempt_begins_again() {
    let database = Database::fresh().await;
    let request = database.request(Uuid::new_v4()).await;
    assert!(report(&database, request, "00", 2, 40).await);
    for (at, step, completed) in [("10", 1, 0), ("20", 2, 0), ("30", 2, 40)] {
        assert!(!report(&database, request, at, step, completed).await);
        assert_eq!(
            shown(&database, request).await,
            (json!(2), json!(40), json!(100))
        );
    }
    // A later step that counts anew does not take away what was counted.
    assert!(report(&database, request, "40", 3, 0).await);
    assert_eq!(
        shown(&database, request).await,
        (json!(3), json!(40), json!(100))
    );
}

#[tokio::test]
async fn an_ended_request_shows_its_end_at_once_and_reports_no_more() {
    let database = Database::fresh().await;
    let request = database.request(Uuid::new_v4()).await;
    let worker = database.worker().await;
    let claimed = database.claim(worker).await;
    assert!(report(&database, request, "00", 2, 40).await);
    database
        .publish(claimed, &eight_weeks())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        shown(&database, request).await,
        (json!(3), json!(100), json!(100))
    );
    assert!(!report(&database, request, "50", 3, 100).await);
}

#[tokio::test]
async fn what_was_understood_is_its_users_to_read() {
    let database = Database::fresh().await;
    let (user, other) = (Uuid::new_v4(), Uuid::new_v4());
    let request = database.request(user).await;
    database
        .run(&format!(
            "select coach.keep_understood('{request}', '{{\"goal\": \"MUSCLE_GAIN\"}}')"
        ))
        .await;
    let read = "select understood from public.workout_plan_inputs";
    assert_eq!(
        database
            .ask(&super::database::user_caller(user), read)
            .await
            .unwrap(),
        json!({ "goal": "MUSCLE_GAIN" })
    );
    assert_eq!(
        database
            .ask(&super::database::user_caller(other), read)
            .await
            .unwrap(),
        Value::Null
    );
}
