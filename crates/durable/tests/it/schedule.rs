//! Schedules: once per fire time over any number of workers, whatever was missed, paused or crashed.

use std::time::Duration;

use durable::{
    Attempt, Done, Failure, Pool, Task, Worker, WorkerOptions,
    schedule::{self, Misfire, Schedule, ScheduleError, fire_due},
};
use futures_util::future::join_all;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use sqlx::Connection;

use crate::support::Database;

fn every(cron: &str, misfire: Misfire) -> Schedule {
    Schedule {
        name: "report".to_owned(),
        kind: "plain".to_owned(),
        input: json!({ "for": "everyone" }),
        cron: cron.to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        misfire,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// A database with a schedule whose next fire time is set by hand.
async fn scheduled(cron: &str, misfire: Misfire, next_at: &str) -> (Database, Pool) {
    let db = Database::fresh().await;
    let pool = Pool::from(db.pool.clone());
    schedule::put(&pool, &every(cron, misfire))
        .await
        .expect("put");
    db.execute(&format!(
        "update durable.schedule set next_at = '{next_at}'"
    ))
    .await;
    (db, pool)
}

async fn fire(pool: &Pool, now: &str) -> i32 {
    fire_due(pool, Some(at(now))).await.expect("fire_due")
}

/// The fire times that tasks were spawned for, as the tasks' events tell them.
async fn fired(db: &Database) -> String {
    db.text(
        "select coalesce(string_agg(to_char((data->>'at')::timestamptz at time zone 'UTC', 'DD HH24:MI'), ', ' order by data->>'at'), '')
         from durable.event where type = 'scheduled'",
    )
    .await
}

async fn missed(db: &Database) -> i32 {
    db.int("select missed::int from durable.schedule").await
}

#[tokio::test]
async fn a_schedule_spawns_its_task_when_it_is_due_and_not_before() {
    let (db, pool) = scheduled("30 6 * * *", Misfire::Skip, "2026-03-02 05:30Z").await;
    assert_eq!(fire(&pool, "2026-03-02T05:29:59Z").await, 0);
    assert_eq!(fire(&pool, "2026-03-02T05:30:00Z").await, 1);
    assert_eq!(fire(&pool, "2026-03-02T05:30:01Z").await, 0);
    assert_eq!(db.count("durable.ready").await, 1);
    assert_eq!(
        db.text("select input->>'for' from durable.task").await,
        "everyone"
    );
    let entry = schedule::list(&pool).await.expect("list").remove(0);
    assert_eq!(entry.schedule, every("30 6 * * *", Misfire::Skip));
    assert_eq!(entry.next_at, at("2026-03-03T05:30:00Z"));
    assert_eq!(entry.last_at, Some(at("2026-03-02T05:30:00Z")));
    assert_eq!((entry.enabled, entry.missed), (true, 0));
}

#[tokio::test]
async fn many_workers_at_once_fire_every_time_once() {
    let (db, pool) = scheduled("* * * * *", Misfire::ALL, "2026-03-02 05:00Z").await;
    for minute in 0..20 {
        let now = at("2026-03-02T05:00:00Z") + minute.minutes();
        let round = join_all((0..12).map(|_| fire_due(&pool, Some(now)))).await;
        let spawned: i32 = round
            .into_iter()
            .map(|spawned| spawned.expect("a round"))
            .sum();
        assert_eq!(spawned, 1, "at {now}");
    }
    assert_eq!(db.count("durable.task").await, 20);
    assert_eq!(missed(&db).await, 0);
}

#[tokio::test]
async fn a_worker_that_dies_before_its_commit_leaves_the_fire_time_to_another() {
    let (db, pool) = scheduled("0 7 * * *", Misfire::Skip, "2026-03-02 06:00Z").await;
    let mut dying = sqlx::PgConnection::connect(db.url())
        .await
        .expect("connect");
    sqlx::raw_sql(
        "begin; select durable.fire_schedule('report', '2026-03-02 06:00Z', array[gen_random_uuid()],
           array['2026-03-02 06:00Z'::timestamptz], 0, '2026-03-03 06:00Z')",
    )
    .execute(&mut dying)
    .await
    .expect("fire");
    assert_eq!(
        fire(&pool, "2026-03-02T06:00:01Z").await,
        0,
        "it is in another's hands"
    );
    dying.close_hard().await.expect("close");
    db.until("select count(*) = 0 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'").await;
    assert_eq!(fire(&pool, "2026-03-02T06:00:02Z").await, 1);
    assert_eq!(db.count("durable.task").await, 1);
}

#[tokio::test]
async fn a_fire_time_that_has_its_task_gets_no_second_one_though_the_clock_goes_back() {
    let (db, pool) = scheduled("0 7 * * *", Misfire::Skip, "2026-03-02 06:00Z").await;
    assert_eq!(fire(&pool, "2026-03-02T06:00:01Z").await, 1);
    db.execute("update durable.schedule set next_at = '2026-03-02 06:00Z'")
        .await;
    assert_eq!(fire(&pool, "2026-03-02T06:00:01Z").await, 0);
    assert_eq!(db.count("durable.task").await, 1);
    assert_eq!(
        db.text("select (next_at = '2026-03-03 06:00Z')::text from durable.schedule")
            .await,
        "true"
    );
}

#[tokio::test]
async fn missed_fire_times_are_dropped_run_once_or_run_up_to_a_cap() {
    // Hourly, and nobody lived from 00:00 on; it is 12:00:30, so 12:00 is only late and 00:00 to 11:00 were missed.
    let table = [
        (Misfire::Skip, "12:00:30", "02 12:00", 12, "13:00"),
        (Misfire::One, "12:00:30", "02 12:00", 12, "13:00"),
        (
            Misfire::All { cap: 3 },
            "12:00:30",
            "02 09:00, 02 10:00, 02 11:00, 02 12:00",
            9,
            "13:00",
        ),
        (Misfire::Skip, "12:30:00", "", 13, "13:00"),
        (Misfire::One, "12:30:00", "02 12:00", 12, "13:00"),
        (
            Misfire::All { cap: 3 },
            "12:30:00",
            "02 10:00, 02 11:00, 02 12:00",
            10,
            "13:00",
        ),
        (Misfire::ALL, "01:30:00", "02 00:00, 02 01:00", 0, "02:00"),
    ];
    for (misfire, now, expected, dropped, next_at) in table {
        let (db, pool) = scheduled("0 * * * *", misfire, "2026-03-02 00:00Z").await;
        fire(&pool, &format!("2026-03-02T{now}Z")).await;
        assert_eq!(fired(&db).await, expected, "{misfire:?} at {now}");
        assert_eq!(missed(&db).await, dropped, "{misfire:?} at {now}");
        let next = schedule::list(&pool).await.expect("list").remove(0).next_at;
        assert_eq!(
            next,
            at(&format!("2026-03-02T{next_at}:00Z")),
            "{misfire:?} at {now}"
        );
    }
}

#[tokio::test]
async fn a_year_of_missed_minutes_is_counted_in_one_round() {
    let (db, pool) = scheduled("* * * * *", Misfire::ALL, "2025-03-02 00:00Z").await;
    let began = std::time::Instant::now();
    assert_eq!(fire(&pool, "2026-03-02T00:01:30Z").await, 11);
    println!("525,602 fire times sorted in {:?}", began.elapsed());
    assert_eq!(missed(&db).await, 365 * 24 * 60 + 2 - 11);
}

#[tokio::test]
async fn a_paused_schedule_does_not_fire_and_starts_anew_when_it_is_resumed() {
    let (db, pool) = scheduled("0 * * * *", Misfire::ALL, "2020-03-02 00:00Z").await;
    assert!(schedule::pause(&pool, "report").await.expect("pause"));
    assert_eq!(fire_due(&pool, None).await.expect("a round"), 0);
    schedule::put(&pool, &every("0 * * * *", Misfire::ALL))
        .await
        .expect("put");
    assert_eq!(
        fire_due(&pool, None).await.expect("a round"),
        0,
        "a deployment does not end a pause"
    );
    assert!(schedule::resume(&pool, "report").await.expect("resume"));
    assert!(
        !schedule::resume(&pool, "report").await.expect("resume"),
        "it was resumed before"
    );
    assert_eq!(
        fire_due(&pool, None).await.expect("a round"),
        0,
        "nothing is made up for"
    );
    assert_eq!(
        db.text("select (next_at > now())::text from durable.schedule")
            .await,
        "true"
    );
    assert!(schedule::remove(&pool, "report").await.expect("remove"));
    assert!(!schedule::remove(&pool, "report").await.expect("remove"));
    assert!(!schedule::pause(&pool, "report").await.expect("pause"));
}

#[tokio::test]
async fn a_deployment_keeps_the_next_fire_time_and_a_new_pattern_changes_it() {
    let (db, pool) = scheduled("0 6 * * MON", Misfire::Skip, "2020-01-06 05:00Z").await;
    schedule::put(&pool, &every("0 6 * * MON", Misfire::One))
        .await
        .expect("put");
    let kept = "select (next_at = '2020-01-06 05:00Z')::text || misfire from durable.schedule";
    assert_eq!(db.text(kept).await, "trueone");
    schedule::put(&pool, &every("0 7 * * MON", Misfire::One))
        .await
        .expect("put");
    assert_eq!(db.text(kept).await, "falseone");
}

#[tokio::test]
async fn what_is_wrong_with_a_schedule_is_said_with_what_would_be_right() {
    let db = Database::fresh().await;
    let refused = async |change: fn(&mut Schedule)| {
        let mut schedule = every("0 6 * * *", Misfire::One);
        change(&mut schedule);
        schedule::put(&db.pool, &schedule)
            .await
            .expect_err("a refusal")
    };
    for pattern in [
        "",
        "61 * * * *",
        "* * * * * *",
        "* * * *",
        "0 6 * * FUNDAY",
        "0 0 30 2 *",
    ] {
        let error = match pattern {
            "" => refused(|s| s.cron = String::new()).await,
            "61 * * * *" => refused(|s| s.cron = "61 * * * *".into()).await,
            "* * * * * *" => refused(|s| s.cron = "* * * * * *".into()).await,
            "* * * *" => refused(|s| s.cron = "* * * *".into()).await,
            "0 6 * * FUNDAY" => refused(|s| s.cron = "0 6 * * FUNDAY".into()).await,
            _ => refused(|s| s.cron = "0 0 30 2 *".into()).await,
        };
        let text = error.to_string();
        assert!(matches!(error, ScheduleError::Cron { .. }), "{text}");
        assert!(text.contains(&format!("\"{pattern}\"")), "{text}");
        assert!(
            text.contains("expected five fields: minute (0-59)"),
            "{text}"
        );
    }
    let zone = refused(|s| s.time_zone = "Europe/Berln".into()).await;
    assert_eq!(
        zone.to_string(),
        "there is no time zone \"Europe/Berln\"; expected an IANA name such as \"Europe/Berlin\" or \"UTC\""
    );
    let kind = refused(|s| s.kind = "unheard of".into()).await;
    assert!(kind.to_string().contains("22023"), "{kind}");
    assert_eq!(db.count("durable.schedule").await, 0);
}

#[tokio::test]
async fn a_schedule_that_cannot_be_fired_keeps_no_other_from_it_and_stays_due() {
    let (db, pool) = scheduled("0 * * * *", Misfire::Skip, "2026-03-02 01:00Z").await;
    db.execute(
        "insert into durable.schedule (name, kind, input, cron, time_zone, misfire, next_at)
        values ('broken', 'gone', '{}', '0 * * * *', 'UTC', 'skip', '2026-03-02 00:00Z')",
    )
    .await;
    assert_eq!(fire(&pool, "2026-03-02T01:00:10Z").await, 1);
    db.execute("select durable.register_kind('gone', 'plain')")
        .await;
    db.execute("update durable.schedule set misfire = 'one'")
        .await;
    assert_eq!(fire(&pool, "2026-03-02T01:00:20Z").await, 1);
}

/// Ends at once.
struct Quick;

impl Task for Quick {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, _: Value, _: Attempt) -> Result<Done, Failure> {
        Ok(Done::Output(json!({})))
    }
}

#[tokio::test]
async fn any_worker_keeps_the_schedules() {
    let (db, _) = scheduled("* * * * *", Misfire::One, "2026-03-02 00:00Z").await;
    let workers = [0, 1, 2].map(|_| {
        Worker::new(db.pool.clone(), WorkerOptions::named("test"))
            .serve("plain", Quick)
            .start()
    });
    let done = db.until("select count(*) >= 1 and bool_and(outcome is not null) from durable.task");
    tokio::time::timeout(Duration::from_secs(30), done)
        .await
        .expect("the task");
    for worker in workers {
        worker.drain(Duration::from_secs(30)).await;
    }
    let fire_times = "select (count(*) = count(distinct data->>'at'))::text from durable.event where type = 'scheduled'";
    assert_eq!(db.text(fire_times).await, "true");
}
