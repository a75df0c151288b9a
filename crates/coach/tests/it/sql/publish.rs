//! Publishing a plan: new, in place of another, and never half.

use serde_json::json;

use super::support::{ADA, Db, seven_days, text, user};

#[tokio::test]
async fn a_published_plan_is_complete_and_the_job_names_it() {
    let db = Db::fresh().await;
    let (job, plan) = db.publish(ADA).await;
    let row = db
        .get("select to_jsonb(p) from public.weekly_base_plans p")
        .await;
    assert_eq!(
        json!([
            row["id"],
            row["user_id"],
            row["status"],
            row["version"],
            row["is_locked"],
            row["generation_job_id"],
            row["redo_used"],
            row["days"]
        ]),
        json!([plan, ADA, "generated", 1, false, job, false, seven_days()])
    );
    let job = db.job(&job).await;
    assert_eq!(
        json!([job["status"], job["result_plan_id"]]),
        json!(["completed", plan])
    );
    assert_eq!(row["week_start_date"], job["cycle_week_start_date"]);
    assert!(row["generated_at"].is_string());
}

#[tokio::test]
async fn a_forced_plan_archives_the_weeks_plan_when_it_is_ready_and_not_before() {
    let db = Db::fresh().await;
    let (_, old) = db.publish(ADA).await;
    db.owner("update public.weekly_base_plans set status = 'active', activated_at = now()")
        .await;
    db.owner(&format!("insert into public.weekly_base_plans (user_id, days, week_start_date) values ('{ADA}', '{{}}', '2020-01-06')")).await;
    let answer = db
        .create(&user(ADA), json!({ "forceRegenerate": true }))
        .await
        .unwrap();
    let state = |id: String| {
        let db = &db;
        async move {
            db.get(&format!("select jsonb_build_array(status, is_locked, deactivated_at is not null) from public.weekly_base_plans where id = '{id}'")).await
        }
    };
    assert_eq!(state(old.clone()).await, json!(["active", false, false]));
    let new = db.finish_job(&text(&answer["jobId"])).await;
    assert_ne!(new, old);
    assert_eq!(state(old.clone()).await, json!(["archived", true, true]));
    assert_eq!(state(new.clone()).await, json!(["generated", false, false]));
    assert_eq!(
        db.get(&format!(
            "select original_plan_id from public.weekly_base_plans where id = '{new}'"
        ))
        .await,
        json!(old)
    );
    assert_eq!(
        db.get("select status from public.weekly_base_plans where week_start_date = '2020-01-06'")
            .await,
        "generated",
        "another week's plan stays"
    );
}

#[tokio::test]
async fn a_plan_without_force_stands_beside_the_weeks_plan() {
    let db = Db::fresh().await;
    db.publish(ADA).await;
    db.publish(ADA).await;
    assert_eq!(
        db.get("select count(*) from public.weekly_base_plans where status = 'generated'")
            .await,
        2
    );
}

#[tokio::test]
async fn days_that_are_not_the_seven_are_never_published() {
    let db = Db::fresh().await;
    let job = db.job_of(ADA).await;
    for days in ["null", "'[]'", "'{}'", "'{\"monday\": {}}'"] {
        let error = sqlx::query(sqlx::AssertSqlSafe(format!(
            "select coach.publish_weekly_plan('{job}', {days}::jsonb)"
        )))
        .execute(&db.pool)
        .await
        .unwrap_err();
        assert!(error.to_string().contains("monday to sunday"), "{error}");
    }
    let eight = "select jsonb_set(days, '{someday}', '{}') from public.weekly_base_plans";
    let (plan, days) = {
        let plan = db.finish_job(&job).await;
        (plan, db.get(eight).await)
    };
    let refused = db
        .run(
            &user(ADA),
            &format!("update public.weekly_base_plans set days = $d${days}$d$ where id = '{plan}'"),
        )
        .await
        .unwrap_err();
    assert_eq!(
        refused.sqlstate, "23514",
        "a plan of ours keeps its seven days"
    );
    assert_eq!(
        db.run(
            &user(ADA),
            "insert into public.weekly_base_plans (days) values ('{\"monday\": {}}')"
        )
        .await,
        Ok(1),
        "the app's own engine writes what it likes"
    );
}

#[tokio::test]
async fn a_redo_whose_plan_was_deleted_meanwhile_becomes_a_new_plan() {
    let db = Db::fresh().await;
    let (_, plan) = db.publish(ADA).await;
    let answer = db
        .create(&user(ADA), json!({ "redo": true, "redoReason": "softer" }))
        .await
        .unwrap();
    assert_eq!(
        db.run(
            &user(ADA),
            &format!("delete from public.weekly_base_plans where id = '{plan}'")
        )
        .await,
        Ok(1)
    );
    let new = db.finish_job(&text(&answer["jobId"])).await;
    assert_ne!(new, plan);
    assert_eq!(
        db.get("select status from public.weekly_base_plans").await,
        "generated"
    );
}
