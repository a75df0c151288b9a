use serde_json::{Value, json};
use uuid::Uuid;

use super::{Room, ids, refused};
use crate::support::service_role_key;

#[tokio::test]
async fn a_weekly_plan_is_shown_with_what_the_rules_say_of_it() {
    let room = Room::new().await;
    let worker = room.worker().await;
    let user = Uuid::new_v4();
    let job = room.ask_for_plan(user, json!({})).await;
    room.ended(job).await;
    let listed = room.get(&format!("/weekly-plans?user={user}")).await;
    let plan = ids(&listed)[0];
    assert_eq!(ids(&room.get("/weekly-plans").await), [plan]);
    assert_eq!(listed["data"][0]["generation_job_id"], json!(job));
    let path = format!("/weekly-plans/{plan}");
    let shown = room.get(&path).await;
    assert_eq!(
        (&shown["review"]["score"], &shown["review"]["findings"]),
        (&json!(100.0), &json!([])),
        "{shown}"
    );
    assert!(shown["sets_per_muscle"]["chest"].as_f64().unwrap() > 0.0);

    sqlx::query("update public.weekly_base_plans set days = jsonb_set(days, '{monday,nutrition,protein_g}', '1')")
        .execute(&room.database.pool)
        .await
        .unwrap();
    let changed = room.get(&path).await;
    let rules: Vec<_> = changed["review"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| &finding["rule"])
        .collect();
    assert!(rules.contains(&&json!("protein")), "{changed}");
    assert!(changed["review"]["score"].as_f64().unwrap() < 100.0);

    sqlx::query("delete from public.plan_generation_jobs")
        .execute(&room.database.pool)
        .await
        .unwrap();
    assert_eq!(room.get(&path).await["review"], Value::Null);
    let unknown = format!("/weekly-plans/{}", Uuid::nil());
    refused(
        room.get_as(&service_role_key(), &unknown).await,
        404,
        "NOT_FOUND",
    );
    worker.drain(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn plans_come_in_pages_newest_first() {
    let room = Room::new().await;
    let user = Uuid::new_v4();
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(room.database.plan_of(user, "generated").await);
    }
    made.reverse();
    for list in [
        "/weekly-plans?limit=2".to_owned(),
        format!("/weekly-plans?limit=2&user={user}"),
    ] {
        let mut seen = Vec::new();
        let mut path = list.clone();
        loop {
            let page = room.get(&path).await;
            seen.extend(ids(&page));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            path = format!("{list}&after={next}");
        }
        assert_eq!(seen, made);
    }
}

#[tokio::test]
async fn athletes_schedules_come_in_pages_newest_first_or_of_one_user() {
    let room = Room::new().await;
    let mut users = Vec::new();
    for _ in 0..3 {
        let user = Uuid::new_v4();
        room.ask_for_plan(user, json!({})).await;
        let body = json!({ "cron": "0 18 * * SUN", "timeZone": "Europe/Berlin" });
        let token = crate::support::token_of(user);
        let (status, set) = room
            .server
            .ask(crate::schedule_regeneration::SCHEDULE, &token, &body)
            .await;
        assert_eq!(status, 200, "{set}");
        users.push(json!(user));
    }
    let of = |page: &Value| -> Vec<Value> {
        let rows = page["data"].as_array().unwrap();
        rows.iter().map(|row| row["user_id"].clone()).collect()
    };
    let first = room.get("/plan-schedules?limit=2").await;
    let next = first["next"].as_str().unwrap();
    let second = room
        .get(&format!("/plan-schedules?limit=2&after={next}"))
        .await;
    let mut seen = [of(&first), of(&second)].concat();
    seen.reverse();
    assert_eq!((seen, &second["next"]), (users.clone(), &Value::Null));
    let one = room
        .get(&format!(
            "/plan-schedules?user={}",
            users[0].as_str().unwrap()
        ))
        .await;
    assert_eq!(of(&one), [users[0].clone()]);
    assert_eq!(
        (&one["data"][0]["time_zone"], &one["data"][0]["last_at"]),
        (&json!("Europe/Berlin"), &Value::Null)
    );
}

#[tokio::test]
async fn a_workout_plan_is_shown_with_its_entries_and_exercises_by_name() {
    let room = Room::new().await;
    let worker = room.worker().await;
    let (_, asked) = room
        .server
        .ask(
            "/functions/v1/trigger-workout-plan",
            &crate::support::token_of(Uuid::new_v4()),
            &json!({ "userProfile": "I want to get stronger, 3 days a week, at the gym." }),
        )
        .await;
    worker.wake();
    room.ended(asked["request_id"].as_str().unwrap().parse().unwrap())
        .await;
    let plan = ids(&room.get("/workout-plans").await)[0];
    let shown = room.get(&format!("/workout-plans/{plan}")).await;
    assert_eq!(shown["request_id"], asked["request_id"]);
    let entries = shown["entries"].as_array().unwrap();
    assert_eq!(
        (
            &entries[0]["week_number"],
            &entries.last().unwrap()["week_number"]
        ),
        (&json!(1), &json!(8))
    );

    let page = room.get("/exercises?limit=3").await;
    assert_eq!(ids(&page).len(), 3);
    let next = page["next"].as_str().unwrap().replace(' ', "%20");
    let more = room.get(&format!("/exercises?limit=3&after={next}")).await;
    assert!(ids(&more).iter().all(|id| !ids(&page).contains(id)));
    let one = room.get(&format!("/exercises/{}", ids(&page)[0])).await;
    assert!(one["instructions"].is_string(), "{one}");
    assert_eq!(one["translations"], json!([]));
    sqlx::query("insert into public.exercise_texts (exercise_id, language, name) values ($1, 'de', 'Kniebeuge')")
        .bind(ids(&page)[0])
        .execute(&room.database.pool)
        .await
        .unwrap();
    let translated = room.get(&format!("/exercises/{}", ids(&page)[0])).await;
    assert_eq!(
        (
            &translated["translations"][0]["language"],
            &translated["translations"][0]["name"]
        ),
        (&json!("de"), &json!("Kniebeuge"))
    );
    worker.drain(std::time::Duration::from_secs(5)).await;
}
