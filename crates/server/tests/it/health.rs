//! `/healthz` and `/readyz`.

use serde_json::json;

use crate::support::{TestServer, answer, no_database};

#[tokio::test]
async fn it_is_alive_before_it_is_ready_and_not_ready_without_its_database() {
    let server = TestServer::start(no_database()).await;
    let get = |path: &str| server.client.get(format!("{}{path}", server.url));
    assert_eq!(
        answer(get("/healthz")).await,
        (200, json!({ "status": "ok" }))
    );
    let (status, body) = answer(get("/readyz")).await;
    assert_eq!((status, &body["status"]), (503, &json!("starting")));
    server.readiness.set_ready();
    let (status, body) = answer(get("/readyz")).await;
    assert_eq!((status, &body["status"]), (503, &json!("unavailable")));
}

#[tokio::test]
async fn the_health_check_of_clients_needs_no_credential_and_no_database() {
    let server = TestServer::start(no_database()).await;
    let check = json!({ "healthCheck": true });
    let (status, body) = answer(server.post("/functions/v1/create-plan-job").json(&check)).await;
    assert_eq!((status, &body["success"]), (200, &json!(true)));
    let with_a_bad_token = server
        .post("/functions/v1/create-plan-job")
        .bearer_auth("nonsense")
        .json(&check);
    assert_eq!(answer(with_a_bad_token).await.0, 200);
    for other in [
        json!({ "healthCheck": false }),
        json!({ "healthCheck": "true" }),
        json!([{ "healthCheck": true }]),
    ] {
        assert_eq!(
            answer(server.post("/functions/v1/create-plan-job").json(&other))
                .await
                .0,
            401,
            "{other}"
        );
    }
}
