//! Every kind of athlete: profiles and briefs as random values, for all tests that plan for anybody.

use std::ops::RangeInclusive;

use coach::brief::{Brief, LoadUnit, Weekday};
use coach::exercise::Equipment;
use coach::profile::ProfileSnapshot;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

pub(crate) fn brief(profile: &Value) -> Brief {
    Brief::from_profile(&ProfileSnapshot::parse(profile).expect("a good profile"))
}

const GOALS: &[&str] = &[
    "WEIGHT_LOSS",
    "MUSCLE_GAIN",
    "ENDURANCE",
    "GENERAL_FITNESS",
    "FLEXIBILITY_MOBILITY",
];
const LEVELS: &[&str] = &["Beginner", "Intermediate", "Professional"];
const EQUIPMENT: &[&str] = &[
    "",
    "Bodyweight",
    "Dumbbells",
    "Bands",
    "Kettlebell",
    "Barbell",
    "Gym",
    "Home gym",
    "Dumbbells, Bench",
    "Pull-up bar, Bands",
    "TRX, Kettlebell, Bike",
];
const DIETS: &[&str] = &[
    "",
    "Vegetarian",
    "Eggitarian",
    "Non-veg",
    "Vegan",
    "Pescatarian",
];
const NOTES: &[&str] = &[
    "",
    "nut allergy",
    "lactose intolerant",
    "gluten free",
    "no soy",
    "allergic to eggs and fish",
    "I hate broccoli",
];
const INJURIES: &[&str] = &[
    "",
    "none",
    "old knee pain",
    "shoulder impingement",
    "lower back",
    "wrist and elbow",
    "neck pain",
    "ankle sprain",
    "hip pain",
    "hernia",
    "high blood pressure",
    "pregnant",
    "knee, shoulder, lower back",
];
const AVOID: &[&str] = &[
    "",
    "burpees",
    "squats, lunges",
    "deadlifts",
    "running",
    "overhead pressing, pull-ups",
];
const WINDOWS: &[&str] = &["", "16:8", "18:6", "OMAD", "12:12"];
const SPLITS: &[&str] = &["", "Full body", "Upper/Lower", "Push Pull Legs"];
const ACTIVITIES: &[&str] = &[
    "Sedentary",
    "Lightly Active",
    "Moderately Active",
    "Very Active",
    "Extra Active",
];

const HOMES: &[&[Equipment]] = &[
    &[],
    &[],
    &[Equipment::Dumbbells],
    &[Equipment::Bands, Equipment::PullUpBar],
    &[Equipment::Kettlebell],
];

prop_compose! {
    /// What a profile says of training, with sessions of so many minutes.
    pub(crate) fn training(minutes: RangeInclusive<u32>)(
        goal in select(GOALS), days in 1..=7_u8, level in select(LEVELS), equipment in select(EQUIPMENT), minutes in minutes,
        injuries in select(INJURIES), avoid in select(AVOID), split in select(SPLITS), intensity in 1..=10_u8,
    ) -> Value {
        json!({
            "goal": goal, "trainingDays": days, "trainingLevel": level, "equipment": equipment, "sessionLength": minutes,
            "injuries": injuries, "avoidExercises": avoid, "preferredWorkoutSplit": split, "workoutIntensityLevel": intensity,
        })
    }
}

prop_compose! {
    /// What a profile says of food and body.
    pub(crate) fn eating()(
        diet in select(DIETS), notes in select(NOTES), meals in 1..=8_u8, window in select(WINDOWS), sex in select(&["Male", "Female", ""][..]),
        age in 14..=85_u32, weight in 42..=150_u32, height in 150..=205_u32, activity in select(ACTIVITIES), budget in select(&["", "tight"][..]),
    ) -> Value {
        json!({
            "dietaryPrefs": [diet], "dietaryNotes": notes, "mealCount": meals, "fastingWindow": window, "sex": sex, "age": age, "weight": weight,
            "height": height, "activityLevel": activity, "budgetConstraints": budget,
        })
    }
}

prop_compose! {
    /// A whole profile, with sessions of 20 to 120 minutes.
    pub(crate) fn profile()(training in training(20..=120), eating in eating()) -> Value {
        let mut profile = training;
        if let (Some(profile), Some(eating)) = (profile.as_object_mut(), eating.as_object()) {
            profile.extend(eating.clone());
        }
        profile
    }
}

prop_compose! {
    /// An athlete of a block: where they train at home, on which days, in which unit.
    pub(crate) fn athlete()(
        training in training(5..=120), age in 14..=80_u32, home in select(HOMES), weekdays in subsequence(Weekday::ALL, 0..=7), pounds in any::<bool>(),
    ) -> Brief {
        let mut profile = training;
        profile["age"] = json!(age);
        let load_unit = if pounds { LoadUnit::Pounds } else { LoadUnit::Kilograms };
        Brief { home_equipment: home.iter().copied().collect(), weekdays: weekdays.into_iter().collect(), load_unit, ..brief(&profile) }
    }
}
