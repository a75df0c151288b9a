//! Workers that are not Mesocycle's own, working jobs through the contract's functions beside its own.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::support::{ADA, BEN, Db, pair, refusal, service, seven_days, text, user};

async fn ok(db: &Db, sql: &str) -> Value {
    db.call(&service(), &format!("select to_jsonb({sql})"))
        .await
        .expect(sql)
}

#[tokio::test]
async fn a_claim_takes_the_oldest_job_and_the_row_says_who_has_it() {
    let db = Db::fresh().await;
    let first = db.job_of(ADA).await;
    let second = db.job_of(BEN).await;
    assert_eq!(db.claim("edge-1").await, json!(first));
    let row = db.job(&first).await;
    assert_eq!(
        json!([row["status"], row["worker_id"]]),
        json!(["processing", "edge-1"])
    );
    assert!(row["started_at"].is_string());
    let lease = db
        .get(&format!(
            "select (j.locked_until - now()) between interval '590 seconds' and interval '600 seconds'
               and j.locked_until = w.lease_until
             from public.plan_generation_jobs j, durable.worker w where j.id = '{first}' and w.name = 'edge-1'"
        ))
        .await;
    assert_eq!(lease, true);
    assert_eq!(db.claim("edge-2").await, json!(second));
    assert_eq!(db.claim("edge-3").await, Value::Null);
    assert_eq!(
        db.get("select count(*) from durable.worker").await,
        2,
        "a claim of nothing leaves nothing"
    );
}

#[tokio::test]
async fn twenty_claims_at_once_share_ten_jobs_without_a_double() {
    let db = Db::fresh().await;
    for n in 0..10 {
        db.job_of(&format!("00000000-0000-4000-8000-0000000000{n:02}"))
            .await;
    }
    let own = db.claim_own("ours").await;
    let names: Vec<_> = (0..20).map(|n| format!("edge-{n}")).collect();
    let claimed: Vec<_> = join_all(names.iter().map(|name| db.claim(name)))
        .await
        .iter()
        .filter(|job| job.is_string())
        .map(text)
        .chain([text(&own["task"])])
        .collect();
    assert_eq!(claimed.len(), 10);
    assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), 10);
}

#[tokio::test]
async fn a_claim_with_a_name_in_use_or_a_senseless_lease_is_refused() {
    let db = Db::fresh().await;
    db.job_of(ADA).await;
    db.claim("edge-1").await;
    db.job_of(BEN).await;
    for (arguments, expected) in [
        ("'edge-1'", pair("PT409", "WORKER_ID_IN_USE")),
        ("''", pair("PT400", "INVALID_REQUEST")),
        ("null", pair("PT400", "INVALID_REQUEST")),
        ("'edge-2', 0", pair("PT400", "INVALID_REQUEST")),
        ("'edge-2', null", pair("PT400", "INVALID_REQUEST")),
    ] {
        let sql = format!("select to_jsonb(public.claim_next_plan_job({arguments}))");
        assert_eq!(
            refusal(db.call(&service(), &sql).await),
            expected,
            "{arguments}"
        );
    }
    ok(&db, "public.claim_next_plan_job('edge-2', 2000000000)").await;
    assert_eq!(
        db.get("select lease_until <= now() + interval '1 hour' from durable.worker where name = 'edge-2'").await,
        true
    );
}

#[tokio::test]
async fn only_the_holder_extends_and_the_row_shows_it() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    assert_eq!(
        ok(
            &db,
            &format!("public.extend_job_lock('{job}', 'edge-1', 60)")
        )
        .await,
        false,
        "not claimed"
    );
    db.claim("edge-1").await;
    assert_eq!(
        ok(
            &db,
            &format!("public.extend_job_lock('{job}', 'edge-2', 60)")
        )
        .await,
        false
    );
    assert_eq!(
        ok(
            &db,
            &format!("public.extend_job_lock('{job}', 'edge-1', 3000)")
        )
        .await,
        true
    );
    assert_eq!(
        db.get(&format!("select locked_until > now() + interval '2900 seconds' from public.plan_generation_jobs where id = '{job}'")).await,
        true
    );
    db.lapse("edge-1").await;
    assert_eq!(
        ok(
            &db,
            &format!("public.extend_job_lock('{job}', 'edge-1', 60)")
        )
        .await,
        false,
        "lapsed"
    );
}

#[tokio::test]
async fn completion_needs_the_lock_and_a_plan_of_the_jobs_user() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    let days = seven_days();
    let mut plans = Vec::new();
    for owner in [ADA, BEN] {
        plans.push(text(
            &db.get(&format!(
                "select gen_random_uuid() from (select 1) x where '{owner}' <> ''"
            ))
            .await,
        ));
        db.owner(&format!(
            "insert into public.weekly_base_plans (id, user_id, days) values ('{}', '{owner}', $d${days}$d$)",
            plans[plans.len() - 1]
        ))
        .await;
    }
    let complete =
        |plan: &str, worker: &str| format!("public.complete_plan_job('{job}', '{plan}', {worker})");
    assert_eq!(
        ok(&db, &complete(&plans[0], "null")).await,
        false,
        "nobody holds it"
    );
    db.claim("edge-1").await;
    assert_eq!(
        ok(&db, &complete(&plans[1], "'edge-1'")).await,
        false,
        "another user's plan"
    );
    assert_eq!(
        ok(&db, &complete(&plans[0], "'edge-2'")).await,
        false,
        "another worker"
    );
    assert_eq!(
        ok(&db, &format!("public.complete_plan_job('{job}', null)")).await,
        false
    );
    assert_eq!(ok(&db, &complete(&plans[0], "'edge-1'")).await, true);
    assert_eq!(
        ok(&db, &complete(&plans[0], "'edge-1'")).await,
        false,
        "once"
    );
    let row = db.job(&job).await;
    assert_eq!(
        json!([
            row["status"],
            row["result_plan_id"],
            row["locked_until"],
            row["error_code"]
        ]),
        json!(["completed", plans[0], null, null])
    );
    assert!(row["completed_at"].is_string());
    assert_eq!(
        db.get("select count(*) from public.user_notifications")
            .await,
        0,
        "it announces its own"
    );
    assert_eq!(db.get("select count(*) from durable.worker").await, 0);
}

#[tokio::test]
async fn a_job_of_our_own_is_not_for_outside_hands() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    db.owner(&format!(
        "insert into public.weekly_base_plans (user_id, days) values ('{ADA}', '{{}}')"
    ))
    .await;
    let plan = text(&db.get("select id from public.weekly_base_plans").await);
    db.claim_own("ours").await;
    assert_eq!(db.claim("edge-1").await, Value::Null);
    for call in [
        format!("public.complete_plan_job('{job}', '{plan}')"),
        format!("public.complete_plan_job('{job}', '{plan}', 'ours')"),
        format!("public.fail_plan_job('{job}', 'no')"),
        format!("public.fail_plan_job('{job}', 'no', 'AI_TIMEOUT', 'ours')"),
        format!("public.extend_job_lock('{job}', 'ours', 60)"),
    ] {
        assert_eq!(ok(&db, &call).await, false, "{call}");
    }
    let row = db.job(&job).await;
    assert_eq!(row["status"], "processing");
    assert_eq!(
        db.get(&format!("select locked_until = started_at + interval '45 minutes' from public.plan_generation_jobs where id = '{job}'")).await,
        true,
        "the run's ceiling, written once"
    );
}

#[tokio::test]
async fn a_failure_is_tried_again_by_its_class_and_the_row_tells_meanwhile() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    let words = "The model is asleep.";
    for (retry, said, code, shown, place) in [
        (1, words, "AI_RATE_LIMIT", "AI_RATE_LIMIT", "waiting"),
        (2, words, "AI_TIMEOUT", "AI_TIMEOUT", "ready"),
        (3, words, "SOMETHING_ELSE", "NETWORK_ERROR", "waiting"),
        (3, words, "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED", "failed"),
    ] {
        let worker = format!("edge-{code}");
        assert_eq!(db.claim(&worker).await, json!(job));
        let fail = format!("public.fail_plan_job('{job}', '{said}', '{code}', '{worker}')");
        assert_eq!(ok(&db, &fail).await, true);
        assert_eq!(ok(&db, &fail).await, false, "once");
        let row = db.job(&job).await;
        let status = if place == "failed" {
            "failed"
        } else {
            "pending"
        };
        assert_eq!(
            json!([
                row["status"],
                row["retry_count"],
                row["error_code"],
                row["error_message"],
                row["locked_until"]
            ]),
            json!([status, retry, shown, words, null])
        );
        assert_eq!(row["completed_at"].is_string(), place == "failed");
        assert_eq!(db.place(&job).await, place);
        if place == "waiting" {
            assert_eq!(db.claim("too-early").await, Value::Null, "not yet due");
            db.owner("update durable.timer set due_at = now()").await;
        }
    }
}

#[tokio::test]
async fn a_failure_without_words_is_put_in_ours() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    for (worker, words) in [("edge-1", "''"), ("edge-2", "null"), ("edge-3", "'  '")] {
        db.claim(worker).await;
        assert_eq!(
            ok(
                &db,
                &format!("public.fail_plan_job('{job}', {words}, 'AI_TIMEOUT')")
            )
            .await,
            true
        );
        assert_eq!(
            db.job(&job).await["error_message"],
            "Making your plan took too long. We are trying again by ourselves."
        );
    }
}

#[tokio::test]
async fn a_class_without_retry_fails_at_once() {
    let db = Db::fresh().await;
    for code in [
        "QUOTA_EXCEEDED",
        "CONFIG_ERROR",
        "BUDGET_EXCEEDED",
        "AI_REFUSED",
        "VALIDATION_FAILED",
        "INVALID_PROFILE",
        "NEEDS_CLEARANCE",
    ] {
        let job = db.job_of(ADA).await;
        db.claim(code).await;
        assert_eq!(
            ok(
                &db,
                &format!("public.fail_plan_job('{job}', null, '{code}')")
            )
            .await,
            true
        );
        let row = db.job(&job).await;
        assert_eq!(
            json!([row["status"], row["error_code"], row["retry_count"]]),
            json!(["failed", code, 0])
        );
        assert!(
            row["error_message"]
                .as_str()
                .is_some_and(|said| said.len() > 20),
            "{code}"
        );
    }
}

#[tokio::test]
async fn a_lapsed_lease_passes_the_job_on_and_the_first_worker_has_no_say() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    db.claim("edge-1").await;
    db.lapse("edge-1").await;
    // The engine reaps nobody within 15 s of the server's start; a young test server is waited for.
    let claimed = loop {
        let claimed = db.claim("edge-2").await;
        if claimed.is_string() {
            break claimed;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    assert_eq!(claimed, json!(job));
    for call in [
        format!("public.extend_job_lock('{job}', 'edge-1', 60)"),
        format!("public.fail_plan_job('{job}', 'late', 'AI_TIMEOUT', 'edge-1')"),
    ] {
        assert_eq!(ok(&db, &call).await, false, "{call}");
    }
    let row = db.job(&job).await;
    assert_eq!(
        json!([row["worker_id"], row["retry_count"]]),
        json!(["edge-2", 0]),
        "a loss is no retry"
    );
}

#[tokio::test]
async fn the_end_of_our_own_jobs_is_announced_once_and_a_cancel_is_not() {
    let db = Db::fresh().await;
    let (_, plan) = db.publish(ADA).await;
    let row = db
        .get("select to_jsonb(n) from public.user_notifications n")
        .await;
    assert_eq!(
        json!([
            row["user_id"],
            row["type"],
            row["screen"],
            row["data"],
            row["read"],
            row["delivered"]
        ]),
        json!([ADA, "base_plan_ready", "/plan-preview",
               { "type": "base_plan_ready", "screen": "/plan-preview", "planId": plan }, false, false])
    );
    let job = db.job_of(BEN).await;
    let run = db.claim_own("ours").await;
    db.owner(&format!(
        "select durable.fail('{job}', {}, 'INVALID_PROFILE', 'weight must be 25 to 400 kg.')",
        run["token"]
    ))
    .await;
    let row = db
        .get(&format!(
            "select to_jsonb(n) from public.user_notifications n where user_id = '{BEN}'"
        ))
        .await;
    assert_eq!(
        json!([row["type"], row["body"]]),
        json!(["base_plan_failed", "weight must be 25 to 400 kg."])
    );
    assert_eq!(
        db.job(&job).await["error_message"],
        "weight must be 25 to 400 kg."
    );
    let job = db.job_of(BEN).await;
    db.call(
        &user(BEN),
        &format!("select to_jsonb(public.cancel_plan_job('{job}'))"),
    )
    .await
    .unwrap();
    assert_eq!(
        db.get("select count(*) from public.user_notifications")
            .await,
        2
    );
}

#[tokio::test]
async fn a_providers_own_words_never_reach_the_row() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    let run = db.claim_own("ours").await;
    db.owner(&format!(
        "select durable.fail('{job}', {}, 'NETWORK_ERROR', 'tcp 10.0.0.7:443 sk-secret')",
        run["token"]
    ))
    .await;
    let row = db.job(&job).await;
    assert_eq!(row["error_code"], "NETWORK_ERROR");
    assert_eq!(
        row["error_message"],
        "The connection broke while your plan was being made. We are trying again by ourselves."
    );
}
