//! Rows that are inserted, updated and deleted by hand: the engine's task goes along.

use serde_json::{Value, json};

use super::support::{ADA, BEN, Db, SUPABASE, pair, refusal, service, text, user};

const INSERT: &str = "insert into public.plan_generation_jobs (profile_snapshot) \
                      values ('{\"goal\": \"ENDURANCE\", \"trainingDays\": 3}') returning to_jsonb(id)";

#[tokio::test]
async fn a_users_insert_is_queued_as_if_it_came_through_the_function() {
    let db = Db::fresh().await;
    let job = text(&db.call(&user(ADA), INSERT).await.unwrap());
    let row = db.job(&job).await;
    assert_eq!(
        json!([row["user_id"], row["status"]]),
        json!([ADA, "pending"])
    );
    assert!(row["cycle_week_start_date"].is_string());
    assert_eq!(db.place(&job).await, "ready");
    assert_eq!(
        db.call(&user(ADA), INSERT).await.unwrap_err().sqlstate,
        "23505"
    );
    assert_eq!(db.claim("edge").await, json!(job));
}

#[tokio::test]
async fn a_users_insert_may_set_only_what_is_the_users() {
    let db = Db::fresh().await;
    for column in [
        "id",
        "status",
        "retry_count",
        "max_retries",
        "created_at",
        "worker_id",
        "locked_until",
        "result_plan_id",
        "target_plan_id",
        "cycle_week_start_date",
        "error_code",
        "error_message",
        "started_at",
        "completed_at",
    ] {
        let sql = format!(
            "insert into public.plan_generation_jobs (profile_snapshot, {column}) values ('{{}}', default)"
        );
        assert_eq!(
            db.run(&user(ADA), &sql).await.unwrap_err().sqlstate,
            "42501",
            "{column}"
        );
    }
    let others = format!(
        "insert into public.plan_generation_jobs (user_id, profile_snapshot) values ('{BEN}', '{{}}')"
    );
    assert_eq!(
        db.run(&user(ADA), &others).await.unwrap_err().sqlstate,
        "42501"
    );
    let broken = "insert into public.plan_generation_jobs (profile_snapshot) values ('[]')";
    assert_eq!(
        db.run(&user(ADA), broken).await.unwrap_err().sqlstate,
        "PT400"
    );
}

#[tokio::test]
async fn a_users_insert_of_a_redo_meets_the_rules_of_a_redo() {
    let db = Db::fresh().await;
    let (_, plan) = db.publish(ADA).await;
    let insert = |reason: &str, source: &str| {
        format!(
            "insert into public.plan_generation_jobs (profile_snapshot, is_redo, request_reason, source_plan_id) \
                 values ('{{}}', true, {reason}, {source}) returning to_jsonb(target_plan_id)"
        )
    };
    assert_eq!(
        refusal(db.call(&user(ADA), &insert("null", "null")).await),
        pair("PT400", "INVALID_REQUEST")
    );
    assert_eq!(
        refusal(
            db.call(&user(BEN), &insert("'softer'", &format!("'{plan}'")))
                .await
        ),
        pair("PT400", "INVALID_REQUEST"),
        "another user's plan"
    );
    db.owner("update public.weekly_base_plans set status = 'active'")
        .await;
    assert_eq!(
        refusal(
            db.call(&user(ADA), &insert("'softer'", &format!("'{plan}'")))
                .await
        ),
        pair("PT409", "REDO_BLOCKED_ACTIVATED")
    );
    db.owner("update public.weekly_base_plans set status = 'generated'")
        .await;
    assert_eq!(
        db.call(&user(ADA), &insert("'softer'", &format!("'{plan}'")))
            .await,
        Ok(json!(plan))
    );
}

#[tokio::test]
async fn an_update_by_the_service_role_ends_the_task() {
    let db = Db::fresh().await;
    for (status, outcome, claimed) in [
        ("completed", "succeeded", true),
        ("completed", "succeeded", false),
        ("failed", "failed", true),
        ("failed", "failed", false),
    ] {
        let job = db.job_of(ADA).await;
        let run = if claimed {
            db.claim_own(&job).await
        } else {
            Value::Null
        };
        let sql = format!(
            "update public.plan_generation_jobs set status = '{status}', error_message = 'By hand.' where id = '{job}'"
        );
        assert_eq!(db.run(&service(), &sql).await, Ok(1));
        assert_eq!(db.place(&job).await, outcome);
        let row = db.job(&job).await;
        assert_eq!(
            json!([row["status"], row["error_message"]]),
            json!([status, "By hand."])
        );
        assert!(row["completed_at"].is_string());
        if claimed {
            assert_eq!(
                db.get(&format!(
                    "select durable.complete('{job}', {}, '{{}}')",
                    run["token"]
                ))
                .await,
                "lost"
            );
        }
    }
    assert_eq!(
        db.get("select count(*) from public.user_notifications")
            .await,
        0
    );
}

#[tokio::test]
async fn a_job_that_is_failed_without_a_word_gets_a_sentence() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    let sql = "update public.plan_generation_jobs set status = 'failed'";
    assert_eq!(db.run(&service(), sql).await, Ok(1));
    assert_eq!(
        db.job(&job).await["error_message"],
        "Something went wrong while your plan was being made. Please try again later."
    );
}

#[tokio::test]
async fn a_job_is_not_started_or_started_again_by_hand() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    let set = |status: &str| {
        format!(
            "update public.plan_generation_jobs set status = '{status}' where id = '{job}' returning 'null'::jsonb"
        )
    };
    assert_eq!(
        refusal(db.call(&service(), &set("processing")).await),
        pair("PT409", "INVALID_STATE")
    );
    db.claim_own("ours").await;
    assert_eq!(
        refusal(db.call(&service(), &set("pending")).await),
        pair("PT409", "INVALID_STATE")
    );
    db.run(&service(), &set("failed")).await.unwrap();
    assert_eq!(
        refusal(db.call(&service(), &set("pending")).await),
        pair("PT409", "INVALID_STATE")
    );
    assert_eq!(
        db.run(
            &service(),
            &format!(
                "update public.plan_generation_jobs set error_message = 'noted' where id = '{job}'"
            )
        )
        .await,
        Ok(1)
    );
}

#[tokio::test]
async fn a_delete_by_the_service_role_cancels_the_task() {
    let db = Db::fresh().await;
    for claimed in [true, false] {
        let job = db.job_of(ADA).await;
        if claimed {
            db.claim_own(&job).await;
        }
        assert_eq!(
            db.run(
                &service(),
                &format!("delete from public.plan_generation_jobs where id = '{job}'")
            )
            .await,
            Ok(1)
        );
        assert_eq!(db.place(&job).await, "cancelled");
        assert_eq!(db.job(&job).await, Value::Null);
    }
}

#[tokio::test]
async fn an_import_of_ended_jobs_is_left_alone() {
    let db = Db::fresh().await;
    let sql = format!(
        "insert into public.plan_generation_jobs (user_id, status, profile_snapshot, created_at, completed_at) \
        select '{ADA}', 'completed', '{{}}', now() - n * interval '1 minute', now() from generate_series(1, 30) n"
    );
    assert_eq!(db.run(&service(), &sql).await, Ok(30));
    assert_eq!(db.get("select count(*) from durable.task").await, 0);
}

#[tokio::test]
async fn erasing_a_user_cancels_and_removes_everything_of_theirs() {
    let db = Db::with(SUPABASE).await;
    coach::migrate::migrate(&db.pool_of("project_owner").await)
        .await
        .expect("migrate");
    db.publish(ADA).await;
    db.create(&user(ADA), json!({ "idempotencyKey": "k" }))
        .await
        .unwrap();
    let job = text(
        &db.get("select id from public.plan_generation_jobs where status = 'pending'")
            .await,
    );
    db.claim_own("ours").await;
    db.run(
        &user(ADA),
        "insert into public.push_tokens (token) values ('ExponentPushToken[a]')",
    )
    .await
    .unwrap();
    let theirs = db.job_of(BEN).await;
    db.owner(&format!("delete from auth.users where id = '{ADA}'"))
        .await;
    assert_eq!(db.place(&job).await, "cancelled");
    for table in [
        "public.plan_generation_jobs",
        "public.weekly_base_plans",
        "public.push_tokens",
        "public.user_notifications",
        "coach.idempotency",
    ] {
        assert_eq!(
            db.get(&format!(
                "select count(*) from {table} where user_id = '{ADA}'"
            ))
            .await,
            0,
            "{table}"
        );
    }
    assert_eq!(db.place(&theirs).await, "ready");
    assert_eq!(db.get("select count(*) from durable.task where input::text || coalesce(output::text, '') like '%MUSCLE%'").await, 0);
}
