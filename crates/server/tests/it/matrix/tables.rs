//! What the contract says of each table: whose its rows are, and what a user may do with their own.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::{Outcome, user_of};
use crate::rest::world::{Asker, World};

/// A table and a row of each user in it.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// What a user may do with own rows: S, I, U, D.
    pub(crate) user_may: &'static str,
    /// Everybody's who is signed in.
    pub(crate) is_shared: bool,
    /// An SQL expression for the user that a row belongs to.
    owner: &'static str,
    /// The key of the row that user 1 or 2 has in `world.sql`, and that nothing refers to without going with it.
    pub(crate) key: fn(u8) -> Value,
    /// A new row of user 1 or 2, of columns that a user may write where they may write any.
    pub(crate) new_row: fn(u8) -> Value,
    /// A change that a user may make where they may make any.
    pub(crate) change: fn() -> Value,
}

const OWN: &str = "user_id";

fn id(prefix: &str, owner: u8) -> Value {
    json!({ "id": format!("{prefix}0000000-0000-4000-8000-00000000000{owner}") })
}

/// In the order of the catalogue, which is one in which what refers to another comes first.
pub(crate) const TABLES: [Table; 11] = [
    Table {
        name: "exercise_texts",
        user_may: "S",
        is_shared: true,
        owner: "null::uuid",
        key: |_| json!({ "exercise_id": "e0000000-0000-4000-8000-000000000001", "language": "de" }),
        new_row: |_| json!({ "exercise_id": "e0000000-0000-4000-8000-000000000004", "language": "fr" }),
        change: || json!({ "name": "Kniebeugen" }),
    },
    Table {
        name: "exercises",
        user_may: "S",
        is_shared: true,
        owner: "null::uuid",
        key: |_| id("e", 4),
        new_row: |_| json!({ "slug": "made-up", "name": "Made up" }),
        change: || json!({ "reviewed": true }),
    },
    Table {
        name: "plan_generation_jobs",
        user_may: "SI",
        is_shared: false,
        owner: OWN,
        key: |owner| id("d", owner),
        new_row: |owner| json!({ "user_id": user_of(owner), "profile_snapshot": { "goal": "ENDURANCE", "trainingDays": 3 } }),
        change: || json!({ "error_message": "changed" }),
    },
    Table {
        name: "plan_schedules",
        user_may: "S",
        is_shared: false,
        owner: OWN,
        key: |owner| json!({ "user_id": user_of(owner) }),
        new_row: |owner| {
            let other = format!(
                "{0}{0}{0}{0}{0}{0}{0}{0}-3333-4333-8333-333333333333",
                owner + 2
            );
            json!({ "user_id": other, "cron": "0 18 * * SUN", "time_zone": "UTC", "next_at": "2027-01-03T18:00:00Z" })
        },
        change: || json!({ "time_zone": "Europe/Berlin" }),
    },
    Table {
        name: "push_tokens",
        user_may: "SIUD",
        is_shared: false,
        owner: OWN,
        key: |owner| id("f", owner),
        new_row: |owner| json!({ "user_id": user_of(owner), "token": format!("ExponentPushToken[new {owner}]") }),
        change: || json!({ "device_info": { "os": "changed" } }),
    },
    Table {
        name: "user_notifications",
        user_may: "SU",
        is_shared: false,
        owner: OWN,
        key: |owner| id("9", owner),
        new_row: |owner| json!({ "user_id": user_of(owner), "title": "Made up" }),
        change: || json!({ "read": true }),
    },
    Table {
        name: "weekly_base_plans",
        user_may: "SIUD",
        is_shared: false,
        owner: OWN,
        key: |owner| id("c", owner),
        new_row: |owner| json!({ "user_id": user_of(owner), "days": {} }),
        change: || json!({ "is_locked": true }),
    },
    Table {
        name: "workout_entries",
        user_may: "SIUD",
        is_shared: false,
        owner: "(select p.user_id from public.workout_plans p where p.id = workout_plan_id)",
        key: |owner| id("b", owner),
        new_row: |owner| {
            json!({ "workout_plan_id": id("a", owner)["id"], "week_number": 3, "day": "friday",
                "exercise_id": "e0000000-0000-4000-8000-000000000003" })
        },
        change: || json!({ "sets": 5 }),
    },
    Table {
        name: "workout_plan_inputs",
        user_may: "S",
        is_shared: false,
        owner: OWN,
        key: |owner| id("7", owner),
        new_row: |owner| {
            let id = format!("70000000-0000-4000-8000-00000000001{owner}");
            json!({ "id": id, "request_id": id, "user_id": user_of(owner) })
        },
        change: || json!({ "system_prompt": "changed" }),
    },
    Table {
        name: "workout_plan_requests",
        user_may: "SI",
        is_shared: false,
        owner: OWN,
        key: |owner| id("7", owner),
        new_row: |owner| json!({ "user_id": user_of(owner), "user_profile": "Strong, three days a week, dumbbells." }),
        change: || json!({ "error_message": "changed" }),
    },
    Table {
        name: "workout_plans",
        user_may: "SU",
        is_shared: false,
        owner: OWN,
        key: |owner| id("a", owner),
        new_row: |owner| json!({ "user_id": user_of(owner), "summary": "Made up" }),
        change: || json!({ "status": "paused" }),
    },
];

/// The columns of a table's key.
pub(crate) fn key_columns(table: &Table) -> Vec<String> {
    (table.key)(1)
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// The rows that `asker` should see, found as the database's owner.
pub(crate) async fn rows_of(world: &World, table: &Table, asker: Asker) -> Outcome {
    let mine = match asker {
        Asker::Anon => return Outcome::Refused,
        Asker::Service => "true".to_owned(),
        Asker::User(_) if table.is_shared => "true".to_owned(),
        Asker::User(user) => format!("{} = '{user}'", table.owner),
    };
    let pairs: Vec<_> = key_columns(table)
        .iter()
        .map(|name| format!("'{name}', {name}"))
        .collect();
    let sql = format!(
        "select jsonb_build_object({}) from public.{} where {mine}",
        pairs.join(", "),
        table.name
    );
    let keys: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_all(&world.database.pool)
        .await
        .unwrap();
    assert!(
        !keys.is_empty(),
        "{asker:?} has no row in {} to be seen",
        table.name
    );
    Outcome::Rows(keys.iter().map(Value::to_string).collect::<BTreeSet<_>>())
}
