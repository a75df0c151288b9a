//! A model's template of a block: from its answer to a draft, put right, and back.

use serde_json::{Value, json};

use super::training::{self, Frame};
use super::{Answered, finding, lines, slots, text, unreadable, whole};
use crate::block::{LONGEST_RATIONALE, Scheme, Template, TemplateDay};
use crate::brief::Brief;
use crate::plan::Violation;
use crate::plan::rules::MINUTES_TOLERANCE;
use crate::profile::Level;
use crate::reader::Language;
use crate::words;

/// The longest names of a day and of the split, in characters, and the most words of the rationale.
const LONGEST_NAME: usize = 40;
const LONGEST_SPLIT: usize = 60;
const MOST_WORDS: usize = 60;

/// Reads an answer of the prompt `block_template`.
///
/// # Errors
/// Rule `form`, where the answer has no days.
pub fn from_answer(
    answer: &Value,
    brief: &Brief,
    language: Language,
) -> Result<Answered<Template>, Vec<Violation>> {
    let mut findings = Vec::new();
    let days: Vec<TemplateDay> = numbered(answer, brief, language, &mut findings)
        .into_iter()
        .map(|(_, day)| day)
        .collect();
    if days.is_empty() {
        return Err(unreadable("answer with days, each with its exercises"));
    }
    let field = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let rationale = text::line(field("rationale"), LONGEST_RATIONALE, language);
    let rationale = rationale.filter(|text| text.split(' ').count() <= MOST_WORDS);
    if rationale.is_none() {
        findings.push(finding(
            "text",
            "/rationale".to_owned(),
            "this may not be shown: it is left out",
        ));
    }
    let draft = Template {
        split: text::line(field("split"), LONGEST_SPLIT, language).unwrap_or_default(),
        days,
        scheme: words::named(field("scheme")).unwrap_or_else(|_| usual_scheme(brief)),
        rationale: rationale.unwrap_or_default(),
    };
    Ok(Answered { draft, findings })
}

/// The same template with the days that a second answer corrects, by their number; what that one does not hold stays.
pub fn corrected(
    mut template: Template,
    answer: &Value,
    brief: &Brief,
    language: Language,
) -> Answered<Template> {
    let mut findings = Vec::new();
    for (no, day) in numbered(answer, brief, language, &mut findings) {
        match template.days.get_mut(no) {
            Some(old) => *old = day,
            None => template.days.push(day),
        }
    }
    Answered {
        draft: template,
        findings,
    }
}

fn usual_scheme(brief: &Brief) -> Scheme {
    if brief.level == Level::Beginner {
        Scheme::Novice
    } else {
        Scheme::Wave
    }
}

/// The days with their place, from 0; a number that is missing or stands twice counts as the place in the list.
fn numbered(
    answer: &Value,
    brief: &Brief,
    language: Language,
    findings: &mut Vec<Violation>,
) -> Vec<(usize, TemplateDay)> {
    let entries = answer.get("days").and_then(Value::as_array);
    let mut days: Vec<(usize, TemplateDay)> = Vec::new();
    for (place, entry) in entries
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .take(14)
    {
        let own = entry
            .get("no")
            .and_then(whole)
            .and_then(|no| usize::try_from(no - 1).ok());
        let own = own.filter(|no| *no < 7 && !days.iter().any(|(taken, _)| taken == no));
        let name = entry
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let list = entry.get("slots").unwrap_or(&Value::Null);
        let day = TemplateDay {
            name: text::line(name, LONGEST_NAME, language).unwrap_or_default(),
            slots: slots::read(list, &format!("/days/{place}/slots"), brief, findings),
        };
        days.push((own.unwrap_or(place), day));
    }
    days
}

/// Puts a template right: exercises that the athlete may do, doses, rest, days, minutes and names. Sound choices stay; `seed` chooses what is
/// filled in. What comes out is still a draft: [`crate::block::check_template`] judges it.
pub fn repair(template: Template, brief: &Brief, seed: u64) -> Template {
    let frame = Frame {
        brief,
        minutes: brief.minutes * MINUTES_TOLERANCE,
        usual_rests: None,
        seed,
    };
    let mut days = training::repair(template.days, &frame);
    for (no, day) in days.iter_mut().enumerate() {
        if day.name.is_empty() {
            day.name = format!("Day {}", no + 1);
        }
    }
    let split = if template.split.is_empty() {
        format!("{} days a week", days.len())
    } else {
        template.split
    };
    Template {
        split,
        days,
        ..template
    }
}

/// A template as an answer of the prompt `block_template`: what a model would have had to say.
pub fn to_answer(template: &Template) -> Value {
    let days: Vec<Value> = (1..)
        .zip(&template.days)
        .map(|(no, day)| day_answer(no, day))
        .collect();
    json!({"split": template.split, "scheme": template.scheme, "days": days, "rationale": template.rationale})
}

fn day_answer(no: usize, day: &TemplateDay) -> Value {
    let slots: Vec<Value> = day
        .slots
        .iter()
        .map(|slot| slots::write(slot, true))
        .collect();
    json!({"no": no, "name": day.name, "slots": slots})
}

/// What to send back with [`crate::prompt::with_corrections`]: at most 12 lines `day number: rule` in our own words, and the failing days as
/// they stand, all where the week as a whole fails.
pub fn corrections(template: &Template, broken: &[Violation]) -> (Vec<String>, Value) {
    let day_of = |violation: &Violation| {
        let (_, rest) = violation.place.split_once("/days/")?;
        let no: usize = rest.split('/').next()?.parse().ok()?;
        Some(no + 1)
    };
    let numbers: Vec<Option<usize>> = broken.iter().map(day_of).collect();
    let all = numbers.contains(&None);
    let days: Vec<Value> = (1..)
        .zip(&template.days)
        .filter(|(no, _)| all || numbers.contains(&Some(*no)))
        .map(|(no, day)| day_answer(no, day))
        .collect();
    let place = |no: &Option<usize>| no.map_or("week".to_owned(), |no| format!("day {no}"));
    let lines = lines(
        numbers
            .iter()
            .map(place)
            .zip(broken.iter().map(|violation| violation.rule)),
    );
    (lines, json!(days))
}
