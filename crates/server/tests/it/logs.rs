//! The log: a line a request, and never who or what it was about.

use serde_json::json;
use uuid::Uuid;

use crate::database::{CREATE, PROCESS, TestDatabase};
use crate::support::{SECRET, SECRET_KEY, answer, capture_log, token_of};

#[tokio::test]
async fn a_request_is_found_by_its_id_and_nothing_private_is_found_at_all() {
    let log = capture_log();
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = Uuid::new_v4();
    let token = token_of(user);
    let body = json!({ "profileSnapshot": { "goal": "ENDURANCE", "trainingDays": 3, "injuries": "torn meniscus" },
        "idempotencyKey": "key-of-mine" });
    let response = server
        .post(CREATE)
        .bearer_auth(&token)
        .json(&body)
        .send()
        .await
        .unwrap();
    let id = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let bad_profile = json!({ "profileSnapshot": { "goal": "torn meniscus", "trainingDays": 3 } });
    server.ask(CREATE, &token, &bad_profile).await;
    server.ask(PROCESS, SECRET_KEY, &json!({})).await;
    let with_query = format!("{CREATE}?apikey={SECRET_KEY}");
    answer(
        server
            .post(&with_query)
            .bearer_auth("not-a-token")
            .json(&body),
    )
    .await;
    database.run("drop table coach.setting cascade").await;
    server.ask(CREATE, &token_of(Uuid::new_v4()), &body).await;

    let log = log.text();
    assert!(
        log.lines()
            .any(|line| line.contains(&id) && line.contains("answered") && line.contains(CREATE))
    );
    assert!(log.contains("a call to the database failed"));
    for private in [
        token.as_str(),
        &user.to_string(),
        SECRET,
        SECRET_KEY,
        "not-a-token",
        "meniscus",
        "key-of-mine",
    ] {
        let line = log.lines().find(|line| line.contains(private));
        assert_eq!(line, None, "the log holds {private:?}");
    }
}
