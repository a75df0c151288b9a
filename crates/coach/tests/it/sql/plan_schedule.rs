//! Athletes' schedules: what is set, when it fires, and what then happens.

use durable::schedule::next_fires;
use futures_util::future::join_all;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::support::{ADA, BEN, Db, Refused, SUPABASE, Who, pair, refusal, service, text, user};

const SUNDAYS: &str = "0 18 * * SUN";
const ZONE: &str = "Europe/Berlin";

async fn schedule(db: &Db, who: &Who, cron: &str, zone: &str) -> Result<Value, Refused> {
    let sql = format!("select public.schedule_regeneration($c${cron}$c$, $z${zone}$z$)");
    db.call(who, &sql).await
}

/// Ada with a plan of hers made `days` days ago, and a schedule on Sundays.
async fn scheduled(days: i32) -> Db {
    let db = Db::fresh().await;
    db.publish(ADA).await;
    db.owner(&format!(
        "update public.weekly_base_plans set created_at = now() - interval '{days} days'"
    ))
    .await;
    let answer = schedule(&db, &user(ADA), SUNDAYS, ZONE).await.unwrap();
    assert_eq!(answer["status"], "scheduled", "{answer}");
    db
}

async fn row(db: &Db) -> Value {
    db.get(&format!(
        "select to_jsonb(s) from public.plan_schedules s where user_id = '{ADA}'"
    ))
    .await
}

/// Fires what is due a second after Ada's next fire time. How many schedules were seen to.
async fn fire(db: &Db) -> Value {
    db.get("select coach.fire_plan_schedules(50, (select max(next_at) from public.plan_schedules) + interval '1 second')")
        .await
}

async fn jobs(db: &Db) -> Value {
    db.get("select count(*) from public.plan_generation_jobs")
        .await
}

fn moment(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_fire_time_makes_a_job_of_the_newest_profile_and_sets_the_next() {
    let db = scheduled(10).await;
    let before = row(&db).await;
    assert_eq!(jobs(&db).await, 1);
    assert_eq!(fire(&db).await, 1);
    let after = row(&db).await;
    assert_eq!(jobs(&db).await, 2);
    let job = db.job(after["last_job_id"].as_str().unwrap()).await;
    assert_eq!(
        (&job["status"], &job["user_id"], &job["profile_snapshot"]),
        (&json!("pending"), &json!(ADA), &super::support::profile())
    );
    assert_eq!(db.place(job["id"].as_str().unwrap()).await, "ready");
    let week = moment(&after["next_at"]).duration_since(moment(&before["next_at"]));
    assert!((week.as_hours() - 168).abs() <= 1, "{before} {after}");
    assert_eq!(after["skipped_at"], Value::Null);
    assert_eq!(fire(&db).await, 1, "a week later");
    assert_eq!(
        row(&db).await["skipped_because"],
        "EXISTING",
        "the first is still being made"
    );
    assert_eq!(jobs(&db).await, 2);
}

#[tokio::test]
async fn nothing_is_fired_before_its_time_or_while_it_is_off() {
    let db = scheduled(10).await;
    assert_eq!(db.get("select coach.fire_plan_schedules()").await, 0);
    let off = format!("select public.schedule_regeneration('{SUNDAYS}', '{ZONE}', false)");
    assert_eq!(
        db.call(&user(ADA), &off).await,
        Ok(json!({ "success": true, "status": "off", "next_at": null }))
    );
    assert_eq!(
        db.get("select coach.fire_plan_schedules(50, now() + interval '1 year')")
            .await,
        0
    );
    assert_eq!(jobs(&db).await, 1);
}

#[tokio::test]
async fn of_many_workers_one_fires_and_it_is_fired_once() {
    let db = scheduled(10).await;
    let due = text(&row(&db).await["next_at"]);
    let fire = format!("select coach.fire_plan_schedules(50, '{due}')");
    let fires = join_all((0..20).map(|_| db.get(&fire))).await;
    let seen: i64 = fires.iter().map(|count| count.as_i64().unwrap()).sum();
    assert!(seen >= 1, "{fires:?}");
    assert_eq!(jobs(&db).await, 2);
    assert_eq!(row(&db).await["skipped_at"], Value::Null);
}

#[tokio::test]
async fn plans_are_at_least_so_many_days_apart_where_the_athlete_is() {
    let db = scheduled(0).await;
    let next = moment(&row(&db).await["next_at"]);
    let zoned = next.to_zoned(jiff::tz::TimeZone::get(ZONE).unwrap());
    assert_eq!(
        (zoned.weekday(), zoned.hour()),
        (jiff::civil::Weekday::Sunday, 18)
    );
    let today = Timestamp::now().to_zoned(zoned.time_zone().clone()).date();
    assert!((zoned.date() - today).get_days() >= 7, "{next}");

    // A daily pattern is simply slower than it says.
    let answer = schedule(&db, &user(ADA), "0 6 * * *", ZONE).await.unwrap();
    let daily = moment(&answer["next_at"]).to_zoned(zoned.time_zone().clone());
    assert_eq!((daily.date() - today).get_days(), 7, "{answer}");
    assert_eq!(fire(&db).await, 1);
    let after = row(&db).await;
    let again = moment(&after["next_at"]).duration_since(moment(&answer["next_at"]));
    assert!(
        (again.as_hours() - 168).abs() <= 1,
        "whatever became of the job: {after}"
    );

    db.owner("select coach.set_setting('min_days_between', '14')")
        .await;
    let answer = schedule(&db, &user(ADA), SUNDAYS, ZONE).await.unwrap();
    let apart = moment(&answer["next_at"]).duration_since(moment(&after["last_at"]));
    assert!(apart.as_hours() >= 13 * 24, "{answer}");
}

#[tokio::test]
async fn a_plan_that_its_user_dated_into_a_far_future_is_passed_over() {
    let db = scheduled(10).await;
    for date in ["294276-12-31", "infinity", "-infinity", "4713-01-01 BC"] {
        let sql = format!("update public.weekly_base_plans set created_at = '{date}'");
        db.run(&user(ADA), &sql).await.unwrap();
        let answer = schedule(&db, &user(ADA), SUNDAYS, ZONE).await.unwrap();
        assert_eq!(answer["status"], "scheduled", "{date}");
    }
    assert_eq!(fire(&db).await, 1);
    assert_eq!(jobs(&db).await, 2);
}

#[tokio::test]
async fn a_plan_made_by_hand_shortly_before_puts_the_schedules_off() {
    let db = scheduled(10).await;
    let due = row(&db).await["next_at"].clone();
    db.owner("update public.weekly_base_plans set created_at = (select next_at from public.plan_schedules) - interval '3 days'")
        .await;
    assert_eq!(fire(&db).await, 1);
    let after = row(&db).await;
    assert_eq!(
        (&after["skipped_because"], &after["skipped_at"]),
        (&json!("TOO_SOON"), &due)
    );
    assert_eq!(
        (&after["last_at"], jobs(&db).await),
        (&Value::Null, json!(1))
    );
    let days = moment(&after["next_at"])
        .duration_since(moment(&due))
        .as_hours()
        / 24;
    assert_eq!(days, 7, "the Sunday after, ten days from the plan: {after}");
}

#[tokio::test]
async fn a_scheduled_plan_that_came_after_midnight_does_not_put_off_the_next_week() {
    let db = scheduled(10).await;
    schedule(&db, &user(ADA), "59 23 * * SUN", ZONE)
        .await
        .unwrap();
    assert_eq!(fire(&db).await, 1);
    let fired = row(&db).await;
    db.finish_job(fired["last_job_id"].as_str().unwrap()).await;
    db.owner("update public.weekly_base_plans p set created_at = s.last_at + interval '10 minutes' from public.plan_schedules s
              where p.generation_job_id = s.last_job_id")
        .await;
    assert_eq!(fire(&db).await, 1);
    let after = row(&db).await;
    assert_eq!(after["skipped_at"], Value::Null, "{after}");
    assert_ne!(after["last_job_id"], fired["last_job_id"]);
}

#[tokio::test]
async fn what_create_plan_job_refuses_is_noted_and_the_schedule_goes_on() {
    let refused = [
        ("update coach.setting set value = '0' where name = 'jobs_per_day'", "TOO_MANY_REQUESTS"),
        ("delete from public.plan_generation_jobs", "NO_PROFILE"),
        ("alter table coach.idempotency rename to gone; drop function coach.request_weekly_plan", "UNKNOWN"),
        (
            "select coach.set_setting('one_plan_per_cycle', 'true');
             insert into public.weekly_base_plans (user_id, days, week_start_date, created_at)
               select user_id, '{}', date_trunc('week', now() at time zone 'Europe/Berlin'), now() - interval '10 days' from public.plan_schedules",
            "PLAN_EXISTS",
        ),
    ];
    for (cause, because) in refused {
        let db = scheduled(10).await;
        let before = row(&db).await;
        db.owner(cause).await;
        assert_eq!(fire(&db).await, 1, "{because}");
        let after = row(&db).await;
        assert_eq!(after["skipped_because"], because);
        assert_eq!(
            (&after["enabled"], &after["last_at"]),
            (&json!(true), &Value::Null),
            "{because}"
        );
        assert!(
            moment(&after["next_at"]) > moment(&before["next_at"]),
            "{because}: {after}"
        );
        assert_eq!(
            db.get("select coach.fire_plan_schedules()").await,
            0,
            "{because} does not loop"
        );
    }
}

#[tokio::test]
async fn one_that_cannot_be_read_any_more_keeps_no_other_from_its_turn() {
    let db = scheduled(10).await;
    db.publish(BEN).await;
    db.owner("update public.weekly_base_plans set created_at = now() - interval '10 days'")
        .await;
    schedule(&db, &user(BEN), SUNDAYS, ZONE).await.unwrap();
    db.owner(&format!("update public.plan_schedules set time_zone = 'Europe/Atlantis', next_at = next_at - interval '1 minute' where user_id = '{ADA}'"))
        .await;
    assert_eq!(fire(&db).await, 2);
    assert_eq!(jobs(&db).await, 3, "Ben has his plan");
    let ada = row(&db).await;
    assert_eq!(ada["skipped_because"], "UNKNOWN", "{ada}");
    assert_eq!(db.get("select coach.fire_plan_schedules(50, (select last_at from public.plan_schedules where last_at is not null) + interval '1 minute')").await, 0);
}

#[tokio::test]
async fn a_pattern_or_a_zone_that_is_none_is_refused_and_nothing_is_written() {
    let db = Db::fresh().await;
    db.job_of(ADA).await;
    for cron in [
        "",
        "every sunday",
        "0 18 * *",
        "0 18 * * SUN *",
        "60 18 * * SUN",
        "0 24 * * *",
        "0 18 0 * *",
        "0 18 * 13 *",
        "0 18 * * 8",
        "0 18 * * SUNDAY",
        "0 18 * * FRI-MON",
        "*/0 * * * *",
        "5/10 * * * *",
        "0 18 * * SUN;",
        "0 18 30 2 *",
        "1,,2 * * * *",
        "@weekly",
        "0 18 L * *",
        "-1 * * * *",
        "0 18 * * \u{661}",
    ] {
        let refused = schedule(&db, &user(ADA), cron, ZONE).await.expect_err(cron);
        assert_eq!(
            (refused.sqlstate.as_str(), refused.code.as_str()),
            ("PT400", "INVALID_REQUEST"),
            "{cron}"
        );
        assert!(
            refused.message.contains("\"0 18 * * SUN\""),
            "{}",
            refused.message
        );
    }
    for zone in [
        "",
        "Europe/Atlantis",
        "FOO+3",
        "Europe/Berlin; drop table x",
        "../../etc/passwd",
    ] {
        let refused = schedule(&db, &user(ADA), SUNDAYS, zone)
            .await
            .expect_err(zone);
        assert!(
            refused.message.contains("\"Europe/Berlin\""),
            "{}",
            refused.message
        );
    }
    let long = format!("{}0 18 * * SUN", "0,".repeat(200));
    assert_eq!(
        refusal(schedule(&db, &user(ADA), &long, ZONE).await),
        pair("PT400", "INVALID_REQUEST")
    );
    let null = db
        .call(
            &user(ADA),
            "select public.schedule_regeneration(null, null)",
        )
        .await;
    assert_eq!(refusal(null), pair("PT400", "INVALID_REQUEST"));
    assert_eq!(row(&db).await, Value::Null);
}

#[tokio::test]
async fn without_a_profile_there_is_nothing_to_make_plans_of() {
    let db = Db::fresh().await;
    let none = schedule(&db, &user(ADA), SUNDAYS, ZONE).await;
    assert_eq!(refusal(none), pair("PT409", "NO_PROFILE"));
    let nobody = db
        .call(
            &service(),
            "select public.schedule_regeneration('0 18 * * SUN', 'UTC')",
        )
        .await;
    assert_eq!(refusal(nobody), pair("PT400", "INVALID_REQUEST"));
    db.job_of(ADA).await;
    let named =
        format!("select public.schedule_regeneration('{SUNDAYS}', '{ZONE}', true, '{ADA}')");
    assert_eq!(
        db.call(&service(), &named).await.unwrap()["status"],
        "scheduled"
    );
    let stranger = db.call(&user(BEN), &named).await;
    assert_eq!(
        refusal(stranger),
        pair("PT409", "NO_PROFILE"),
        "the name counts for the service role alone"
    );
}

#[tokio::test]
async fn the_clean_up_leaves_the_profile_that_a_schedule_needs() {
    let db = scheduled(30).await;
    let (newest, _) = db.publish(ADA).await;
    db.owner("update public.plan_generation_jobs set created_at = created_at - interval '20 days', completed_at = now() - interval '20 days'").await;
    let cleanup = "select to_jsonb(public.cleanup_old_plan_jobs())";
    assert_eq!(
        db.call(&service(), cleanup).await,
        Ok(json!(1)),
        "the older of the two"
    );
    assert_eq!(db.job(&newest).await["status"], "completed");
    db.owner("update public.plan_schedules set enabled = false")
        .await;
    assert_eq!(db.call(&service(), cleanup).await, Ok(json!(1)));
}

#[tokio::test]
async fn a_user_who_is_deleted_takes_the_schedule_along() {
    let db = Db::with(&format!("{SUPABASE}\n{}", coach::migrate::script())).await;
    db.job_of(ADA).await;
    schedule(&db, &user(ADA), SUNDAYS, ZONE).await.unwrap();
    db.owner(&format!("delete from auth.users where id = '{ADA}'"))
        .await;
    assert_eq!(row(&db).await, Value::Null);
    assert_eq!(
        db.get("select coach.fire_plan_schedules(50, now() + interval '1 year')")
            .await,
        0
    );
}

#[tokio::test]
async fn a_look_at_a_hundred_thousand_schedules_reads_only_what_is_due() {
    let db = Db::fresh().await;
    db.owner(
        "insert into public.plan_schedules (user_id, cron, time_zone, next_at)
         select gen_random_uuid(), '0 18 * * SUN', 'UTC', now() + i * interval '1 minute' from generate_series(1, 100000) i",
    )
    .await;
    db.owner("analyze public.plan_schedules").await;
    let mut transaction = db.pool.begin().await.unwrap();
    let read =
        "select coach.fire_plan_schedules(), coalesce(t.seq_scan, 0), coalesce(t.idx_tup_fetch, 0)
                from pg_stat_xact_user_tables t where t.relname = 'plan_schedules'";
    let mut fired_and_read: (i32, i64, i64) = (0, 0, 0);
    for _ in 0..2 {
        fired_and_read = sqlx::query_as(read)
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
    }
    assert_eq!(fired_and_read, (0, 0, 0), "fired, scanned, fetched");
}

/// The patterns that both read, at all times of day where clocks change in different ways.
#[tokio::test]
async fn the_fire_times_are_those_of_the_engine() {
    let db = Db::fresh().await;
    let one_of = |texts: &'static [&'static str]| proptest::sample::select(texts);
    let cases = (
        one_of(&["0", "30", "59", "*", "*/15", "5,35", "10-20/5", "7-7"]),
        one_of(&["0", "1", "2", "3", "18", "23", "1-3", "*/6", "*", "2,14"]),
        one_of(&["*", "*", "*", "1", "31", "29", "*/10", "1-7"]),
        one_of(&["*", "*", "*", "2", "mar", "4,9-10", "OCT,NOV"]),
        one_of(&["*", "SUN", "7", "1-5", "mon,Fri", "0", "5-7"]),
        one_of(&[
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "America/Santiago",
            "Asia/Kolkata",
            "Pacific/Auckland",
            "Antarctica/Troll",
            "Atlantic/Azores",
            "UTC",
        ]),
        // Days on which one of these zones changes its clocks, and any other.
        prop_oneof![
            proptest::sample::select(vec![
                1_774_746_000_i64,
                1_792_890_000,
                1_772_953_200,
                1_793_512_800,
                1_790_956_800,
                1_775_314_800,
                1_788_667_200,
                1_774_792_800,
            ]),
            1_767_225_600_i64..1_861_920_000,
        ],
        -172_800_i64..172_800,
    );
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[8; 32]),
    );
    let (mut crons, mut zones, mut moments, mut expected) = (vec![], vec![], vec![], vec![]);
    for _ in 0..3000 {
        let (minute, hour, day, month, weekday, zone, at, around) =
            cases.new_tree(&mut runner).unwrap().current();
        let cron = format!("{minute} {hour} {day} {month} {weekday}");
        let after = Timestamp::from_second(at + around).unwrap();
        let fires = next_fires(&cron, zone, after, 1).ok();
        expected.push(fires.and_then(|fires| Some(fires.first()?.as_second())));
        crons.push(cron);
        zones.push(zone);
        moments.push(at + around);
    }
    let found: Vec<Option<i64>> = sqlx::query_scalar(
        "select extract(epoch from coach.next_fire(c, z, to_timestamp(a)))::bigint
         from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality x (c, z, a, n) order by n",
    )
    .bind(&crons)
    .bind(&zones)
    .bind(&moments)
    .fetch_all(&db.pool)
    .await
    .unwrap();
    let differing: Vec<_> = (0..found.len())
        .filter(|i| found[*i] != expected[*i])
        .map(|i| (&crons[i], zones[i], moments[i], found[i], expected[i]))
        .collect();
    assert!(
        differing.is_empty(),
        "{} of {}: {:#?}",
        differing.len(),
        found.len(),
        &differing[..differing.len().min(10)]
    );
    assert!(expected.iter().flatten().count() > 2900);
}
