//! `POST /functions/v1/schedule-regeneration`, and what its schedule then does.

use coach::chain::Chain;
use coach::generate_weekly_plan::{self, GenerateWeeklyPlan};
use coach::plan_schedule;
use durable::{Worker, WorkerOptions};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::{CREATE, TestDatabase, request};
use crate::support::{refused, service_role_key, token_of, with};

pub(crate) const SCHEDULE: &str = "/functions/v1/schedule-regeneration";

fn sundays() -> Value {
    json!({ "cron": "0 18 * * SUN", "timeZone": "Europe/Berlin" })
}

#[tokio::test]
async fn a_schedule_is_set_and_read_back_and_another_sees_nothing() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let (ada, ben) = (Uuid::new_v4(), Uuid::new_v4());
    server.ask(CREATE, &token_of(ada), &request()).await;
    let (status, set) = server.ask(SCHEDULE, &token_of(ada), &sundays()).await;
    assert_eq!(
        (status, &set["status"]),
        (200, &json!("scheduled")),
        "{set}"
    );
    let read = async |user: Uuid| {
        let url = format!(
            "{}/rest/v1/plan_schedules?select=cron,time_zone,enabled,next_at",
            server.url
        );
        let asked = server
            .client
            .get(url)
            .bearer_auth(token_of(user))
            .send()
            .await
            .unwrap();
        asked.json::<Value>().await.unwrap()
    };
    let row = json!([{ "cron": "0 18 * * SUN", "time_zone": "Europe/Berlin", "enabled": true, "next_at": set["next_at"] }]);
    assert_eq!(read(ada).await, row);
    assert_eq!(read(ben).await, json!([]));
    let off = with(sundays(), json!({ "enabled": false }));
    let (status, set) = server.ask(SCHEDULE, &token_of(ada), &off).await;
    assert_eq!(
        (status, set),
        (
            200,
            json!({ "success": true, "status": "off", "next_at": null })
        )
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_with_what_would_be_right() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = token_of(Uuid::new_v4());
    let none = server.ask(SCHEDULE, &user, &sundays()).await;
    assert!(refused(none, 409, "NO_PROFILE").contains("Ask for a first plan"));
    server.ask(CREATE, &user, &request()).await;
    for (changes, right) in [
        (json!({ "cron": "every sunday" }), "\"0 18 * * SUN\""),
        (json!({ "cron": null }), "\"0 18 * * SUN\""),
        (json!({ "cron": 7 }), "cron must be a text"),
        (json!({ "timeZone": "Mars/Olympus" }), "\"Europe/Berlin\""),
        (json!({ "timeZone": null }), "\"Europe/Berlin\""),
        (json!({ "enabled": "yes" }), "enabled must be true or false"),
    ] {
        let asked = server.ask(SCHEDULE, &user, &with(sundays(), changes)).await;
        let sentence = refused(asked, 400, "INVALID_REQUEST");
        assert!(sentence.contains(right), "{sentence}");
    }
    let nobody = server.ask(SCHEDULE, &service_role_key(), &sundays()).await;
    refused(nobody, 400, "INVALID_REQUEST");
}

#[tokio::test]
async fn a_worker_makes_the_plan_when_the_time_has_come() {
    let database = TestDatabase::new().await;
    let server = database.server().await;
    let user = Uuid::new_v4();
    server.ask(CREATE, &token_of(user), &request()).await;
    database
        .run("select durable.finish(t.id, 'failed', null, 'VALIDATION_FAILED') from durable.task t where outcome is null")
        .await;
    let (status, _) = server.ask(SCHEDULE, &token_of(user), &sundays()).await;
    assert_eq!(status, 200);
    database
        .run("update public.plan_schedules set next_at = now() - interval '1 minute'")
        .await;
    let worker = Worker::new(database.pool.clone(), WorkerOptions::named("test"))
        .serve(
            generate_weekly_plan::QUEUE,
            GenerateWeeklyPlan::new(Chain::rules()),
        )
        .duty(plan_schedule::fire_due)
        .start();
    let made = async {
        loop {
            let status: Option<String> = sqlx::query_scalar(
                "select j.status::text from public.plan_generation_jobs j join public.plan_schedules s on s.last_job_id = j.id
                 join public.weekly_base_plans p on p.generation_job_id = j.id and p.user_id = s.user_id",
            )
            .fetch_optional(&database.pool)
            .await
            .unwrap();
            if status.as_deref() == Some("completed") {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), made)
        .await
        .unwrap();
    worker.drain(std::time::Duration::from_secs(10)).await;
}
