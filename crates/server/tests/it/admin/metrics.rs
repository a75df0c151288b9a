use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;
use server::Settings;
use server::admin::Admin;
use uuid::Uuid;

use super::{Room, refused};
use crate::database::TestDatabase;
use crate::support::{TestServer, answer, service_role_key};

async fn scrape(room: &Room) -> String {
    let url = format!("{}/metrics", room.server.url);
    let response = room
        .server
        .client
        .get(url)
        .bearer_auth(service_role_key())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain; version=0.0.4")
    );
    response.text().await.unwrap()
}

#[tokio::test]
async fn metrics_tell_of_queues_ends_and_requests_and_name_nobody() {
    let room = Room::new().await;
    let worker = room.worker().await;
    let user = Uuid::new_v4();
    let job = room.ask_for_plan(user, json!({})).await;
    room.ended(job).await;
    room.failed_job().await;
    room.get_as(&service_role_key(), "/nothing").await;
    room.until("/overview", |overview| {
        overview["all"]["failed"] == 1 && overview["all"]["succeeded"] == 1
    })
    .await;
    let text = scrape(&room).await;
    for line in [
        "mesocycle_tasks_ended_total{kind=\"generate_weekly_plan\",outcome=\"succeeded\"} 1",
        "mesocycle_tasks_ended_total{kind=\"generate_weekly_plan\",outcome=\"failed\"} 1",
        "mesocycle_task_errors_total{kind=\"generate_weekly_plan\",code=\"NEEDS_CLEARANCE\",then=\"failed\"} 1",
        "mesocycle_task_duration_seconds_count{kind=\"generate_weekly_plan\",outcome=\"succeeded\"} 1",
        "mesocycle_task_duration_seconds_bucket{kind=\"generate_weekly_plan\",outcome=\"succeeded\",le=\"+Inf\"} 1",
        "mesocycle_queue_ready_tasks{queue=\"weekly_plan\"} 0",
        "mesocycle_workers_alive 1",
        "mesocycle_http_requests_total{method=\"POST\",route=\"/functions/v1/create-plan-job\",status=\"200\"} 2",
        "# TYPE mesocycle_http_request_duration_seconds histogram",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "no {line} in\n{text}"
        );
    }
    assert!(
        !text.contains(&user.to_string()) && !text.contains(&job.to_string()),
        "{text}"
    );
    assert!(text.contains("route=\"/admin/v1/tasks/{id}\""), "{text}");
    lint(&text);
    worker.drain(std::time::Duration::from_secs(5)).await;
}

/// Prometheus's own linter has nothing to say. `./test` brings it; elsewhere what is asserted above must do.
fn lint(text: &str) {
    let promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut promtool) = promtool else { return };
    promtool
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.trim().is_empty(),
        "{said}\n{text}"
    );
}

#[tokio::test]
async fn metrics_are_open_to_this_machine_in_dev_and_to_operators_elsewhere() {
    let database = TestDatabase::new().await;
    let closed = database.server().await;
    let metrics = |server: &TestServer| server.client.get(format!("{}/metrics", server.url));
    refused(answer(metrics(&closed)).await, 401, "UNAUTHORIZED");
    let token = crate::support::token_of(Uuid::new_v4());
    refused(
        answer(metrics(&closed).bearer_auth(token)).await,
        403,
        "FORBIDDEN",
    );

    let admin = Admin {
        open_metrics: true,
        ..Admin::default()
    };
    let open = TestServer::start_as(database.pool.clone(), Settings::default(), admin).await;
    assert_eq!(metrics(&open).send().await.unwrap().status(), 200);
    let rebound = metrics(&open).header("host", "evil.example");
    refused(answer(rebound).await, 401, "UNAUTHORIZED");
}
