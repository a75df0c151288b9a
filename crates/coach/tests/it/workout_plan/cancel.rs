//! `cancel_workout_plan_request`.

use serde_json::json;
use uuid::Uuid;

use super::database::{Database, eight_weeks, refused, service, user_caller};

fn cancel(request: Uuid) -> String {
    format!("select to_jsonb(public.cancel_workout_plan_request('{request}'))")
}

#[tokio::test]
async fn a_user_cancels_an_own_request_and_hears_no_more_of_it() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let request = database.request(user).await;
    assert_eq!(
        database
            .ask(&user_caller(user), &cancel(request))
            .await
            .unwrap(),
        json!(true)
    );
    let row = database.row(request).await;
    assert_eq!(
        (&row["status"], &row["error_code"], &row["error_message"]),
        (
            &json!("failed"),
            &json!("USER_CANCELLED"),
            &json!("You cancelled this plan.")
        )
    );
    assert!(row["completed_at"].is_string());
    assert!(database.notifications(user).await.is_empty());
    refused(
        database.ask(&user_caller(user), &cancel(request)).await,
        "PT409",
        "INVALID_STATE",
    );
}

#[tokio::test]
async fn a_cancelled_attempt_stores_nothing() {
    let database = Database::fresh().await;
    let user = Uuid::new_v4();
    let request = database.request(user).await;
    let worker = database.worker().await;
    let claimed = database.claim(worker).await;
    database
        .ask(&user_caller(user), &cancel(request))
        .await
        .unwrap();
    assert_eq!(database.publish(claimed, &eight_weeks()).await, Ok(None));
    assert_eq!(database.row(request).await["error_code"], "USER_CANCELLED");
    assert_eq!(
        (
            database.count("public.workout_plans").await,
            database.count("public.workout_entries").await
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn nobody_cancels_what_is_not_theirs() {
    let database = Database::fresh().await;
    let request = database.request(Uuid::new_v4()).await;
    refused(
        database
            .ask(&user_caller(Uuid::new_v4()), &cancel(request))
            .await,
        "PT404",
        "NOT_FOUND",
    );
    refused(
        database
            .ask(&user_caller(Uuid::new_v4()), &cancel(Uuid::new_v4()))
            .await,
        "PT404",
        "NOT_FOUND",
    );
    refused(
        database.ask(&service(), &cancel(request)).await,
        "42501",
        "",
    );
    assert_eq!(database.row(request).await["status"], "processing");
}
