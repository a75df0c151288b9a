//! What a notification says, in the user's language.

use serde_json::{Value, json};

use crate::sql::support::{ADA, Db, create_sql, profile, text, user};

/// Title and body of the notification that a job of this language brings when it ends with this code, or well.
async fn said(db: &Db, language: Value, end: Option<(&str, &str)>) -> (String, String) {
    let mut profile = profile();
    profile["language"] = language;
    let answer = db
        .call(&user(ADA), &create_sql(&profile, &json!({})))
        .await
        .unwrap();
    let job = text(&answer["jobId"]);
    match end {
        None => {
            db.finish_job(&job).await;
        }
        Some((code, message)) => {
            let run = db.claim_own(&format!("own-{job}")).await;
            db.owner(&format!(
                "update durable.task set max_retries = 0 where id = '{job}'"
            ))
            .await;
            db.owner(&format!(
                "select durable.fail('{job}', {}, '{code}', '{message}')",
                run["token"]
            ))
            .await;
        }
    }
    let row = db
        .get("select to_jsonb(n) from public.user_notifications n order by created_at desc")
        .await;
    (text(&row["title"]), text(&row["body"]))
}

#[tokio::test]
async fn the_language_of_the_profile_chooses_the_text_and_english_is_the_rest() {
    let db = Db::fresh().await;
    db.owner("update coach.setting set value = '100' where name = 'jobs_per_day'")
        .await;
    for (language, title) in [
        (json!("en"), "Your plan is ready"),
        (json!("de"), "Dein Plan ist fertig"),
        (json!("de-AT"), "Dein Plan ist fertig"),
        (json!("FR_ca"), "Ton programme est prêt"),
        (json!("es"), "Tu plan está listo"),
        (json!("xx"), "Your plan is ready"),
        (json!(7), "Your plan is ready"),
        (Value::Null, "Your plan is ready"),
    ] {
        assert_eq!(
            said(&db, language.clone(), None).await.0,
            title,
            "{language}"
        );
    }
}

#[tokio::test]
async fn a_failure_says_what_to_do_and_shows_no_health_matter_on_a_lock_screen() {
    let db = Db::fresh().await;
    db.owner("update coach.setting set value = '100' where name = 'jobs_per_day'")
        .await;
    for (language, code, message, body) in [
        (
            "en",
            "NETWORK_ERROR",
            "socket closed",
            "Something went wrong on our side. Please try again later.",
        ),
        (
            "de",
            "NETWORK_ERROR",
            "socket closed",
            "Bei uns ist etwas schiefgegangen. Bitte versuche es später noch einmal.",
        ),
        (
            "en",
            "INVALID_PROFILE",
            "weight must be 25 to 400 kg.",
            "weight must be 25 to 400 kg.",
        ),
        (
            "es",
            "INVALID_PROFILE",
            "weight must be 25 to 400 kg.",
            "Falta algo en tu perfil o hay un dato que no puede ser correcto. Revísalo e inténtalo de nuevo.",
        ),
        (
            "en",
            "NEEDS_CLEARANCE",
            "Ask a doctor about your heart.",
            "There is something to settle first. Open the app to read more.",
        ),
        (
            "fr",
            "BUDGET_EXCEEDED",
            "cap",
            "Plus aucun plan ne peut être créé aujourd’hui. Réessaie demain.",
        ),
    ] {
        let (title, said) = said(&db, json!(language), Some((code, message))).await;
        assert_eq!(said, body, "{language} {code}");
        assert!(!title.is_empty());
    }
}

#[tokio::test]
async fn every_text_is_there_in_every_language() {
    let db = Db::fresh().await;
    assert_eq!(
        db.get("select jsonb_agg(distinct n) from (select count(*) as n from coach.notification_text group by type, code) c").await,
        json!([4])
    );
    assert_eq!(
        db.get("select jsonb_agg(distinct type order by type) from coach.notification_text where code = ''").await,
        json!(["base_plan_failed", "base_plan_ready", "workout_plan_failed", "workout_plan_ready"])
    );
}
