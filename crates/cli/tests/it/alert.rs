//! The operator's webhook.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use local_postgres::testing::fresh_database;
use serde_json::{Value, json};

use crate::support::{Folder, Running, eventually, query};

const ALERT: &str = r#"{"alert": "provider_out_of_credit", "provider": "openai", "code": "QUOTA_EXCEEDED", "text": "It is out of credit."}"#;

/// Reads one request whole, answers it with this status, and gives its first line and body.
fn take(hook: &TcpListener, status: &str) -> (String, Value) {
    let (mut stream, _): (TcpStream, _) = hook.accept().unwrap();
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut buffer).unwrap();
        read.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let whole = text.split_once("\r\n\r\n").and_then(|(head, body)| {
            let body: Value = serde_json::from_str(body).ok()?;
            Some((head.lines().next()?.to_owned(), body))
        });
        if let Some(whole) = whole {
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            return whole;
        }
    }
}

#[test]
fn an_alert_is_posted_until_the_webhook_takes_it_and_its_address_is_not_logged() {
    let folder = Folder::new();
    let alert = format!("select durable.spawn_once('alert_operator', 'openai 1', '{ALERT}');");
    let database = fresh_database(&format!("{}\n{alert}", coach::migrate::script())).unwrap();
    let hook = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = folder.command(&["work", "--database-url", database.url()]);
    let url = format!("http://{}/secret-path", hook.local_addr().unwrap());
    command.env("MESOCYCLE_ALERT_WEBHOOK", url);
    let work = Running::start(command, &folder.path.join("work.log"));
    let expected: Value = serde_json::from_str(ALERT).unwrap();
    for status in ["500 Internal Server Error", "204 No Content"] {
        let (line, body) = take(&hook, status);
        assert_eq!(line, "POST /secret-path HTTP/1.1");
        assert_eq!(body, expected);
    }
    let output = eventually("the task's end", || {
        query(
            database.url(),
            "select output::text from durable.task where kind = 'alert_operator'",
        )
    });
    assert_eq!(
        serde_json::from_str::<Value>(&output).unwrap(),
        json!({ "sent": true })
    );
    let log = work.stop();
    assert!(!log.contains("secret-path"), "{log}");
}

#[test]
fn without_a_webhook_an_alert_ends_in_the_log() {
    let folder = Folder::new();
    let alert = format!("select durable.spawn_once('alert_operator', 'openai 1', '{ALERT}');");
    let database = fresh_database(&format!("{}\n{alert}", coach::migrate::script())).unwrap();
    let command = folder.command(&["work", "--database-url", database.url()]);
    let work = Running::start(command, &folder.path.join("work.log"));
    let outcome = eventually("the task's end", || {
        query(
            database.url(),
            "select outcome::text from durable.task where kind = 'alert_operator'",
        )
    });
    assert_eq!(outcome, "succeeded");
    work.stop();
}
