//! What may be spent: reserved by estimate before a sending, settled by what it cost.

use durable::{MicroDollars, Policy, Priced, Step};
use serde_json::{Value, json};

use crate::{
    support::{Database, Run},
    work::{PATIENCE, start, within},
};

const DAILY: &str =
    r#"{"estimate": 400, "caps": [{"scope": "user 1", "daily": true, "cap": 1000}]}"#;

async fn begin(db: &Database, run: &Run, step: &str, terms: &str, after: &str) -> String {
    let sql = format!(
        "select concat_ws(' ', state, output ->> 'scope', output ->> 'used', output ->> 'cap')
         from durable.begin_step($1, $2, '{step}', 'h', '{terms}', p_now => '2026-11-22 12:00Z'::timestamptz + interval '{after}')"
    );
    db.of_run(run, &sql).await
}

async fn used(db: &Database, scope: &str) -> i32 {
    db.int(&format!(
        "select coalesce(sum(used), 0)::int from durable.spend_total where scope = '{scope}'"
    ))
    .await
}

#[tokio::test]
async fn a_scopes_daily_cap_holds_over_all_its_tasks_and_is_new_each_day() {
    let db = Database::fresh().await;
    let mut runs = Vec::new();
    for n in 0..4 {
        db.spawn().await;
        runs.push(db.claim_one(&format!("w{n}")).await);
    }
    assert_eq!(begin(&db, &runs[0], "s", DAILY, "0").await, "begun");
    assert_eq!(begin(&db, &runs[1], "s", DAILY, "0").await, "begun");
    assert_eq!(
        begin(&db, &runs[2], "s", DAILY, "0").await,
        "refused user 1 800 1000"
    );
    let other = DAILY.replace("user 1", "user 2");
    assert_eq!(begin(&db, &runs[2], "s", &other, "0").await, "begun");
    assert_eq!(begin(&db, &runs[3], "s", DAILY, "1 day").await, "begun");
}

#[tokio::test]
async fn a_total_cap_holds_for_ever_and_a_tasks_cap_for_its_steps() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    let total = DAILY.replace("\"daily\": true, ", "");
    for (step, after, answer) in [
        ("a", "0", "begun"),
        ("b", "3 days", "begun"),
        ("c", "1 year", "refused user 1 800 1000"),
    ] {
        assert_eq!(begin(&db, &run, step, &total, after).await, answer);
    }
    let of_task = r#"{"estimate": 400, "task_cap": 1000}"#;
    assert_eq!(
        begin(&db, &run, "d", of_task, "0").await,
        "refused this task 800 1000"
    );
}

#[tokio::test]
async fn a_step_is_settled_once_by_what_it_cost() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    begin(&db, &run, "s", DAILY, "0").await;
    assert_eq!(used(&db, "user 1").await, 400, "by estimate");
    for _ in 0..3 {
        let settle = "select durable.finish_step($1, $2, 's', '{}', 950)::text";
        assert_eq!(db.of_run(&run, settle).await, "true");
    }
    assert_eq!(used(&db, "user 1").await, 950, "once");
}

#[tokio::test]
async fn a_killed_sending_stays_counted_and_one_that_never_happened_does_not() {
    let db = Database::fresh().await;
    db.spawn().await;
    let run = db.claim_one("a").await;
    begin(&db, &run, "s", DAILY, "0").await;
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    let run = db.claim_one("b").await;
    assert_eq!(begin(&db, &run, "s", DAILY, "0").await, "repeat");
    assert_eq!(used(&db, "user 1").await, 800, "the killed one and this");
    let withdraw = "select durable.withdraw_step($1, $2, 's')::text";
    for _ in 0..2 {
        assert_eq!(db.of_run(&run, withdraw).await, "true");
    }
    assert_eq!(used(&db, "user 1").await, 400, "the killed one");
    assert_eq!(begin(&db, &run, "s", DAILY, "0").await, "begun");
    let finish = "select durable.finish_step($1, $2, 's', '{}', 100)::text";
    db.of_run(&run, finish).await;
    assert_eq!(used(&db, "user 1").await, 500);
    assert_eq!(db.int("select cost::int from durable.step").await, 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_at_once_never_pass_a_cap_together() {
    let db = std::sync::Arc::new(Database::fresh().await);
    let worker = db.worker("w").await;
    for _ in 0..40 {
        db.spawn().await;
    }
    // The caps come in both orders: who locks two totals must not meet another in a deadlock.
    let caps = [
        r#"{"scope": "everybody", "daily": true, "cap": 1000}"#,
        r#"{"scope": "user", "daily": true, "cap": 1000}"#,
    ];
    let beginners: Vec<_> = db
        .claim(worker, 40)
        .await
        .into_iter()
        .enumerate()
        .map(|(n, run)| {
            let db = std::sync::Arc::clone(&db);
            let (first, second) = (caps[n % 2], caps[(n + 1) % 2]);
            let terms = format!(r#"{{"estimate": 100, "caps": [{first}, {second}]}}"#);
            tokio::spawn(async move { begin(&db, &run, "s", &terms, "0").await })
        })
        .collect();
    let mut begun = 0;
    for beginner in beginners {
        begun += u32::from(beginner.await.expect("begin") == "begun");
    }
    assert_eq!(begun, 10);
    assert_eq!(used(&db, "everybody").await, 1000);
}

#[tokio::test]
async fn a_task_that_would_pass_a_cap_fails_and_says_which() {
    let db = Database::fresh().await;
    let worker = start(&db.pool, async |attempt: durable::Attempt| {
        let policy = || {
            Policy::park(MicroDollars(600_000))
                .task_cap(MicroDollars(5_000_000))
                .daily_cap("everybody", MicroDollars(1_000_000))
                .total_cap("user 7", MicroDollars(9_000_000))
        };
        let work = async |_: Step| {
            Ok(Priced {
                output: Value::Null,
                cost: Some(MicroDollars(400_001)),
                usage: json!({}),
            })
        };
        attempt
            .call::<Value, _>("first", &(), policy(), work)
            .await?;
        attempt
            .call::<Value, _>("second", &(), policy(), work)
            .await
    });
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(
        db.outcome(task).await,
        ("failed".into(), Some("SPEND_CAP".into()))
    );
    assert_eq!(
        db.text("select error_message from durable.task").await,
        "step second would pass the spend cap of everybody: 400001 of 1000000 micro-dollars are used"
    );
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_task_waits_for_its_budget_and_leaves_when_that_takes_long() {
    let db = Database::fresh().await;
    // One at once, one more every second; then none for an hour.
    db.execute("select durable.set_budget('model', 61, p_output_tokens => 100000)")
        .await;
    let worker = start(&db.pool, async |attempt: durable::Attempt| {
        for name in ["a", "b", "c", "d", "e"] {
            let policy = Policy::park(MicroDollars(0)).budget("model", 0, 100);
            let work = async |_: Step| {
                Ok(Priced {
                    output: name.to_owned(),
                    cost: None,
                    usage: json!({ "output_tokens": 50 }),
                })
            };
            attempt.call(name, &(), policy, work).await?;
        }
        Ok(Value::Null)
    });
    let task = db.spawn().await;
    within("the end", db.ended(task)).await;
    assert_eq!(db.outcome(task).await.0, "succeeded");
    assert_eq!(db.count("durable.reservation").await, 0, "all settled");
    durable::budget::block(&db.pool, "model", std::time::Duration::from_secs(3600))
        .await
        .expect("block");
    db.spawn().await;
    let waits = db.until(
        "select count(*) = 1 from durable.timer where reason = 'budget model is used up' and retries = 0
        and due_at between now() + interval '58 minutes' and now() + interval '61 minutes'",
    );
    within("the wait", waits).await;
    assert_eq!(
        db.int("select sum(repeats)::int from durable.step").await,
        0
    );
    worker.drain(PATIENCE).await;
}

const OF_A_BUDGET: &str = r#"{"estimate": 400, "budget": {"name": "p m"}, "caps": [{"scope": "user 1", "daily": true, "cap": 9000}]}"#;

/// Day, calls, cost and the estimated part of it, tokens in, cached, out and thought.
async fn use_of(db: &Database) -> String {
    db.text(
        "select coalesce(string_agg(concat_ws(' ', day, kind, budget, calls, cost, estimated_cost, input_tokens, cached_input_tokens,
           output_tokens, reasoning_tokens), '; ' order by day), '') from durable.budget_use",
    )
    .await
}

#[tokio::test]
async fn the_use_of_a_budget_is_kept_by_day_and_kind_when_the_task_is_forgotten() {
    let db = Database::fresh().await;
    db.execute("select durable.set_budget('p m')").await;
    db.spawn().await;
    let run = db.claim_one("w").await;
    assert_eq!(begin(&db, &run, "s", OF_A_BUDGET, "0").await, "begun");
    assert_eq!(use_of(&db).await, "2026-11-22 plain p m 1 400 400 0 0 0 0");
    let usage = r#"{"input_tokens": 50, "cached_input_tokens": 40, "output_tokens": 9, "reasoning_tokens": 3, "estimated": false}"#;
    for _ in 0..3 {
        let finish =
            format!("select durable.finish_step($1, $2, 's', '{{}}', 950, '{usage}')::text");
        assert_eq!(db.of_run(&run, &finish).await, "true");
    }
    let once = "2026-11-22 plain p m 1 950 0 50 40 9 3";
    assert_eq!(use_of(&db).await, once);
    begin(&db, &run, "t", OF_A_BUDGET, "1 day").await;
    let counted = r#"select durable.finish_step($1, $2, 't', '{}', 300, '{"input_tokens": 7, "estimated": true}')::text"#;
    db.of_run(&run, counted).await;
    let twice = format!("{once}; 2026-11-23 plain p m 1 300 300 7 0 0 0");
    assert_eq!(use_of(&db).await, twice);
    db.complete(&run, "{}").await;
    assert_eq!(
        db.int("select durable.prune(p_now => now() + interval '1 year')")
            .await,
        1
    );
    assert_eq!(use_of(&db).await, twice);
}

#[tokio::test]
async fn a_lost_sending_stays_in_the_use_as_an_estimate_and_one_taken_back_leaves_it() {
    let db = Database::fresh().await;
    db.execute("select durable.set_budget('p m')").await;
    db.spawn().await;
    let run = db.claim_one("a").await;
    begin(&db, &run, "s", OF_A_BUDGET, "0").await;
    db.execute("select durable.reap(now() + interval '1 minute')")
        .await;
    let run = db.claim_one("b").await;
    assert_eq!(begin(&db, &run, "s", OF_A_BUDGET, "0").await, "repeat");
    assert_eq!(use_of(&db).await, "2026-11-22 plain p m 2 800 800 0 0 0 0");
    for _ in 0..2 {
        db.of_run(&run, "select durable.withdraw_step($1, $2, 's')::text")
            .await;
    }
    assert_eq!(use_of(&db).await, "2026-11-22 plain p m 1 400 400 0 0 0 0");
    begin(&db, &run, "s", OF_A_BUDGET, "0").await;
    let finish = "select durable.finish_step($1, $2, 's', '{}', 100)::text";
    db.of_run(&run, finish).await;
    assert_eq!(use_of(&db).await, "2026-11-22 plain p m 2 500 400 0 0 0 0");
}
