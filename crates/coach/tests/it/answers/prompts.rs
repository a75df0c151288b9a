//! Prompts, schemas and user turns: frozen, and within what providers take.

use std::path::PathBuf;

use coach::brief::{Brief, Weekday};
use coach::exercise::{Equipment, Muscle, catalogue};
use coach::food::foods;
use coach::profile::{Goal, Level, ProfileSnapshot, Sex};
use coach::prompt::{self, Prompt};
use coach::reader::{self, Flag, Gym, Language};
use serde_json::{Value, json};

use super::schema::mismatches;

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
fn every_example_is_an_answer_of_its_schema() {
    for prompt in Prompt::ALL {
        let example: Value = serde_json::from_str(prompt.example()).expect("JSON");
        assert_eq!(
            mismatches(&schema_of(*prompt), &example),
            Vec::<String>::new(),
            "{prompt}"
        );
    }
}

/// What strict output of the providers demands: OpenAI's limits of February 2026.
#[test]
fn schemas_are_strict() {
    for prompt in Prompt::ALL {
        let schema = schema_of(*prompt);
        assert_eq!(schema["type"], "object", "{prompt}: the root is an object");
        let mut count = Count::default();
        walk(&schema, 1, &mut count);
        assert!(
            count.properties <= 5_000 && count.depth <= 10 && count.enum_values <= 1_000,
            "{prompt}: {count:?}"
        );
        assert!(count.letters <= 120_000, "{prompt}: {count:?}");
    }
}

#[derive(Debug, Default)]
struct Count {
    properties: usize,
    depth: usize,
    enum_values: usize,
    letters: usize,
}

const KNOWN: [&str; 13] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "anyOf",
    "$ref",
    "$defs",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
];

fn walk(schema: &Value, depth: usize, count: &mut Count) {
    let fields = schema.as_object().expect("a schema is an object");
    count.depth = count.depth.max(depth);
    for keyword in fields.keys() {
        assert!(
            KNOWN.contains(&keyword.as_str()),
            "{keyword} is not for strict output"
        );
    }
    if let Some(values) = fields.get("enum").and_then(Value::as_array) {
        count.enum_values += values.len();
        let letters: usize = values.iter().filter_map(Value::as_str).map(str::len).sum();
        assert!(
            values.len() <= 250 || letters <= 15_000,
            "an enum of {} values",
            values.len()
        );
        count.letters += letters;
    }
    if fields.get("type") == Some(&json!("object")) {
        assert_eq!(
            fields["additionalProperties"],
            json!(false),
            "an open object"
        );
        let properties = fields["properties"].as_object().expect("properties");
        let required: Vec<&str> = fields["required"]
            .as_array()
            .expect("required")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert!(
            properties
                .keys()
                .all(|name| required.contains(&name.as_str())),
            "a property is not required"
        );
        assert_eq!(properties.len(), required.len());
        count.properties += properties.len();
        for (name, property) in properties {
            count.letters += name.len();
            walk(property, depth + 1, count);
        }
    }
    for inner in fields.get("items").into_iter().chain(
        fields
            .get("anyOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten(),
    ) {
        walk(inner, depth + 1, count);
    }
    for inner in fields
        .get("$defs")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|defs| defs.values())
    {
        walk(inner, depth, count);
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
