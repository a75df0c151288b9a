//! Which day it is where the athlete is, from the moment and the zone alone: a block starts on the Monday after it.

use serde_json::json;

use super::database::Database;

#[tokio::test]
async fn today_is_the_athletes_own_day_on_every_edge_of_it() {
    let database = Database::fresh().await;
    for (zone, now, today) in [
        ("UTC", "2026-06-14T23:59:59Z", "2026-06-14"),
        ("UTC", "2026-06-15T00:00:00Z", "2026-06-15"),
        ("Pacific/Auckland", "2026-06-14T12:00:00Z", "2026-06-15"),
        ("America/Los_Angeles", "2026-06-15T06:59:59Z", "2026-06-14"),
        ("America/Los_Angeles", "2026-06-15T07:00:00Z", "2026-06-15"),
        // The day that loses an hour, and the one that gains it.
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"),
        ("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"),
        // New Year, 14 hours ahead.
        ("Pacific/Kiritimati", "2026-12-31T09:59:59Z", "2026-12-31"),
        ("Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027-01-01"),
        // Unknown: the setting's.
        ("Mars/Olympus", "2026-06-14T12:00:00Z", "2026-06-14"),
    ] {
        let sql = format!("select to_jsonb(coach.date_in('{zone}', '{now}'))");
        assert_eq!(database.value(&sql).await, json!(today), "{zone} {now}");
    }
}

#[tokio::test]
async fn who_names_no_zone_gets_the_settings() {
    let database = Database::fresh().await;
    let today = "select to_jsonb(coach.date_in(null, '2026-06-14T12:00:00Z'))";
    for (setting, expected) in [
        ("UTC", "2026-06-14"),
        ("Pacific/Auckland", "2026-06-15"),
        ("nowhere", "2026-06-14"),
    ] {
        database
            .run(&format!(
                "select coach.set_setting('time_zone', '\"{setting}\"')"
            ))
            .await;
        assert_eq!(database.value(today).await, json!(expected), "{setting}");
    }
}
