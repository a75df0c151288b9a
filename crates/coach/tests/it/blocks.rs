//! The 8-week block over every kind of athlete: template, checker, expansion, dates and substitutes.

use std::collections::HashSet;

use coach::block::{Block, Scheme, Template, check_template, template};
use coach::brief::{Brief, LoadUnit, Weekday};
use coach::exercise::{Equipment, MAJOR_MUSCLES};
use coach::profile::ProfileSnapshot;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

fn brief(profile: &Value) -> Brief {
    Brief::from_profile(&ProfileSnapshot::parse(profile).expect("a good profile"))
}

fn gym() -> Brief {
    brief(&json!({"goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"], "trainingLevel": "Intermediate"}))
}

fn block(brief: &Brief, seed: u64, today: Date) -> Result<Block, String> {
    let checked = check_template(template(brief, seed), brief).map_err(|broken| format!("{brief:?}: {broken:#?}"))?;
    checked.expand(today).map_err(|broken| format!("{brief:?}: {broken:#?}"))
}

const TODAY: Date = date(2026, 11, 22);

const GOALS: &[&str] = &["WEIGHT_LOSS", "MUSCLE_GAIN", "ENDURANCE", "GENERAL_FITNESS", "FLEXIBILITY_MOBILITY"];
const LEVELS: &[&str] = &["Beginner", "Intermediate", "Professional"];
const EQUIPMENT: &[&str] = &["", "Dumbbells", "Bands", "Kettlebell", "Barbell", "Gym", "Home gym", "Dumbbells, Bench", "TRX, Kettlebell, Bike"];
const INJURIES: &[&str] = &[
    "", "old knee pain", "shoulder impingement", "lower back", "wrist and elbow", "neck pain", "ankle sprain", "hip pain", "hernia",
    "high blood pressure", "pregnant", "knee, shoulder, lower back",
];
const AVOID: &[&str] = &["", "burpees", "squats, lunges", "deadlifts", "running", "overhead pressing, pull-ups"];
const SPLITS: &[&str] = &["", "Full body", "Upper/Lower", "Push Pull Legs"];
const HOMES: &[&[Equipment]] = &[&[], &[], &[Equipment::Dumbbells], &[Equipment::Bands, Equipment::PullUpBar], &[Equipment::Kettlebell]];

prop_compose! {
    fn training()(
        goal in select(GOALS), days in 1..=7_u8, level in select(LEVELS), equipment in select(EQUIPMENT), minutes in 20..=120_u32,
        injuries in select(INJURIES), avoid in select(AVOID), split in select(SPLITS), intensity in 1..=10_u8, age in 14..=80_u32,
    ) -> Brief {
        brief(&json!({
            "goal": goal, "trainingDays": days, "trainingLevel": level, "equipment": equipment, "sessionLength": minutes, "age": age,
            "injuries": injuries, "avoidExercises": avoid, "preferredWorkoutSplit": split, "workoutIntensityLevel": intensity,
        }))
    }
}

prop_compose! {
    fn athlete()(
        brief in training(), home in select(HOMES), weekdays in subsequence(Weekday::ALL, 0..=7), pounds in any::<bool>(),
    ) -> Brief {
        let load_unit = if pounds { LoadUnit::Pounds } else { LoadUnit::Kilograms };
        Brief { home_equipment: home.iter().copied().collect(), weekdays: weekdays.into_iter().collect(), load_unit, ..brief }
    }
}

fn day() -> impl Strategy<Value = Date> {
    (0..20_000_i32).prop_map(|days| date(2000, 1, 1).saturating_add(days.days()))
}

fn sessions_are_dated(brief: &Brief, block: &Block, today: Date) -> Result<(), TestCaseError> {
    let start = block.start_date();
    prop_assert!(start > today && start <= today.saturating_add(7.days()), "{today} {start}");
    prop_assert_eq!(start.weekday(), jiff::civil::Weekday::Monday);
    let days: HashSet<Weekday> = block.week(1).map(|entry| entry.day).collect();
    prop_assert_eq!(days.len(), brief.sessions());
    let named = days.iter().filter(|day| brief.weekdays.contains(day)).count();
    prop_assert_eq!(named, brief.weekdays.len().min(brief.sessions()));
    for entry in block.entries() {
        let offset = i32::from(entry.week_number - 1) * 7 + entry.day as i32;
        prop_assert_eq!(entry.date, start.saturating_add(offset.days()));
        prop_assert_eq!(entry.date.weekday().to_monday_zero_offset() as i32, entry.day as i32);
    }
    Ok(())
}

fn every_week_is_whole(template: &Template, block: &Block) -> Result<(), TestCaseError> {
    let slots: usize = template.days.iter().map(|day| day.slots.len()).sum();
    prop_assert_eq!(block.entries().len(), 8 * slots);
    let mut places = HashSet::new();
    for entry in block.entries() {
        prop_assert!(places.insert((entry.date, entry.position)), "a place is taken twice");
        prop_assert_eq!(entry.reps.is_some(), entry.time.is_none());
        prop_assert_eq!(entry.time.is_some(), entry.exercise.is_timed());
        for text in [Some(&entry.notes), entry.weight.as_ref(), entry.streak_exercise_notes.as_ref(), entry.adjustment_reason.as_ref()] {
            prop_assert!(text.is_none_or(|text| (2..=240).contains(&text.chars().count())), "{text:?}");
        }
    }
    Ok(())
}

fn substitutes_are_legal(brief: &Brief, block: &Block) -> Result<(), TestCaseError> {
    let days: HashSet<Weekday> = block.week(1).map(|entry| entry.day).collect();
    for day in days {
        let session: Vec<_> = block.week(1).filter(|entry| entry.day == day).collect();
        let named = session.iter().map(|entry| entry.exercise).chain(session.iter().filter_map(|entry| entry.streak_exercise));
        let mut seen = HashSet::new();
        for exercise in named {
            prop_assert!(seen.insert(&exercise.slug), "{exercise} stands twice in a session");
            prop_assert!(brief.is_safe(exercise) && !brief.excluded.contains(exercise.slug.as_str()) && exercise.skill <= brief.skill());
        }
        for substitute in session.iter().filter_map(|entry| entry.streak_exercise) {
            prop_assert!(substitute.equipment.iter().all(|need| brief.home_equipment.contains(need)), "{substitute}");
        }
    }
    Ok(())
}

fn the_weeks_progress(template: &Template, block: &Block) -> Result<(), TestCaseError> {
    for course in block.courses() {
        let lighter = template.scheme == Scheme::Wave && course.exercise.pattern.is_strength();
        for week in [3, 7].into_iter().filter(|_| lighter) {
            let (heavy, light) = (course.weeks[week - 1], course.weeks[week]);
            prop_assert!(light.sets < heavy.sets && light.rir >= 4, "{}: {heavy:?} {light:?}", course.exercise);
            prop_assert!(light.load_percent <= heavy.load_percent);
        }
    }
    for week in (2..=8).filter(|week| template.scheme == Scheme::Novice || ![5, 4, 8].contains(week)) {
        let (before, after) = (block.volume(week - 1), block.volume(week));
        for muscle in MAJOR_MUSCLES {
            let sets = |week: &std::collections::BTreeMap<_, f64>| week.get(&muscle).copied().unwrap_or_default();
            prop_assert!(sets(&after) <= sets(&before) * 1.2 + 1e-9, "{muscle} in week {week}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn every_athlete_gets_a_sound_block(brief in athlete(), seed in any::<u64>(), today in day()) {
        let template = template(&brief, seed);
        let block = block(&brief, seed, today).map_err(TestCaseError::fail)?;
        sessions_are_dated(&brief, &block, today)?;
        every_week_is_whole(&template, &block)?;
        substitutes_are_legal(&brief, &block)?;
        the_weeks_progress(&template, &block)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn the_same_seed_gives_the_same_block(brief in athlete(), seed in any::<u64>()) {
        let bytes = || block(&brief, seed, TODAY).map(|block| block.to_json().to_string());
        prop_assert_eq!(bytes(), bytes());
    }
}

#[test]
fn zz_show() {
    let cases = [
        json!({"goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"], "trainingLevel": "Intermediate"}),
        json!({"goal": "WEIGHT_LOSS", "trainingDays": 3, "equipment": ["Dumbbells"], "trainingLevel": "Beginner", "sessionLength": 40, "injuries": "knee pain"}),
        json!({"goal": "ENDURANCE", "trainingDays": 5, "equipment": ["Gym"], "trainingLevel": "Intermediate", "sessionLength": 50}),
        json!({"goal": "MUSCLE_GAIN", "trainingDays": 6, "equipment": ["Gym"], "trainingLevel": "Professional", "sessionLength": 75, "injuries": "shoulder impingement"}),
        json!({"goal": "GENERAL_FITNESS", "trainingDays": 3, "equipment": [], "trainingLevel": "Intermediate", "sessionLength": 45}),
        json!({"goal": "FLEXIBILITY_MOBILITY", "trainingDays": 2, "equipment": ["Gym"], "age": 70, "sessionLength": 30}),
    ];
    for profile in cases {
        let brief = brief(&profile);
        let block = block(&brief, 7, TODAY).expect("a block");
        println!("\n##### {profile}\n{}", block.summary());
        for entry in block.week(1) {
            println!(
                "{} {} {:9} {}. {} {}x{} | {} | {} | {} | STREAK {:?} {:?} {:?} | {:?}",
                entry.date, entry.day.name(), entry.day_name, entry.position, entry.exercise, entry.sets,
                entry.reps.as_ref().or(entry.time.as_ref()).unwrap(), entry.weight.as_deref().unwrap_or("-"), entry.equipment, entry.notes,
                entry.streak_exercise.map(|e| e.name), entry.streak_exercise_equipment, entry.streak_exercise_notes, entry.adjustment_reason
            );
        }
        for course in block.courses() {
            let weeks: Vec<String> = course.weeks.iter().map(|w| format!("{}x{}@{} {}", w.sets, w.reps, w.rir, w.load_percent.map_or("-".into(), |l| format!("{l:.0}%")))).collect();
            println!("{:8} {:30} {}", course.day_name, course.exercise.name, weeks.join(" | "));
        }
        for muscle in MAJOR_MUSCLES {
            println!("{muscle}: {:?}", (1..=8).map(|w| block.volume(w).get(&muscle).copied().unwrap_or_default()).collect::<Vec<_>>());
        }
        let first = block.entries()[0].exercise;
        for entry in block.entries().iter().filter(|e| e.exercise == first && e.position == 1) {
            println!("w{} {} | {}", entry.week_number, entry.weight.as_deref().unwrap_or("-"), entry.notes);
        }
    }
}
