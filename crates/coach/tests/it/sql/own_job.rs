//! What users do with their own jobs: look, nudge, cancel, reset; and what the service role tidies.

use serde_json::{Value, json};

use super::support::{ADA, BEN, Db, pair, refusal, service, user};

#[tokio::test]
async fn the_active_job_is_shown_to_its_owner_and_the_service_role_alone() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    let sql = format!("select to_jsonb(j) from public.get_active_plan_job('{ADA}') j");
    let row = db.call(&user(ADA), &sql).await.unwrap();
    assert_eq!(
        row.as_object().unwrap().keys().cloned().collect::<Vec<_>>(),
        [
            "created_at",
            "error_code",
            "error_message",
            "id",
            "locked_until",
            "retry_count",
            "started_at",
            "status"
        ]
    );
    assert_eq!(json!([row["id"], row["status"]]), json!([job, "pending"]));
    assert_eq!(db.call(&service(), &sql).await.unwrap()["id"], json!(job));
    assert_eq!(db.call(&user(BEN), &sql).await, Ok(Value::Null));
    db.finish_job(&job).await;
    assert_eq!(db.call(&user(ADA), &sql).await, Ok(Value::Null));
}

#[tokio::test]
async fn the_nudge_names_the_next_job_and_claims_nothing() {
    let db = Db::fresh().await;
    let nudge = "select public.process_plan_queue()";
    let job = db.job_of(ADA).await;
    assert_eq!(
        refusal(db.call(&user(ADA), nudge).await),
        pair("PT503", "NO_WORKER")
    );
    db.owner("select durable.start_worker('ours', array['weekly_plan'], false, '1 hour')")
        .await;
    let named = json!({ "success": true, "jobId": job, "status": "processing" });
    let none = json!({ "success": true, "status": "no_jobs", "noJobsAvailable": true });
    for _ in 0..3 {
        assert_eq!(db.call(&user(ADA), nudge).await, Ok(named.clone()));
    }
    assert_eq!(db.call(&service(), nudge).await, Ok(named.clone()));
    assert_eq!(db.call(&user(BEN), nudge).await, Ok(none.clone()));
    assert_eq!(db.place(&job).await, "ready");
    db.claim_own("ours-too").await;
    assert_eq!(
        db.call(&service(), nudge).await,
        Ok(none.clone()),
        "none is due"
    );
    assert_eq!(
        db.call(&user(ADA), nudge).await,
        Ok(named),
        "one's own is being worked on"
    );
    db.call(
        &user(ADA),
        &format!("select to_jsonb(public.cancel_plan_job('{job}'))"),
    )
    .await
    .unwrap();
    assert_eq!(db.call(&user(ADA), nudge).await, Ok(none));
}

#[tokio::test]
async fn a_cancel_ends_the_row_in_its_own_transaction_wherever_the_task_is() {
    let db = Db::fresh().await;
    for place in ["ready", "waiting", "running"] {
        let job = db.job_of(ADA).await;
        let mut run = Value::Null;
        if place != "ready" {
            run = db.claim_own(place).await;
        }
        if place == "waiting" {
            db.owner(&format!(
                "select durable.fail('{job}', {}, 'NETWORK_ERROR', 'x')",
                run["token"]
            ))
            .await;
        }
        assert_eq!(db.place(&job).await, place);
        let sql = format!("select to_jsonb(public.cancel_plan_job('{job}'))");
        assert_eq!(
            refusal(db.call(&user(BEN), &sql).await),
            pair("PT404", "NOT_FOUND")
        );
        assert_eq!(db.call(&user(ADA), &sql).await, Ok(json!(true)));
        let row = db.job(&job).await;
        assert_eq!(
            json!([
                row["status"],
                row["error_code"],
                row["error_message"],
                row["locked_until"]
            ]),
            json!(["failed", "USER_CANCELLED", "You cancelled this plan.", null])
        );
        assert!(row["completed_at"].is_string());
        assert_eq!(db.place(&job).await, "cancelled");
        if place == "running" {
            assert_eq!(
                db.get(&format!(
                    "select durable.complete('{job}', {}, '{{}}')",
                    run["token"]
                ))
                .await,
                "lost"
            );
        }
        assert_eq!(
            refusal(db.call(&user(ADA), &sql).await),
            pair("PT409", "INVALID_STATE")
        );
    }
    let nobody = "select to_jsonb(public.cancel_plan_job('00000000-0000-4000-8000-0000000000ff'))";
    assert_eq!(
        refusal(db.call(&user(ADA), nobody).await),
        pair("PT404", "NOT_FOUND")
    );
    assert_eq!(
        refusal(
            db.call(&user(ADA), "select to_jsonb(public.cancel_plan_job(null))")
                .await
        ),
        pair("PT404", "NOT_FOUND")
    );
}

#[tokio::test]
async fn a_stuck_job_is_reset_until_its_retries_are_spent() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    let reset = format!("select to_jsonb(public.reset_stuck_plan_job('{job}'))");
    assert_eq!(
        refusal(db.call(&user(ADA), &reset).await),
        pair("PT409", "INVALID_STATE"),
        "pending"
    );
    for retry in 1..=3 {
        let worker = format!("edge-{retry}");
        db.claim(&worker).await;
        let refused = db.call(&user(ADA), &reset).await.unwrap_err();
        assert!(
            refused
                .message
                .contains("Job has not been processing long enough to reset")
        );
        db.lapse(&worker).await;
        assert_eq!(
            refusal(db.call(&user(BEN), &reset).await),
            pair("PT404", "NOT_FOUND")
        );
        assert_eq!(db.call(&user(ADA), &reset).await, Ok(json!(true)));
        let row = db.job(&job).await;
        assert_eq!(
            json!([
                row["status"],
                row["error_code"],
                row["retry_count"],
                row["locked_until"]
            ]),
            json!(["pending", "CLIENT_RESET", retry, null])
        );
        assert_eq!(db.place(&job).await, "ready");
    }
    db.claim("edge-4").await;
    db.lapse("edge-4").await;
    assert_eq!(db.call(&user(ADA), &reset).await, Ok(json!(false)));
    let row = db.job(&job).await;
    assert_eq!(
        json!([row["status"], row["error_code"]]),
        json!(["failed", "MAX_RETRIES_EXCEEDED"])
    );
    assert_eq!(
        refusal(db.call(&user(ADA), &reset).await),
        pair("PT409", "INVALID_STATE"),
        "ended"
    );
}

#[tokio::test]
async fn a_job_of_our_own_with_a_living_worker_cannot_be_reset() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    db.claim_own("ours").await;
    let refused = db
        .call(
            &user(ADA),
            &format!("select to_jsonb(public.reset_stuck_plan_job('{job}'))"),
        )
        .await
        .unwrap_err();
    assert_eq!(
        refused.message,
        "Job has not been processing long enough to reset"
    );
}

#[tokio::test]
async fn cleanup_takes_ended_jobs_older_than_a_week_and_nothing_else() {
    let db = Db::fresh().await;
    let (old, plan) = db.publish(ADA).await;
    let (young, _) = db.publish(BEN).await;
    db.owner(&format!("update public.plan_generation_jobs set completed_at = now() - interval '8 days' where id = '{old}'")).await;
    let waiting = db.job_of(ADA).await;
    db.owner(&format!("update public.plan_generation_jobs set created_at = now() - interval '30 days' where id = '{waiting}'")).await;
    let cleanup = "select to_jsonb(public.cleanup_old_plan_jobs())";
    assert_eq!(db.call(&service(), cleanup).await, Ok(json!(1)));
    assert_eq!(db.call(&service(), cleanup).await, Ok(json!(0)));
    assert_eq!(db.job(&old).await, Value::Null);
    assert_eq!(db.job(&young).await["status"], "completed");
    assert_eq!(db.job(&waiting).await["status"], "pending");
    assert_eq!(
        db.get(&format!(
            "select generation_job_id from public.weekly_base_plans where id = '{plan}'"
        ))
        .await,
        json!(old),
        "the plan still says that it is ours"
    );
}
