use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use uuid::Uuid;

use super::{Room, refused};
use crate::support::{answer, service_role_key};

/// One event of the stream: name, id, data.
type Told = (String, Option<i64>, Value);

/// A stream of events, read as it comes.
struct Stream {
    text: String,
    bytes: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
}

impl Stream {
    async fn open(room: &Room, last_event_id: Option<i64>) -> Self {
        let url = format!("{}/admin/v1/changes", room.server.url);
        let mut request = room.server.client.get(url).bearer_auth(service_role_key());
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id.to_string());
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let chunks = futures_util::stream::unfold(response, |mut response| async move {
            let chunk = response.chunk().await.transpose()?;
            Some((chunk.map(|bytes| bytes.to_vec()), response))
        });
        Self {
            text: String::new(),
            bytes: Box::pin(chunks),
        }
    }

    /// The next event; none when the server has closed.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    block.lines().find_map(|line| {
                        line.strip_prefix(name)?
                            .strip_prefix(": ")
                            .map(str::to_owned)
                    })
                };
                if let (Some(event), Some(data)) = (field("event"), field("data")) {
                    let id = field("id").map(|id| id.parse().unwrap());
                    return Some((event, id, serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(30), self.bytes.next())
                .await
                .unwrap()?;
            self.text.push_str(&String::from_utf8(chunk.ok()?).unwrap());
        }
    }

    /// The next `count` changes: id and task.
    async fn changes(&mut self, count: usize) -> Vec<(i64, Uuid)> {
        let mut seen = Vec::new();
        while seen.len() < count {
            let (event, id, data) = self.next().await.expect("the stream goes on");
            if event == "change" {
                assert_eq!(data["id"], id.unwrap());
                seen.push((id.unwrap(), data["task"].as_str().unwrap().parse().unwrap()));
            }
        }
        seen
    }
}

async fn cancelled_task(room: &Room) -> Uuid {
    let task = Uuid::new_v4();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "select durable.spawn('{task}', 'send_push', '{{}}'); select durable.finish('{task}', 'cancelled')"
    )))
    .execute(&room.database.pool)
    .await
    .unwrap();
    task
}

#[tokio::test]
async fn a_stream_that_broke_off_is_taken_up_without_a_gap_or_a_repeat() {
    let room = Room::new().await;
    let mut stream = Stream::open(&room, None).await;
    // The first event says how the queues stand: from here on everything is heard.
    assert_eq!(stream.next().await.unwrap().0, "queues");
    let first = cancelled_task(&room).await;
    let seen = stream.changes(1).await;
    assert_eq!(seen[0].1, first);
    drop(stream);

    // While nobody listens, one transaction draws an id and stays open, and others commit after it.
    let late = Uuid::new_v4();
    let mut open = room.database.pool.begin().await.unwrap();
    sqlx::query("select durable.spawn($1, 'send_push', '{}')")
        .bind(late)
        .execute(&mut *open)
        .await
        .unwrap();
    sqlx::query("select durable.note($1, 'noted')")
        .bind(late)
        .execute(&mut *open)
        .await
        .unwrap();
    let (second, third) = (cancelled_task(&room).await, cancelled_task(&room).await);
    let mut stream = Stream::open(&room, Some(seen[0].0)).await;
    assert_eq!(stream.next().await.unwrap().0, "queues");
    open.commit().await.unwrap();
    let rest = stream.changes(3).await;
    let tasks: Vec<Uuid> = rest.iter().map(|(_, task)| *task).collect();
    assert_eq!(
        tasks,
        [late, second, third],
        "in the order of their ids, the late one not lost"
    );
    assert!(rest.is_sorted_by(|one, next| one.0 < next.0) && rest[0].0 > seen[0].0);
}

#[tokio::test]
async fn a_stream_ends_when_the_server_is_to_stop() {
    let room = Room::new().await;
    let mut stream = Stream::open(&room, None).await;
    assert_eq!(stream.next().await.unwrap().0, "queues");
    room.server.shutdown.cancel();
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn an_id_that_is_none_is_refused() {
    let room = Room::new().await;
    let url = format!("{}/admin/v1/changes", room.server.url);
    let request = room.server.client.get(url).bearer_auth(service_role_key());
    refused(
        answer(request.header("last-event-id", "yesterday")).await,
        400,
        "INVALID_REQUEST",
    );
}
