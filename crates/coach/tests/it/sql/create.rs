//! `create_plan_job`: every answer and every refusal.

use futures_util::future::join_all;
use serde_json::json;

use super::support::{
    ADA, BEN, Db, anonymous, create_sql, pair, profile, refusal, service, seven_days, text, user,
};

#[tokio::test]
async fn a_request_makes_a_job_and_its_task_together() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    let row = db.job(&job).await;
    assert_eq!(row["status"], "pending");
    assert_eq!(row["user_id"], ADA);
    assert_eq!(row["retry_count"], 0);
    assert_eq!(row["max_retries"], 3);
    assert_eq!(row["is_redo"], false);
    assert_eq!(
        row["cycle_week_start_date"],
        db.get("select date_trunc('week', now() at time zone 'Europe/Berlin')::date")
            .await
    );
    assert_eq!(db.place(&job).await, "ready");
    assert_eq!(
        db.get(&format!(
            "select input from durable.task where id = '{job}'"
        ))
        .await,
        json!({ "job_id": job })
    );
}

#[tokio::test]
async fn fifty_requests_at_once_make_one_job() {
    let db = Db::fresh().await;
    let caller = user(ADA);
    let sql = create_sql(&profile(), &json!({}));
    let answers = join_all((0..50).map(|_| db.call(&caller, &sql))).await;
    let (created, existing): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .map(|answer| answer.expect("an answer"))
        .partition(|answer| answer["status"] == "created");
    assert_eq!((created.len(), existing.len()), (1, 49));
    assert!(
        existing
            .iter()
            .all(|answer| answer["existingJobId"] == created[0]["jobId"]
                && answer["success"] == true)
    );
    assert_eq!(
        db.get("select count(*) from public.plan_generation_jobs")
            .await,
        1
    );
    assert_eq!(db.get("select count(*) from durable.task").await, 1);
}

#[tokio::test]
async fn fifty_inserts_at_once_make_one_job() {
    let db = Db::fresh().await;
    let caller = user(ADA);
    let sql = "insert into public.plan_generation_jobs (profile_snapshot) values ('{\"goal\": \"ENDURANCE\", \"trainingDays\": 3}')";
    let results = join_all((0..50).map(|_| db.run(&caller, sql))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for refused in results.into_iter().filter_map(Result::err) {
        assert_eq!(refused.sqlstate, "23505", "{}", refused.message);
    }
    assert_eq!(db.get("select count(*) from durable.task").await, 1);
}

#[tokio::test]
async fn an_active_job_comes_before_every_check_of_the_request() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    for options in [
        json!({}),
        json!({ "redo": true }),
        json!({ "forceRegenerate": true }),
    ] {
        assert_eq!(
            db.create(&user(ADA), options).await,
            Ok(json!({ "success": true, "status": "existing", "existingJobId": job }))
        );
    }
    assert_eq!(
        db.call(&user(ADA), "select public.create_plan_job(null)")
            .await
            .unwrap()["status"],
        "existing"
    );
    db.claim("w1").await;
    assert_eq!(
        db.create(&user(ADA), json!({})).await.unwrap()["existingJobId"],
        json!(job)
    );
    assert_eq!(
        db.create(&user(BEN), json!({})).await.unwrap()["status"],
        "created"
    );
}

#[tokio::test]
async fn a_request_without_a_profile_is_refused() {
    let db = Db::fresh().await;
    for snapshot in ["null", "'null'", "'[]'", "'\"text\"'"] {
        let sql = format!("select public.create_plan_job({snapshot}::jsonb)");
        assert_eq!(
            refusal(db.call(&user(ADA), &sql).await),
            pair("PT400", "INVALID_PROFILE"),
            "{snapshot}"
        );
    }
    let big = json!({ "goal": "ENDURANCE", "trainingDays": 3, "injuries": "x".repeat(300_000) });
    assert_eq!(
        refusal(db.call(&user(ADA), &create_sql(&big, &json!({}))).await),
        pair("PT413", "PAYLOAD_TOO_LARGE")
    );
    assert_eq!(db.get("select count(*) from durable.task").await, 0);
}

#[tokio::test]
async fn the_service_role_names_the_user_and_nobody_else_does() {
    let db = Db::fresh().await;
    for options in [
        json!({}),
        json!({ "userId": "ada" }),
        json!({ "userId": null }),
    ] {
        assert_eq!(
            refusal(db.create(&service(), options).await),
            pair("PT400", "INVALID_REQUEST")
        );
    }
    let answer = db
        .create(&service(), json!({ "userId": ADA }))
        .await
        .unwrap();
    assert_eq!(db.job(&text(&answer["jobId"])).await["user_id"], ADA);
    let answer = db
        .create(&user(BEN), json!({ "userId": ADA }))
        .await
        .unwrap();
    assert_eq!(db.job(&text(&answer["jobId"])).await["user_id"], BEN);
    let mut forged = user("");
    forged.claims = json!({ "role": "service_role" });
    assert_eq!(
        refusal(db.create(&forged, json!({ "userId": ADA })).await),
        pair("PT401", "UNAUTHORIZED")
    );
}

#[tokio::test]
async fn a_zone_that_nobody_knows_is_utc() {
    let db = Db::fresh().await;
    for zone in [
        json!("Mars/Olympus"),
        json!("FOO+3"),
        json!("'; drop"),
        json!(5),
        json!(["x"]),
        json!(null),
        json!(""),
    ] {
        let snapshot = json!({ "timezone": zone });
        assert_eq!(
            db.get(&format!("select coach.zone($s${snapshot}$s$)"))
                .await,
            "UTC",
            "{zone}"
        );
    }
    for zone in [
        "Pacific/Auckland",
        "America/Argentina/Buenos_Aires",
        "Etc/GMT+12",
        "UTC",
        "EST5EDT",
    ] {
        assert_eq!(
            db.get(&format!(
                "select coach.zone('{{\"timezone\": \"{zone}\"}}')"
            ))
            .await,
            zone
        );
    }
    assert_eq!(
        db.get("select extract(isodow from coach.cycle_start('{\"timezone\": \"Asia/Tokyo\"}'))")
            .await,
        1
    );
}

#[tokio::test]
async fn an_idempotency_key_brings_the_first_answer_back() {
    let db = Db::fresh().await;
    let first = db
        .create(&user(ADA), json!({ "idempotencyKey": "k" }))
        .await
        .unwrap();
    assert_eq!(first["status"], "created");
    db.finish_job(&text(&first["jobId"])).await;
    assert_eq!(
        db.create(&user(ADA), json!({ "idempotencyKey": "k" }))
            .await,
        Ok(first.clone())
    );
    assert_eq!(
        refusal(
            db.create(
                &user(ADA),
                json!({ "idempotencyKey": "k", "forceRegenerate": true })
            )
            .await
        ),
        pair("PT409", "IDEMPOTENCY_CONFLICT")
    );
    assert_eq!(
        db.create(
            &user(BEN),
            json!({ "idempotencyKey": "k", "forceRegenerate": true })
        )
        .await
        .unwrap()["status"],
        "created",
        "keys are each user's own"
    );
    db.owner("update coach.idempotency set created_at = now() - interval '25 hours'")
        .await;
    let later = db
        .create(
            &user(ADA),
            json!({ "idempotencyKey": "k", "forceRegenerate": true }),
        )
        .await
        .unwrap();
    assert_eq!(later["status"], "created");
    assert_ne!(later["jobId"], first["jobId"]);
    for key in ["", &"k".repeat(256)] {
        assert_eq!(
            refusal(
                db.create(&user(ADA), json!({ "idempotencyKey": key }))
                    .await
            ),
            pair("PT400", "INVALID_REQUEST")
        );
    }
}

#[tokio::test]
async fn twenty_jobs_a_day_and_no_more_by_any_door() {
    let db = Db::fresh().await;
    for _ in 0..20 {
        let job = db.job_of(ADA).await;
        db.call(
            &user(ADA),
            &format!("select to_jsonb(public.cancel_plan_job('{job}'))"),
        )
        .await
        .unwrap();
    }
    assert_eq!(
        refusal(db.create(&user(ADA), json!({})).await),
        pair("PT429", "TOO_MANY_REQUESTS")
    );
    assert_eq!(
        refusal(db.create(&service(), json!({ "userId": ADA })).await),
        pair("PT429", "TOO_MANY_REQUESTS")
    );
    let insert = db
        .run(
            &user(ADA),
            "insert into public.plan_generation_jobs (profile_snapshot) values ('{}')",
        )
        .await;
    assert_eq!(insert.unwrap_err().sqlstate, "PT429");
    assert_eq!(
        db.create(&user(BEN), json!({})).await.unwrap()["status"],
        "created"
    );
    db.owner("update public.plan_generation_jobs set created_at = created_at - interval '1 day'")
        .await;
    assert_eq!(
        db.create(&user(ADA), json!({})).await.unwrap()["status"],
        "created"
    );
}

#[tokio::test]
async fn anonymous_users_have_a_smaller_limit_that_can_be_set() {
    let db = Db::fresh().await;
    assert_eq!(
        db.get("select coach.setting('anonymous_jobs_per_day')")
            .await,
        3
    );
    db.owner("select coach.set_setting('anonymous_jobs_per_day', '1')")
        .await;
    let job = text(&db.create(&anonymous(ADA), json!({})).await.unwrap()["jobId"]);
    db.finish_job(&job).await;
    assert_eq!(
        refusal(db.create(&anonymous(ADA), json!({})).await),
        pair("PT429", "TOO_MANY_REQUESTS")
    );
    assert_eq!(
        db.create(&user(ADA), json!({})).await.unwrap()["status"],
        "created",
        "signed up"
    );
}

#[tokio::test]
async fn a_plan_of_the_week_answers_where_the_setting_says_so() {
    let db = Db::fresh().await;
    let (job, plan) = db.publish(ADA).await;
    db.owner("select coach.set_setting('one_plan_per_cycle', 'true')")
        .await;
    assert_eq!(
        db.create(&user(ADA), json!({})).await,
        Ok(
            json!({ "success": true, "status": "plan_exists", "existingPlanId": plan, "existingPlanStatus": "generated",
                   "existingJobId": job, "redoAllowed": true })
        )
    );
    db.owner("update public.weekly_base_plans set status = 'active'")
        .await;
    assert_eq!(
        db.create(&user(ADA), json!({})).await.unwrap()["redoAllowed"],
        false
    );
    assert_eq!(
        db.create(&user(ADA), json!({ "forceRegenerate": true }))
            .await
            .unwrap()["status"],
        "created"
    );
    assert_eq!(
        db.create(&user(BEN), json!({})).await.unwrap()["status"],
        "created"
    );
}

#[tokio::test]
async fn a_redo_says_why_and_names_an_own_plan() {
    let db = Db::fresh().await;
    let refused = |options| async { refusal(db.create(&user(ADA), options).await) };
    let bad = pair("PT400", "INVALID_REQUEST");
    assert_eq!(
        refused(json!({ "redo": true, "redoReason": "shorter" })).await,
        bad,
        "no plan yet"
    );
    let (_, plan) = db.publish(ADA).await;
    let (_, other) = db.publish(BEN).await;
    for options in [
        json!({ "redo": true }),
        json!({ "redo": true, "redoReason": "  " }),
        json!({ "redo": true, "redoReason": "x".repeat(501) }),
        json!({ "redo": true, "redoReason": "shorter", "redoType": "all" }),
        json!({ "redo": true, "redoReason": "shorter", "sourcePlanId": other }),
        json!({ "redo": true, "redoReason": "shorter", "sourcePlanId": "nonsense" }),
    ] {
        assert_eq!(refused(options.clone()).await, bad, "{options}");
    }
    let answer = db
        .create(
            &user(ADA),
            json!({ "redo": true, "redoReason": "shorter", "redoType": "workout" }),
        )
        .await
        .unwrap();
    assert_eq!(answer["status"], "redo_started");
    let row = db.job(&text(&answer["jobId"])).await;
    assert_eq!(
        json!([
            row["is_redo"],
            row["request_reason"],
            row["redo_type"],
            row["target_plan_id"]
        ]),
        json!([true, "shorter", "workout", plan])
    );
}

#[tokio::test]
async fn a_redo_is_refused_while_the_plan_is_in_use_or_being_made_and_after_two_a_day() {
    let db = Db::fresh().await;
    let (_, plan) = db.publish(ADA).await;
    let redo = json!({ "redo": true, "redoReason": "more legs" });
    for (status, answer) in [
        ("active", "redo_blocked_activated"),
        ("archived", "redo_blocked_activated"),
        ("pending", "redo_blocked_generating"),
        ("generating", "redo_blocked_generating"),
    ] {
        db.owner(&format!(
            "update public.weekly_base_plans set status = '{status}'"
        ))
        .await;
        let said = db.create(&user(ADA), redo.clone()).await.unwrap();
        assert_eq!(
            json!([
                said["success"],
                said["status"],
                said["existingPlanId"],
                said["existingPlanStatus"],
                said["redoAllowed"]
            ]),
            json!([false, answer, plan, status, false])
        );
        assert!(said["error"].as_str().is_some_and(|error| error.len() > 20));
    }
    db.owner("update public.weekly_base_plans set status = 'generated'")
        .await;
    for version in [2, 3] {
        let answer = db.create(&user(ADA), redo.clone()).await.unwrap();
        assert_eq!(answer["status"], "redo_started");
        db.finish_job(&text(&answer["jobId"])).await;
        assert_eq!(
            db.get("select version from public.weekly_base_plans").await,
            version
        );
    }
    assert_eq!(
        db.create(&user(ADA), redo.clone()).await.unwrap()["status"],
        "redo_limit_reached"
    );
    db.owner("select coach.set_setting('redos_per_day', '3')")
        .await;
    assert_eq!(
        db.create(&user(ADA), redo).await.unwrap()["status"],
        "redo_started"
    );
}

#[tokio::test]
async fn a_redo_replaces_the_days_in_place() {
    let db = Db::fresh().await;
    let (first, plan) = db.publish(ADA).await;
    db.owner(
        "update public.weekly_base_plans set days = jsonb_set(days, '{monday,reason}', '\"old\"')",
    )
    .await;
    let answer = db
        .create(&user(ADA), json!({ "redo": true, "redoReason": "softer", "redoType": "both", "sourcePlanId": plan }))
        .await
        .unwrap();
    let job = text(&answer["jobId"]);
    let input = db
        .get(&format!(
            "select to_jsonb(i) from coach.weekly_job_input('{job}') i"
        ))
        .await;
    assert_eq!(
        json!([
            input["user_id"],
            input["is_redo"],
            input["request_reason"],
            input["redo_type"],
            input["plan_no"]
        ]),
        json!([ADA, true, "softer", "both", 1])
    );
    assert_eq!(input["source_plan_days"]["monday"]["reason"], "old");
    assert_eq!(db.finish_job(&job).await, plan);
    let row = db
        .get("select to_jsonb(p) from public.weekly_base_plans p")
        .await;
    assert_eq!(row["days"], seven_days());
    assert_eq!(
        json!([
            row["version"],
            row["redo_used"],
            row["redo_reason"],
            row["redo_count_today"],
            row["generation_job_id"]
        ]),
        json!([2, true, "softer", 1, job])
    );
    assert_ne!(job, first);
}
