//! The operator's page: who is handed its token, and what a browser may do with it. These hold whether or not the dashboard
//! was built before this program; what is on the pages is tried in a browser (`dashboard/test`).

use std::fs;
use std::path::Path;

use reqwest::Response;
use server::Settings;
use server::admin::Admin;

use crate::support::{TestServer, no_database};

const TOKEN: &str = "meso_page_of_this_start";

/// A server as `dev` starts it.
async fn dev_server() -> TestServer {
    let admin = Admin {
        page_token: Some(TOKEN.into()),
        ..Admin::default()
    };
    TestServer::start_as(no_database(), Settings::default(), admin).await
}

async fn get(server: &TestServer, path: &str) -> Response {
    let request = server.client.get(format!("{}{path}", server.url));
    request.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// The page as it lies in the sources: as it was built, or the one that says how.
fn page() -> String {
    let room = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(room.join("../../dashboard/dist/index.html"))
        .or_else(|_| fs::read_to_string(room.join("src/dashboard/not_built.html")))
        .unwrap()
}

fn page_with_token() -> String {
    page().replace(
        r#"name="page-token" content="""#,
        &format!(r#"name="page-token" content="{TOKEN}""#),
    )
}

#[tokio::test]
async fn the_page_has_the_token_of_this_start_for_this_machine_alone() {
    let server = dev_server().await;
    let port = server.url.rsplit_once(':').unwrap().1.to_owned();
    let asking = |host: String| {
        let request = server.client.get(format!("{}/dashboard", server.url));
        request.header("host", host).send()
    };
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}")] {
        let html = asking(host).await.unwrap().text().await.unwrap();
        assert_eq!(html, page_with_token());
    }
    for host in ["evil.example", "localhost.evil.example", "192.0.2.1"] {
        let html = asking(host.into()).await.unwrap().text().await.unwrap();
        assert_eq!(html, page(), "{host}");
        assert!(!html.contains(TOKEN), "{host}");
    }
}

#[tokio::test]
async fn a_server_without_a_token_has_none_to_show() {
    let server = TestServer::start(no_database()).await;
    assert_eq!(
        get(&server, "/dashboard").await.text().await.unwrap(),
        page()
    );
}

#[tokio::test]
async fn an_address_within_the_dashboard_answers_the_page_which_is_kept_by_nobody() {
    let server = dev_server().await;
    for path in [
        "/dashboard",
        "/dashboard/",
        "/dashboard/runs/6f1c2a34",
        "/dashboard/index.html",
        "/dashboard/../dashboard",
    ] {
        let response = get(&server, path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(
            header(&response, "content-type"),
            "text/html; charset=utf-8"
        );
        assert_eq!(header(&response, "cache-control"), "no-store");
        assert_eq!(response.text().await.unwrap(), page_with_token(), "{path}");
    }
}

#[tokio::test]
async fn a_page_may_load_its_own_files_and_stand_in_no_other() {
    let server = dev_server().await;
    for path in ["/dashboard", "/dashboard/runs", "/dashboard/assets/none.js"] {
        let response = get(&server, path).await;
        let policy = header(&response, "content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
        assert_eq!(header(&response, "access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn a_file_is_kept_for_good_by_its_name_and_one_that_is_not_there_is_not_the_page() {
    let server = dev_server().await;
    let page = page();
    for path in page
        .split('"')
        .filter(|text| text.starts_with("/dashboard/assets/"))
    {
        let response = get(&server, path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(
            header(&response, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert!(
            ["text/javascript; charset=utf-8", "text/css; charset=utf-8"]
                .contains(&header(&response, "content-type"))
        );
    }
    assert_eq!(
        get(&server, "/dashboard/assets/none.js").await.status(),
        404
    );
}
