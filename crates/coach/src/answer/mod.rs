//! What a model answered: read with tolerance, put right by code, and then judged by the checker like any other draft.
//!
//! Nothing here is trusted: exercises and foods become those of the tables, numbers come into range, texts must be plain and short. What a
//! model may never do is decided elsewhere: [`crate::plan::check`] and [`crate::block::check_template`] make the only things that are stored.
//!
//! A week: [`weekly_plan::from_answer`] → [`weekly_plan::repair`] → [`crate::plan::check`]. A block: [`block_template::from_answer`] →
//! [`block_template::repair`] → [`crate::block::check_template`]. What still breaks a rule goes back once ([`weekly_plan::corrections`],
//! [`block_template::corrections`]).

pub mod block_template;
pub mod exercise_profile;
pub mod reading;
pub mod sound;
pub mod weekly_plan;

mod food;
mod slots;
mod text;
mod training;

use serde_json::Value;

use crate::plan::Violation;
use crate::plan::rules::RULES;

/// A draft that was read out of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<T> {
    /// What was read.
    pub draft: T,
    /// What was taken as something else, or left out: the rule it would have broken and its place in the answer. Never the model's words.
    pub findings: Vec<Violation>,
}

/// The most lines of a list of corrections.
const MOST_LINES: usize = 12;

fn finding(rule: &'static str, place: String, message: &str) -> Violation {
    Violation {
        rule,
        place,
        message: message.to_owned(),
    }
}

/// An answer that cannot be read at all.
fn unreadable(message: &str) -> Vec<Violation> {
    vec![finding("form", "/".to_owned(), message)]
}

/// `place: rule — what it demands`, each once; by our own words alone.
fn lines(broken: impl IntoIterator<Item = (String, &'static str)>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (place, rule) in broken {
        let sentence = RULES.iter().find(|one| one.id == rule);
        let sentence = sentence.map_or("", |one| one.sentence);
        let line = format!("{place}: {rule}. {sentence}").trim_end().to_owned();
        if !lines.contains(&line) && lines.len() < MOST_LINES {
            lines.push(line);
        }
    }
    lines
}

/// A whole number however it is written: `3`, `3.0`, `"3"`. Too large ones come into a range that holds every sound one.
fn whole(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number
        .is_finite()
        .then(|| number.round().clamp(-100_000.0, 100_000.0) as i64)
}
