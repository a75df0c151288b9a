//! The request's row moves with its task, whoever moves it, and its end is announced once.

use serde_json::{Value, json};
use uuid::Uuid;

use super::database::{Database, eight_weeks, refused, service};

#[tokio::test]
async fn a_published_plan_completes_the_request_and_is_announced() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let request = database.request(user).await;
    let worker = database.worker().await;
    let claimed = database.claim(worker).await;
    assert_eq!(database.row(request).await["status"], "processing");
    let plan = database
        .publish(claimed, &eight_weeks())
        .await
        .unwrap()
        .unwrap();
    let row = database.row(request).await;
    assert_eq!(
        [
            &row["status"],
            &row["workout_plan_id"],
            &row["current_step"],
            &row["error_code"]
        ],
        [&json!("completed"), &json!(plan), &json!(3), &Value::Null]
    );
    assert!(row["completed_at"].is_string());
    assert_eq!(
        database.notifications(user).await,
        [json!({ "type": "workout_plan_ready", "requestId": request, "workoutPlanId": plan })]
    );
}

#[tokio::test]
async fn a_retry_is_said_in_the_step_and_the_last_failure_in_the_row() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let request = database.request(user).await;
    let worker = database.worker().await;
    for attempt in 0..4 {
        let (task, token) = database.claim(worker).await;
        let outcome: String = sqlx::query_scalar(
            "select durable.fail($1, $2, 'AI_TIMEOUT', 'the model said nothing')",
        )
        .bind(task)
        .bind(token)
        .fetch_one(&database.pool)
        .await
        .unwrap();
        let row = database.row(request).await;
        if attempt < 3 {
            assert_eq!(outcome, "ready");
            assert_eq!(
                (
                    &row["status"],
                    &row["step_description"],
                    &row["error_message"]
                ),
                (
                    &json!("processing"),
                    &json!("Making your plan took too long. We are trying again by ourselves."),
                    &Value::Null
                )
            );
            assert!(database.notifications(user).await.is_empty());
        } else {
            assert_eq!(
                (&row["status"], &row["error_code"], &row["error_message"]),
                (
                    &json!("failed"),
                    &json!("AI_TIMEOUT"),
                    &json!("Making your plan took too long. Please try again later.")
                )
            );
        }
    }
    assert_eq!(
        database.notifications(user).await,
        [json!({ "type": "workout_plan_failed", "requestId": request })]
    );
}

#[tokio::test]
async fn what_the_reader_says_of_a_profile_reaches_its_user() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let request = database.request(user).await;
    let worker = database.worker().await;
    let (task, token) = database.claim(worker).await;
    sqlx::query("select durable.fail($1, $2, 'NEEDS_CLEARANCE', 'You wrote of chest pain: please see a doctor first.')")
        .bind(task)
        .bind(token)
        .execute(&database.pool)
        .await
        .unwrap();
    let row = database.row(request).await;
    assert_eq!(
        (&row["error_code"], &row["error_message"]),
        (
            &json!("NEEDS_CLEARANCE"),
            &json!("You wrote of chest pain: please see a doctor first.")
        )
    );
}

#[tokio::test]
async fn the_service_role_ends_a_request_by_hand_and_the_task_follows() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let request = database.request(user).await;
    let by_hand = |status: &str| {
        format!(
            "update public.workout_plan_requests set status = '{status}' where request_id = '{request}'"
        )
    };
    database.ask(&service(), &by_hand("failed")).await.unwrap();
    let ended = database
        .value(&format!(
            "select to_jsonb(t.outcome) from durable.task t where t.id = '{request}'"
        ))
        .await;
    assert_eq!(ended, "failed");
    assert!(database.row(request).await["completed_at"].is_string());
    refused(
        database.ask(&service(), &by_hand("processing")).await,
        "PT409",
        "INVALID_STATE",
    );
    // The user may ask anew.
    assert_ne!(database.request(user).await, request);
}

#[tokio::test]
async fn a_deleted_request_takes_its_task_and_its_inputs_along() {
    let database = Database::fresh().await;
    let request = database.request(Uuid::new_v4()).await;
    database
        .ask(
            &service(),
            &format!("delete from public.workout_plan_requests where request_id = '{request}'"),
        )
        .await
        .unwrap();
    let ended = database
        .value(&format!(
            "select to_jsonb(t.outcome) from durable.task t where t.id = '{request}'"
        ))
        .await;
    assert_eq!(ended, "cancelled");
    assert_eq!(
        (
            database.count("durable.ready").await,
            database.count("public.workout_plan_inputs").await
        ),
        (0, 0)
    );
}
