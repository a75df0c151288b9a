//! Stopping: open requests are answered, new ones are not taken.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{TestServer, no_database};

#[tokio::test]
async fn an_open_request_is_answered_and_then_the_server_ends() {
    let mut server = TestServer::start(no_database()).await;
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut open = TcpStream::connect(&address).await.unwrap();
    let body = json!({ "healthCheck": true }).to_string();
    let head = format!(
        "POST /functions/v1/create-plan-job HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    open.write_all(head.as_bytes()).await.unwrap();
    // A second request on its own connection proves that the first one's head has been taken in.
    assert!(
        server
            .client
            .get(format!("{}/healthz", server.url))
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    server.shutdown.cancel();
    open.write_all(body.as_bytes()).await.unwrap();
    let mut response = String::new();
    open.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
    let ended = tokio::time::timeout(Duration::from_secs(5), &mut server.serving).await;
    assert!(ended.is_ok_and(|joined| joined.is_ok_and(|served| served.is_ok())));
    assert!(TcpStream::connect(&address).await.is_err());
}
