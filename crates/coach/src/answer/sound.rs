//! For tests and demos: what a good model would answer to our own prompts, from the request alone. The emulator plays it.

use serde_json::{Value, json};

use super::{block_template, weekly_plan};
use crate::block;
use crate::exercise::texts;
use crate::exercise::{Exercise, catalogue, resolve};
use crate::planner;
use crate::prompt::{Prompt, read_brief};
use crate::reader::{self, Language};
use crate::words;

/// The answer to a user turn of the prompt of this name, as JSON; `None` where it is none of ours. The same request gives the same answer.
pub fn sound_answer(prompt: &str, turn: &Value) -> Option<Value> {
    match words::named(prompt).ok()? {
        Prompt::WeeklyPlan => {
            let brief = read_brief(turn.get("brief")?)?;
            let week = weekly_plan::to_answer(&planner::draft_week(&brief, seed(turn)), &brief);
            Some(only_asked(week, turn, "day"))
        }
        Prompt::BlockTemplate => {
            let brief = read_brief(turn.get("brief")?)?;
            let mut template = block::template(&brief, seed(turn));
            template.rationale = "A plan for your days, your equipment and your goal.".to_owned();
            Some(only_asked(block_template::to_answer(&template), turn, "no"))
        }
        Prompt::Reading => Some(reading(turn.get("text")?.as_str()?)),
        Prompt::ExerciseProfile => profile(turn.get("name")?.as_str()?, turn.get("language")?),
    }
}

/// Another request has another seed.
fn seed(turn: &Value) -> u64 {
    // FNV-1a, 64 bit.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    turn.to_string().bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Where days are to be corrected, those alone.
fn only_asked(mut answer: Value, turn: &Value, key: &str) -> Value {
    let Some(asked) = turn.get("days").and_then(Value::as_array) else {
        return answer;
    };
    if let Some(days) = answer.get_mut("days").and_then(Value::as_array_mut) {
        days.retain(|day| asked.iter().any(|one| one.get(key) == day.get(key)));
    }
    answer
}

/// The code's own reading in the form of the answer.
fn reading(text: &str) -> Value {
    let read = json!(reader::read(text));
    let schema: Value = serde_json::from_str(Prompt::Reading.schema()).unwrap_or_default();
    let mut answer = json!({});
    for (field, shape) in schema["properties"].as_object().into_iter().flatten() {
        let empty = if shape["type"] == "array" {
            json!([])
        } else {
            Value::Null
        };
        answer[field] = read.get(field).cloned().unwrap_or(empty);
    }
    let injuries = read["injuries"].as_array().into_iter().flatten();
    answer["injuries"] = injuries
        .map(|one| json!({"part": one["value"]["part"], "healed": one["value"]["healed"], "text": one["text"]}))
        .filter(|one| part_is_asked(one, &schema))
        .collect();
    answer
}

fn part_is_asked(injury: &Value, schema: &Value) -> bool {
    let parts = schema.pointer("/properties/injuries/items/properties/part/enum");
    parts
        .and_then(Value::as_array)
        .is_some_and(|parts| parts.contains(&injury["part"]))
}

/// The texts of the nearest exercise of the catalogue in English; one plain sentence in any other language.
fn profile(name: &str, language: &Value) -> Option<Value> {
    let nearest = match resolve(name) {
        crate::exercise::Resolution::Close(near) => near.first().copied(),
        found => found.exercise(),
    };
    let exercise: &Exercise = nearest.or_else(|| catalogue().first())?;
    let mut texts = json!(texts::of(exercise));
    let sentence = match words::named(language.as_str()?).ok()? {
        Language::En => return Some(texts),
        Language::De => "Langsam und sauber, ohne Schmerz.",
        Language::Fr => "Lentement et proprement, sans douleur.",
        Language::Es => "Despacio y controlado, sin dolor.",
    };
    for text in texts.as_object_mut()?.values_mut() {
        *text = json!(sentence);
    }
    Some(texts)
}
