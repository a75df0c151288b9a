//! The 8-week block over every kind of athlete: template, checker, expansion, dates and substitutes.

use std::collections::HashSet;

use coach::block::{
    Block, Progression, Role, Scheme, Template, check_template, check_template_json, template,
};
use coach::brief::{Brief, LoadUnit, Weekday};
use coach::exercise::{Equipment, MAJOR_MUSCLES};
use coach::plan::Violation;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::athletes::{athlete, brief};

fn gym() -> Brief {
    brief(
        &json!({"goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"], "trainingLevel": "Intermediate"}),
    )
}

fn block(brief: &Brief, seed: u64, today: Date) -> Result<Block, String> {
    let checked = check_template(template(brief, seed), brief)
        .map_err(|broken| format!("{brief:?}: {broken:#?}"))?;
    checked
        .expand(today)
        .map_err(|broken| format!("{brief:?}: {broken:#?}"))
}

const TODAY: Date = date(2026, 11, 22);

fn day() -> impl Strategy<Value = Date> {
    (0..20_000_i32).prop_map(|days| date(2000, 1, 1).saturating_add(days.days()))
}

fn sessions_are_dated(brief: &Brief, block: &Block, today: Date) -> Result<(), TestCaseError> {
    let start = block.start_date();
    prop_assert!(
        start > today && start <= today.saturating_add(7.days()),
        "{today} {start}"
    );
    prop_assert_eq!(start.weekday(), jiff::civil::Weekday::Monday);
    let days: HashSet<Weekday> = block.week(1).map(|entry| entry.day).collect();
    prop_assert_eq!(days.len(), brief.sessions());
    let named = days
        .iter()
        .filter(|day| brief.weekdays.contains(day))
        .count();
    prop_assert_eq!(named, brief.weekdays.len().min(brief.sessions()));
    for entry in block.entries() {
        let offset = i32::from(entry.week_number - 1) * 7 + entry.day as i32;
        prop_assert_eq!(entry.date, start.saturating_add(offset.days()));
        prop_assert_eq!(
            entry.date.weekday().to_monday_zero_offset() as i32,
            entry.day as i32
        );
    }
    Ok(())
}

fn every_week_is_whole(template: &Template, block: &Block) -> Result<(), TestCaseError> {
    let slots: usize = template.days.iter().map(|day| day.slots.len()).sum();
    prop_assert_eq!(block.entries().len(), 8 * slots);
    let mut places = HashSet::new();
    for entry in block.entries() {
        prop_assert!(
            places.insert((entry.date, entry.position)),
            "a place is taken twice"
        );
        prop_assert_eq!(entry.reps.is_some(), entry.time.is_none());
        prop_assert_eq!(entry.time.is_some(), entry.exercise.is_timed());
        for text in [
            Some(&entry.notes),
            entry.weight.as_ref(),
            entry.streak_exercise_notes.as_ref(),
            entry.adjustment_reason.as_ref(),
        ] {
            prop_assert!(
                text.is_none_or(|text| (2..=240).contains(&text.chars().count())),
                "{text:?}"
            );
        }
    }
    Ok(())
}

fn substitutes_are_legal(brief: &Brief, block: &Block) -> Result<(), TestCaseError> {
    let days: HashSet<Weekday> = block.week(1).map(|entry| entry.day).collect();
    for day in days {
        let session: Vec<_> = block.week(1).filter(|entry| entry.day == day).collect();
        let named = session
            .iter()
            .map(|entry| entry.exercise)
            .chain(session.iter().filter_map(|entry| entry.streak_exercise));
        let mut seen = HashSet::new();
        for exercise in named {
            prop_assert!(
                seen.insert(&exercise.slug),
                "{exercise} stands twice in a session"
            );
            prop_assert!(
                brief.is_safe(exercise)
                    && !brief.excluded.contains(exercise.slug.as_str())
                    && exercise.skill <= brief.skill()
            );
        }
        for substitute in session.iter().filter_map(|entry| entry.streak_exercise) {
            prop_assert!(
                substitute
                    .equipment
                    .iter()
                    .all(|need| brief.home_equipment.contains(need)),
                "{substitute}"
            );
        }
    }
    Ok(())
}

fn the_weeks_progress(template: &Template, block: &Block) -> Result<(), TestCaseError> {
    for course in block.courses() {
        let lighter = template.scheme == Scheme::Wave && course.exercise.pattern.is_strength();
        for week in [3, 7].into_iter().filter(|_| lighter) {
            let (heavy, light) = (course.weeks[week - 1], course.weeks[week]);
            prop_assert!(
                light.sets < heavy.sets && light.rir >= 4,
                "{}: {heavy:?} {light:?}",
                course.exercise
            );
            prop_assert!(light.load_percent <= heavy.load_percent);
        }
    }
    for week in
        (2..=8).filter(|week| template.scheme == Scheme::Novice || ![5, 4, 8].contains(week))
    {
        let (before, after) = (block.volume(week - 1), block.volume(week));
        for muscle in MAJOR_MUSCLES {
            let sets = |week: &std::collections::BTreeMap<_, f64>| {
                week.get(&muscle).copied().unwrap_or_default()
            };
            prop_assert!(
                sets(&after) <= sets(&before) * 1.2 + 1e-9,
                "{muscle} in week {week}"
            );
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
fn the_json_is_what_the_store_takes() {
    let block = block(&gym(), 1, date(2026, 12, 29)).expect("a block");
    let json = block.to_json();
    assert_eq!(json["start_date"], "2027-01-04");
    assert_eq!(json["summary"], block.summary());
    let entries = json["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), block.entries().len());
    let keys: Vec<&String> = entries[0].as_object().expect("an entry").keys().collect();
    let mut columns = vec![
        "week_number",
        "day_name",
        "day",
        "position",
        "date",
        "exercise",
        "sets",
        "reps",
        "weight",
        "time",
        "equipment",
        "notes",
        "streak_exercise",
        "streak_exercise_equipment",
        "streak_exercise_notes",
        "is_adjusted",
        "adjustment_reason",
    ];
    columns.sort_unstable();
    assert_eq!(keys, columns);
    assert_eq!(entries[0]["date"], "2027-01-04");
    assert_eq!(entries[0]["day"], "monday");
    let slugs: HashSet<&str> = block
        .exercises()
        .iter()
        .map(|exercise| exercise.slug.as_str())
        .collect();
    for entry in entries {
        let named = [&entry["exercise"], &entry["streak_exercise"]]
            .into_iter()
            .filter_map(Value::as_str);
        assert!(
            named.into_iter().all(|slug| slugs.contains(slug)),
            "{entry}"
        );
        assert_eq!(entry["is_adjusted"], !entry["adjustment_reason"].is_null());
    }
}

#[test]
fn named_weekdays_are_trained_on() {
    use Weekday::*;
    for (days, named, trained) in [
        (
            3,
            vec![Tuesday, Thursday, Saturday],
            vec![Tuesday, Thursday, Saturday],
        ),
        (2, vec![Monday, Tuesday, Thursday], vec![Monday, Thursday]),
        (3, vec![Saturday, Sunday], vec![Wednesday, Saturday, Sunday]),
        (3, vec![], vec![Monday, Wednesday, Friday]),
    ] {
        let brief = Brief {
            days,
            weekdays: named.into_iter().collect(),
            ..gym()
        };
        let block = block(&brief, 1, TODAY).expect("a block");
        let mut days: Vec<Weekday> = block.week(1).map(|entry| entry.day).collect();
        days.dedup();
        assert_eq!(days, trained);
    }
}

#[test]
fn dates_go_on_day_by_day_when_the_clocks_change_and_over_new_year() {
    for (today, last_monday) in [
        (date(2026, 3, 20), date(2026, 5, 11)),
        (date(2026, 10, 20), date(2026, 12, 14)),
        (date(2026, 12, 1), date(2027, 1, 25)),
    ] {
        let block = block(&gym(), 1, today).expect("a block");
        let last = block.week(8).next().expect("week 8");
        assert_eq!((last.date, last.day), (last_monday, Weekday::Monday));
    }
}

#[test]
fn weights_are_written_in_the_unit_of_the_athlete() {
    let texts = |load_unit| {
        let block = block(&Brief { load_unit, ..gym() }, 1, TODAY).expect("a block");
        let weights = block.week(2).filter_map(|entry| entry.weight.clone());
        weights.collect::<Vec<_>>().join(" ")
    };
    let (kilograms, pounds) = (texts(LoadUnit::Kilograms), texts(LoadUnit::Pounds));
    assert!(
        kilograms.contains("+2.5 kg") && kilograms.contains("+5 kg") && !kilograms.contains(" lb"),
        "{kilograms}"
    );
    assert!(
        pounds.contains("+5 lb") && pounds.contains("+10 lb") && !pounds.contains(" kg"),
        "{pounds}"
    );
}

#[test]
fn an_exercise_that_an_injury_changed_says_so() {
    let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"], "injuries": "knee pain"});
    let hurt = block(&brief(&profile), 1, TODAY).expect("a block");
    let reasons: Vec<&String> = hurt
        .week(1)
        .filter_map(|entry| entry.adjustment_reason.as_ref())
        .collect();
    assert!(
        reasons.iter().any(|reason| reason.contains("knee")),
        "{reasons:?}"
    );
    let sound = block(&gym(), 1, TODAY).expect("a block");
    assert!(
        sound
            .entries()
            .iter()
            .all(|entry| entry.adjustment_reason.is_none())
    );
}

#[test]
fn who_trains_at_home_gets_an_easier_variation_that_needs_nothing() {
    let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Dumbbells"]});
    let brief = Brief {
        home_equipment: [Equipment::Dumbbells].into(),
        ..brief(&profile)
    };
    let block = block(&brief, 1, TODAY).expect("a block");
    let substitutes: Vec<_> = block
        .week(1)
        .filter_map(|entry| entry.streak_exercise)
        .collect();
    assert!(!substitutes.is_empty());
    assert!(
        substitutes
            .iter()
            .all(|exercise| exercise.equipment.is_empty())
    );
}

#[test]
fn novices_go_on_without_a_lighter_week() {
    let profile = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "trainingLevel": "Beginner"});
    let block = block(&brief(&profile), 1, TODAY).expect("a block");
    for course in block
        .courses()
        .iter()
        .filter(|course| course.exercise.pattern.is_strength())
    {
        let sets: HashSet<i64> = course.weeks.iter().map(|week| week.sets).collect();
        assert_eq!(sets.len(), 1, "{}", course.exercise);
        let load = |week: usize| course.weeks[week].load_percent.unwrap_or_default();
        assert!(
            (1..8).all(|week| load(week) >= load(week - 1)),
            "{}",
            course.exercise
        );
    }
}

/// What a change to a sound template breaks, by rule and place.
fn broken(brief: &Brief, change: impl Fn(&mut Template)) -> Vec<(&'static str, String)> {
    let mut template = template(brief, 1);
    change(&mut template);
    let broken = check_template(template, brief)
        .map(drop)
        .err()
        .unwrap_or_default();
    broken
        .into_iter()
        .map(|Violation { rule, place, .. }| (rule, place))
        .collect()
}

/// A name, the rule and the place that must be named, and the change.
type Case = (&'static str, &'static str, &'static str, fn(&mut Template));

const CASES: &[Case] = &[
    (
        "an unknown exercise",
        "known_names",
        "/days/0/slots/1/exercise",
        |t| t.days[0].slots[1].exercise = "quantum-leap".to_owned(),
    ),
    (
        "an unwanted one",
        "allowed_exercises",
        "/days/1/slots/0/exercise",
        |t| t.days[1].slots[0].exercise = "burpee".to_owned(),
    ),
    ("a day less", "training_days", "/days", |t| {
        drop(t.days.pop())
    }),
    ("a day more", "training_days", "/days", |t| {
        t.days.push(t.days[0].clone())
    }),
    ("an empty day", "form", "/days/2/slots", |t| {
        t.days[2].slots.clear()
    }),
    ("one twice", "exercise_repeated", "/days/0", |t| {
        t.days[0].slots[1] = t.days[0].slots[0].clone()
    }),
    ("eleven sets", "form", "/days/0/slots/0/sets", |t| {
        t.days[0].slots[0].sets = 11
    }),
    ("sets below zero", "form", "/days/0/slots/0/sets", |t| {
        t.days[0].slots[0].sets = i64::MIN
    }),
    (
        "repetitions that run backwards",
        "form",
        "/days/0/slots/0/reps",
        |t| t.days[0].slots[0].reps = [12, 8],
    ),
    ("a single", "repetitions", "/days/0/slots/0/reps", |t| {
        t.days[0].slots[0].reps = [1, 1]
    }),
    ("a reserve of nine", "form", "/days/0/slots/0/rir", |t| {
        t.days[0].slots[0].rir = 9
    }),
    ("an hour of rest", "rest", "/days/0/slots/0/rest_s", |t| {
        t.days[0].slots[0].rest_s = 3_600
    }),
    ("no rest", "rest", "/days/0/slots/0/rest_s", |t| {
        t.days[0].slots[0].rest_s = 0
    }),
    ("far too long", "session_minutes", "/days/0", |t| {
        t.days[0]
            .slots
            .iter_mut()
            .for_each(|slot| slot.rest_s = 300)
    }),
    ("isolation first", "exercise_order", "/days/0", |t| {
        t.days[0].slots.reverse()
    }),
    ("ten sets each", "level", "/days/0", |t| {
        t.days[0].slots.iter_mut().for_each(|slot| slot.sets = 10)
    }),
    ("a link for a name", "text", "/days/0/name", |t| {
        t.days[0].name = "https://example.com".to_owned()
    }),
    (
        "a story for a tempo",
        "text",
        "/days/0/slots/0/tempo",
        |t| t.days[0].slots[0].tempo = Some("slowly".to_owned()),
    ),
    ("no split", "text", "/split", |t| t.split.clear()),
];

#[test]
fn a_template_is_held_to_the_rules_of_the_week() {
    let brief = Brief {
        excluded: ["burpee"].into(),
        ..gym()
    };
    assert_eq!(broken(&brief, |_| ()), []);
    for (name, rule, place, change) in CASES {
        let found = broken(&brief, change);
        assert!(
            found.contains(&(*rule, (*place).to_owned())),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn equipment_injuries_and_reserve_hold_for_a_template() {
    let at_home = brief(
        &json!({"goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Dumbbells"], "injuries": "lower back"}),
    );
    let found = broken(&at_home, |t| {
        t.days[0].slots[0].exercise = "Barbell Deadlift".to_owned()
    });
    for rule in ["equipment", "injuries"] {
        assert!(
            found.contains(&(rule, "/days/0/slots/0/exercise".to_owned())),
            "{found:?}"
        );
    }
    let novice = brief(
        &json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Gym"], "trainingLevel": "Beginner"}),
    );
    let found = broken(&novice, |t| t.days[0].slots[0].rir = 0);
    assert!(
        found.contains(&("effort", "/days/0".to_owned())),
        "{found:?}"
    );
}

#[test]
fn a_template_that_a_model_wrote_is_read_and_its_names_are_resolved() {
    let slot = |exercise: &str, role: &str| {
        json!({"exercise": exercise, "role": role, "sets": 3, "reps": [8, 12], "rir": 2, "rest_s": 90, "tempo": "3-1-1-0",
               "progression": "double", "superset": null})
    };
    let day = |name: &str| {
        json!({"name": name, "slots": [slot("back squat", "main"), slot("DB bench press", "main"), slot("Seated Cable Row", "secondary"),
               slot("rdl", "secondary"), slot("lateral-raise", "accessory")]})
    };
    let brief = brief(&json!({"goal": "MUSCLE_GAIN", "trainingDays": 2, "equipment": ["Gym"]}));
    let json = json!({"split": "Full body", "scheme": "wave", "days": [day("Full-Body A"), day("Full-Body B")], "rationale": "because"});
    let checked = check_template_json(&json, &brief).expect("a sound template");
    let slots = &checked.template().days[0].slots;
    assert_eq!(slots[0].exercise, "barbell-back-squat");
    assert_eq!(
        (slots[0].role, slots[0].progression),
        (Role::Main, Progression::Double)
    );
    let block = checked.expand(TODAY).expect("a block");
    assert_eq!(block.entries().len(), 8 * 10);
    assert!(block.entries()[0].notes.contains("Tempo 3-1-1-0"));
    let written = serde_json::to_value(checked.template()).expect("JSON");
    assert_eq!(
        check_template_json(&written, &brief)
            .expect("sound")
            .template(),
        checked.template()
    );
}

/// Places of a template where anything may be written.
const PLACES: &[&str] = &[
    "/split",
    "/scheme",
    "/days",
    "/days/0",
    "/days/0/name",
    "/days/0/slots",
    "/days/0/slots/0",
    "/days/0/slots/0/exercise",
    "/days/0/slots/0/role",
    "/days/0/slots/0/sets",
    "/days/0/slots/0/reps",
    "/days/0/slots/0/reps/1",
    "/days/0/slots/0/rir",
    "/days/0/slots/0/rest_s",
    "/days/0/slots/0/progression",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_json_makes_the_checker_or_the_expander_panic(number in any::<i64>(), small in -3..400_i64, text in any::<String>(), place in select(PLACES)) {
        let brief = gym();
        let sound = serde_json::to_value(template(&brief, 1)).expect("JSON");
        for planted in [json!(null), json!(number), json!(small), json!(text), json!([]), json!([small, number]), json!({})] {
            let mut json = sound.clone();
            *json.pointer_mut(place).expect("a place of the template") = planted;
            if let Ok(checked) = check_template_json(&json, &brief) {
                prop_assert!(checked.expand(TODAY).is_ok());
            }
        }
    }
}

prop_compose! {
    fn dose()(sets in 1..=5_i64, low in 5..=15_u32, more in 0..=8_u32, rir in 0..=4_i64, rest_s in 30..=180_u32, role in select(Role::ALL)) -> (i64, [u32; 2], i64, u32, Role) {
        (sets, [low, low + more], rir, rest_s, role)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn whatever_passes_the_check_expands(
        brief in athlete(), seed in any::<u64>(), doses in prop::collection::vec((any::<prop::sample::Index>(), dose()), 1..4),
        scheme in select(Scheme::ALL),
    ) {
        let mut template = template(&brief, seed);
        template.scheme = scheme;
        let mut slots: Vec<_> = template.days.iter_mut().flat_map(|day| &mut day.slots).collect();
        for (index, (sets, reps, rir, rest_s, role)) in doses {
            let no = index.index(slots.len());
            let slot = &mut slots[no];
            let timed = coach::exercise::find(&slot.exercise).is_some_and(|exercise| exercise.is_timed());
            (slot.sets, slot.rir, slot.rest_s, slot.role) = (sets.min(slot.sets + 1), rir.max(slot.rir), rest_s, role);
            slot.reps = reps.map(|reps| if timed { reps * 60 } else { reps });
        }
        if let Ok(checked) = check_template(template, &brief) {
            prop_assert_eq!(checked.expand(TODAY).map(|block| block.week(8).count()).map_err(|broken| format!("{broken:#?}")), Ok(checked.template().days.iter().map(|day| day.slots.len()).sum()));
        }
    }
}
