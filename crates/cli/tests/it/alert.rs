//! The operator's webhook.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use local_postgres::testing::fresh_database;
use serde_json::{Value, json};

use crate::support::{Folder, Running, USER, end_of, eventually, execute, query, snapshot};

/// Reads one request whole, answers it with this status, and gives its first line and body.
fn take(hook: &TcpListener, status: &str) -> (String, Value) {
    let (mut stream, _): (TcpStream, _) = hook.accept().unwrap();
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut buffer).unwrap();
        read.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let whole = text.split_once("\r\n\r\n").and_then(|(head, body)| {
            let body: Value = serde_json::from_str(body).ok()?;
            Some((head.lines().next()?.to_owned(), body))
        });
        if let Some(whole) = whole {
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            return whole;
        }
    }
}

/// What a webhook was told; the first is answered with an error.
fn hook() -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/secret-path", listener.local_addr().unwrap());
    let told: Arc<Mutex<Vec<Value>>> = Arc::default();
    let heard = Arc::clone(&told);
    thread::spawn(move || {
        for status in ["500 Internal Server Error"]
            .into_iter()
            .chain(std::iter::repeat("204 No Content"))
        {
            let (line, body) = take(&listener, status);
            assert_eq!(line, "POST /secret-path HTTP/1.1");
            heard.lock().unwrap().push(body);
        }
    });
    (url, told)
}

#[test]
fn of_many_processes_one_tells_of_a_fleet_that_is_dead_once_and_of_its_return() {
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    let (webhook, told) = hook();
    let start = |verb: &str, name: &str| {
        let mut command = folder.command(&[verb, "--database-url", database.url()]);
        command.env("MESOCYCLE_ALERT_WEBHOOK", &webhook);
        command.env(
            "MESOCYCLE_ALERT_THRESHOLDS",
            "no_worker_seconds=1,look_seconds=1",
        );
        command.env("MESOCYCLE_PORT", "0");
        command.env(
            "SUPABASE_JWT_SECRET",
            "a development secret of forty characters",
        );
        Running::start(command, &folder.path.join(name))
    };
    let servers = ["one.log", "two.log", "three.log"].map(|name| start("serve", name));
    let job = format!(
        "insert into public.plan_generation_jobs (user_id, profile_snapshot) values ('{USER}', '{}') returning id::text",
        snapshot()
    );
    let job = query(database.url(), &job).unwrap();
    let heard = |count: usize| {
        eventually("an alert", || {
            let told = told.lock().unwrap();
            (told.len() >= count).then(|| told.clone())
        })
    };
    // Once more after the error.
    let firing = heard(2);
    assert_eq!(firing[0], firing[1]);
    assert_eq!(
        (
            &firing[0]["alert"],
            &firing[0]["state"],
            &firing[0]["about"]
        ),
        (&json!("no_worker"), &json!("firing"), &json!("weekly_plan"))
    );
    let text = "The queue weekly_plan has work to do and no worker is alive to do it.";
    assert_eq!(firing[0]["text"], json!(text));
    // Some looks later nobody has said it again.
    let looks = || {
        query(
            database.url(),
            "select count(*)::text from coach.ticket_mark",
        )
        .unwrap()
    };
    let looks = || looks().parse::<i64>().unwrap();
    let then = looks();
    eventually("four more looks", || (looks() >= then + 4).then_some(()));
    assert_eq!(told.lock().unwrap().len(), 2);

    let work = start("work", "work.log");
    assert_eq!(end_of(database.url(), &job), "completed");
    let all = heard(3);
    assert_eq!(
        (&all[2]["alert"], &all[2]["state"], &all[2]["since"]),
        (&json!("no_worker"), &json!("resolved"), &all[0]["since"])
    );
    let then = looks();
    eventually("four more looks", || (looks() >= then + 4).then_some(()));
    assert_eq!(told.lock().unwrap().len(), 3, "{:?}", told.lock().unwrap());
    let logs: String = servers
        .into_iter()
        .chain([work])
        .map(Running::stop)
        .collect();
    assert_eq!(logs.matches("no worker is alive").count(), 1, "{logs}");
    assert_eq!(logs.matches("could not be posted").count(), 1, "{logs}");
    assert!(!logs.contains("secret-path"), "{logs}");
    assert!(!format!("{:?}", told.lock().unwrap()).contains(USER));
}

#[test]
fn without_a_webhook_the_log_tells_and_money_is_measured_by_the_cap_of_the_verb() {
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    execute(
        database.url(),
        "insert into durable.spend_total (scope, day, used) values ('everybody', (now() at time zone 'UTC')::date, 1700000)",
    );
    let mut command = folder.command(&["work", "--database-url", database.url()]);
    command.env("MESOCYCLE_DOLLARS_PER_DAY", "2");
    command.env("MESOCYCLE_ALERT_THRESHOLDS", "look_seconds=1");
    let work = Running::start(command, &folder.path.join("work.log"));
    let text = "Models have cost $1.70 today (UTC), 85 % of the day's cap of $2.00.";
    eventually("the line", || work.log().contains(text).then_some(()));
    execute(database.url(), "delete from durable.spend_total");
    eventually("its end", || {
        work.log()
            .contains("well below the day's cap again")
            .then_some(())
    });
    work.stop();
}

#[test]
fn a_provider_without_credit_is_told_with_what_it_means() {
    let folder = Folder::new();
    let trouble = "select coach.note_trouble('provider_out_of_credit', 'openai', '{}');";
    let database = fresh_database(&format!("{}\n{trouble}", coach::migrate::script())).unwrap();
    let (webhook, told) = hook();
    let mut command = folder.command(&["work", "--database-url", database.url()]);
    command.env("MESOCYCLE_ALERT_WEBHOOK", webhook);
    let work = Running::start(command, &folder.path.join("work.log"));
    let told = eventually("the alert", || told.lock().unwrap().first().cloned());
    assert_eq!(
        (&told["alert"], &told["about"], &told["text"]),
        (
            &json!("provider_out_of_credit"),
            &json!("openai"),
            &json!("openai is out of credit: it makes no plans until its account has some.")
        )
    );
    work.stop();
}
