//! Budgets that all workers share, by a hand-held clock.

use std::{sync::Arc, time::Duration};

use durable::budget::{self, Left, Limits, Reserved};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use sqlx::{PgPool, query_scalar};
use uuid::Uuid;

use crate::support::Database;

/// Seconds of the hand-held clock, from an arbitrary beginning.
type Seconds = f64;

/// Null: granted; else the wait.
async fn reserve(
    pool: &PgPool,
    id: Uuid,
    name: &str,
    tokens: (i64, i64),
    at: Seconds,
) -> Option<Seconds> {
    query_scalar(
        "select durable.reserve_budget($1, $2, $3, $4, '15 minutes', to_timestamp(1e9 + $5))",
    )
    .bind(id)
    .bind(name)
    .bind(tokens.0)
    .bind(tokens.1)
    .bind(at)
    .fetch_one(pool)
    .await
    .expect("reserve_budget")
}

async fn settle(pool: &PgPool, id: Uuid, tokens: (i64, i64), at: Seconds) -> bool {
    query_scalar("select durable.settle_budget($1, 1, $2, $3, to_timestamp(1e9 + $4))")
        .bind(id)
        .bind(tokens.0)
        .bind(tokens.1)
        .bind(at)
        .fetch_one(pool)
        .await
        .expect("settle_budget")
}

async fn set(pool: &PgPool, name: &str, limits: (i64, i64, i64), concurrent: Option<i32>) {
    sqlx::query("select durable.set_budget($1, $2, $3, $4, $5, to_timestamp(1e9))")
        .bind(name)
        .bind(limits.0)
        .bind(limits.1)
        .bind(limits.2)
        .bind(concurrent)
        .execute(pool)
        .await
        .expect("set_budget");
}

/// Until when the budget is used up, by the clock; none: free.
async fn free_at(pool: &PgPool, name: &str, at: Seconds) -> Option<Seconds> {
    query_scalar("select (extract(epoch from durable.budget_free_at($1, p_now => to_timestamp(1e9 + $2))) - 1e9)::float8")
        .bind(name)
        .bind(at)
        .fetch_one(pool)
        .await
        .expect("budget_free_at")
}

/// Calls that were granted: when, and how large.
type Granted = Vec<(Seconds, i64)>;

/// What eight workers get who all ask at every half second, again and again until they are refused.
async fn eight_workers(
    db: &Arc<Database>,
    limits: (i64, i64, i64),
    tokens: i64,
    minutes: u32,
) -> Granted {
    set(&db.pool, "model", limits, None).await;
    let mut granted = Vec::new();
    for tick in 0..minutes * 120 {
        let at = f64::from(tick) / 2.0;
        let askers: Vec<_> = (0..8)
            .map(|worker| {
                let db = Arc::clone(db);
                tokio::spawn(async move {
                    let size = tokens * (4 + worker) / 8;
                    let mut got = Vec::new();
                    while reserve(&db.pool, Uuid::now_v7(), "model", (size, size), at)
                        .await
                        .is_none()
                    {
                        got.push((at, size));
                    }
                    got
                })
            })
            .collect();
        for asker in askers {
            granted.extend(asker.await.expect("asker"));
        }
    }
    granted
}

/// The most that any minute saw.
fn busiest_minute(granted: &Granted, of: impl Fn(i64) -> i64) -> i64 {
    let within = |from: Seconds| {
        granted
            .iter()
            .filter(|(at, _)| (from..from + 60.0).contains(at))
            .map(|(_, size)| of(*size))
            .sum()
    };
    granted
        .iter()
        .map(|(from, _)| within(*from))
        .max()
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_requests_a_minute_are_sixty_however_many_workers_ask() {
    let db = Arc::new(Database::fresh().await);
    let granted = eight_workers(&db, (60, 1_000_000, 1_000_000), 100, 3).await;
    let busiest = busiest_minute(&granted, |_| 1);
    println!(
        "{} requests in 3 minutes, {busiest} in the busiest minute",
        granted.len()
    );
    assert!(busiest <= 60, "{busiest}");
    assert!(granted.len() >= 3 * 57, "{}", granted.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_of_tokens_is_used_to_95_percent_and_no_minute_sees_more_than_the_limit() {
    let db = Arc::new(Database::fresh().await);
    let granted = eight_workers(&db, (100_000, 500_000, 100_000), 2_000, 3).await;
    let total: i64 = granted.iter().map(|(_, size)| size).sum();
    let busiest = busiest_minute(&granted, |size| size);
    println!("{total} tokens in 3 minutes, {busiest} in the busiest minute");
    assert!(busiest <= 100_000, "{busiest}");
    assert!(total >= 3 * 95_000, "{total}");
}

#[tokio::test]
async fn a_call_is_debited_in_all_dimensions_or_in_none() {
    let db = Database::fresh().await;
    set(&db.pool, "model", (600, 20_000, 2_000), None).await;
    let left = "select concat_ws(' ', requests_left, input_left, output_left) from durable.budget";
    // Bursts: 30 requests, 1,000 and 100 tokens.
    assert_eq!(
        reserve(&db.pool, Uuid::now_v7(), "model", (600, 60), 0.0).await,
        None
    );
    assert_eq!(db.text(left).await, "29 400 40");
    let wait = reserve(&db.pool, Uuid::now_v7(), "model", (100, 60), 0.0).await;
    // 20 tokens are missing of 1,900 a minute.
    assert_eq!(wait, Some(0.632));
    assert_eq!(db.text(left).await, "29 400 40");
}

#[tokio::test]
async fn who_waits_is_told_a_time_of_its_own_and_that_is_enough() {
    let db = Database::fresh().await;
    set(&db.pool, "model", (60, 6_000, 6_000), None).await;
    let mut told = Vec::new();
    for _ in 0..100 {
        match reserve(&db.pool, Uuid::now_v7(), "model", (10, 10), 0.0).await {
            None => assert!(told.is_empty(), "the first are let through"),
            Some(wait) => told.push(wait),
        }
    }
    // Three at once, then 57 a minute, and nobody is sent further than a minute beyond the next free moment.
    assert_eq!(
        (told.len(), told[0], told[1], told[96]),
        (97, 1.053, 2.106, 61.053)
    );
    for wait in &told[..57] {
        let granted = reserve(&db.pool, Uuid::now_v7(), "model", (10, 10), *wait).await;
        assert_eq!(granted, None, "{wait}");
    }
}

#[tokio::test]
async fn who_waits_in_line_waits_for_what_calls_use_not_for_what_they_reserve() {
    let db = Database::fresh().await;
    set(&db.pool, "model", (60_000, 6_000_000, 60_000), None).await;
    let told = async |at: Seconds| {
        let mut told = Vec::new();
        for _ in 0..13 {
            told.extend(reserve(&db.pool, Uuid::now_v7(), "model", (1, 1_000), at).await);
        }
        assert_eq!(told.len(), 10, "three at once");
        told[9] - told[8]
    };
    assert!((told(0.0).await - 1_000.0 / 950.0).abs() < 0.01);
    for call in 0..60 {
        let (id, at) = (Uuid::now_v7(), 1_000.0 + f64::from(call));
        assert_eq!(reserve(&db.pool, id, "model", (1, 1_000), at).await, None);
        assert!(settle(&db.pool, id, (1, 100), at).await);
    }
    let spacing = told(2_000.0).await;
    assert!((spacing - 100.0 / 950.0).abs() < 0.01, "{spacing}");
}

#[tokio::test]
async fn a_call_is_debited_once_and_settled_once() {
    let db = Database::fresh().await;
    set(&db.pool, "model", (600, 20_000, 20_000), None).await;
    let id = Uuid::now_v7();
    for _ in 0..2 {
        assert_eq!(reserve(&db.pool, id, "model", (500, 500), 0.0).await, None);
    }
    assert!(settle(&db.pool, id, (100, 700), 0.0).await);
    assert!(!settle(&db.pool, id, (100, 700), 0.0).await);
    assert_eq!(
        db.text(
            "select concat_ws(' ', requests_left, input_left, output_left) from durable.budget"
        )
        .await,
        "29 900 300"
    );
}

#[tokio::test]
async fn a_killed_call_gives_its_place_back_when_its_hold_runs_out() {
    let db = Database::fresh().await;
    set(&db.pool, "model", (6_000, 20_000, 20_000), Some(2)).await;
    let (killed, other) = (Uuid::now_v7(), Uuid::now_v7());
    for id in [killed, other] {
        assert_eq!(reserve(&db.pool, id, "model", (1, 1), 0.0).await, None);
    }
    let third = Uuid::now_v7();
    assert_eq!(
        reserve(&db.pool, third, "model", (1, 1), 0.0).await,
        Some(1.0),
        "both places are taken"
    );
    assert!(settle(&db.pool, other, (1, 1), 1.0).await);
    assert_eq!(reserve(&db.pool, third, "model", (1, 1), 1.0).await, None);
    let fourth = Uuid::now_v7();
    assert_eq!(
        reserve(&db.pool, fourth, "model", (1, 1), 899.5).await,
        Some(0.5),
        "the killed call's hold runs out"
    );
    assert_eq!(
        reserve(&db.pool, fourth, "model", (1, 1), 900.0).await,
        None
    );
    assert!(
        !settle(&db.pool, killed, (0, 0), 901.0).await,
        "too late: it stays as reserved"
    );
}

#[tokio::test]
async fn a_providers_word_only_lowers_and_an_operator_can_ask_until_when() {
    let db = Database::fresh().await;
    set(&db.pool, "model", (600, 20_000, 20_000), None).await;
    assert_eq!(free_at(&db.pool, "model", 0.0).await, None);
    let run = async |sql: &str| db.execute(sql).await;
    let at = |seconds: u32| format!("to_timestamp(1e9 + {seconds})");
    run(&format!(
        "select durable.lower_budget('model', 10, {}, 5000, {}, p_now => {})",
        at(60),
        at(60),
        at(0)
    ))
    .await;
    let left = "select concat_ws(' ', requests_left, input_left, output_left) from durable.budget";
    assert_eq!(
        db.text(left).await,
        "10 1000 1000",
        "more than we thought is not believed"
    );
    assert_eq!(free_at(&db.pool, "model", 0.0).await, None);
    run(&format!(
        "select durable.lower_budget('model', 0, {}, p_now => {})",
        at(30),
        at(0)
    ))
    .await;
    assert_eq!(free_at(&db.pool, "model", 0.0).await, Some(30.0));
    run(&format!(
        "select durable.block_budget('model', {}, {})",
        at(20),
        at(0)
    ))
    .await;
    assert_eq!(
        free_at(&db.pool, "model", 10.0).await,
        Some(30.0),
        "an earlier end is not believed"
    );
    run(&format!(
        "select durable.block_budget('model', {}, {})",
        at(90),
        at(10)
    ))
    .await;
    assert_eq!(free_at(&db.pool, "model", 10.0).await, Some(90.0));
    assert_eq!(
        reserve(&db.pool, Uuid::now_v7(), "model", (1, 1), 80.0).await,
        Some(10.0)
    );
    assert_eq!(
        reserve(&db.pool, Uuid::now_v7(), "model", (1, 1), 90.0).await,
        None
    );
}

#[tokio::test]
async fn the_rust_functions_say_the_same() {
    let db = Database::fresh().await;
    let pool = &db.pool;
    let limits = Limits {
        requests: Some(20),
        output_tokens: Some(1_000),
        ..Limits::default()
    };
    let hold = Duration::from_secs(60);
    let unknown = budget::reserve(pool, Uuid::now_v7(), "model", 1, 1, hold).await;
    let message = unknown.expect_err("not set").to_string();
    assert!(message.contains("no budget \"model\" is set"), "{message}");
    budget::set(pool, "model", limits).await.expect("set");
    let id = Uuid::now_v7();
    let reserve = async |id, output| {
        budget::reserve(pool, id, "model", 1_000_000, output, hold)
            .await
            .expect("reserve")
    };
    assert_eq!(reserve(Uuid::now_v7(), 1_001).await, Reserved::Never);
    assert_eq!(reserve(id, 50).await, Reserved::Yes);
    assert!(matches!(
        reserve(Uuid::now_v7(), 50).await,
        Reserved::Wait(_)
    ));
    assert!(budget::release(pool, id).await.expect("release"));
    assert_eq!(reserve(id, 50).await, Reserved::Yes);
    assert!(
        budget::settle(pool, id, None, Some(50))
            .await
            .expect("settle")
    );
    let nothing = Left {
        remaining: 0,
        resets_in: Duration::from_secs(100),
    };
    budget::lower(pool, "model", Some(nothing), None, None)
        .await
        .expect("lower");
    budget::block(pool, "model", Duration::from_secs(50))
        .await
        .expect("block");
    let Reserved::Wait(wait) = reserve(Uuid::now_v7(), 1).await else {
        panic!("the provider said that nothing is left");
    };
    assert!((90..=100).contains(&wait.as_secs()), "{wait:?}");
}

#[derive(Debug, Clone)]
enum Event {
    /// Asks for a call; where it is to wait, waits and asks again.
    Call(i64, i64),
    /// Asks, and does something else when it is to wait.
    Try(i64, i64),
    /// Settles the oldest open call by these shares of what was reserved, in percent.
    Settle(i64, i64),
    Pass(Seconds),
    Lower(i64),
    Block(Seconds),
}

fn event() -> impl Strategy<Value = Event> {
    let tokens = || prop_oneof![0..200_i64, 0..2_000_i64];
    prop_oneof![
        3 => (tokens(), tokens()).prop_map(|(input, output)| Event::Call(input, output)),
        3 => (tokens(), tokens()).prop_map(|(input, output)| Event::Try(input, output)),
        3 => (0..200_i64, 0..200_i64).prop_map(|(input, output)| Event::Settle(input, output)),
        2 => (0.0..20.0_f64).prop_map(Event::Pass),
        1 => (0..50_i64).prop_map(Event::Lower),
        1 => (0.0..30.0_f64).prop_map(Event::Block),
    ]
}

/// What was debited (requests, input, output), when, and whether by a new call.
type Debit = (Seconds, [f64; 3], bool);

#[allow(clippy::cast_precision_loss, reason = "token counts are small")]
fn debit(at: Seconds, requests: i64, tokens: (i64, i64), granted: bool) -> Debit {
    (
        at,
        [requests as f64, tokens.0 as f64, tokens.1 as f64],
        granted,
    )
}

/// Plays a history; whenever a call is told to wait, that wait is enough.
async fn play(
    pool: &PgPool,
    name: &str,
    limits: (i64, i64, i64),
    events: Vec<Event>,
) -> Result<Vec<Debit>, TestCaseError> {
    set(pool, name, limits, None).await;
    let (mut at, mut open, mut debits) = (0.0, Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Call(input, output) | Event::Try(input, output) => {
                let (id, tokens) = (Uuid::now_v7(), (input, output));
                let mut wait = reserve(pool, id, name, tokens, at).await;
                if let (Event::Call(..), Some(seconds)) = (&event, wait) {
                    at += seconds;
                    wait = reserve(pool, id, name, tokens, at).await;
                    prop_assert_eq!(wait, None, "{} s were too short a wait", seconds);
                }
                if wait.is_none() {
                    open.push((id, tokens));
                    debits.push(debit(at, 1, tokens, true));
                }
            }
            Event::Settle(input, output) if !open.is_empty() => {
                let (id, tokens) = open.remove(0);
                let used = (tokens.0 * input / 100, tokens.1 * output / 100);
                prop_assert!(settle(pool, id, used, at).await);
                debits.push(debit(at, 0, (used.0 - tokens.0, used.1 - tokens.1), false));
            }
            Event::Settle(..) => {}
            Event::Pass(seconds) => at += seconds,
            Event::Lower(left) => {
                sqlx::query("select durable.lower_budget($1, $2, null, $2, null, $2, null, to_timestamp(1e9 + $3))")
                    .bind(name).bind(left).bind(at).execute(pool).await.expect("lower_budget");
            }
            Event::Block(seconds) => {
                sqlx::query("select durable.block_budget($1, to_timestamp(1e9 + $3 + $2), to_timestamp(1e9 + $3))")
                    .bind(name).bind(seconds).bind(at).execute(pool).await.expect("block_budget");
            }
        }
    }
    Ok(debits)
}

/// From any moment to any call, no more is debited than the burst (or the largest call, if larger) and what flowed in.
#[allow(clippy::cast_precision_loss, reason = "limits are small")]
fn check(limits: (i64, i64, i64), debits: &[Debit]) -> Result<(), TestCaseError> {
    for (dimension, limit) in [limits.0 as f64, limits.1 as f64, limits.2 as f64]
        .into_iter()
        .enumerate()
    {
        let burst = (limit * 0.05).max(1.0);
        let flow = (limit - burst).max(limit / 2.0) / 60.0;
        let largest = debits
            .iter()
            .map(|debit| debit.1[dimension])
            .fold(burst, f64::max);
        for (first, (from, ..)) in debits.iter().enumerate() {
            let mut sum = 0.0;
            for (to, amounts, granted) in &debits[first..] {
                sum += amounts[dimension];
                let bound = largest + flow * (to - from) + 1e-3;
                prop_assert!(
                    !granted || sum <= bound,
                    "dimension {dimension}: {sum} from {from} to {to}, at most {bound}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn no_window_of_any_length_sees_more_than_the_burst_and_the_flow() {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let db = runtime.block_on(Database::fresh());
    // PROPTEST_RNG_SEED plays a printed seed again.
    let seed = match Config::default().rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => Uuid::new_v4().as_u64_pair().0,
    };
    println!("PROPTEST_RNG_SEED={seed}");
    let mut runner = TestRunner::new(Config {
        cases: 64,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    });
    let limits = (1..300_i64, 2_000..50_000_i64, 2_000..50_000_i64);
    let histories = (limits, proptest::collection::vec(event(), 1..60));
    let outcome = runner.run(&histories, |(limits, events)| {
        let name = Uuid::now_v7().to_string();
        let debits = runtime.block_on(play(&db.pool, &name, limits, events))?;
        check(limits, &debits)
    });
    outcome.unwrap_or_else(|error| panic!("PROPTEST_RNG_SEED={seed} {error}"));
}
