//! The shared server and its databases.

use std::io::ErrorKind;
use std::process::Command;

use local_postgres::Error;
use local_postgres::testing::{fresh_database, server_url};
use sqlx::{Connection, PgConnection, Row};

/// The first column of a statement's one row, as sqlx gets it.
fn query(url: &str, sql: &'static str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let row = sqlx::query(sql).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        row.get(0)
    })
}

#[test]
fn sqlx_and_psql_take_the_url_without_a_prompt() {
    let url = server_url().unwrap();
    let sql = "select current_user || ' ' || current_database()";
    assert_eq!(query(&url, sql), "mesocycle mesocycle");
    match Command::new("psql")
        .args(["--no-psqlrc", "--no-password", "-Atc", sql, &url])
        .output()
    {
        Ok(output) => assert_eq!(
            String::from_utf8_lossy(&output.stdout).trim(),
            "mesocycle mesocycle"
        ),
        // The embedded PostgreSQL comes without it.
        Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound),
    }
}

#[test]
fn every_database_is_a_copy_of_its_own() {
    let script =
        "create table note (text text); insert into note values ('a'); select count(*) from note";
    let databases = [
        fresh_database(script).unwrap(),
        fresh_database(script).unwrap(),
    ];
    let notes = "select string_agg(text, ' ') from note";
    assert_eq!(
        query(
            databases[0].url(),
            "insert into note values ('b') returning text"
        ),
        "b"
    );
    assert_eq!(query(databases[0].url(), notes), "a b");
    assert_eq!(query(databases[1].url(), notes), "a");
}

#[test]
fn another_script_is_another_template() {
    let one = fresh_database("create table one ()").unwrap();
    let two = fresh_database("create table two ()").unwrap();
    let tables = "select concat_ws(' ', to_regclass('one'), to_regclass('two'))";
    assert_eq!(query(one.url(), tables), "one");
    assert_eq!(query(two.url(), tables), "two");
}

#[test]
fn a_script_that_fails_says_why() {
    match fresh_database("create table t (); select nonsense from t") {
        Err(Error::Statement { code, message }) => {
            assert_eq!(
                (code.as_str(), message.as_str()),
                ("42703", "column \"nonsense\" does not exist")
            );
        }
        other => panic!("expected the server's refusal, got {other:?}"),
    }
}

#[test]
fn a_database_goes_with_its_test() {
    let database = fresh_database("select 1").unwrap();
    let name = query(database.url(), "select current_database()::text");
    let databases = "select string_agg(datname, ' ') from pg_database";
    let url = server_url().unwrap();
    assert!(query(&url, databases).split(' ').any(|found| found == name));
    drop(database);
    assert!(!query(&url, databases).split(' ').any(|found| found == name));
}

#[test]
fn many_tests_at_once_each_get_one() {
    let script = "create table crowd ()";
    let threads: Vec<_> = (0..16)
        .map(|_| std::thread::spawn(move || fresh_database(script).unwrap()))
        .collect();
    let databases: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    let names: std::collections::HashSet<_> = databases
        .iter()
        .map(|database| database.url().to_owned())
        .collect();
    assert_eq!(names.len(), 16);
}
