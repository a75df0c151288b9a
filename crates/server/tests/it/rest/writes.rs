//! POST, PATCH and DELETE.

use serde_json::{Value, json};

use super::world::{Asker, ONE, TWO, World};

const REPRESENTATION: &str = "prefer: return=representation";

#[tokio::test]
async fn an_insert_answers_nothing_or_the_row() {
    let world = World::new().await;
    let user = Asker::User(ONE);
    let row = r#"{"days": {"monday": {"n": 9007199254740993}}, "version": 7}"#;
    let bare = world
        .send(
            user,
            "POST",
            "weekly_base_plans",
            &["content-profile: public"],
            row,
        )
        .await;
    assert_eq!(
        (
            bare.status,
            bare.text.as_str(),
            bare.header("content-range")
        ),
        (201, "", "*/*")
    );
    let path = "weekly_base_plans?select=version,user_id,n:days->monday->>n,status";
    let answer = world.send(user, "POST", path, &[REPRESENTATION], row).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.header("preference-applied"), "return=representation");
    assert_eq!(
        answer.json(),
        json!([{ "version": 7, "user_id": ONE, "n": "9007199254740993", "status": "generated" }])
    );
    let single = world
        .send(
            user,
            "POST",
            path,
            &[REPRESENTATION, "accept: application/vnd.pgrst.object+json"],
            row,
        )
        .await;
    assert_eq!(single.json()["version"], 7);
    let headers = world
        .send(
            user,
            "POST",
            "weekly_base_plans",
            &["prefer: return=headers-only"],
            row,
        )
        .await;
    assert_eq!((headers.status, headers.text.as_str()), (201, ""));
    let location = headers.header("location").strip_prefix('/').unwrap();
    assert_eq!(
        world
            .get(&format!("{location}&select=version"))
            .await
            .json(),
        json!([{ "version": 7 }])
    );
}

#[tokio::test]
async fn many_rows_are_inserted_at_once() {
    let world = World::new().await;
    let user = Asker::User(ONE);
    let rows = r#"[{"days": {}, "version": 8}, {"days": {}, "version": 9, "status": "archived"}]"#;
    let mixed = world
        .send(user, "POST", "weekly_base_plans", &[], rows)
        .await;
    assert_eq!(mixed.refused(400), "PGRST102");
    assert_eq!(mixed.json()["message"], "All object keys must match");
    let path = "weekly_base_plans?columns=%22days%22,%22version%22,%22status%22&select=version,status&order=version";
    let null = world
        .send(user, "POST", path, &[REPRESENTATION], rows)
        .await;
    assert_eq!(
        null.refused(400),
        "23502",
        "a missing column is null, and this one may not be"
    );
    let defaults = [
        "prefer: return=representation,missing=default",
        "prefer: count=exact",
    ];
    let answer = world.send(user, "POST", path, &defaults, rows).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(
        answer.json(),
        json!([{ "version": 8, "status": "generated" }, { "version": 9, "status": "archived" }])
    );
    assert_eq!(answer.header("content-range"), "*/2");
    let none = world
        .send(user, "POST", "weekly_base_plans", &[REPRESENTATION], "[]")
        .await;
    assert_eq!((none.status, none.json()), (201, json!([])));
}

#[tokio::test]
async fn an_upsert_merges_or_ignores() {
    let world = World::new().await;
    let user = Asker::User(ONE);
    let path = "push_tokens?on_conflict=user_id,token&select=token,device_info";
    let row = json!({ "user_id": ONE, "token": "ExponentPushToken[one]", "device_info": { "os": "android" } }).to_string();
    let merge = "prefer: resolution=merge-duplicates,return=representation";
    let merged = world.send(user, "POST", path, &[merge], &row).await;
    assert_eq!(merged.status, 201, "{}", merged.text);
    assert_eq!(merged.json()[0]["device_info"]["os"], "android");
    let again = row.replace("android", "web");
    let ignore = "prefer: resolution=ignore-duplicates,return=representation";
    let ignored = world.send(user, "POST", path, &[ignore], &again).await;
    assert_eq!((ignored.status, ignored.json()), (201, json!([])));
    let plain = world.send(user, "POST", "push_tokens", &[], &again).await;
    assert_eq!(plain.refused(409), "23505");
    assert_eq!(
        world
            .get("push_tokens?select=os:device_info->>os")
            .await
            .json(),
        json!([{ "os": "android" }])
    );
    let by_key = json!({ "id": "c0000000-0000-4000-8000-000000000001", "days": {}, "version": 3 })
        .to_string();
    let answer = world
        .send(
            user,
            "POST",
            "weekly_base_plans?select=version",
            &[merge],
            &by_key,
        )
        .await;
    assert_eq!(answer.json(), json!([{ "version": 3 }]));
}

#[tokio::test]
async fn an_update_changes_what_its_conditions_name() {
    let world = World::new().await;
    let user = Asker::User(ONE);
    let path = "workout_plans?id=eq.a0000000-0000-4000-8000-000000000001";
    let bare = world
        .send(user, "PATCH", path, &[], r#"{"status": "paused"}"#)
        .await;
    assert_eq!((bare.status, bare.text.as_str()), (204, ""));
    let path =
        format!("{path}&select=status,workout_entries(sets)&workout_entries.week_number=eq.2");
    let answer = world
        .send(
            user,
            "PATCH",
            &path,
            &[REPRESENTATION],
            r#"{"status": "completed"}"#,
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(
        answer.json(),
        json!([{ "status": "completed", "workout_entries": [{ "sets": null }] }])
    );
    assert_eq!(answer.header("content-range"), "0-0/*");
    let other = "workout_plans?id=eq.a0000000-0000-4000-8000-000000000002&select=id";
    let other = world
        .send(
            user,
            "PATCH",
            other,
            &[REPRESENTATION],
            r#"{"status": "paused"}"#,
        )
        .await;
    assert_eq!(
        (other.status, other.json(), other.header("content-range")),
        (200, json!([]), "*/*")
    );
    let nothing = world
        .send(
            user,
            "PATCH",
            "workout_plans?status=eq.active",
            &[REPRESENTATION],
            "{}",
        )
        .await;
    assert_eq!((nothing.status, nothing.json()), (200, json!([])));
}

#[tokio::test]
async fn a_delete_removes_what_its_conditions_name() {
    let world = World::new().await;
    let user = Asker::User(ONE);
    let path = "workout_entries?week_number=eq.1&select=position&order=position.desc";
    let answer = world
        .send(
            user,
            "DELETE",
            path,
            &[REPRESENTATION, "prefer: count=exact"],
            "",
        )
        .await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!([{ "position": 1 }, { "position": 0 }]))
    );
    assert_eq!(answer.header("content-range"), "*/2");
    let bare = world
        .send(user, "DELETE", "workout_entries?id=not.is.null", &[], "")
        .await;
    assert_eq!((bare.status, bare.text.as_str()), (204, ""));
    let left = world
        .send(Asker::Service, "GET", "workout_entries?select=id", &[], "")
        .await;
    assert_eq!(
        left.json(),
        json!([{ "id": "b0000000-0000-4000-8000-000000000002" }])
    );
}

#[tokio::test]
async fn a_write_without_conditions_or_with_a_limit_is_refused() {
    let world = World::new().await;
    for (method, path, code) in [
        ("DELETE", "push_tokens", "21000"),
        ("PATCH", "push_tokens?select=id", "21000"),
        ("DELETE", "push_tokens?id=not.is.null&limit=1", "PGRST100"),
    ] {
        let answer = world
            .send(Asker::Service, method, path, &[], r#"{"token": "x"}"#)
            .await;
        assert_eq!(answer.refused(400), code, "{method} {path}");
    }
    let left = world
        .send(Asker::Service, "GET", "push_tokens?select=id", &[], "")
        .await;
    assert_eq!(left.json().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_write_that_is_refused_afterwards_leaves_nothing() {
    let world = World::new().await;
    let object = "accept: application/vnd.pgrst.object+json";
    let both = "user_notifications?select=read&title=eq.Ready";
    let single = world
        .send(
            Asker::Service,
            "PATCH",
            both,
            &[REPRESENTATION, object],
            r#"{"read": true}"#,
        )
        .await;
    assert_eq!(single.refused(406), "PGRST116");
    let strict = "prefer: handling=strict,max-affected=1,return=representation";
    let strict = world
        .send(
            Asker::Service,
            "PATCH",
            both,
            &[strict],
            r#"{"read": true}"#,
        )
        .await;
    assert_eq!(strict.refused(400), "PGRST124");
    let rows = world
        .send(Asker::Service, "GET", both, &[], "")
        .await
        .json();
    assert_eq!(rows, json!([{ "read": false }, { "read": false }]));
}

#[tokio::test]
async fn a_job_can_be_asked_for_by_a_plain_insert() {
    let world = World::new().await;
    let row = json!({ "profile_snapshot": { "goal": "ENDURANCE", "trainingDays": 3 } }).to_string();
    let path = "plan_generation_jobs?select=status,user_id";
    let first = world
        .send(Asker::User(TWO), "POST", path, &[REPRESENTATION], &row)
        .await;
    assert_eq!(
        (first.status, first.json()),
        (201, json!([{ "status": "pending", "user_id": TWO }]))
    );
    let second = world
        .send(Asker::User(TWO), "POST", path, &[REPRESENTATION], &row)
        .await;
    assert_eq!(second.refused(409), "23505");
    world.database.ended_jobs(ONE, 20).await;
    let limit = world
        .send(Asker::User(ONE), "POST", path, &[REPRESENTATION], &row)
        .await;
    assert_eq!(limit.refused(429), "PT429");
    assert_eq!(limit.json()["details"], Value::from("TOO_MANY_REQUESTS"));
}
