//! Refusals, in PostgREST's words.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::world::{Answer, Asker, ONE, World};
use crate::support::{TestServer, anon_key, claims_of, no_database, token, with};

const FUNCTIONS: &str = "
create function public.raise(p_code text) returns void language plpgsql
  as $$begin raise exception using errcode = p_code, message = 'said', detail = 'more', hint = 'do'; end$$;
create table public.guarded (id integer primary key);
alter table public.guarded enable row level security;
grant select on public.guarded to authenticated;
create policy broken on public.guarded for select to authenticated using (exists (select from public.guarded));
";

const ANON: Asker = Asker::Anon;
const USER: Asker = Asker::User(ONE);
const SERVICE: Asker = Asker::Service;
const PLAN: &str = "workout_plans?id=eq.a0000000-0000-4000-8000-000000000001";

/// Who, method, path, body, status, code.
const MISTAKES: &[(Asker, &str, &str, &str, u16, &str)] = &[
    (USER, "GET", "exercise", "", 404, "PGRST205"),
    (USER, "GET", "pg_class", "", 404, "PGRST205"),
    (USER, "GET", "durable.task", "", 404, "PGRST205"),
    (USER, "GET", "a/b", "", 404, "PGRST125"),
    (USER, "GET", "", "", 404, "PGRST125"),
    (USER, "GET", "rpc", "", 404, "PGRST205"),
    (USER, "PUT", "exercises", "{}", 405, "PGRST117"),
    (USER, "GET", "exercises?select=nope", "", 400, "42703"),
    (USER, "GET", "exercises?nope=eq.1", "", 400, "42703"),
    (USER, "GET", "exercises?order=nope", "", 400, "42703"),
    (
        USER,
        "GET",
        "exercises?or=(slug.eq.a,nope.eq.1)",
        "",
        400,
        "42703",
    ),
    (USER, "GET", "exercises?select=slug::nope", "", 400, "42704"),
    (USER, "GET", "exercises?id=eq.x", "", 400, "22P02"),
    (USER, "GET", "exercises?id=in.(x)", "", 400, "22P02"),
    (USER, "GET", "exercises?id=eq.%00", "", 400, "PGRST100"),
    (USER, "GET", "exercises?id=like.x", "", 404, "42883"),
    (USER, "GET", "exercises?id=equals.x", "", 400, "PGRST100"),
    (USER, "GET", "exercises?id=x", "", 400, "PGRST100"),
    (USER, "GET", "exercises?id=is.maybe", "", 400, "PGRST100"),
    (USER, "GET", "exercises?id=neq(any).{}", "", 400, "PGRST100"),
    (USER, "GET", "exercises?slug=in.(a", "", 400, "PGRST100"),
    (USER, "GET", "exercises?or=(slug.eq.a", "", 400, "PGRST100"),
    (USER, "GET", "exercises?or=slug.eq.a", "", 400, "PGRST100"),
    (USER, "GET", "exercises?select=id,", "", 400, "PGRST100"),
    (USER, "GET", "exercises?select=id)", "", 400, "PGRST100"),
    (
        USER,
        "GET",
        "exercises?select=created_at->99999999999",
        "",
        400,
        "PGRST100",
    ),
    (USER, "GET", "exercises?order=id.down", "", 400, "PGRST100"),
    (USER, "GET", "exercises?limit=many", "", 400, "PGRST100"),
    (USER, "GET", "exercises?limit=-1", "", 416, "PGRST103"),
    (USER, "GET", "exercises?offset=-1", "", 416, "PGRST103"),
    (
        USER,
        "GET",
        "exercises?select=id.count()",
        "",
        400,
        "PGRST123",
    ),
    (USER, "GET", "exercises?select=count()", "", 400, "PGRST123"),
    (
        USER,
        "GET",
        "exercises?select=push_tokens(id)",
        "",
        400,
        "PGRST200",
    ),
    (
        USER,
        "GET",
        "workout_entries?select=exercises!nope(id)",
        "",
        400,
        "PGRST200",
    ),
    (
        USER,
        "GET",
        "workout_plans?workout_entries.sets=eq.1",
        "",
        400,
        "PGRST108",
    ),
    (
        USER,
        "GET",
        "workout_plans?select=id,workout_entries(id)&order=workout_entries(id)",
        "",
        400,
        "PGRST118",
    ),
    (
        USER,
        "GET",
        "workout_plans?select=...workout_entries(id)",
        "",
        400,
        "PGRST119",
    ),
    (USER, "GET", "guarded", "", 500, "42P17"),
    (USER, "POST", "exercises", "{", 400, "PGRST102"),
    (USER, "POST", "exercises", "[1]", 400, "PGRST102"),
    (USER, "POST", "exercises", "null", 400, "PGRST102"),
    (USER, "POST", "exercises", r#"{"nope": 1}"#, 400, "PGRST204"),
    (
        USER,
        "POST",
        "exercises?columns=nope",
        r#"{"slug": "a"}"#,
        400,
        "PGRST204",
    ),
    (
        USER,
        "POST",
        "exercises",
        r#"{"slug": "a", "name": "Made up"}"#,
        403,
        "42501",
    ),
    (
        SERVICE,
        "POST",
        "exercises",
        r#"{"slug": "NO", "name": "Made up"}"#,
        400,
        "23514",
    ),
    (
        SERVICE,
        "POST",
        "exercises",
        r#"{"slug": "none"}"#,
        400,
        "23502",
    ),
    (
        SERVICE,
        "POST",
        "exercises",
        r#"{"slug": "squat", "name": "Squat again"}"#,
        409,
        "23505",
    ),
    (
        SERVICE,
        "POST",
        "exercises",
        r#"{"slug": "a\u0000b", "name": "Made up"}"#,
        400,
        "22P05",
    ),
    (
        SERVICE,
        "DELETE",
        "exercises?slug=eq.squat",
        "",
        409,
        "23503",
    ),
    (USER, "PATCH", PLAN, r#"{"nope": 1}"#, 400, "PGRST204"),
    (USER, "PATCH", PLAN, r#"{"summary": "x"}"#, 403, "42501"),
    (USER, "PATCH", PLAN, r#"{"status": "x"}"#, 400, "22P02"),
    (
        USER,
        "PATCH",
        PLAN,
        r#"[{"status": "paused"}, {"status": "paused"}]"#,
        400,
        "PGRST102",
    ),
    (USER, "DELETE", PLAN, "", 403, "42501"),
    (ANON, "GET", "exercises", "", 401, "42501"),
    (ANON, "DELETE", PLAN, "", 401, "42501"),
    (
        USER,
        "POST",
        "rpc/raise",
        r#"{"p_code": "P0001"}"#,
        400,
        "P0001",
    ),
    (
        USER,
        "POST",
        "rpc/raise",
        r#"{"p_code": "PT418"}"#,
        418,
        "PT418",
    ),
    (
        USER,
        "POST",
        "rpc/raise",
        r#"{"p_code": "PT999"}"#,
        500,
        "PT999",
    ),
    (
        USER,
        "POST",
        "rpc/raise",
        r#"{"p_code": "57014"}"#,
        500,
        "57014",
    ),
    (
        USER,
        "POST",
        "rpc/raise",
        r#"{"p_code": "40001"}"#,
        500,
        "40001",
    ),
    (
        USER,
        "POST",
        "rpc/raise",
        r#"{"p_code": "53300"}"#,
        503,
        "53300",
    ),
    (
        USER,
        "POST",
        "rpc/raise",
        r#"{"p_code": "22023"}"#,
        400,
        "22023",
    ),
    (USER, "POST", "rpc/raise", r#"["P0001"]"#, 400, "PGRST102"),
];

#[tokio::test]
async fn every_mistake_has_its_code() {
    let world = World::new().await;
    world.database.run(FUNCTIONS).await;
    for &(asker, method, path, body, status, code) in MISTAKES {
        let answer = world.send(asker, method, path, &[], body).await;
        assert_eq!(
            answer.refused(status),
            code,
            "{method} {path} {body}: {}",
            answer.text
        );
    }
    let raised = world
        .send(USER, "POST", "rpc/raise", &[], r#"{"p_code": "P0001"}"#)
        .await;
    assert_eq!(
        raised.json(),
        json!({ "code": "P0001", "details": "more", "hint": "do", "message": "said" })
    );
    let table = world.get("exercise").await.json();
    assert_eq!(
        table["message"],
        "Could not find the table 'public.exercise' in the schema cache"
    );
    assert_eq!(
        table["hint"],
        "Perhaps you meant the table 'public.exercises'"
    );
}

#[tokio::test]
async fn a_header_that_cannot_be_heeded_is_refused() {
    let world = World::new().await;
    let object = r#"{"slug": "a"}"#;
    for (method, header, body, status, code) in [
        ("GET", "accept-profile: durable", "", 406, "PGRST106"),
        ("POST", "content-profile: auth", object, 406, "PGRST106"),
        ("GET", "accept: text/csv", "", 406, "PGRST107"),
    ] {
        let answer = world
            .send(Asker::User(ONE), method, "exercises", &[header], body)
            .await;
        assert_eq!(answer.refused(status), code, "{header}");
    }
    let csv = world
        .server
        .post("/rest/v1/exercises")
        .bearer_auth(Asker::Service.token());
    let csv = send(csv.header("content-type", "text/csv").body("slug\na")).await;
    assert_eq!(csv.refused(400), "PGRST102");
}

async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

#[tokio::test]
async fn a_credential_that_does_not_pass_is_401() {
    let server = TestServer::start(no_database()).await;
    let url = format!("{}/rest/v1/exercises", server.url);
    let expired = token(&with(
        claims_of(Uuid::new_v4()),
        json!({ "exp": 1_000_000 }),
    ));
    let nobody = token(&with(
        claims_of(Uuid::new_v4()),
        json!({ "sub": Value::Null }),
    ));
    let get = || server.client.get(&url);
    for (request, code) in [
        (get(), "PGRST302"),
        (get().bearer_auth("a.b.c"), "PGRST301"),
        (get().bearer_auth("sb_secret_guessed"), "PGRST301"),
        (get().header("apikey", "a.b.c"), "PGRST301"),
        (
            get().bearer_auth(expired).header("apikey", anon_key()),
            "PGRST303",
        ),
        (get().bearer_auth(nobody), "PGRST303"),
    ] {
        let answer = send(request).await;
        assert_eq!(answer.refused(401), code);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert!(answer.json()["hint"].as_str().unwrap().ends_with('.'));
    }
}

#[tokio::test]
async fn the_apps_key_alone_stands_for_anon() {
    let world = World::new().await;
    let url = format!("{}/rest/v1/exercises", world.server.url);
    for key in [anon_key(), crate::support::PUBLISHABLE.to_owned()] {
        let answer = send(world.server.client.get(&url).header("apikey", key)).await;
        assert_eq!(answer.refused(401), "42501", "anon may read nothing");
    }
    let answer = send(
        world
            .server
            .client
            .get(&url)
            .header("apikey", crate::support::SECRET_KEY),
    )
    .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413_and_a_database_that_is_away_503() {
    let server = TestServer::start(no_database()).await;
    let post = || {
        server
            .post("/rest/v1/exercises")
            .bearer_auth(Asker::Service.token())
    };
    let large = send(post().body(vec![b' '; 4 * 1024 * 1024 + 1])).await;
    assert_eq!(large.refused(413), "PAYLOAD_TOO_LARGE");
    let away = send(post().body("{}")).await;
    assert_eq!(away.refused(503), "PGRST001");
    assert_eq!(away.header("retry-after"), "5");
}

#[tokio::test]
async fn what_was_made_a_moment_ago_is_found() {
    let world = World::new().await;
    assert_eq!(world.get("later").await.refused(404), "PGRST205");
    world
        .database
        .run(
            "create table public.later (id integer); grant select on public.later to authenticated",
        )
        .await;
    let answer = once_known(&world, "later").await;
    assert_eq!((answer.status, answer.json()), (200, json!([])));
    world
        .database
        .run("alter table public.later add column name text")
        .await;
    let answer = once_known(&world, "later?select=name").await;
    assert_eq!(answer.status, 200);
}

/// The answer once the new name is known: the catalogue is read anew at most once a second.
async fn once_known(world: &World, path: &str) -> Answer {
    let known = async {
        loop {
            let answer = world.get(path).await;
            if ![400, 404].contains(&answer.status) {
                return answer;
            }
        }
    };
    timeout(Duration::from_secs(60), known).await.unwrap()
}

#[tokio::test]
async fn what_is_nested_without_end_is_refused() {
    let world = World::new().await;
    for path in [
        format!(
            "exercises?or={}a.eq.1{}",
            "(or".repeat(4000),
            ")".repeat(4000)
        ),
        format!("exercises?or=({}(a.eq.1", "or".repeat(40)),
        format!(
            "exercises?select={}id{}",
            "exercise_texts(exercises(".repeat(1000),
            "))".repeat(1000)
        ),
        format!("exercises?select=slug{}", "->a".repeat(9000)),
    ] {
        let answer = world.get(&path).await;
        assert!(answer.status < 500, "{} {}", answer.status, answer.text);
        assert!(answer.json()["code"].is_string());
    }
    assert_eq!(world.get("exercises?limit=1").await.status, 200);
}
