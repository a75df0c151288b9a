//! Worker processes killed with -9 while they send 2,000 notifications.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use emulator::{Emulator, Options, Scenario};
use local_postgres::testing;
use sqlx::{AssertSqlSafe, PgPool, query_as, query_scalar};

use crate::process::{Process, drawn};

const NOTIFICATIONS: i32 = 2000;
const KILLS: usize = 8;
const SEED: u64 = 20_261_122;
/// Far beyond what it takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Users with a device each, every third with two; each has a job that ends, all through the hook that ends any job.
async fn end_jobs(pool: &PgPool) {
    for sql in [
        format!(
            "insert into public.push_tokens (user_id, token)
             select md5('user' || n)::uuid, format('ExponentPushToken[user%s-device%s]', n, d)
             from generate_series(1, {NOTIFICATIONS}) n, generate_series(1, case n % 3 when 0 then 2 else 1 end) d"
        ),
        format!(
            "insert into public.plan_generation_jobs (user_id, profile_snapshot)
             select md5('user' || n)::uuid, '{{\"goal\": \"ENDURANCE\", \"trainingDays\": 3}}' from generate_series(1, {NOTIFICATIONS}) n"
        ),
        format!(
            "do $$ declare c record; begin
               for c in select * from durable.claim(durable.start_worker('own', array['weekly_plan'], false, '1 hour'),
                   'weekly_plan', {NOTIFICATIONS}) loop
                 perform durable.complete(c.task, c.token, jsonb_build_object('plan_id', gen_random_uuid()));
               end loop;
             end $$"
        ),
    ] {
        sqlx::query(AssertSqlSafe(sql)).execute(pool).await.expect("set the scene");
    }
}

async fn unfinished(pool: &PgPool) -> i64 {
    query_scalar("select count(*) from durable.task where kind = 'send_push' and outcome is null")
        .fetch_one(pool)
        .await
        .expect("count")
}

/// The waits of retries are not what is tested here.
async fn hurry(pool: &PgPool) {
    sqlx::query(
        "update durable.timer set due_at = now() where due_at > now()
         and task in (select id from durable.task where kind = 'send_push' and outcome is null)",
    )
    .execute(pool)
    .await
    .expect("hurry");
}

/// Runs two workers until all is sent, killing one whenever a drawn number of further messages was accepted. How many kills.
async fn send_all(pool: &PgPool, database: &str, emulator: &Emulator) -> usize {
    let mut random = SEED;
    let push_url = emulator.expo_url();
    let mut workers = [
        Process::start("push_worker", &[database, &push_url]),
        Process::start("push_worker", &[database, &push_url]),
    ];
    let mut kills = 0;
    let mut next = 60;
    let start = Instant::now();
    let mut hurried = start;
    while unfinished(pool).await > 0 {
        assert!(
            start.elapsed() < PATIENCE,
            "{} are unfinished",
            unfinished(pool).await
        );
        if kills < KILLS && emulator.ledger().accepted().len() >= next {
            let victim = &mut workers[usize::try_from(drawn(&mut random) % 2).expect("0 or 1")];
            victim.kill_9();
            *victim = Process::start("push_worker", &[database, &push_url]);
            kills += 1;
            next += 150 + usize::try_from(drawn(&mut random) % 200).expect("small");
        }
        if hurried.elapsed() > Duration::from_millis(500) {
            hurry(pool).await;
            hurried = Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    kills
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_notifications_through_kills_are_accepted_once_each_or_share_a_collapse_id() {
    println!("seed {SEED}");
    let own = testing::fresh_database(&coach::migrate::script()).expect("a database");
    let pool = PgPool::connect(own.url()).await.expect("connect");
    let options = Options {
        scenario: Scenario::Rough,
        seed: SEED,
        ..Options::default()
    };
    let emulator = Emulator::start(&options).await.expect("a port");
    end_jobs(&pool).await;
    let start = Instant::now();
    let kills = send_all(&pool, own.url(), &emulator).await;

    // What was to be sent, and how often the sender itself says that it may have been repeated.
    let tickets: Vec<(String, String, String, i32, i32)> = query_as(
        "select t.token, j.id::text, k.state, k.sends, k.repeats from public.plan_generation_jobs j
         join public.push_tokens t on t.user_id = j.user_id
         left join coach.push_ticket k on k.push_token_id = t.id",
    )
    .fetch_all(&pool)
    .await
    .expect("tickets");
    let mut times: BTreeMap<(String, String), i32> = BTreeMap::new();
    for message in emulator.ledger().accepted() {
        let collapse_id = message.collapse_id.expect("a collapse id");
        *times.entry((message.to, collapse_id)).or_default() += 1;
    }
    let (mut declared, mut doubled) = (0, 0);
    for (token, job, state, sends, repeats) in &tickets {
        assert_eq!(state, "accepted", "{token}");
        let accepted = times.remove(&(token.clone(), job.clone())).unwrap_or(0);
        assert!(accepted >= 1, "{token} was never sent to");
        assert!(
            accepted <= 1 + repeats,
            "{token}: accepted {accepted} times, {repeats} repeats declared, {sends} sends"
        );
        declared += i32::from(*repeats > 0);
        doubled += i32::from(accepted > 1);
    }
    assert!(
        times.is_empty(),
        "messages that nobody asked for, or under another collapse id: {times:?}"
    );
    println!(
        "{NOTIFICATIONS} notifications, {} devices, {kills} kills, {} requests, {:.1} s: each accepted; \
         {declared} declared as perhaps repeated, {doubled} of them really were, all under their collapse id",
        tickets.len(),
        emulator.ledger().requests().len(),
        start.elapsed().as_secs_f64()
    );
    assert_eq!(kills, KILLS);
    assert!(
        doubled > 0,
        "no kill or cut came between acceptance and answer: the test proves nothing"
    );
}
