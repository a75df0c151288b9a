//! Who may open a connection, and how it ends.

use serde_json::{Value, json};
use server::{AllowedOrigins, Settings};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self};

use super::support::{Client, address};
use crate::support::{PUBLISHABLE, TestServer, anon_key, no_database, service_role_key};

/// How an upgrade is refused: the status, and the sentence of the body.
async fn refusal(server: &TestServer, query: &str, origin: Option<&str>) -> (u16, String) {
    let mut request = address(server, query).into_client_request().unwrap();
    if let Some(origin) = origin {
        request
            .headers_mut()
            .insert("origin", HeaderValue::from_str(origin).unwrap());
    }
    match connect_async(request).await {
        Err(tungstenite::Error::Http(response)) => {
            let body: Value = serde_json::from_slice(response.body().as_ref().unwrap()).unwrap();
            (
                response.status().as_u16(),
                body["error"].as_str().unwrap().to_owned(),
            )
        }
        other => panic!("{query}: {other:?}"),
    }
}

#[tokio::test]
async fn a_key_that_is_known_opens_a_connection_and_no_other_does() {
    let server = TestServer::start(no_database()).await;
    for key in [anon_key(), service_role_key(), PUBLISHABLE.into()] {
        let mut client =
            Client::open(&server, &format!("apikey={key}&vsn=2.0.0&log_level=info")).await;
        client
            .send(&json!([null, "7", "phoenix", "heartbeat", {}]))
            .await;
        let expected = r#"[null,"7","phoenix","phx_reply",{"response":{},"status":"ok"}]"#;
        assert_eq!(
            client
                .message()
                .await
                .unwrap()
                .into_text()
                .unwrap()
                .as_str(),
            expected
        );
    }
    for query in [
        "",
        "vsn=2.0.0",
        "apikey=sb_publishable_other",
        "apikey=a.b.c",
        "apikey=",
    ] {
        let (status, reason) = refusal(&server, query, None).await;
        assert_eq!(status, 401, "{query}");
        assert!(reason.contains(' '), "{reason}");
    }
    let (status, _) = refusal(&server, &format!("apikey={}&vsn=3.0.0", anon_key()), None).await;
    assert_eq!(status, 400);
    let plain = server.client.get(format!(
        "{}/realtime/v1/websocket?apikey={}",
        server.url,
        anon_key()
    ));
    assert_eq!(plain.send().await.unwrap().status(), 400, "no upgrade");
}

#[tokio::test]
async fn a_web_page_that_may_not_call_may_not_connect_either() {
    let allowed_origins = AllowedOrigins::parse(["https://app.example.com"]).unwrap();
    let settings = Settings {
        allowed_origins,
        ..Settings::default()
    };
    let server = TestServer::start_with(no_database(), settings).await;
    let query = format!("apikey={}&vsn=2.0.0", anon_key());
    assert_eq!(
        refusal(&server, &query, Some("https://evil.example.com"))
            .await
            .0,
        403
    );
    let mut request = address(&server, &query).into_client_request().unwrap();
    request.headers_mut().insert(
        "origin",
        HeaderValue::from_static("https://app.example.com"),
    );
    assert!(connect_async(request).await.is_ok());
    let _phone = Client::open(&server, &query).await;
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_is_gone() {
    let mut server = TestServer::start(no_database()).await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(Client::connect(&server).await);
    }
    server.shutdown.cancel();
    for client in &mut clients {
        let frame = client.closed().await.expect("a goodbye");
        assert_eq!(u16::from(frame.code), 1012, "{frame:?}");
    }
    assert!((&mut server.serving).await.unwrap().is_ok());
}
