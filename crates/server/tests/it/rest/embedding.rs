//! Rows within rows, along foreign keys.

use serde_json::{Value, json};

use super::world::{Asker, ONE, World};

async fn found(world: &World, path: &str) -> Value {
    let answer = world.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

/// Each path finds these rows.
async fn check(cases: &[(&str, Value)]) {
    let world = World::new().await;
    for (path, expected) in cases {
        assert_eq!(found(&world, path).await, *expected, "{path}");
    }
}

#[tokio::test]
async fn what_belongs_to_a_row_comes_with_it() {
    let cases = [
        // to-one, by table, with alias, by column, by hint
        (
            "workout_plan_requests?select=status,workout_plans(status,summary)&status=eq.completed",
            json!([{ "status": "completed", "workout_plans": { "status": "active", "summary": "Strength, \"first\"" } }]),
        ),
        (
            "workout_plan_requests?select=plan:workout_plan_id(status)&status=eq.completed",
            json!([{ "plan": { "status": "active" } }]),
        ),
        (
            "workout_entries?select=exercise:exercises!exercise_id(slug),home:exercises!streak_exercise_id(slug)&position=eq.0&order=id",
            json!([{ "exercise": { "slug": "squat" }, "home": { "slug": "push-up" } },
                   { "exercise": { "slug": "row" }, "home": null }]),
        ),
        (
            "workout_entries?select=exercises!workout_entries_exercise_id_fkey(slug)&position=eq.1",
            json!([{ "exercises": { "slug": "push-up" } }]),
        ),
        (
            "workout_entries?select=workout_entries_exercise_id_fkey(slug)&position=eq.1",
            json!([{ "workout_entries_exercise_id_fkey": { "slug": "push-up" } }]),
        ),
        // to-many, empty too, with conditions, order and limit of its own
        (
            "workout_plans?select=status,workout_entries(position)&workout_entries.order=id&order=status",
            json!([{ "status": "active", "workout_entries": [{ "position": 0 }, { "position": 1 }, { "position": 0 }] },
                   { "status": "paused", "workout_entries": [] }]),
        ),
        (
            "workout_plans?select=status,workout_entries(position)&workout_entries.week_number=eq.1&workout_entries.order=position.desc&order=status",
            json!([{ "status": "active", "workout_entries": [{ "position": 1 }, { "position": 0 }] },
                   { "status": "paused", "workout_entries": [] }]),
        ),
        (
            "workout_plans?select=entries:workout_entries(week_number)&entries.order=week_number.desc&entries.limit=1&status=eq.active",
            json!([{ "entries": [{ "week_number": 2 }] }]),
        ),
        (
            "workout_plans?select=workout_entries(id)&workout_entries.or=(week_number.eq.2,position.eq.9)&status=eq.active",
            json!([{ "workout_entries": [{ "id": "b0000000-0000-4000-8000-000000000021" }] }]),
        ),
        (
            "workout_plans?select=status,workout_entries(count)&order=status&workout_entries.week_number=eq.1",
            json!([{ "status": "active", "workout_entries": [{ "count": 2 }] }, { "status": "paused", "workout_entries": [{ "count": 0 }] }]),
        ),
        ("workout_plans?select=n:count", json!([{ "n": 2 }])),
        // to-one from the other end, where at most one row can refer to it
        (
            "workout_plan_requests?select=workout_plan_inputs(system_prompt)&status=eq.completed",
            json!([{ "workout_plan_inputs": { "system_prompt": "Be kind." } }]),
        ),
    ];
    check(&cases).await;
}

#[tokio::test]
async fn what_belongs_to_a_row_can_decide_over_it_or_be_spread_into_it() {
    let cases = [
        (
            "workout_plans?select=status,workout_entries!inner(position)&workout_entries.week_number=eq.2",
            json!([{ "status": "active", "workout_entries": [{ "position": 0 }] }]),
        ),
        (
            "workout_plans?select=status,workout_entries!inner()&workout_entries.week_number=eq.2",
            json!([{ "status": "active" }]),
        ),
        (
            "workout_plans?select=status&select=status,workout_entries()&workout_entries=is.null",
            json!([{ "status": "paused" }]),
        ),
        (
            "workout_plans?select=status,workout_entries()&or=(workout_entries.not.is.null,status.eq.completed)",
            json!([{ "status": "active" }]),
        ),
        (
            "workout_plans?select=workout_entries(sets,exercises!exercise_id(slug,exercise_texts(language)))&workout_entries.limit=1&workout_entries.order=id&status=eq.active",
            json!([{ "workout_entries": [{ "sets": 3, "exercises": { "slug": "squat", "exercise_texts": [{ "language": "de" }] } }] }]),
        ),
        (
            "workout_entries?select=sets,...exercises!exercise_id(slug,title:name)&position=eq.1",
            json!([{ "sets": 4, "slug": "push-up", "title": "Push-up" }]),
        ),
        (
            "workout_entries?select=exercises!exercise_id!inner(slug)&exercises.slug=like.*u*&order=exercises(slug)",
            json!([{ "exercises": { "slug": "push-up" } }, { "exercises": { "slug": "squat" } }]),
        ),
    ];
    check(&cases).await;
}

#[tokio::test]
async fn an_inner_embedding_is_counted_too() {
    let world = World::new().await;
    let path = "workout_plans?select=id,workout_entries!inner(id)&limit=1";
    let answer = world
        .send(Asker::User(ONE), "GET", path, &["prefer: count=exact"], "")
        .await;
    assert_eq!(
        (answer.status, answer.header("content-range")),
        (200, "0-0/1")
    );
}

#[tokio::test]
async fn two_ways_to_a_table_must_be_told_apart() {
    let world = World::new().await;
    let answer = world.get("workout_entries?select=id,exercises(slug)").await;
    assert_eq!(answer.refused(300), "PGRST201");
    let body = answer.json();
    assert_eq!(
        body["message"],
        "Could not embed because more than one relationship was found for 'workout_entries' and 'exercises'"
    );
    assert_eq!(body["details"].as_array().unwrap().len(), 2);
    assert_eq!(body["details"][0]["cardinality"], "many-to-one");
    assert!(
        body["hint"]
            .as_str()
            .unwrap()
            .contains("'exercises!workout_entries_exercise_id_fkey'")
    );
}

#[tokio::test]
async fn what_belongs_to_a_row_is_hidden_as_well() {
    let world = World::new().await;
    let all = world
        .send(
            Asker::Service,
            "GET",
            "exercises?select=workout_entries!exercise_id(id)&slug=eq.row",
            &[],
            "",
        )
        .await;
    assert_eq!(
        all.json()[0]["workout_entries"].as_array().unwrap().len(),
        2
    );
    let own = found(
        &world,
        "exercises?select=workout_entries!exercise_id(id)&slug=eq.row",
    )
    .await;
    assert_eq!(
        own,
        json!([{ "workout_entries": [{ "id": "b0000000-0000-4000-8000-000000000021" }] }])
    );
}
