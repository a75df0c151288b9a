use serde_json::json;
use uuid::Uuid;

use super::{Room, ids, refused};
use crate::support::token_of;

const PLAYER: &str = "00000000-0000-4000-8000-0000706c6179";

#[tokio::test]
async fn both_flows_go_from_the_playground_to_a_plan_of_its_own_user() {
    let room = Room::new().await;
    let worker = room.worker().await;
    let weekly = json!({ "weekly": { "goal": "MUSCLE_GAIN", "trainingDays": 3 } });
    let workout = json!({ "workout": { "text": "Get stronger, 3 days a week, full gym.", "time_zone": "Europe/Berlin" } });
    for (body, list) in [(weekly, "/weekly-plans"), (workout, "/workout-plans")] {
        let (status, started) = room.post("/playground", body).await;
        assert_eq!(status, 200, "{started}");
        worker.wake();
        let task = room
            .ended(started["task"].as_str().unwrap().parse().unwrap())
            .await;
        assert_eq!(
            (&task["state"], &task["user"]),
            (&json!("succeeded"), &json!(PLAYER))
        );
        let plans = room.get(&format!("{list}?user={PLAYER}")).await;
        assert_eq!(ids(&plans).len(), 1, "{plans}");
    }
    worker.drain(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn what_is_being_made_for_the_user_is_answered_and_a_named_users_limit_holds() {
    let room = Room::new().await;
    let user = Uuid::new_v4();
    let weekly = json!({ "user": user, "weekly": { "goal": "MUSCLE_GAIN", "trainingDays": 3 } });
    let workout = json!({ "user": user, "workout": { "text": "Get stronger, 3 days a week." } });
    for body in [weekly.clone(), workout] {
        let first = room.post("/playground", body.clone()).await;
        assert_eq!(first.0, 200, "{first:?}");
        assert_eq!(first, room.post("/playground", body).await);
    }
    let other = Uuid::new_v4();
    room.database.ended_jobs(other, 20).await;
    let limited = json!({ "user": other, "weekly": { "goal": "MUSCLE_GAIN", "trainingDays": 3 } });
    refused(
        room.post("/playground", limited).await,
        429,
        "TOO_MANY_REQUESTS",
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_wish_is_said_and_nothing_is_made() {
    let room = Room::new().await;
    let goal = json!({ "weekly": { "goal": "FLY", "trainingDays": 3 } });
    let said = refused(room.post("/playground", goal).await, 400, "INVALID_PROFILE");
    assert!(said.contains("goal"), "{said}");
    let blank = json!({ "workout": { "text": " " } });
    refused(
        room.post("/playground", blank).await,
        400,
        "INVALID_REQUEST",
    );
    for body in [
        json!({}),
        json!({ "weekly": {}, "workout": { "text": "Get stronger." } }),
        json!({ "weekly": "MUSCLE_GAIN" }),
        json!({ "user": "asha", "weekly": {} }),
        json!({ "workout": { "text": "Get stronger.", "language": "de" } }),
    ] {
        refused(room.post("/playground", body).await, 400, "INVALID_REQUEST");
    }
    assert_eq!(room.database.rows().await, 0);

    let user = Uuid::new_v4();
    let url = format!("{}/admin/v1/playground", room.server.url);
    let asked = room
        .server
        .client
        .post(url)
        .bearer_auth(token_of(user))
        .json(&json!({}));
    refused(crate::support::answer(asked).await, 403, "FORBIDDEN");
}
