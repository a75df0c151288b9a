//! A defect of ours: the client still gets an answer it can read.

use std::sync::Arc;

use serde_json::json;

use crate::database::{CREATE, TestDatabase, request};
use crate::support::{TestServer, answer, refused, token_of};

#[tokio::test]
async fn a_panic_is_500_with_the_envelope_and_the_server_goes_on() {
    let database = TestDatabase::new().await;
    let broken = Arc::new(|| panic!("the secret is 42"));
    let server = TestServer::start_with_wake(database.pool.clone(), broken).await;
    let request = server
        .post(CREATE)
        .bearer_auth(token_of(uuid::Uuid::new_v4()))
        .json(&request());
    let response = request
        .header("origin", "https://app.example.com")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let answered = (response.status().as_u16(), response.json().await.unwrap());
    assert!(!refused(answered, 500, "INTERNAL_ERROR").contains("42"));
    let health = server.post(CREATE).json(&json!({ "healthCheck": true }));
    assert_eq!(answer(health).await.0, 200);
}
