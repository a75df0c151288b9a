//! `mesocycle plan`.

use serde_json::{Value, json};

use crate::support::{Folder, snapshot, text};

fn days(folder: &Folder, arguments: &[&str]) -> Value {
    let output = folder.run(&[&["plan", "--json"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_json_has_exactly_the_seven_days() {
    let folder = Folder::new();
    folder.write("profile.json", &snapshot().to_string());
    let days = days(&folder, &["profile.json"]);
    let mut found: Vec<_> = days
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_snapshot_and_the_body_of_a_request_make_the_same_week() {
    let folder = Folder::new();
    folder.write("snapshot.json", &snapshot().to_string());
    folder.write(
        "body.json",
        &json!({ "profileSnapshot": snapshot() }).to_string(),
    );
    assert_eq!(
        days(&folder, &["snapshot.json"]),
        days(&folder, &["body.json"])
    );
    assert_ne!(
        days(&folder, &["snapshot.json"]),
        days(&folder, &["snapshot.json", "--seed", "1"])
    );
}

#[test]
fn the_table_names_the_days_in_full() {
    let folder = Folder::new();
    folder.write("profile.json", &snapshot().to_string());
    let printed = text(&folder.run(&["plan", "profile.json"]).stdout);
    for day in [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ] {
        assert!(printed.contains(day), "{day} is missing:\n{printed}");
    }
    assert!(printed.contains("kcal") && printed.contains(" × "));
}

#[test]
fn a_profile_that_is_no_good_is_told_the_field() {
    let folder = Folder::new();
    folder.write(
        "profile.json",
        &json!({ "goal": "MUSCLE_GAIN", "trainingDays": 9 }).to_string(),
    );
    folder.write("text.json", "not JSON");
    for (file, expected) in [
        ("profile.json", "trainingDays"),
        ("text.json", "is no JSON"),
        ("none.json", "none.json"),
    ] {
        let output = folder.run(&["plan", file]);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(
            text(&output.stderr).contains(expected),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn a_text_makes_eight_weeks_with_their_progression_and_volume() {
    let folder = Folder::new();
    let words = "I want to build muscle, 3 days a week, 45 minutes, full gym, dumbbells at home. No injuries.";
    let output = folder.run(&["plan", "--text", words]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    for part in [
        "Week 1, from Monday",
        "At home instead",
        "Week 8",
        "Hamstrings",
    ] {
        assert!(printed.contains(part), "{part} is missing:\n{printed}");
    }
    let block = days(&folder, &["--text", words]);
    let entries = block["entries"].as_array().unwrap();
    let sessions: std::collections::BTreeSet<_> = entries
        .iter()
        .map(|entry| entry["date"].as_str().unwrap())
        .collect();
    assert_eq!(sessions.len(), 8 * 3);
}

#[test]
fn a_text_that_needs_a_doctors_word_first_gets_a_sentence_and_no_plan() {
    let folder = Folder::new();
    let output = folder.run(&[
        "plan",
        "--text",
        "I get chest pain when I climb stairs. 3 days a week.",
    ]);
    assert!(!output.status.success());
    assert!(
        text(&output.stderr).contains("NEEDS_CLEARANCE"),
        "{}",
        text(&output.stderr)
    );
    assert!(text(&output.stdout).is_empty());
}
