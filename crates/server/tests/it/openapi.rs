//! `openapi.json` says what is so: every answer of every test is held against it, and here every status that it names is
//! answered once. A document that is no longer true fails these tests, whichever side changed.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use coach::chain::Chain;
use coach::generate_weekly_plan::{self, GenerateWeeklyPlan};
use coach::generate_workout_plan::{self, GenerateWorkoutPlan};
use durable::{Worker, WorkerOptions};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use crate::database::{CREATE, PROCESS, TestDatabase, request};
use crate::schedule_regeneration::SCHEDULE;
use crate::support::{
    TestServer, answer, claims_of, client, no_database, service_role_key, token, token_of, with,
};

const WORKOUT: &str = "/functions/v1/trigger-workout-plan";
const OLD_NAME: &str = "/functions/v1/generate-workout-plan";

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi.json")).unwrap());
/// The operator's.
static ADMIN: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../admin.openapi.json")).unwrap());

/// Asserts that `value` is what `schema` says; a reference in it is one into the document.
fn assert_conforms(document: &Value, value: &Value, schema: &Value) {
    let whole = json!({ "components": document["components"], "allOf": [schema] });
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&whole)
        .unwrap();
    if let Err(error) = validator.validate(value) {
        panic!(
            "{error}\nat {}\nin {value}\nwhich should be {schema}",
            error.instance_path()
        );
    }
}

fn conforms(value: &Value, name: &str) {
    assert_conforms(
        &DOCUMENT,
        value,
        &json!({ "$ref": format!("#/components/schemas/{name}") }),
    );
}

/// The document that speaks of a path.
fn document_of(path: &str) -> &'static Value {
    match path.starts_with("/admin/v1/") {
        true => &ADMIN,
        false => &DOCUMENT,
    }
}

/// The operation of a path, which may hold a value where the document has a name in braces.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let fits = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        let mut pairs = template.clone().zip(path.clone());
        template.count() == path.count()
            && pairs.all(|(name, part)| name == part || name.starts_with('{'))
    };
    let paths = document_of(path)["paths"].as_object().unwrap();
    let exact = paths.get(path);
    let found = exact.or_else(|| {
        paths
            .iter()
            .find(|(template, _)| fits(template))
            .map(|(_, item)| item)
    });
    found?.get(method.as_str().to_lowercase())
}

/// Asserts that the document has this answer, if it has the operation at all.
pub(crate) fn assert_described(
    method: &Method,
    path: &str,
    status: u16,
    headers: &HeaderMap,
    body: &Value,
) {
    let document = document_of(path);
    let Some(operation) = operation(method, path) else {
        let ours = path.starts_with("/functions/v1/") || path.starts_with("/admin/v1/");
        assert!(
            !ours || status != 200,
            "{method} {path} is not in the document"
        );
        return;
    };
    let response = operation["responses"]
        .get(status.to_string())
        .unwrap_or_else(|| {
            panic!("{method} {path} answers {status}, which is not in the document")
        });
    let response = match response["$ref"].as_str() {
        Some(target) => document.pointer(target.strip_prefix('#').unwrap()).unwrap(),
        None => response,
    };
    assert_conforms(
        document,
        body,
        &response["content"]["application/json"]["schema"],
    );
    for (name, _) in response["headers"].as_object().into_iter().flatten() {
        assert!(
            headers.contains_key(name),
            "{method} {path} {status} has no {name}"
        );
    }
}

/// The statuses that the document names for `POST path`.
fn statuses(path: &str) -> BTreeSet<u16> {
    let responses = &operation(&Method::POST, path).unwrap()["responses"];
    let names = responses.as_object().unwrap().keys();
    names.map(|status| status.parse().unwrap()).collect()
}

#[tokio::test]
async fn the_documents_are_served_and_are_openapi() {
    let server = TestServer::start(no_database()).await;
    for (path, document) in [
        ("/openapi.json", &*DOCUMENT),
        ("/admin/v1/openapi.json", &*ADMIN),
    ] {
        let request = client().get(format!("{}{path}", server.url));
        let response = request
            .bearer_auth(service_role_key())
            .send()
            .await
            .unwrap();
        assert_eq!(response.headers()["content-type"], "application/json");
        let served: Value = response.json().await.unwrap();
        assert_eq!(served, *document);
        assert_eq!(served["openapi"], "3.1.0");
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            assert!(
                jsonschema::meta::is_valid(schema),
                "{name} is no JSON schema"
            );
        }
    }
}

/// Every reference leads somewhere; a dangling one would only be found by an answer that meets it.
#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                    let found = document.pointer(target.strip_prefix('#').unwrap());
                    assert!(found.is_some(), "{target} leads nowhere");
                }
                fields.values().for_each(|value| walk(document, value));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(document, value)),
            _ => {}
        }
    }
    walk(&DOCUMENT, &DOCUMENT);
    walk(&ADMIN, &ADMIN);
}

/// Each operation of the operator's document is there, takes its method, and answers as it says.
#[tokio::test]
async fn every_address_of_the_operators_document_is_there() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    for (template, item) in ADMIN["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["operationId"] == "streamChanges" {
                continue; // never ends; its own tests read it
            }
            let path = template
                .replace("{id}", &Uuid::nil().to_string())
                .replace("{name}", "nowhere");
            let method: Method = method.to_uppercase().parse().unwrap();
            let url = format!("{}{path}", server.url);
            let (status, body) = answer(
                client()
                    .request(method.clone(), url)
                    .bearer_auth(service_role_key()),
            )
            .await;
            let missing = body["error"] == "There is nothing at this address.";
            assert!(
                !missing && status != 405 && status < 500,
                "{method} {path}: {status} {body}"
            );
        }
    }
}

#[test]
fn the_example_athlete_is_a_request() {
    let athlete = include_str!("../../../../examples/athlete.json");
    conforms(
        &serde_json::from_str(athlete).unwrap(),
        "CreatePlanJobRequest",
    );
}

/// Asks for each status that `path` can answer with `body`, and asserts that these are the document's.
async fn assert_every_status(path: &str, body: Value, broken_by: &'static str) {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = token_of(Uuid::new_v4());
    let keyed = with(body.clone(), json!({ "idempotencyKey": "once" }));
    let other = with(
        keyed.clone(),
        json!({ "userProfile": "swim", "forceRegenerate": true }),
    );
    let mut seen = BTreeSet::new();
    if path == PROCESS {
        seen.insert(server.ask(path, &user, &body).await.0);
        database.idle_worker().await;
    }
    seen.insert(server.ask(path, &user, &keyed).await.0);
    seen.insert(answer(server.post(path).json(&body)).await.0);
    seen.insert(
        answer(server.post(path).bearer_auth(&user).body("{"))
            .await
            .0,
    );
    seen.insert(answer(server.post(path).body("x".repeat(300_000))).await.0);
    seen.insert(
        TestServer::start(no_database())
            .await
            .ask(path, &user, &body)
            .await
            .0,
    );
    if path != PROCESS {
        seen.insert(server.ask(path, &user, &other).await.0);
        let anonymous = with(claims_of(Uuid::new_v4()), json!({ "is_anonymous": true }));
        for _ in 0..4 {
            seen.insert(server.ask(path, &token(&anonymous), &body).await.0);
            database
                .run("select durable.finish(t.id, 'failed', null, 'VALIDATION_FAILED') from durable.task t where outcome is null")
                .await;
        }
    }
    database.run(broken_by).await;
    seen.insert(server.ask(path, &token_of(Uuid::new_v4()), &body).await.0);
    seen.insert(late_body(path).await);
    assert_eq!(seen, statuses(path), "{path}");
}

/// The status of a request whose body does not arrive.
async fn late_body(path: &str) -> u16 {
    let server = TestServer::start(no_database()).await;
    let address = server.url.strip_prefix("http://").unwrap();
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{{"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    tokio::time::pause();
    let mut text = String::new();
    connection.read_to_string(&mut text).await.unwrap();
    tokio::time::resume();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let headers = head
        .lines()
        .skip(1)
        .map(|line| line.split_once(": ").unwrap());
    let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    let body = serde_json::from_str(body).unwrap();
    assert_described(&Method::POST, path, status, &headers.collect(), &body);
    status
}

#[tokio::test]
async fn create_plan_job_answers_every_status_of_the_document() {
    assert_every_status(CREATE, request(), "drop table coach.setting cascade").await;
}

#[tokio::test]
async fn process_plan_queue_answers_every_status_of_the_document() {
    assert_every_status(
        PROCESS,
        json!({}),
        "drop function durable.has_worker cascade",
    )
    .await;
}

#[tokio::test]
async fn trigger_workout_plan_answers_every_status_of_the_document_under_both_names() {
    for path in [WORKOUT, OLD_NAME] {
        let body = json!({ "userProfile": "Build muscle, three days a week." });
        assert_every_status(path, body, "drop table coach.setting cascade").await;
    }
}

#[tokio::test]
async fn schedule_regeneration_answers_every_status_of_the_document() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = token_of(Uuid::new_v4());
    let body = json!({ "cron": "0 18 * * SUN", "timeZone": "Europe/Berlin", "enabled": true });
    conforms(&body, "ScheduleRegenerationRequest");
    let mut seen = BTreeSet::new();
    seen.insert(server.ask(SCHEDULE, &user, &body).await.0);
    server.ask(CREATE, &user, &request()).await;
    seen.insert(server.ask(SCHEDULE, &user, &body).await.0);
    assert_row(&database, "plan_schedules", "PlanSchedule").await;
    seen.insert(answer(server.post(SCHEDULE).json(&body)).await.0);
    seen.insert(server.ask(SCHEDULE, &user, &json!({})).await.0);
    seen.insert(
        answer(server.post(SCHEDULE).body("x".repeat(300_000)))
            .await
            .0,
    );
    let unreachable = TestServer::start(no_database()).await;
    seen.insert(unreachable.ask(SCHEDULE, &user, &body).await.0);
    seen.insert(late_body(SCHEDULE).await);
    database.run("drop table public.plan_schedules").await;
    seen.insert(server.ask(SCHEDULE, &user, &body).await.0);
    assert_eq!(seen, statuses(SCHEDULE));
}

/// The only row of a table, as REST and Realtime show it.
async fn only_row(database: &TestDatabase, table: &str) -> Value {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "select to_jsonb(t) from public.{table} t"
    )))
    .fetch_one(&database.pool)
    .await
    .unwrap()
}

/// Asserts that a table's row is what the document says, and has no column that it does not name.
async fn assert_row(database: &TestDatabase, table: &str, schema: &str) {
    let row = only_row(database, table).await;
    conforms(&row, schema);
    let named = DOCUMENT["components"]["schemas"][schema]["properties"]
        .as_object()
        .unwrap();
    let columns: Vec<_> = row.as_object().unwrap().keys().collect();
    assert_eq!(columns, named.keys().collect::<Vec<_>>(), "{table}");
}

#[tokio::test]
async fn the_rows_are_as_described_from_the_request_to_the_plan() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = token_of(Uuid::new_v4());
    server.ask(CREATE, &user, &request()).await;
    server
        .ask(
            WORKOUT,
            &user,
            &json!({ "userProfile": "Build muscle, three days a week." }),
        )
        .await;
    assert_row(&database, "plan_generation_jobs", "PlanGenerationJob").await;
    assert_row(&database, "workout_plan_requests", "WorkoutPlanRequest").await;
    let worker = Worker::new(database.pool.clone(), WorkerOptions::named("test"))
        .serve(
            generate_weekly_plan::QUEUE,
            GenerateWeeklyPlan::new(Chain::rules()),
        )
        .serve(
            generate_workout_plan::QUEUE,
            GenerateWorkoutPlan::new(Chain::rules()),
        )
        .start();
    worker.listening().await;
    worker.wake();
    let ended = async {
        for table in ["plan_generation_jobs", "workout_plan_requests"] {
            while only_row(&database, table).await["status"] != "completed" {
                tokio::task::yield_now().await;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ended)
        .await
        .unwrap();
    worker.drain(Duration::from_secs(10)).await;
    assert_row(&database, "plan_generation_jobs", "PlanGenerationJob").await;
    assert_row(&database, "workout_plan_requests", "WorkoutPlanRequest").await;
    assert_row(&database, "weekly_base_plans", "WeeklyBasePlan").await;
}
