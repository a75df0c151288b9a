//! Behind a proxy everything is answered as without one.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::{Client, Method, Proxy, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::database::TestDatabase;
use crate::support::{TestServer, client, no_database, token_of};

/// Method, path, body.
const MISTAKES: [(&str, &str, &str); 10] = [
    ("GET", "/nowhere", ""),
    ("GET", "/functions/v1/create-plan-job", ""),
    ("POST", "/functions/v1/create-plan-job", "{"),
    ("POST", "/functions/v1/trigger-workout-plan", "{}"),
    ("GET", "/rest/v1/nowhere", ""),
    ("GET", "/rest/v1/exercises?id=eq.x", ""),
    ("GET", "/rest/v1/", ""),
    ("POST", "/rest/v1/exercises", "["),
    ("PUT", "/rest/v1/rpc/create_plan_job", ""),
    ("POST", "/rest/v1/rpc/nothing", "{}"),
];

async fn send(
    client: &Client,
    url: &str,
    user: &str,
    mistake: (&str, &str, &str),
    forwarded: bool,
) -> Response {
    let (method, path, body) = mistake;
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = client
        .request(method, format!("{url}{path}"))
        .bearer_auth(user)
        .body(body.to_owned());
    if forwarded {
        request = request
            .header("via", "1.1 proxy")
            .header(
                "forwarded",
                "for=192.0.2.1;proto=https;host=api.example.com",
            )
            .header("x-forwarded-for", "192.0.2.1")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", "api.example.com")
            .header("x-forwarded-prefix", "/elsewhere");
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_mistake_is_answered_the_same_through_a_proxy() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = token_of(Uuid::new_v4());
    // A client that takes the server for its proxy writes the whole address into the request line, as proxies may pass it on.
    let through = Client::builder()
        .proxy(Proxy::http(&server.url).unwrap())
        .build()
        .unwrap();
    for mistake in MISTAKES {
        let plain = send(&client(), &server.url, &user, mistake, false).await;
        let forwarded = send(&through, "http://api.example.com", &user, mistake, true).await;
        assert!(plain.status().is_client_error(), "{mistake:?}");
        assert_eq!(forwarded.status(), plain.status(), "{mistake:?}");
        assert_eq!(
            forwarded.headers()["content-type"],
            plain.headers()["content-type"]
        );
        let (forwarded, plain) = (forwarded.text().await.unwrap(), plain.text().await.unwrap());
        assert_eq!(forwarded, plain, "{mistake:?}");
        assert!(plain.starts_with('{'), "{mistake:?}: {plain}");
    }
}

#[tokio::test]
async fn an_old_proxy_that_speaks_http_1_0_gets_a_whole_answer() {
    let server = TestServer::start(no_database()).await;
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        "GET /rest/v1/a/b HTTP/1.0\r\nAccept-Encoding: gzip\r\nX-Request-Id: not-a-hash\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.0 404"), "{answer}");
    assert!(!answer.contains("chunked"), "{answer}");
}

#[tokio::test]
async fn a_proxys_request_id_is_kept_and_any_other_text_is_not() {
    let server = TestServer::start(no_database()).await;
    for (given, is_kept) in [
        ("0f9d2c3b4a5968778695a4b3c2d1e0f0", true),
        ("01934b5e-7c2a-7def-8123-456789abcdef", true),
        ("sb_secret_for_tests", false),
        ("short", false),
        (&"a".repeat(65), false),
    ] {
        let request = server.client.get(format!("{}/healthz", server.url));
        let response = request.header("x-request-id", given).send().await.unwrap();
        assert_eq!(
            response.headers()["x-request-id"] == given,
            is_kept,
            "{given}"
        );
    }
}

#[tokio::test]
async fn who_takes_gzip_gets_gzip_and_the_same_json() {
    let server = TestServer::start(no_database()).await;
    let url = format!("{}/functions/v1/none", server.url);
    let plain = server.client.get(&url).send().await.unwrap();
    assert!(!plain.headers().contains_key("content-encoding"));
    let plain = plain.text().await.unwrap();
    let packed = server
        .client
        .get(&url)
        .header("accept-encoding", "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    assert!(
        packed.headers()["vary"]
            .to_str()
            .unwrap()
            .contains("accept-encoding")
    );
    let packed = packed.bytes().await.unwrap();
    let mut text = String::new();
    GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain);
}
