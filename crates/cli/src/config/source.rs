//! Where values come from: flags, environment, file; and what a misspelt name earns.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, bail};

use super::{FILE, FILE_VARIABLE, SETTINGS};

/// What was said, as text, in order of weight. Lists are separated by commas.
pub(super) struct Values {
    pub(super) flags: BTreeMap<&'static str, String>,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) file: BTreeMap<String, String>,
}

impl Values {
    /// The value of a setting and where it was said; an empty one counts as not said.
    pub(super) fn said(&self, name: &str) -> Option<(&str, String)> {
        let variable = SETTINGS
            .iter()
            .find(|setting| setting.name == name)
            .map_or("", |setting| setting.variable);
        let flag = || {
            self.flags
                .get(name)
                .map(|value| (value.as_str(), format!("--{}", name.replace('_', "-"))))
        };
        let environment = || {
            self.environment
                .get(variable)
                .map(|value| (value.as_str(), variable.to_owned()))
        };
        let file = || {
            self.file
                .get(name)
                .map(|value| (value.as_str(), format!("{name} in the file of settings")))
        };
        let not_empty = |said: &(&str, String)| !said.0.is_empty();
        flag()
            .filter(not_empty)
            .or_else(|| environment().filter(not_empty))
            .or_else(|| file().filter(not_empty))
    }
}

/// Reads the named file, or `mesocycle.toml` if it is there.
pub(super) fn read_file(named: Option<&Path>) -> anyhow::Result<BTreeMap<String, String>> {
    let path = named.unwrap_or(Path::new(FILE));
    match fs::read_to_string(path) {
        Ok(text) => parse(&text).with_context(|| path.display().to_string()),
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => Ok(BTreeMap::new()),
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

/// Reads a file's text into the form that the environment has.
pub(super) fn parse(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let table: toml::Table = text.parse()?;
    let mut values = BTreeMap::new();
    for (name, value) in table {
        if !SETTINGS.iter().any(|setting| setting.name == name) {
            bail!(
                "there is no setting {name}{}",
                did_you_mean(&name, SETTINGS.iter().map(|setting| setting.name))
            );
        }
        let text = as_text(&value).with_context(|| {
            format!("{name} must be a text, a number, true or false, or a list of texts")
        })?;
        values.insert(name, text);
    }
    Ok(values)
}

fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(toml::Value::as_str).collect();
            Some(texts?.join(","))
        }
        _ => None,
    }
}

/// Refuses a variable that begins as ours do and is none of them.
pub(super) fn check_variables(environment: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let known = || {
        SETTINGS
            .iter()
            .map(|setting| setting.variable)
            .chain([FILE_VARIABLE])
    };
    for name in environment
        .keys()
        .filter(|name| name.starts_with("MESOCYCLE_"))
    {
        if !known().any(|variable| variable == name) {
            bail!(
                "the environment variable {name} is no setting{}",
                did_you_mean(name, known())
            );
        }
    }
    Ok(())
}

/// `; did you mean port?`, when something is near enough.
fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    const NEAR: f64 = 0.6;
    let likeness = |candidate: &str| strsim::normalized_damerau_levenshtein(name, candidate);
    known
        .filter(|candidate| likeness(candidate) >= NEAR)
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
        .map_or_else(
            || "; `mesocycle settings` lists them".to_owned(),
            |nearest| format!("; did you mean {nearest}?"),
        )
}
