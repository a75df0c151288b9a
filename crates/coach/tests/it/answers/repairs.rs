//! What code puts right in an answer, one thing at a time.

use coach::answer::{block_template, weekly_plan};
use coach::block::{Scheme, Template, check_template, template};
use coach::brief::Brief;
use coach::exercise::{self, Pattern};
use coach::food::{self, Origin, Role};
use coach::plan::{Plan, check};
use coach::planner::draft_week;
use coach::reader::Language;
use serde_json::{Value, json};

use crate::athletes::brief;

/// A sound answer for a week, changed.
fn week(brief: &Brief, change: impl FnOnce(&mut Value)) -> Plan {
    let mut answer = weekly_plan::to_answer(&draft_week(brief, 1), brief);
    change(&mut answer);
    let read = weekly_plan::from_answer(&answer, brief, Language::En).expect("an answer");
    check(weekly_plan::repair(read.draft, brief, 1), brief).expect("a sound week")
}

fn block(brief: &Brief, change: impl FnOnce(&mut Value)) -> Template {
    let mut answer = block_template::to_answer(&template(brief, 1));
    change(&mut answer);
    let read = block_template::from_answer(&answer, brief, Language::En).expect("an answer");
    let checked = check_template(block_template::repair(read.draft, brief, 1), brief);
    checked.expect("a sound template").template().clone()
}

fn dumbbells() -> Brief {
    brief(
        &json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Dumbbells"], "injuries": "knee pain", "dietaryPrefs": ["Vegetarian"]}),
    )
}

fn work(plan: &Plan, day: usize) -> Vec<(String, i64, String)> {
    let (_, day) = plan.days()[day];
    day.work()
        .map(|one| {
            (
                one.exercise.slug.clone(),
                one.item.sets,
                one.item.reps.clone(),
            )
        })
        .collect()
}

#[test]
fn an_unsafe_lift_and_one_without_its_equipment_become_their_like() {
    let brief = dumbbells();
    for (named, pattern) in [
        ("barbell-back-squat", Pattern::Squat),
        ("barbell-bench-press", Pattern::HorizontalPush),
    ] {
        let plan = week(&brief, |answer| {
            answer["days"][0]["work"][0]["ex"] = json!(named)
        });
        let there = work(&plan, 0);
        assert!(there.iter().all(|(slug, ..)| slug != named), "{there:?}");
        let of_pattern = |slug: &str| {
            exercise::find(slug).is_some_and(|one| one.pattern == pattern && brief.allows(one))
        };
        assert!(
            there.iter().any(|(slug, ..)| of_pattern(slug)),
            "{named}: {there:?}"
        );
    }
}

#[test]
fn forty_sets_and_repetitions_out_of_range_come_into_range() {
    let plan = week(&dumbbells(), |answer| {
        answer["days"][0]["work"][0]["sets"] = json!(40);
        answer["days"][0]["work"][1]["reps"] = json!([500, 900]);
        answer["days"][2]["work"][0]["rir"] = json!(-7);
    });
    for day in [0, 2] {
        for (slug, sets, reps) in work(&plan, day) {
            assert!(
                (2..=4).contains(&sets) && !reps.contains("500"),
                "{slug}: {sets} of {reps}"
            );
        }
    }
}

#[test]
fn meat_for_a_vegetarian_becomes_a_protein_that_they_eat() {
    let plan = week(&dumbbells(), |answer| {
        answer["days"][0]["meals"][1] = json!([
            "Chicken breast, grilled",
            "Brown rice, cooked",
            "Broccoli, steamed"
        ])
    });
    let (_, monday) = plan.days()[0];
    let foods: Vec<_> = monday.nutrition.meals[1]
        .items
        .iter()
        .filter_map(|item| food::find(&item.food))
        .collect();
    assert!(
        foods.iter().any(|one| one.role == Role::Protein),
        "{foods:?}"
    );
    assert!(
        foods.iter().any(|one| one.name == "Brown rice, cooked"),
        "{foods:?}"
    );
    assert!(
        foods.iter().all(|one| !one.origins.contains(&Origin::Meat)),
        "{foods:?}"
    );
}

#[test]
fn energy_protein_and_quantities_are_the_codes() {
    let brief = dumbbells();
    let plan = week(&brief, |_| {});
    for (_, day) in plan.days() {
        let near = |value: i64, need: u32| (value as f64 / f64::from(need) - 1.0).abs() < 0.1;
        assert!(
            near(day.nutrition.total_kcal, brief.kcal),
            "{:?}",
            day.nutrition
        );
    }
}

#[test]
fn too_few_and_too_many_days_become_those_that_were_asked_for() {
    let brief = dumbbells();
    let trained = |plan: &Plan| {
        plan.days()
            .iter()
            .filter(|(_, day)| day.is_training())
            .count()
    };
    let fewer = week(&brief, |answer| answer["days"][0]["work"] = json!([]));
    let more = week(&brief, |answer| {
        answer["days"][1]["work"] = answer["days"][0]["work"].clone()
    });
    let missing = week(&brief, |answer| {
        answer["days"].as_array_mut().expect("days").truncate(2)
    });
    assert_eq!(
        (trained(&fewer), trained(&more), trained(&missing)),
        (3, 3, 3)
    );
    let one = block(&brief, |answer| {
        answer["days"].as_array_mut().expect("days").truncate(1)
    });
    assert_eq!(one.days.len(), 3);
}

#[test]
fn another_weekday_that_the_model_chose_is_kept() {
    let plan = week(&dumbbells(), |answer| {
        answer["days"][1]["work"] = answer["days"][0]["work"].take();
    });
    assert!(!plan.days()[0].1.is_training() && plan.days()[1].1.is_training());
}

#[test]
fn names_are_understood_and_nonsense_is_left_out() {
    let brief = dumbbells();
    let mut answer = weekly_plan::to_answer(&draft_week(&brief, 1), &brief);
    answer["days"][0]["work"][0]["ex"] = json!("DB Romanian Deadlifts");
    answer["days"][0]["work"][1]["ex"] = json!("quantum leap");
    let read = weekly_plan::from_answer(&answer, &brief, Language::En).expect("an answer");
    let items: Vec<_> = read
        .draft
        .monday
        .items()
        .map(|(_, item)| item.exercise.as_str())
        .collect();
    assert!(items.contains(&"Dumbbell Romanian Deadlift"), "{items:?}");
    let found: Vec<_> = read
        .findings
        .iter()
        .map(|one| (one.rule, one.place.as_str()))
        .collect();
    assert_eq!(found, [("known_names", "/days/0/work/1/ex")]);
}

#[test]
fn words_that_may_not_be_shown_are_replaced_by_ours() {
    let plan = week(&dumbbells(), |answer| {
        answer["days"][0]["why"] = json!("<b>Now</b> visit www.example.com")
    });
    let reason = &plan.days()[0].1.reason;
    assert!(
        !reason.is_empty() && !reason.contains("example"),
        "{reason}"
    );
    let german =
        "Heute trainierst du den ganzen Körper, weil du nur drei Tage in der Woche Zeit hast.";
    let brief = dumbbells();
    let mut answer = weekly_plan::to_answer(&draft_week(&brief, 1), &brief);
    answer["days"][0]["why"] = json!(german);
    let read = weekly_plan::from_answer(&answer, &brief, Language::De).expect("an answer");
    assert_eq!(read.draft.monday.reason, german);
}

#[test]
fn a_template_keeps_rest_and_progression_where_they_are_in_range() {
    let brief = brief(
        &json!({"goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": "Gym", "sessionLength": 75}),
    );
    let sound = template(&brief, 1);
    let made = block(&brief, |answer| {
        answer["days"][0]["slots"][0]["rest_s"] = json!(90);
        answer["days"][0]["slots"][1]["rest_s"] = json!(4_000);
        answer["days"][0]["slots"][1]["prog"] = json!("magic");
        answer["scheme"] = json!("chaos");
        answer["rationale"] = json!("Four days fit your week.");
    });
    assert_eq!(made.days[0].slots[0].rest_s, 90);
    assert_eq!(made.days[0].slots[1].rest_s, sound.days[0].slots[1].rest_s);
    assert_eq!(made.scheme, Scheme::Wave);
    assert_eq!(made.rationale, "Four days fit your week.");
}
