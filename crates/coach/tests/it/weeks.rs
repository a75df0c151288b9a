//! The rule planner against the checker, over every kind of athlete.
#![allow(clippy::expect_used, reason = "a test's own helpers may fail the test")]

use coach::generate_weekly_plan::{Request, make_week};
use coach::plan::{Draft, check, check_days};
use coach::planner::{RedoType, draft_week, redo_week};
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::athletes::{brief, profile};

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{1,8}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Places of `days` where anything may be written.
const PLACES: &[&str] = &[
    "/monday",
    "/friday/workout",
    "/monday/workout/focus",
    "/monday/workout/blocks",
    "/monday/workout/blocks/1/name",
    "/monday/workout/blocks/1/items",
    "/monday/workout/blocks/1/items/0",
    "/monday/workout/blocks/1/items/0/exercise",
    "/monday/workout/blocks/1/items/0/sets",
    "/monday/workout/blocks/1/items/0/reps",
    "/monday/workout/blocks/1/items/0/RIR",
    "/monday/nutrition/total_kcal",
    "/monday/nutrition/protein_g",
    "/monday/nutrition/hydration_l",
    "/monday/nutrition/meals",
    "/monday/nutrition/meals/0/items/0/food",
    "/monday/nutrition/meals/0/items/0/qty",
    "/monday/recovery/supplementCard",
    "/monday/reason",
];

#[test]
fn who_needs_a_doctors_word_first_gets_no_week() {
    for (field, value) in [
        ("age", json!(16)),
        ("injuries", json!("pregnant")),
        ("specialRequests", json!("I fainted last week")),
    ] {
        let mut snapshot = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3});
        snapshot[field] = value;
        let request = Request {
            snapshot: &snapshot,
            seed: 1,
            redo: None,
        };
        let failure = make_week(&request).expect_err("no week");
        assert!(
            failure.to_string().starts_with("NEEDS_CLEARANCE: "),
            "{field}: {failure}"
        );
    }
}

#[test]
fn two_small_meals_without_meat_or_gluten_still_hold_the_protein() {
    let brief = brief(&json!({
        "goal": "WEIGHT_LOSS", "trainingDays": 1, "sex": "Male", "age": 29, "height": 150, "weight": 68, "mealCount": 2,
        "activityLevel": "Lightly Active", "fastingWindow": "16:8", "dietaryPrefs": ["Vegetarian"], "dietaryNotes": "gluten free",
    }));
    for seed in 0..20 {
        if let Err(broken) = check(draft_week(&brief, seed), &brief) {
            panic!("seed {seed}: {broken:#?}");
        }
    }
}

#[test]
fn a_wish_for_easy_sessions_gives_way_where_the_week_would_hold_too_little() {
    let brief = brief(&json!({
        "goal": "WEIGHT_LOSS", "trainingDays": 4, "trainingLevel": "Beginner", "equipment": "Kettlebell", "sessionLength": 27,
        "injuries": "pregnant", "avoidExercises": "squats, lunges", "preferredWorkoutSplit": "Full body", "age": 14,
        "workoutIntensityLevel": 1,
    }));
    for seed in 0..20 {
        if let Err(broken) = check(draft_week(&brief, seed), &brief) {
            panic!("seed {seed}: {broken:#?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_athlete_gets_a_week_that_passes_the_checker(profile in profile(), seed in any::<u64>()) {
        let brief = brief(&profile);
        let plan = check(draft_week(&brief, seed), &brief).map_err(|broken| TestCaseError::fail(format!("{profile}: {broken:#?}")))?;
        let days = plan.to_days();
        prop_assert_eq!(days.as_object().map(|days| days.len()), Some(7));
        prop_assert_eq!(check_days(&days, &brief), Ok(plan));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn the_same_seed_gives_the_same_bytes(profile in profile(), seed in any::<u64>()) {
        let bytes = || serde_json::to_vec(&draft_week(&brief(&profile), seed)).expect("JSON");
        prop_assert_eq!(bytes(), bytes());
    }

    #[test]
    fn a_redo_keeps_the_other_half(profile in profile(), seed in any::<u64>()) {
        let brief = brief(&profile);
        let source = check(draft_week(&brief, seed), &brief).expect("a sound week").to_days();
        for (redo, kept) in [(RedoType::Workout, "nutrition"), (RedoType::Nutrition, "workout")] {
            let days = check(redo_week(&brief, seed.wrapping_add(1), &source, redo), &brief).expect("a sound week").to_days();
            for day in ["monday", "sunday"] {
                prop_assert_eq!(&days[day][kept], &source[day][kept]);
            }
            prop_assert_ne!(&days, &source);
        }
    }

    #[test]
    fn no_json_makes_the_draft_reader_or_the_checker_panic(anything in any_json(), number in any::<i64>(), text in any::<String>(), place in select(PLACES)) {
        let brief = brief(&json!({"goal": "MUSCLE_GAIN", "trainingDays": 3}));
        let days = check(draft_week(&brief, 1), &brief).expect("a sound week").to_days();
        let _ = Draft::deserialize(&anything);
        let _ = check_days(&anything, &brief);
        for planted in [anything, json!(number), json!(text)] {
            let mut days = days.clone();
            *days.pointer_mut(place).expect("a place of the week") = planted;
            let _ = check_days(&days, &brief);
        }
    }
}
