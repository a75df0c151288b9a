use coach::admin_key::{self, Permission};
use server::Settings;
use server::admin::{Admin, Setting};
use uuid::Uuid;

use super::{Room, refused};
use crate::database::TestDatabase;
use crate::support::{
    SECRET_KEY, TestServer, anon_key, answer, capture_log, client, no_database, service_role_key,
    token_of,
};

const EVERY_READ: [&str; 11] = [
    "/overview",
    "/costs",
    "/errors",
    "/tasks",
    "/queues",
    "/workers",
    "/providers",
    "/schedules",
    "/weekly-plans",
    "/settings",
    "/changes",
];

#[tokio::test]
async fn nobody_gets_in_without_a_key_and_no_user_with_theirs() {
    let room = Room::new().await;
    for path in EVERY_READ.into_iter().chain(["/nothing/here", ""]) {
        let url = format!("{}/admin/v1{path}", room.server.url);
        refused(
            answer(room.server.client.get(&url)).await,
            401,
            "UNAUTHORIZED",
        );
        for token in [token_of(Uuid::new_v4()), anon_key()] {
            let asked = answer(room.server.client.get(&url).bearer_auth(token)).await;
            refused(asked, 403, "FORBIDDEN");
        }
        let stranger = format!("{}{}", admin_key::PREFIX, "0".repeat(64));
        let asked = answer(room.server.client.get(&url).bearer_auth(stranger)).await;
        refused(asked, 401, "UNAUTHORIZED");
    }
    let id = Uuid::new_v4();
    for path in [format!("/tasks/{id}/cancel"), "/bulk".into()] {
        let url = format!("{}/admin/v1{path}", room.server.url);
        refused(
            answer(room.server.client.post(url)).await,
            401,
            "UNAUTHORIZED",
        );
    }
}

#[tokio::test]
async fn the_service_role_may_all() {
    let room = Room::new().await;
    for token in [service_role_key(), SECRET_KEY.to_owned()] {
        for path in EVERY_READ.into_iter().filter(|path| *path != "/changes") {
            let (status, body) = room.get_as(&token, path).await;
            assert_eq!(status, 200, "{path}: {body}");
        }
        refused(room.get_as(&token, "/nothing").await, 404, "NOT_FOUND");
        let delete = room
            .server
            .client
            .delete(format!("{}/admin/v1/tasks", room.server.url));
        refused(
            answer(delete.bearer_auth(token)).await,
            405,
            "METHOD_NOT_ALLOWED",
        );
    }
}

#[tokio::test]
async fn a_key_may_what_it_was_made_for_until_it_is_revoked() {
    let room = Room::new().await;
    let worker = room.worker().await;
    let pool = &room.database.pool;
    let (_, reader) = admin_key::create(pool, "reader", &[Permission::Read])
        .await
        .unwrap();
    let (revealer_id, revealer) =
        admin_key::create(pool, "revealer", &[Permission::Read, Permission::Reveal])
            .await
            .unwrap();
    let job = room
        .ask_for_plan(Uuid::new_v4(), serde_json::json!({}))
        .await;
    room.ended(job).await;

    let revealing = format!("/tasks/{job}?reveal=1");
    assert_eq!(room.get_as(&reader, "/tasks").await.0, 200);
    refused(room.get_as(&reader, &revealing).await, 403, "FORBIDDEN");
    let cancel = format!("/admin/v1/tasks/{job}/cancel");
    let act = room
        .server
        .ask(&cancel, &reader, &serde_json::json!({}))
        .await;
    assert!(refused(act, 403, "FORBIDDEN").contains("act"));

    // Without the word nothing of the profile is shown, with it all of it, and the log says who looked by ids alone.
    let (_, hidden) = room.get_as(&revealer, &format!("/tasks/{job}")).await;
    assert!(!hidden.to_string().contains("MUSCLE_GAIN"), "{hidden}");
    let log = capture_log();
    let (status, shown) = room.get_as(&revealer, &revealing).await;
    assert_eq!(
        (status, &shown["asked"]["profile"]["goal"]),
        (200, &serde_json::json!("MUSCLE_GAIN"))
    );
    let log = log.text();
    assert!(log.contains("an operator looks") && log.contains(&revealer_id.to_string()));
    assert!(!log.contains("MUSCLE_GAIN") && !log.contains(&revealer));

    // Only a hash is kept, and a revoked key is no key.
    let kept: String = sqlx::query_scalar("select string_agg(k::text, ' ') from coach.admin_key k")
        .fetch_one(pool)
        .await
        .unwrap();
    assert!(!kept.contains(&reader[admin_key::PREFIX.len()..]));
    assert_eq!(admin_key::revoke(pool, "reader").await.unwrap().len(), 1);
    refused(room.get_as(&reader, "/tasks").await, 401, "UNAUTHORIZED");
    assert_eq!(room.get_as(&revealer, "/tasks").await.0, 200);
    let listed = admin_key::list(pool).await.unwrap();
    assert!(listed[0].revoked_at.is_some() && listed[1].last_used_at.is_some());
    worker.drain(std::time::Duration::from_secs(5)).await;
}

/// A server as `dev` starts it, with a token for its page.
async fn dev_server(database: &TestDatabase) -> TestServer {
    let admin = Admin {
        page_token: Some("the page of this start".into()),
        open_metrics: true,
        ..Admin::default()
    };
    TestServer::start_as(database.pool.clone(), Settings::default(), admin).await
}

#[tokio::test]
async fn the_page_of_this_start_is_let_in_under_a_name_of_this_machine_alone() {
    let database = TestDatabase::new().await;
    let server = dev_server(&database).await;
    let port = server.url.rsplit_once(':').unwrap().1.to_owned();
    let asking = |host: String, token: &str| {
        let request = server.client.get(format!("{}/admin/v1/tasks", server.url));
        request.header("host", host).bearer_auth(token)
    };
    let token = "the page of this start";
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}")] {
        assert_eq!(answer(asking(host.clone(), token)).await.0, 200, "{host}");
        refused(
            answer(asking(host, "the page of another start")).await,
            401,
            "UNAUTHORIZED",
        );
    }
    let rebound = answer(asking("evil.example".into(), token)).await;
    refused(rebound, 403, "FORBIDDEN");
}

#[tokio::test]
async fn settings_are_shown_as_they_were_handed_over() {
    let database = TestDatabase::new().await;
    let setting = |name: &str, value: Option<&str>| Setting {
        name: name.into(),
        value: value.map(Into::into),
        variable: format!("MESOCYCLE_{}", name.to_uppercase()),
        meaning: "What it is for.".into(),
    };
    let admin = Admin {
        settings: vec![
            setting("port", Some("54321")),
            setting("jwt_secret", Some("***")),
            setting("jwks", None),
        ],
        ..Admin::default()
    };
    let server = TestServer::start_as(database.pool.clone(), Settings::default(), admin).await;
    let url = format!("{}/admin/v1/settings", server.url);
    let (status, shown) = answer(server.client.get(url).bearer_auth(service_role_key())).await;
    assert_eq!(
        (status, shown),
        (
            200,
            serde_json::json!({ "data": [
                { "name": "port", "value": "54321", "variable": "MESOCYCLE_PORT", "meaning": "What it is for." },
                { "name": "jwt_secret", "value": "***", "variable": "MESOCYCLE_JWT_SECRET", "meaning": "What it is for." },
                { "name": "jwks", "value": null, "variable": "MESOCYCLE_JWKS", "meaning": "What it is for." },
            ] })
        )
    );
}

#[tokio::test]
async fn no_page_of_another_origin_may_read_it() {
    let room = Room::new().await;
    let url = format!("{}/admin/v1/tasks", room.server.url);
    let origin = room
        .server
        .client
        .get(&url)
        .header("origin", "https://evil.example");
    let response = origin.bearer_auth(service_role_key()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(
        !response
            .headers()
            .contains_key("access-control-allow-origin")
    );
    let preflight = room
        .server
        .client
        .request(reqwest::Method::OPTIONS, &url)
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "GET");
    let response = preflight.send().await.unwrap();
    assert!(
        !response
            .headers()
            .contains_key("access-control-allow-origin")
    );
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn without_a_database_the_service_role_hears_that_it_is_busy() {
    let server = TestServer::start(no_database()).await;
    let url = format!("{}/admin/v1/tasks", server.url);
    let asked = client().get(url).bearer_auth(service_role_key());
    refused(answer(asked).await, 503, "UNAVAILABLE");
}
