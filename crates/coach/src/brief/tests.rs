use serde_json::{Value, json};

use super::*;
use crate::exercise::{self, MAJOR_MUSCLES, catalogue};
use crate::food;

fn brief(more: Value) -> Brief {
    let mut profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "trainingLevel": "Professional"});
    for (field, value) in more.as_object().expect("an object") {
        profile[field] = value.clone();
    }
    Brief::from_profile(&ProfileSnapshot::parse(&profile).expect("a good profile"))
}

fn limits(injuries: &str) -> Vec<Limit> {
    brief(json!({"injuries": injuries}))
        .limits
        .into_iter()
        .collect()
}

#[test]
fn injuries_are_read_and_denied_ones_are_not() {
    for (text, expected) in [
        ("", vec![]),
        ("None", vec![]),
        ("no injuries", vec![]),
        ("N/A", vec![]),
        ("No knee pain", vec![]),
        ("old knee pain", vec![Limit::Knee]),
        (
            "left shoulder impingement, lower back",
            vec![Limit::Shoulder, Limit::LowerBack],
        ),
        ("no back issues but bad knee", vec![Limit::Knee]),
        ("No injuries except right wrist", vec![Limit::Wrist]),
        ("knee healed", vec![]),
        ("knee not fully healed", vec![Limit::Knee]),
        ("inguinal hernia", vec![Limit::Hernia]),
        ("herniated disc", vec![Limit::LowerBack]),
        ("high blood pressure", vec![Limit::BloodPressure]),
        ("ACL surgery 2019", vec![Limit::Knee]),
        ("broken collarbone", vec![Limit::Shoulder]),
        ("broken toe", vec![Limit::Unclear]),
        (
            "Bandscheibenvorfall, linkes Knie",
            vec![Limit::LowerBack, Limit::Knee],
        ),
        ("keine", vec![]),
        (
            "mal de dos et épaule fragile",
            vec![Limit::Shoulder, Limit::LowerBack],
        ),
        ("dolor de rodilla", vec![Limit::Knee]),
    ] {
        assert_eq!(limits(text), expected, "{text}");
    }
}

#[test]
fn other_texts_count_only_with_a_word_of_pain() {
    let read = |text: &str| {
        brief(json!({"personalGoals": [text]}))
            .limits
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(read("stronger shoulders and a wide back"), vec![]);
    assert_eq!(read("fix my back pain"), vec![Limit::LowerBack]);
    assert_eq!(read("I am pregnant"), vec![Limit::Pregnancy]);
}

#[test]
fn a_request_only_tightens() {
    let before = brief(json!({}));
    let after = before
        .clone()
        .with_request("no burpees, my knee hurts and no nuts please");
    assert!(after.excluded.contains("burpee"));
    assert_eq!(after.limits.iter().collect::<Vec<_>>(), [&Limit::Knee]);
    assert!(after.diet.avoid.contains(&food::Allergen::Nuts));
    assert!(before.limits.is_subset(&after.limits) && before.excluded.is_subset(&after.excluded));
    assert_eq!(
        before.clone().with_request("I love squats, more of them"),
        before
    );
}

#[test]
fn a_bad_knee_leaves_leg_work() {
    let brief = brief(json!({"injuries": "old knee pain"}));
    for (name, allowed) in [
        ("Leg Press", true),
        ("Romanian Deadlift", true),
        ("Barbell Back Squat", false),
        ("Squat Jump", false),
    ] {
        assert_eq!(
            brief.allows(exercise::find(name).expect("known")),
            allowed,
            "{name}"
        );
    }
}

#[test]
fn every_single_injury_leaves_two_ways_to_train_most_muscles_in_a_gym() {
    for limit in Limit::ALL {
        let mut brief = brief(json!({}));
        brief.limits.insert(*limit);
        for muscle in MAJOR_MUSCLES {
            let ways = catalogue()
                .iter()
                .filter(|one| one.share(muscle) == 1.0 && brief.allows(one))
                .count();
            assert!(ways >= 2, "{limit} leaves {ways} ways to train {muscle}");
        }
    }
}

#[test]
fn unwanted_exercises_are_found_by_name_family_kind_and_muscle() {
    for (list, excluded, kept) in [
        (json!(["burpees"]), vec!["burpee"], vec!["squat-jump"]),
        (
            json!(["no squats"]),
            vec!["barbell-back-squat", "goblet-squat"],
            vec!["leg-press"],
        ),
        (
            json!("Deadlifts, running"),
            vec!["barbell-deadlift", "romanian-deadlift", "easy-run"],
            vec!["hip-thrust", "stationary-bike"],
        ),
        (
            json!(["Barbell Back Squat"]),
            vec!["barbell-back-squat"],
            vec!["barbell-front-squat"],
        ),
        (
            json!(["jumping"]),
            vec!["squat-jump", "jump-rope", "burpee"],
            vec!["bodyweight-squat"],
        ),
        (
            json!(["overhead pressing"]),
            vec!["barbell-overhead-press"],
            vec!["barbell-bench-press"],
        ),
        (
            json!(["lunges"]),
            vec!["walking-lunge", "bulgarian-split-squat"],
            vec!["low-step-up"],
        ),
        (
            json!(["push-ups"]),
            vec!["push-up", "knee-push-up"],
            vec!["barbell-bench-press"],
        ),
    ] {
        let brief = brief(json!({"avoidExercises": list}));
        for slug in excluded {
            assert!(brief.excluded.contains(slug), "{list} keeps {slug}");
        }
        for slug in kept {
            assert!(!brief.excluded.contains(slug), "{list} excludes {slug}");
        }
    }
}

#[test]
fn requests_exclude_what_is_denied_and_nothing_else() {
    let excluded = |text: &str| brief(json!({"specialRequests": text})).excluded;
    assert!(excluded("I hate burpees and lunges, but I love deadlifts").contains("burpee"));
    assert!(excluded("I hate burpees and lunges, but I love deadlifts").contains("reverse-lunge"));
    assert!(
        !excluded("I hate burpees and lunges, but I love deadlifts").contains("barbell-deadlift")
    );
    assert!(excluded("please don't give me any running").contains("easy-run"));
    assert!(excluded("no gym on weekends").is_empty());
    assert!(excluded("more squats please").is_empty());
}

#[test]
fn equipment_is_read_from_the_apps_words() {
    use crate::exercise::Equipment::*;
    let read = |list: Value| {
        brief(json!({"equipment": list}))
            .equipment
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        read(json!(["Gym"])).len(),
        crate::exercise::Equipment::ALL.len()
    );
    assert_eq!(read(json!([])), []);
    assert_eq!(read(json!(["Bodyweight", "yoga mat"])), []);
    assert_eq!(
        read(json!(["Dumbbells", "Resistance Bands"])),
        [Dumbbells, Bands]
    );
    assert_eq!(
        read(json!("kettlebells, pull-up bar")),
        [Kettlebell, PullUpBar]
    );
    assert!(!read(json!(["Home gym"])).contains(&Machines));
    assert_eq!(read(json!(["No gym"])), []);
    assert_eq!(read(json!(["rowing machine"])), [Rower]);
}

#[test]
fn diets_and_allergies_are_read() {
    let allows = |prefs: Value, notes: &str, food: &str| {
        brief(json!({"dietaryPrefs": prefs, "dietaryNotes": notes}))
            .allows_food(food::find(food).expect("a known food"))
    };
    for (prefs, notes, food, allowed) in [
        (json!([]), "", "Salmon, baked", true),
        (json!(["Vegetarian"]), "", "Boiled eggs", false),
        (json!(["Vegetarian"]), "", "Milk, low fat", true),
        (json!(["Eggitarian"]), "", "Boiled eggs", true),
        (json!(["Eggitarian"]), "", "Chicken curry", false),
        (json!(["Vegan"]), "", "Ghee", false),
        (json!(["Non-veg"]), "", "Chicken curry", true),
        (json!("Non-Vegetarian"), "", "Chicken curry", true),
        (json!(["Pescatarian"]), "", "Salmon, baked", true),
        (json!(["Pescatarian"]), "", "Chicken curry", false),
        (json!(["Vegetarian", "Non-veg"]), "", "Chicken curry", false),
        (json!(["Halal"]), "", "Pork tenderloin, roasted", false),
        (json!([]), "peanut allergy", "Peanut butter", false),
        (json!([]), "peanut allergy", "Almonds", true),
        (
            json!([]),
            "allergic to nuts and shellfish",
            "Prawns, cooked",
            false,
        ),
        (
            json!([]),
            "lactose intolerant",
            "Whey protein powder",
            false,
        ),
        (json!([]), "gluten-free", "Roti, wholewheat", false),
        (json!([]), "coeliac", "Wholegrain bread", false),
        (json!(["Gluten-free"]), "", "Wholegrain bread", false),
        (
            json!([]),
            "I don't eat pork or beef",
            "Lean beef, grilled",
            false,
        ),
        (json!([]), "no mushrooms", "Mushrooms, sautéed", false),
        (
            json!([]),
            "love mushrooms, no broccoli",
            "Mushrooms, sautéed",
            true,
        ),
        (json!([]), "no allergies", "Almonds", true),
        (json!([]), "no meat", "Chicken curry", false),
        (json!([]), "I am vegan", "Boiled eggs", false),
        (json!([]), "no soy", "Tofu, firm", false),
    ] {
        assert_eq!(
            allows(prefs.clone(), notes, food),
            allowed,
            "{prefs} {notes:?}: {food}"
        );
    }
}

#[test]
fn energy_follows_mifflin_st_jeor_and_the_goal() {
    let kcal = |more: Value| brief(more).kcal;
    let man = |goal: &str| json!({"goal": goal, "sex": "Male", "age": 30, "height": 180, "weight": 80, "activityLevel": "Moderately Active"});
    // 10·80 + 6.25·180 − 5·30 + 5 = 1780; × 1.55 = 2759.
    assert_eq!(kcal(man("GENERAL_FITNESS")), 2_760);
    assert_eq!(kcal(man("WEIGHT_LOSS")), 2_350);
    assert_eq!(kcal(man("MUSCLE_GAIN")), 3_030);
    assert_eq!(kcal(json!({"dailyCalorieTarget": 2100})), 2_100);
    assert_eq!(
        kcal(json!({"dailyCalorieTarget": 800, "sex": "Female"})),
        1_200
    );
    assert_eq!(
        kcal(json!({"dailyCalorieTarget": 800, "sex": "Male"})),
        1_500
    );
}

#[test]
fn nobody_who_grows_or_is_thin_is_put_on_a_deficit() {
    let thin =
        json!({"goal": "WEIGHT_LOSS", "sex": "Female", "age": 25, "height": 170, "weight": 48});
    let mut normal = thin.clone();
    normal["goal"] = "GENERAL_FITNESS".into();
    assert_eq!(brief(thin).kcal, brief(normal).kcal);
    let child = json!({"goal": "WEIGHT_LOSS", "age": 15, "fastingWindow": "16:8"});
    assert_eq!(brief(child.clone()).fasting, None);
    assert_eq!(brief(child).level, Level::Beginner);
}

#[test]
fn protein_is_by_weight_and_goal_within_reason() {
    let protein = |more: Value| brief(more).protein_g;
    let body = |goal: &str, weight: f64| json!({"goal": goal, "sex": "Male", "age": 30, "height": 180, "weight": weight, "dietaryPrefs": ["Non-veg"]});
    assert_eq!(protein(body("MUSCLE_GAIN", 80.0)), 176);
    assert_eq!(protein(body("ENDURANCE", 80.0)), 144);
    assert_eq!(protein(body("ENDURANCE", 250.0)), 175, "as at a BMI of 30");
    let vegan = json!({"goal": "WEIGHT_LOSS", "sex": "Female", "weight": 90, "height": 165, "dietaryPrefs": ["Vegan"], "dailyCalorieTarget": 1500});
    assert_eq!(protein(vegan), 94, "a quarter of the energy");
}

#[test]
fn fasting_windows_are_read() {
    let read = |text: &str| {
        brief(json!({"fastingWindow": text}))
            .fasting
            .map(|window| window.fasting_hours)
    };
    for (text, hours) in [
        ("16:8", Some(16)),
        ("18/6", Some(18)),
        ("14-10", Some(14)),
        ("16 hours", Some(16)),
        ("OMAD", Some(23)),
        ("none", None),
        ("", None),
        ("8:30", None),
    ] {
        assert_eq!(read(text), hours, "{text}");
    }
}

#[test]
fn weekdays_clocks_and_splits_are_read() {
    let brief = brief(
        json!({"travelDays": ["Tue", "Fridays"], "wakeTime": "06:30", "sleepTime": "10:45 pm", "preferredWorkoutSplit": "Push Pull Legs"}),
    );
    assert_eq!(
        brief.travel_days.iter().collect::<Vec<_>>(),
        [&Weekday::Tuesday, &Weekday::Friday]
    );
    assert_eq!(
        brief.wake.map(|clock| clock.to_string()).as_deref(),
        Some("06:30")
    );
    assert_eq!(
        brief.sleep.map(|clock| clock.to_string()).as_deref(),
        Some("22:45")
    );
    assert_eq!(brief.split, Some(SplitWish::PushPullLegs));
    assert_eq!(Clock::read("25:00"), None);
    assert_eq!(Clock::read("late"), None);
}
