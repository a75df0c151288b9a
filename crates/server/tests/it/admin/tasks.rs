use serde_json::{Value, json};
use uuid::Uuid;

use super::{Room, id, ids, refused};

/// Tasks that nobody works on, in a kind without a hook.
async fn fill(room: &Room, count: i32) {
    sqlx::query(
        "select durable.spawn(gen_random_uuid(), 'send_push', '{}', p_key => 'user ' || n % 3,
           p_now => now() - n * interval '1 second') from generate_series(1, $1) n",
    )
    .bind(count)
    .execute(&room.database.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn pages_hold_every_task_once_while_more_are_accepted() {
    let room = Room::new().await;
    fill(&room, 95).await;
    let before: Vec<Uuid> =
        sqlx::query_scalar("select id from durable.task order by created_at desc, id desc")
            .fetch_all(&room.database.pool)
            .await
            .unwrap();
    let mut seen = Vec::new();
    let mut path = "/tasks?limit=10".to_owned();
    loop {
        let page = room.get(&path).await;
        seen.extend(ids(&page));
        // Tasks of the same instant as others, and newer ones, come while the list is read.
        sqlx::query("select durable.spawn(gen_random_uuid(), 'send_push', '{}')")
            .execute(&room.database.pool)
            .await
            .unwrap();
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/tasks?limit=10&after={next}");
    }
    assert_eq!(seen, before);
}

#[tokio::test]
async fn a_list_shows_what_fits_and_nothing_else() {
    let room = Room::new().await;
    let worker = room.worker().await;
    let user = Uuid::new_v4();
    let good = room.ask_for_plan(user, json!({})).await;
    room.ended(good).await;
    let bad = room.failed_job().await;
    fill(&room, 5).await;
    worker.drain(std::time::Duration::from_secs(5)).await;

    let start = &good.to_string()[..8];
    for (query, expected) in [
        (
            "state=succeeded&kind=generate_weekly_plan".to_owned(),
            vec![good],
        ),
        (format!("user={user}"), vec![good]),
        (format!("user={user}&state=failed"), vec![]),
        (format!("text={start}"), vec![good]),
        (format!("text={}", &user.to_string()[..9]), vec![good]),
        ("text=zzzz".to_owned(), vec![]),
        ("state=failed".to_owned(), vec![bad]),
        ("error_code=NEEDS_CLEARANCE".to_owned(), vec![bad]),
        ("error_code=AI_TIMEOUT".to_owned(), vec![]),
        ("queue=weekly_plan".to_owned(), vec![bad, good]),
        (
            "queue=weekly_plan&since=2000-01-01T00:00:00Z".to_owned(),
            vec![bad, good],
        ),
        (
            "queue=weekly_plan&until=2000-01-01T00:00:00Z".to_owned(),
            vec![],
        ),
        ("min_cost=1".to_owned(), vec![]),
        ("state=cancelled".to_owned(), vec![]),
        ("state=parked".to_owned(), vec![]),
    ] {
        let page = room.get(&format!("/tasks?{query}")).await;
        assert_eq!(ids(&page), expected, "{query}");
        assert_eq!(page["next"], Value::Null, "{query}");
    }
    let waiting = room
        .get("/tasks?state=ready&kind=send_push&user=user%200")
        .await;
    assert_eq!(waiting["data"].as_array().unwrap().len(), 1, "{waiting}");
    for wrong in [
        "state=done",
        "stat=ready",
        "limit=0",
        "limit=201",
        "after=x",
        "text=abc",
        "since=now",
    ] {
        let asked = room
            .get_as(
                &crate::support::service_role_key(),
                &format!("/tasks?{wrong}"),
            )
            .await;
        refused(asked, 400, "INVALID_REQUEST");
    }
}

#[tokio::test]
async fn a_rare_task_is_found_behind_many_others_by_following_next() {
    let room = Room::new().await;
    sqlx::query("select durable.spawn(gen_random_uuid(), 'bulk_action', '{}', p_now => now() - interval '1 day')")
        .execute(&room.database.pool)
        .await
        .unwrap();
    fill(&room, 21_000).await;
    let page = room.get("/tasks?kind=bulk_action").await;
    assert_eq!(ids(&page), Vec::<Uuid>::new(), "the first page ends early");
    let next = page["next"].as_str().unwrap();
    let page = room
        .get(&format!("/tasks?kind=bulk_action&after={next}"))
        .await;
    assert_eq!((ids(&page).len(), &page["next"]), (1, &Value::Null));
}

#[tokio::test]
async fn one_task_shows_attempts_events_and_why_it_is_where_it_is() {
    let room = Room::new().await;
    let user = Uuid::new_v4();
    let job = room.ask_for_plan(user, json!({})).await;
    let task = room.get(&format!("/tasks/{job}")).await;
    assert_eq!(
        (&task["state"], &task["attempts"]),
        (&json!("ready"), &json!([]))
    );
    assert_eq!(task["why"], "No worker listens to queue weekly_plan.");
    assert_eq!(task["user"], json!(user));

    let worker = room.worker().await;
    let task = room.ended(job).await;
    let attempt = &task["attempts"][0];
    assert_eq!(
        (&attempt["attempt"], &attempt["outcome"]),
        (&json!(1), &json!("succeeded")),
        "{task}"
    );
    assert!(attempt["worker"].as_str().unwrap().starts_with("test"));
    assert!(
        task["why"]
            .as_str()
            .unwrap()
            .starts_with("It succeeded at ")
    );
    assert_eq!(task["input"], json!({ "job_id": job }));
    let types: Vec<_> = task["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["type"])
        .collect();
    assert_eq!(types, [&json!("plan_checked"), &json!("succeeded")]);
    worker.drain(std::time::Duration::from_secs(5)).await;

    let asked = room
        .get_as(
            &crate::support::service_role_key(),
            &format!("/tasks/{}", Uuid::nil()),
        )
        .await;
    refused(asked, 404, "NOT_FOUND");
    let asked = room
        .get_as(&crate::support::service_role_key(), "/tasks/seven")
        .await;
    refused(asked, 400, "INVALID_REQUEST");
    assert_eq!(id(&task), job);
}

#[tokio::test]
async fn steps_show_what_they_cost_and_their_answers_only_to_who_may_see_them() {
    let room = Room::new().await;
    let task = Uuid::new_v4();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "select durable.spawn('{task}', 'send_push', '{{}}', p_key => 'ada');
         insert into durable.step (task, name, request_hash, state, output, started_at, ended_at, cost, usage)
         values ('{task}', 'draft deepseek', 'x', 'done', '\"a plan with a secret\"', now(), now(), 1200,
                 '{{\"input_tokens\": 1000, \"output_tokens\": 200}}')"
    )))
    .execute(&room.database.pool)
    .await
    .unwrap();
    let shown = room.get(&format!("/tasks/{task}")).await;
    let step = &shown["steps"][0];
    assert_eq!(
        (&step["cost"], &step["model"], &shown["cost"]),
        (&json!(1200), &json!("deepseek"), &json!(1200))
    );
    assert!(!shown.to_string().contains("secret"), "{shown}");
    let revealed = room.get(&format!("/tasks/{task}?reveal=1")).await;
    assert_eq!(revealed["steps"][0]["output"], "a plan with a secret");
    assert_eq!(ids(&room.get("/tasks?min_cost=1200").await), [task]);
    assert!(ids(&room.get("/tasks?min_cost=1201").await).is_empty());
}
