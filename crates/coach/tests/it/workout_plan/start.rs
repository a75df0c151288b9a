//! The first day of a block, from the moment and the zone alone.

use serde_json::json;

use super::database::Database;

#[tokio::test]
async fn a_block_starts_on_the_first_monday_strictly_after_today_where_the_athlete_is() {
    let database = Database::fresh().await;
    for (zone, now, start) in [
        ("UTC", "2026-06-10T12:00:00Z", "2026-06-15"), // a Wednesday
        ("UTC", "2026-06-14T23:59:59Z", "2026-06-15"), // a Sunday: tomorrow
        ("UTC", "2026-06-15T00:00:00Z", "2026-06-22"), // a Monday: not today
        ("Pacific/Auckland", "2026-06-14T12:00:00Z", "2026-06-22"), // there it is Monday already
        ("America/Los_Angeles", "2026-06-15T06:59:59Z", "2026-06-15"), // there it is still Sunday
        ("America/Los_Angeles", "2026-06-15T07:00:00Z", "2026-06-22"),
        ("Europe/Berlin", "2026-03-28T23:30:00Z", "2026-03-30"), // the night in which the hour is lost
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-30"), // that Sunday has 23 hours
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-04-06"),
        ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-26"), // and this one 25
        ("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-11-02"),
        ("UTC", "2026-12-31T12:00:00Z", "2027-01-04"), // over New Year
        ("Pacific/Kiritimati", "2026-12-27T10:00:00Z", "2027-01-04"), // 14 hours ahead
        ("UTC", "2028-02-28T00:00:00Z", "2028-03-06"), // a Monday in a leap year
        ("Mars/Olympus", "2026-06-14T12:00:00Z", "2026-06-15"), // unknown: the setting
    ] {
        let sql = format!("select to_jsonb(coach.block_start('{zone}', '{now}'))");
        assert_eq!(database.value(&sql).await, json!(start), "{zone} {now}");
    }
}

#[tokio::test]
async fn who_names_no_zone_gets_the_setting_s() {
    let database = Database::fresh().await;
    let start = "select to_jsonb(coach.block_start(null, '2026-06-14T12:00:00Z'))";
    assert_eq!(database.value(start).await, json!("2026-06-15"));
    database
        .run("select coach.set_setting('time_zone', '\"Pacific/Auckland\"')")
        .await;
    assert_eq!(database.value(start).await, json!("2026-06-22"));
    database
        .run("select coach.set_setting('time_zone', '\"nowhere\"')")
        .await;
    assert_eq!(database.value(start).await, json!("2026-06-15"));
}
