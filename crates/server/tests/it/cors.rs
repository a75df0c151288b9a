//! Browsers: what they may call, and that a refusal reaches them too.

use reqwest::{Method, Response};
use server::{AllowedOrigins, Settings};

use crate::support::{TestServer, no_database};

const PAGE: &str = "https://app.example.com";

async fn preflight(server: &TestServer, path: &str, headers: &str) -> Response {
    server
        .client
        .request(Method::OPTIONS, format!("{}{path}", server.url))
        .header("origin", PAGE)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", headers)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn every_options_succeeds_without_credentials_and_echoes_the_headers() {
    let server = TestServer::start(no_database()).await;
    let headers =
        "authorization,x-client-info,apikey,content-type,x-region,idempotency-key,x-made-up";
    for path in [
        "/functions/v1/create-plan-job",
        "/functions/v1/process-plan-queue",
        "/functions/v1/none",
        "/rest/v1/exercises",
        "/rest/v1/rpc/create_plan_job",
        "/rest/v1/",
        "/healthz",
        "/",
    ] {
        let response = preflight(&server, path, headers).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert_eq!(response.headers()["access-control-allow-headers"], headers);
        assert_eq!(response.headers()["access-control-max-age"], "86400");
        assert!(
            response.headers()["access-control-allow-methods"]
                .to_str()
                .unwrap()
                .contains("POST")
        );
    }
    let plain = server.client.request(
        Method::OPTIONS,
        format!("{}/functions/v1/create-plan-job", server.url),
    );
    assert_eq!(plain.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn refusals_carry_cors_and_json() {
    let server = TestServer::start(no_database()).await;
    let create = "/functions/v1/create-plan-job";
    let user = crate::support::token_of(uuid::Uuid::new_v4());
    let requests = [
        (401, server.post(create)),
        (404, server.post("/functions/v1/none")),
        (405, server.client.get(format!("{}{create}", server.url))),
        (413, server.post(create).body(vec![b' '; 262_145])),
        (400, server.post(create).bearer_auth(&user).body("{")),
        (
            503,
            server
                .post("/functions/v1/process-plan-queue")
                .bearer_auth(&user),
        ),
        (401, server.post("/rest/v1/exercises")),
        (404, server.post("/rest/v1/a/b")),
        (503, server.post("/rest/v1/exercises").bearer_auth(&user)),
    ];
    for (status, request) in requests {
        let response = request.header("origin", PAGE).send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(
            response.headers()["access-control-allow-origin"],
            "*",
            "{status}"
        );
        assert_eq!(
            response.headers()["content-type"],
            "application/json",
            "{status}"
        );
        let exposed = response.headers()["access-control-expose-headers"]
            .to_str()
            .unwrap()
            .to_owned();
        for name in [
            "content-range",
            "content-location",
            "location",
            "x-supabase-api-version",
            "preference-applied",
            "retry-after",
            "x-relay-error",
        ] {
            assert!(exposed.contains(name), "{exposed} lacks {name}");
        }
        assert!(!response.headers().contains_key("x-relay-error"));
        assert!(response.headers().contains_key("x-request-id"));
    }
}

#[tokio::test]
async fn a_list_of_origins_lets_in_those_alone() {
    let settings = Settings {
        allowed_origins: AllowedOrigins::parse([PAGE]).unwrap(),
        ..Settings::default()
    };
    let server = TestServer::start_with(no_database(), settings).await;
    let allowed = preflight(&server, "/functions/v1/create-plan-job", "apikey").await;
    assert_eq!(allowed.headers()["access-control-allow-origin"], PAGE);
    let health = format!("{}/healthz", server.url);
    let stranger = server
        .client
        .get(&health)
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert!(
        !stranger
            .headers()
            .contains_key("access-control-allow-origin")
    );
}
