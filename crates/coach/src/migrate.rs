//! The whole database of Mesocycle as one SQL text, and running it.

use durable::migrate::Script;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, PgPool};

use crate::exercise;

/// Includes files of `sql/`, in the given order.
macro_rules! sql_files {
    ($($path:literal),+ $(,)?) => { &[$(include_str!(concat!("../sql/", $path))),+] };
}

/// Before any change: what cannot be reconciled stops the migration.
const PREFLIGHT: &[&str] = sql_files![
    "migrate/header.sql",
    "preflight/rights.sql",
    "preflight/columns.sql",
    "preflight/states.sql",
    "preflight/stop.sql",
];

/// The roles, and the schema that is ours alone.
const FOUNDATION: &[&str] = sql_files![
    "migrate/lock_timeout.sql",
    "migrate/schema.sql",
    "migrate/shim.sql",
    "migrate/accounts.sql",
    "migrate/is_adopted.sql",
    "migrate/add_unique.sql",
    "migrate/add_reference.sql",
    "migrate/go_with_user.sql",
    "exercise/slug.sql",
    "access/grant_tables.sql",
    "access/grant_workout_tables.sql",
    "access/grant_plan_schedules.sql",
];

/// Tables, in the order of their birth. A name that has run somewhere keeps its text for good.
const MIGRATIONS: &[(&str, &str)] = &[
    (
        "coach/0001_weekly_plan",
        include_str!("../migrations/0001_weekly_plan.sql"),
    ),
    (
        "coach/0002_workout_plan",
        include_str!("../migrations/0002_workout_plan.sql"),
    ),
    (
        "coach/0003_push",
        include_str!("../migrations/0003_push.sql"),
    ),
    (
        "coach/0004_exercise_profile",
        include_str!("../migrations/0004_exercise_profile.sql"),
    ),
    (
        "coach/0005_change_feed",
        include_str!("../migrations/0005_change_feed.sql"),
    ),
    (
        "coach/0006_admin",
        include_str!("../migrations/0006_admin.sql"),
    ),
    (
        "coach/0007_telemetry",
        include_str!("../migrations/0007_telemetry.sql"),
    ),
    (
        "coach/0008_plan_schedule",
        include_str!("../migrations/0008_plan_schedule.sql"),
    ),
    (
        "coach/0009_open_breaker",
        include_str!("../migrations/0009_open_breaker.sql"),
    ),
];

/// Functions of schema coach. PostgreSQL checks the bodies of SQL functions, so each comes after those that it calls.
const FUNCTIONS: &[&str] = sql_files![
    "caller/role.sql",
    "caller/is_service.sql",
    "caller/refuse.sql",
    "caller/uuid_or_null.sql",
    "caller/user_of.sql",
    "caller/lock_user.sql",
    "caller/try_lock_user.sql",
    "caller/recall_answer.sql",
    "caller/remember_answer.sql",
    "caller/check_maker.sql",
    "caller/start_of_day.sql",
    "cycle/known_zone.sql",
    "cycle/zone.sql",
    "cycle/today.sql",
    "cycle/cycle_start.sql",
    "setting/setting.sql",
    "setting/register_kinds.sql",
    "setting/set_setting.sql",
    "caller/check_daily_limit.sql",
    "cycle/date_in.sql",
    "error/sentence.sql",
    "error/outside_message.sql",
    "error/sentence_of.sql",
    "error/is_retried.sql",
    "notification/is_announced.sql",
    "notification/explanation.sql",
    "notification/notify.sql",
    "job/follow_update.sql",
    "job/follow_delete.sql",
    "weekly_plan/of_cycle.sql",
    "weekly_plan/has_seven_days.sql",
    "weekly_plan/redo_obstacle.sql",
    "weekly_plan/plan_to_redo.sql",
    "weekly_plan/publish.sql",
    "weekly_plan/job_input.sql",
    "plan_job/active_of.sql",
    "plan_job/redo_sentence.sql",
    "plan_job/admit.sql",
    "plan_job/queue.sql",
    "notification/announce_weekly_job.sql",
    "plan_job/mirror.sql",
    "plan_job/plan_exists_answer.sql",
    "plan_job/request.sql",
    "plan_job/outside_holder.sql",
    "plan_job/own_job_status.sql",
    "plan_schedule/cron_values.sql",
    "plan_schedule/instants.sql",
    "plan_schedule/next_fire.sql",
    "plan_schedule/earliest.sql",
    "plan_schedule/next_plan_at.sql",
    "plan_schedule/newest_profile.sql",
    "plan_schedule/fire.sql",
    "plan_schedule/fire_due.sql",
    "exercise/add.sql",
    "exercise/put.sql",
    "exercise/without_texts.sql",
    "exercise/add_texts.sql",
    "workout_plan/exercise_ids.sql",
    "workout_plan/add_entries.sql",
    "workout_plan/publish.sql",
    "workout_request/check_user_profile.sql",
    "workout_request/active_of.sql",
    "workout_request/admit.sql",
    "workout_request/queue.sql",
    "notification/announce_workout_request.sql",
    "workout_request/mirror.sql",
    "workout_request/keep_system_prompt.sql",
    "workout_request/make.sql",
    "workout_request/input.sql",
    "workout_request/keep_understood.sql",
    "workout_request/report_progress.sql",
    "workout_request/count_profile.sql",
    "push_token/before_write.sql",
    "push_token/take_over.sql",
    "push/begin_push.sql",
    "push/accepted_pushes.sql",
    "push/record_push.sql",
    "change_feed/note_change.sql",
    "change_feed/install_change_feed.sql",
    "change_feed/ask_each.sql",
    "watch/failing_kinds.sql",
    "watch/slow_queues.sql",
    "watch/forsaken_queues.sql",
    "watch/spent_share.sql",
    "watch/troubles.sql",
    "watch/look_after.sql",
    "watch/note_trouble.sql",
    "watch/settle_trouble.sql",
    "watch/alert_told.sql",
    "watch/stop_watching.sql",
    "trace/origin_of.sql",
    "trace/trace_of.sql",
    "trace/take_ended.sql",
    "trace/traces_sent.sql",
    "access/is_granted.sql",
    "access/findings.sql",
    "access/harden.sql",
];

/// The contract's functions, in schema public.
const CONTRACT: &[&str] = sql_files![
    "migrate/drop_overloads.sql",
    "plan_job/create_plan_job.sql",
    "plan_job/process_plan_queue.sql",
    "plan_job/claim_next_plan_job.sql",
    "plan_job/extend_job_lock.sql",
    "plan_job/complete_plan_job.sql",
    "plan_job/fail_plan_job.sql",
    "plan_job/get_active_plan_job.sql",
    "plan_job/cancel_plan_job.sql",
    "plan_job/reset_stuck_plan_job.sql",
    "plan_job/cleanup_old_plan_jobs.sql",
    "workout_request/request_workout_plan.sql",
    "workout_request/cancel_workout_plan_request.sql",
    "plan_schedule/schedule_regeneration.sql",
    "operate/ask_weekly_plan_again.sql",
    "operate/ask_workout_plan_again.sql",
    "operate/replay_task.sql",
    "operate/retry_task.sql",
    "operate/cancel_task.sql",
    "operate/erase_user.sql",
];

/// Triggers need the functions that they call.
const TRIGGERS: &[(&str, &str)] = &[
    (
        "coach/0001_triggers",
        include_str!("../migrations/0001_triggers.sql"),
    ),
    (
        "coach/0002_triggers",
        include_str!("../migrations/0002_triggers.sql"),
    ),
];

/// What puts tables and functions to work: settings and error classes, rows that wait, Realtime.
const FINISH: &[&str] = sql_files![
    "migrate/registry.sql",
    "notification/texts.sql",
    "migrate/adopt.sql",
    "migrate/publication.sql",
    "migrate/revoke.sql",
];

/// The whole migration, engine and contract, as one SQL text that may run any number of times: by [`migrate`], `psql -f`
/// or the Supabase CLI. It begins and commits its own transaction and takes a lock that keeps two runs apart.
#[must_use]
pub fn script() -> String {
    let always = |script: Script, files: &[&str]| {
        files.iter().fold(script, |script, sql| script.always(sql))
    };
    let script = always(Script::new(), FOUNDATION).engine();
    let once = |script: Script, changes: &[(&str, &str)]| {
        changes
            .iter()
            .fold(script, |script, (name, sql)| script.once(name, sql))
    };
    let script = once(script, MIGRATIONS);
    let script = once(always(always(script, FUNCTIONS), CONTRACT), TRIGGERS);
    let script = always(script, FINISH).always(&format!(
        "select coach.put_exercises($exercises${}$exercises$);",
        exercise::row::rows()
    ));
    let text = format!("{}\n{}", PREFLIGHT.join("\n"), script.text());
    let form = form_of(&text);
    format!("{text}\ncomment on schema coach is '{form}';\ncommit;\n")
}

/// The mark that this build's migration leaves on a database: the version, and which text it was.
#[must_use]
pub fn form() -> String {
    let script = script();
    let text = script.rsplit_once("\ncomment on schema coach is ");
    form_of(text.map_or("", |(text, _)| text))
}

fn form_of(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("Mesocycle {}, form {hex}", env!("CARGO_PKG_VERSION"))
}

/// Brings a database to the present form by running [`script`]; without news it changes nothing.
///
/// # Errors
/// Whatever PostgreSQL refused, and what a look before any change found irreconcilable (SQLSTATE 55000, every table and
/// column named). Then nothing was changed.
pub async fn migrate(pool: &PgPool) -> Result<(), sqlx::Error> {
    // A connection of its own, closed at the end: a text that stopped half-way leaves an aborted transaction behind, and
    // the settings of this session are nobody else's business.
    let mut connection = pool.acquire().await?.detach();
    // The text is built of files of this program alone.
    let result = sqlx::raw_sql(AssertSqlSafe(script()))
        .execute(&mut connection)
        .await;
    let closed = sqlx::Connection::close(connection).await;
    result?;
    closed
}
