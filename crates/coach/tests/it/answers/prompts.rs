//! Prompts, schemas and user turns: frozen, and within what providers take.

use std::path::PathBuf;

use coach::brief::{Brief, Weekday};
use coach::exercise::{Equipment, Muscle, catalogue};
use coach::food::foods;
use coach::profile::{Goal, Level, ProfileSnapshot, Sex};
use coach::prompt::{self, Prompt};
use coach::reader::{self, Flag, Gym, Language};
use llm::schema::check_strict;
use serde_json::{Value, json};

use super::schema::schema;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Whether a text is the frozen one; what it is now is left in the target folder, to be copied where the change is meant.
fn is_frozen(file: &str, text: &str) {
    let path = folder("tests/it/fixtures/prompts").join(file);
    if std::fs::read_to_string(&path).is_ok_and(|frozen| frozen == text) {
        return;
    }
    let fresh = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(file);
    std::fs::write(&fresh, text).expect("the text as it is now");
    panic!(
        "{file} has changed: if it should, cp {} {}",
        fresh.display(),
        path.display()
    );
}

fn schema_of(prompt: Prompt) -> Value {
    serde_json::from_str(prompt.schema()).expect("JSON")
}

fn ada() -> ProfileSnapshot {
    let snapshot = json!({
        "goal": "MUSCLE_GAIN", "trainingDays": 3, "equipment": ["Dumbbells", "Bench"], "trainingLevel": "Intermediate", "sessionLength": 45,
        "age": 34, "sex": "Female", "weight": 62, "height": 168, "name": "Ada Byron", "dietaryPrefs": ["Vegetarian"], "injuries": "old knee pain",
        "avoidExercises": ["burpees"], "specialRequests": "Ada here, mail ada@example.com. More back work please.",
    });
    ProfileSnapshot::parse(&snapshot).expect("a good profile")
}

const TEXT: &str = "My name is Ada. Full gym, 4 days a week, 60 min, bad shoulder, want to build muscle, 34 years old.";

fn turns() -> [(Prompt, Value); 4] {
    let profile = ada();
    let brief = Brief::from_profile(&profile);
    let reading = reader::read(TEXT);
    let free = Brief::from_reading(&reading).expect("a brief");
    [
        (
            Prompt::WeeklyPlan,
            prompt::weekly_plan(&profile, &brief, "less cardio", Language::En),
        ),
        (Prompt::Reading, prompt::reading(TEXT)),
        (
            Prompt::BlockTemplate,
            prompt::block_template(TEXT, &reading, &free, Some("Be brief.")),
        ),
        (
            Prompt::ExerciseProfile,
            prompt::exercise_profile("Zercher Squat", Language::En).expect("a name"),
        ),
    ]
}

#[test]
fn prompts_and_their_turns_are_frozen() {
    for (prompt, turn) in turns() {
        is_frozen(&format!("{}.system.txt", prompt.name()), prompt.system());
        let turn = serde_json::to_string_pretty(&turn).expect("JSON");
        is_frozen(&format!("{}.turn.json", prompt.name()), &turn);
    }
    let versions: Vec<String> = Prompt::ALL
        .iter()
        .map(|prompt| format!("{} {}\n", prompt.name(), prompt.version()))
        .collect();
    is_frozen("versions.txt", &versions.concat());
}

#[test]
fn schemas_are_strict_and_examples_are_of_them() {
    for prompt in Prompt::ALL {
        let strict = check_strict(&schema_of(*prompt));
        assert!(strict.is_ok(), "{prompt}: {strict:?}");
        assert_eq!(schema(*prompt).name(), prompt.name());
    }
}

#[test]
fn the_words_of_the_schema_of_a_reading_are_those_of_the_code() {
    let schema = schema_of(Prompt::Reading);
    let names = |place: &str| -> Vec<String> {
        let values = schema.pointer(place).and_then(Value::as_array);
        values
            .expect(place)
            .iter()
            .map(|one| one.as_str().expect("a name").to_owned())
            .collect()
    };
    fn of<T: serde::Serialize>(all: &[T]) -> Vec<String> {
        all.iter()
            .map(|one| json!(one).as_str().expect("a name").to_owned())
            .collect()
    }
    assert_eq!(names("/$defs/equipment/enum"), of(Equipment::ALL));
    assert_eq!(names("/$defs/weekday/enum"), of(Weekday::ALL));
    assert_eq!(
        names("/properties/language/anyOf/0/enum"),
        of(Language::ALL)
    );
    assert_eq!(
        names("/properties/goal/anyOf/0/properties/value/enum"),
        of(Goal::ALL)
    );
    assert_eq!(
        names("/properties/level/anyOf/0/properties/value/enum"),
        of(Level::ALL)
    );
    assert_eq!(
        names("/properties/gym/anyOf/0/properties/value/enum"),
        of(Gym::ALL)
    );
    assert_eq!(
        names("/properties/sex/anyOf/0/properties/value/enum"),
        of(Sex::ALL)
    );
    assert_eq!(
        names("/properties/flags/items/properties/value/enum"),
        of(Flag::ALL)
    );
    assert_eq!(
        names("/properties/emphasis/items/properties/value/enum"),
        of(Muscle::ALL)
    );
}

#[test]
fn the_system_text_names_every_exercise_and_food_and_no_athlete() {
    let week = Prompt::WeeklyPlan.system();
    assert!(
        catalogue()
            .iter()
            .all(|one| week.contains(&one.slug)
                && Prompt::BlockTemplate.system().contains(&one.slug))
    );
    assert!(foods().iter().all(|one| week.contains(one.name)));
    let [(_, first), ..] = turns();
    assert!(
        !first.to_string().contains("Byron") && !first.to_string().contains("ada@"),
        "{first}"
    );
    assert_eq!(first["athlete"]["age"], 34.0);
}

#[test]
fn a_style_and_a_text_are_cut_for_the_model() {
    let reading = reader::read(TEXT);
    let brief = Brief::from_reading(&reading).expect("a brief");
    let turn = prompt::block_template(
        &"x ".repeat(10_000),
        &reading,
        &brief,
        Some(&"y ".repeat(10_000)),
    );
    let length = |place: &str| {
        turn.pointer(place)
            .and_then(Value::as_str)
            .expect(place)
            .chars()
            .count()
    };
    assert_eq!(
        (length("/texts/profile"), length("/style")),
        (prompt::LONGEST_TEXT, prompt::LONGEST_STYLE)
    );
}
