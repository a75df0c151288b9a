//! Who asks for plans in these tests.

use serde_json::{Value, json};

/// A profile that any model can plan for.
pub(crate) fn profile() -> Value {
    json!({ "goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"], "mealCount": 3, "timezone": "Europe/Berlin" })
}

/// The same athlete in words.
pub(crate) const TEXT: &str = "Full gym, 4 days a week, 60 min, want to build muscle, I have trained for years, 34 years old.";

/// One whose answer is short.
pub(crate) fn small() -> Value {
    json!({ "goal": "GENERAL_FITNESS", "trainingDays": 1, "sessionLength": 20, "mealCount": 1 })
}

/// In German.
pub(crate) const GERMAN: &str = "Ich habe Kurzhanteln und eine Bank zu Hause, trainiere 3 Tage die Woche 45 Minuten und möchte Muskeln aufbauen. Ich bin 34 Jahre alt.";
