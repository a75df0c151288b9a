//! An exercise as a row of the table `exercises`.

use serde_json::{Value, json};

use super::{Exercise, catalogue, texts};

/// The row by its columns' names, with our own texts.
pub fn row(exercise: &Exercise) -> Value {
    let mut row = json!(texts::of(exercise));
    row["slug"] = json!(exercise.slug);
    row["name"] = json!(exercise.name);
    row["reviewed"] = json!(true);
    row
}

/// The rows of the whole catalogue.
pub fn rows() -> Value {
    catalogue().iter().map(row).collect()
}
