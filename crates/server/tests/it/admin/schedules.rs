use serde_json::{Value, json};

use super::{Room, refused};
use crate::support::{answer, service_role_key};

fn weekly() -> Value {
    json!({ "kind": "bulk_action", "input": { "action": "cancel", "filter": { "queue": "nowhere" } },
            "cron": "0 18 * * SUN", "time_zone": "Europe/Berlin" })
}

#[tokio::test]
async fn a_schedule_is_made_changed_paused_run_and_removed() {
    let room = Room::new().await;
    assert_eq!(room.put("/schedules/tidy", weekly()).await.0, 200);
    let listed = room.get("/schedules").await;
    let row = &listed["data"][0];
    assert_eq!(
        (&row["name"], &row["enabled"], &row["misfire"]),
        (&json!("tidy"), &json!(true), &json!("one"))
    );
    assert_eq!(row["next_fires"].as_array().unwrap().len(), 5, "{row}");
    assert_eq!(row["next_fires"][0], row["next_at"]);

    let changed = json!({ "kind": "bulk_action", "input": {}, "cron": "0 6 * * *", "misfire": "all", "misfire_cap": 3 });
    assert_eq!(room.put("/schedules/tidy", changed).await.0, 200);
    assert_eq!(room.post("/schedules/tidy/pause", json!({})).await.0, 200);
    let row = room.get("/schedules").await["data"][0].clone();
    assert_eq!(
        (&row["cron"], &row["enabled"], &row["misfire_cap"]),
        (&json!("0 6 * * *"), &json!(false), &json!(3))
    );
    for _ in 0..2 {
        assert_eq!(room.post("/schedules/tidy/resume", json!({})).await.0, 200);
    }
    let (status, run) = room.post("/schedules/tidy/run", json!({})).await;
    assert_eq!(status, 200, "{run}");
    let task = room
        .get(&format!("/tasks/{}", run["task"].as_str().unwrap()))
        .await;
    assert_eq!(task["kind"], "bulk_action");

    let delete = room
        .server
        .client
        .delete(format!("{}/admin/v1/schedules/tidy", room.server.url));
    assert_eq!(answer(delete.bearer_auth(service_role_key())).await.0, 200);
    assert_eq!(room.get("/schedules").await["data"], json!([]));
}

#[tokio::test]
async fn what_is_wrong_with_a_schedule_is_said() {
    let room = Room::new().await;
    for (field, value) in [
        ("cron", json!("every sunday")),
        ("time_zone", json!("Europe/Atlantis")),
        ("kind", json!("nothing_known")),
        ("misfire", json!("perhaps")),
        ("extra", json!(1)),
    ] {
        let mut schedule = weekly();
        schedule[field] = value;
        let asked = room.put("/schedules/tidy", schedule).await;
        refused(asked, 400, "INVALID_REQUEST");
    }
    for action in ["pause", "resume", "run"] {
        let asked = room
            .post(&format!("/schedules/none/{action}"), json!({}))
            .await;
        refused(asked, 404, "NOT_FOUND");
    }
    assert_eq!(room.get("/schedules").await["data"], json!([]));
}
