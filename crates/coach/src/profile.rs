//! The athlete as the app sends them: `profileSnapshot`, read from JSON and coerced where that is plain.

use serde_json::{Map, Value};

use crate::words::{self, names};

names! {
    /// What the athlete trains for.
    pub enum Goal {
        WeightLoss = "WEIGHT_LOSS", MuscleGain = "MUSCLE_GAIN", Endurance = "ENDURANCE",
        GeneralFitness = "GENERAL_FITNESS", FlexibilityMobility = "FLEXIBILITY_MOBILITY",
    }
}

names! {
    /// How experienced the athlete is.
    pub enum Level { Beginner = "Beginner", Intermediate = "Intermediate", Professional = "Professional" }
}

names! {
    /// The sex that energy formulas ask for.
    pub enum Sex { Male = "Male", Female = "Female" }
}

names! {
    /// How much the athlete moves outside training.
    pub enum Activity {
        Sedentary = "Sedentary", Light = "Lightly Active", Moderate = "Moderately Active", Very = "Very Active", Extra = "Extra Active",
    }
}

/// A `profileSnapshot`, field by field as the contract's table names them. What was absent, or of no readable form, is `None` or empty.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are those of the contract, with its units: years, cm, kg, minutes, kcal"
)]
pub struct ProfileSnapshot {
    pub goal: Goal,
    /// 1–7.
    pub training_days: u8,
    pub equipment: Vec<String>,
    pub training_level: Option<Level>,
    pub session_length: Option<f64>,
    pub age: Option<f64>,
    pub sex: Option<Sex>,
    pub height: Option<f64>,
    pub weight: Option<f64>,
    pub goal_weight: Option<f64>,
    pub activity_level: Option<Activity>,
    pub dietary_prefs: Vec<String>,
    pub dietary_notes: String,
    pub daily_calorie_target: Option<f64>,
    pub meal_count: Option<u8>,
    pub fasting_window: String,
    pub avoid_exercises: Vec<String>,
    pub injuries: String,
    pub preferred_workout_split: String,
    pub training_style_preferences: Vec<String>,
    pub workout_intensity: String,
    pub workout_intensity_level: Option<f64>,
    pub preferred_training_time: String,
    pub supplements: Vec<String>,
    pub supplement_notes: String,
    pub id: String,
    pub name: String,
    pub timezone: String,
    pub personal_goals: Vec<String>,
    pub perceived_lacks: Vec<String>,
    pub travel_days: Vec<String>,
    pub step_target: Option<f64>,
    pub budget_constraints: String,
    pub wake_time: String,
    pub sleep_time: String,
    pub caffeine_frequency: String,
    pub alcohol_frequency: String,
    pub stress_baseline: String,
    pub sleep_quality_baseline: String,
    pub special_requests: String,
    pub plan_regeneration_request: String,
    /// Fields that the contract does not know, as they came.
    pub extra: Map<String, Value>,
}

/// Why a profile is refused: the field, and what is right, in a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidProfile {
    /// The field's name in the JSON; `profileSnapshot` where the whole is no object.
    pub field: &'static str,
    /// What is right.
    pub message: String,
}

fn invalid(field: &'static str, message: impl Into<String>) -> InvalidProfile {
    InvalidProfile {
        field,
        message: message.into(),
    }
}

impl ProfileSnapshot {
    /// Reads a snapshot. Ranges are those of living adults and children, generous on purpose: age 1–120 years, height 80–260 cm,
    /// weight and goal weight 20–400 kg, session 5–300 minutes, 500–10,000 kcal, 1–8 meals, intensity 1–10, 0–100,000 steps.
    ///
    /// # Errors
    /// The snapshot is no object, `goal` or `trainingDays` is missing or wrong, or a number is impossible.
    pub fn parse(snapshot: &Value) -> Result<Self, InvalidProfile> {
        let Value::Object(fields) = snapshot else {
            return Err(invalid(
                "profileSnapshot",
                "profileSnapshot must be an object with at least goal and trainingDays.",
            ));
        };
        let mut reader = Reader {
            fields: fields.clone(),
        };
        Ok(Self {
            goal: goal(&reader.text("goal"))?,
            training_days: training_days(&mut reader)?,
            equipment: reader.list("equipment"),
            training_level: level(&reader.text("trainingLevel")),
            session_length: reader.number("sessionLength", 5.0, 300.0, "minutes")?,
            age: reader.number("age", 1.0, 120.0, "years")?,
            sex: sex(&reader.text("sex")),
            height: reader.number("height", 80.0, 260.0, "cm")?,
            weight: reader.number("weight", 20.0, 400.0, "kg")?,
            goal_weight: reader.number("goalWeight", 20.0, 400.0, "kg")?,
            activity_level: activity(&reader.text("activityLevel")),
            dietary_prefs: reader.list("dietaryPrefs"),
            dietary_notes: reader.text("dietaryNotes"),
            daily_calorie_target: reader.number("dailyCalorieTarget", 500.0, 10_000.0, "kcal")?,
            meal_count: reader
                .number("mealCount", 1.0, 8.0, "meals")?
                .map(|count| count.round() as u8),
            fasting_window: reader.text("fastingWindow"),
            avoid_exercises: reader.list("avoidExercises"),
            injuries: reader.text("injuries"),
            preferred_workout_split: reader.text("preferredWorkoutSplit"),
            training_style_preferences: reader.list("trainingStylePreferences"),
            workout_intensity: reader.text("workoutIntensity"),
            workout_intensity_level: reader.number("workoutIntensityLevel", 1.0, 10.0, "of ten")?,
            preferred_training_time: reader.text("preferredTrainingTime"),
            supplements: reader.list("supplements"),
            supplement_notes: reader.text("supplementNotes"),
            id: reader.text("id"),
            name: reader.text("name"),
            timezone: reader.text("timezone"),
            personal_goals: reader.list("personalGoals"),
            perceived_lacks: reader.list("perceivedLacks"),
            travel_days: reader.list("travelDays"),
            step_target: reader.number("stepTarget", 0.0, 100_000.0, "steps")?,
            budget_constraints: reader.text("budgetConstraints"),
            wake_time: reader.text("wakeTime"),
            sleep_time: reader.text("sleepTime"),
            caffeine_frequency: reader.text("caffeineFrequency"),
            alcohol_frequency: reader.text("alcoholFrequency"),
            stress_baseline: reader.text("stressBaseline"),
            sleep_quality_baseline: reader.text("sleepQualityBaseline"),
            special_requests: reader.text("specialRequests"),
            plan_regeneration_request: reader.text("planRegenerationRequest"),
            extra: reader.fields,
        })
    }
}

fn goal(text: &str) -> Result<Goal, InvalidProfile> {
    let written = words::tokens(&text.replace('_', " "))
        .join("_")
        .to_uppercase();
    words::named(&written).map_err(|_| {
        let known: Vec<_> = Goal::ALL.iter().map(|goal| goal.name()).collect();
        invalid("goal", format!("goal must be one of {}.", known.join(", ")))
    })
}

fn training_days(reader: &mut Reader) -> Result<u8, InvalidProfile> {
    let wrong = || {
        invalid(
            "trainingDays",
            "trainingDays must be a whole number from 1 to 7.",
        )
    };
    let days = reader
        .fields
        .remove("trainingDays")
        .as_ref()
        .and_then(|value| plain_number(value, "days"))
        .ok_or_else(wrong)?;
    if (1.0..=7.0).contains(&days) && days.fract() == 0.0 {
        Ok(days as u8)
    } else {
        Err(wrong())
    }
}

fn level(text: &str) -> Option<Level> {
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["beginner", "novice", "starter", "new"]) {
        Some(Level::Beginner)
    } else if says(&["professional", "advanced", "expert", "elite", "athlete"]) {
        Some(Level::Professional)
    } else if says(&["intermediate"]) {
        Some(Level::Intermediate)
    } else {
        None
    }
}

fn sex(text: &str) -> Option<Sex> {
    match text.to_lowercase().as_str() {
        "male" | "m" | "man" => Some(Sex::Male),
        "female" | "f" | "woman" => Some(Sex::Female),
        _ => None,
    }
}

fn activity(text: &str) -> Option<Activity> {
    let text = text.to_lowercase();
    [
        ("sedentary", Activity::Sedentary),
        ("light", Activity::Light),
        ("moderate", Activity::Moderate),
        ("very", Activity::Very),
        ("extra", Activity::Extra),
        ("extreme", Activity::Extra),
    ]
    .into_iter()
    .find_map(|(word, activity)| text.contains(word).then_some(activity))
}

/// Takes known fields out of the object; what is left is `extra`. A value that is of no readable form stays there.
struct Reader {
    fields: Map<String, Value>,
}

impl Reader {
    fn take<T>(&mut self, field: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let value = read(self.fields.get(field)?)?;
        self.fields.remove(field);
        Some(value)
    }

    fn text(&mut self, field: &str) -> String {
        self.take(field, plain_text).unwrap_or_default()
    }

    fn list(&mut self, field: &str) -> Vec<String> {
        self.take(field, plain_list).unwrap_or_default()
    }

    fn number(
        &mut self,
        field: &'static str,
        low: f64,
        high: f64,
        unit: &str,
    ) -> Result<Option<f64>, InvalidProfile> {
        match self.take(field, |value| plain_number(value, unit)) {
            Some(number) if !(low..=high).contains(&number) => Err(invalid(
                field,
                format!("{field} must be a number from {low} to {high} ({unit})."),
            )),
            number => Ok(number),
        }
    }
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(_) => plain_list(value).map(|list| list.join(", ")),
        Value::Object(_) => None,
    }
}

fn plain_list(value: &Value) -> Option<Vec<String>> {
    let list: Vec<String> = match value {
        Value::Array(values) => values
            .iter()
            .map(|one| {
                if one.is_array() {
                    None
                } else {
                    plain_text(one)
                }
            })
            .collect::<Option<_>>()?,
        Value::String(text) => text
            .split([',', ';', '\n'])
            .map(|one| one.trim().to_owned())
            .collect(),
        Value::Null => Vec::new(),
        Value::Number(_) | Value::Bool(_) => vec![plain_text(value)?],
        Value::Object(_) => return None,
    };
    Some(list.into_iter().filter(|one| !one.is_empty()).collect())
}

/// A number, or a text that holds one with at most its own unit behind it (`72,5 kg`, `1,800`, `60 min`). Another unit is not plain.
fn plain_number(value: &Value, unit: &str) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let text = text.trim().to_lowercase();
            let split = text
                .find(|c: char| c.is_alphabetic() || c == ' ')
                .unwrap_or(text.len());
            let (digits, rest) = text.split_at(split);
            let rest = rest.trim().trim_end_matches('.');
            let own = rest.is_empty() || unit.starts_with(rest.trim_end_matches('s'));
            if own { decimal(digits) } else { None }
        }
        _ => None,
    }
}

fn decimal(digits: &str) -> Option<f64> {
    if !digits
        .chars()
        .all(|c| c.is_ascii_digit() || ".,-+".contains(c))
    {
        return None;
    }
    let thousands = digits
        .split_once(',')
        .is_some_and(|(head, tail)| head.len() <= 3 && head != "0" && tail.len() == 3);
    let plain = if thousands {
        digits.replace(',', "")
    } else {
        digits.replace(',', ".")
    };
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn with(field: &str, value: Value) -> Result<ProfileSnapshot, InvalidProfile> {
        let mut snapshot = json!({"goal": "MUSCLE_GAIN", "trainingDays": 4});
        snapshot[field] = value;
        ProfileSnapshot::parse(&snapshot)
    }

    #[test]
    fn goal_and_training_days_are_all_that_is_required() {
        let profile = ProfileSnapshot::parse(&json!({"goal": "ENDURANCE", "trainingDays": 7}))
            .expect("enough");
        assert_eq!((profile.goal, profile.training_days), (Goal::Endurance, 7));
        assert_eq!(profile.meal_count, None);
    }

    #[test]
    fn a_bad_goal_or_number_of_days_is_refused_by_name() {
        for snapshot in [
            json!({"trainingDays": 3}),
            json!({"goal": "FLY", "trainingDays": 3}),
            json!({"goal": {}, "trainingDays": 3}),
        ] {
            let error = ProfileSnapshot::parse(&snapshot).expect_err("no goal");
            assert_eq!(error.field, "goal");
            assert!(error.message.contains("WEIGHT_LOSS"), "{error}");
        }
        for days in [
            json!(0),
            json!(8),
            json!(2.5),
            json!("often"),
            json!(null),
            json!([3]),
            json!(-1),
            json!(1e300),
        ] {
            let error = with("trainingDays", days.clone()).expect_err("bad days");
            assert_eq!(error.field, "trainingDays", "{days}");
        }
        assert_eq!(
            ProfileSnapshot::parse(&json!([]))
                .expect_err("no object")
                .field,
            "profileSnapshot"
        );
    }

    #[test]
    fn numbers_are_read_from_text_in_their_own_unit_only() {
        for (text, weight) in [
            ("80", Some(80.0)),
            ("72,5 kg", Some(72.5)),
            (" 72.5kg ", Some(72.5)),
            ("165 lbs", None),
            ("heavy", None),
            ("nan", None),
            ("", None),
        ] {
            assert_eq!(
                with("weight", json!(text)).expect("kept").weight,
                weight,
                "{text}"
            );
        }
        assert_eq!(
            with("dailyCalorieTarget", json!("1,800 kcal"))
                .expect("read")
                .daily_calorie_target,
            Some(1800.0)
        );
        assert_eq!(
            with("sessionLength", json!("45 min"))
                .expect("read")
                .session_length,
            Some(45.0)
        );
        assert_eq!(
            with("trainingDays", json!("5"))
                .expect("read")
                .training_days,
            5
        );
        assert_eq!(
            with("weight", json!("165 lbs")).expect("kept").extra["weight"],
            json!("165 lbs")
        );
    }

    #[test]
    fn impossible_numbers_are_refused_with_the_range_that_is_right() {
        for (field, value) in [
            ("age", json!(0)),
            ("age", json!(200)),
            ("weight", json!(-70)),
            ("height", json!("3000 cm")),
            ("goalWeight", json!(5)),
            ("sessionLength", json!(0)),
            ("dailyCalorieTarget", json!(100_000)),
            ("mealCount", json!(0)),
            ("mealCount", json!(9)),
            ("workoutIntensityLevel", json!(11)),
            ("stepTarget", json!(-1)),
        ] {
            let error = with(field, value.clone()).expect_err("impossible");
            assert_eq!(error.field, field);
            assert!(error.message.contains("from"), "{error}");
        }
    }

    #[test]
    fn lists_and_texts_are_read_from_each_other() {
        assert_eq!(
            with("equipment", json!("Gym")).expect("one").equipment,
            ["Gym"]
        );
        assert_eq!(
            with("equipment", json!("Dumbbells, Bands"))
                .expect("two")
                .equipment,
            ["Dumbbells", "Bands"]
        );
        assert_eq!(
            with("injuries", json!(["bad knee", "neck"]))
                .expect("text")
                .injuries,
            "bad knee, neck"
        );
        assert_eq!(
            with("stressBaseline", json!(7))
                .expect("text")
                .stress_baseline,
            "7"
        );
        assert_eq!(
            with("dietaryPrefs", json!(null))
                .expect("none")
                .dietary_prefs,
            Vec::<String>::new()
        );
    }

    #[test]
    fn unknown_fields_are_kept() {
        let profile = with("shoeSize", json!(44)).expect("kept");
        assert_eq!(profile.extra["shoeSize"], json!(44));
        assert!(!profile.extra.contains_key("goal"));
    }

    #[test]
    fn goals_levels_and_activities_are_read_in_any_case() {
        assert_eq!(
            with("goal", json!("weight loss")).expect("read").goal,
            Goal::WeightLoss
        );
        assert_eq!(
            with("trainingLevel", json!("beginner"))
                .expect("read")
                .training_level,
            Some(Level::Beginner)
        );
        assert_eq!(
            with("trainingLevel", json!("whatever"))
                .expect("read")
                .training_level,
            None
        );
        assert_eq!(
            with("activityLevel", json!("Very Active"))
                .expect("read")
                .activity_level,
            Some(Activity::Very)
        );
        assert_eq!(
            with("sex", json!("female")).expect("read").sex,
            Some(Sex::Female)
        );
    }

    pub(crate) fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map("[a-z]{1,8}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    const FIELDS: [&str; 12] = [
        "goal",
        "trainingDays",
        "equipment",
        "sessionLength",
        "age",
        "weight",
        "height",
        "mealCount",
        "injuries",
        "dietaryPrefs",
        "fastingWindow",
        "avoidExercises",
    ];

    proptest! {
        #[test]
        fn no_json_makes_the_reader_panic(whole in any_json(), field in prop::sample::select(&FIELDS[..]), value in any_json()) {
            let _ = ProfileSnapshot::parse(&whole);
            let _ = with(field, value);
        }
    }
}
