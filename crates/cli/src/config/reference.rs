//! The commented reference file of all settings, written from their one declaration.

use serde_json::{Value, json};

use super::SETTINGS;

/// Every setting with its meaning, its variable and its default, commented out: a file that changes nothing.
pub(crate) fn reference() -> String {
    let mut text = "# Every setting of Mesocycle. Copy this file to mesocycle.toml and uncomment what you change.\n\
        # A flag wins over the environment, the environment over this file.\n"
        .to_owned();
    for setting in SETTINGS {
        let value = setting.default.unwrap_or("\"\"");
        let unset = if setting.default.is_none() {
            ", unset by default"
        } else {
            ""
        };
        let comment = wrapped(&format!(
            "{} (environment: {}{unset})",
            setting.doc, setting.variable
        ));
        text.push_str(&format!("\n{comment}# {} = {value}\n", setting.name));
    }
    text
}

/// The same as JSON; a default is text, as it would stand in the file.
pub(crate) fn reference_json() -> Value {
    let settings = SETTINGS.iter().map(|setting| {
        json!({ "name": setting.name, "variable": setting.variable, "default": setting.default, "doc": setting.doc })
    });
    settings.collect()
}

/// A comment of lines of at most 100 characters.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::from("#")];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("# {word}")),
        }
    }
    lines.join("\n") + "\n"
}
