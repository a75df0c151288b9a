//! A model's reading of a free text, joined with the code's own so that safety only ever tightens.
//!
//! The code's facts win. A fact of the model counts only with words that stand in the text, and never lifts a restriction: injuries, flags and
//! exclusions are added, a healed injury may become an open one but not the other way round, and a doctor's clearance is never taken from it.

use serde_json::Value;

use crate::brief::{Limit, Weekday};
use crate::profile::Level;
use crate::reader::{Fact, Flag, Injury, Language, Reading};
use crate::words::{self, Named};

/// The longest excerpt of a fact, and the longest exclusion, in characters.
const LONGEST_EXCERPT: usize = 60;
const LONGEST_EXCLUSION: usize = 40;
/// More entries of a list are not read.
const MOST: usize = 30;

/// Joins the code's reading of `text` with a model's answer to the prompt `reading`. What the answer lacks or gets wrong changes nothing.
pub fn merge(code: &Reading, answer: &Value, text: &str) -> Reading {
    let model = Answer {
        answer,
        text: folded(text),
    };
    let mut reading = code.clone();
    reading.language = reading
        .language
        .or_else(|| words::named::<Language>(answer.get("language")?.as_str()?).ok());
    model.fill(&mut reading.goal, "goal", word);
    model.fill(&mut reading.days_per_week, "days_per_week", |value| {
        number(value, 1.0, 7.0).map(|days| days as u8)
    });
    model.fill(&mut reading.minutes, "minutes", |value| {
        number(value, 10.0, 180.0).map(|minutes| minutes as u16)
    });
    model.fill(&mut reading.level, "level", word::<Level>);
    model.fill(&mut reading.sex, "sex", word);
    model.fill(&mut reading.age, "age", |value| {
        number(value, 5.0, 110.0).map(f64::round)
    });
    model.fill(&mut reading.weight_kg, "weight_kg", |value| {
        number(value, 30.0, 300.0)
    });
    model.fill(&mut reading.goal_weight_kg, "goal_weight_kg", |value| {
        number(value, 30.0, 300.0)
    });
    model.fill(&mut reading.height_cm, "height_cm", |value| {
        number(value, 120.0, 230.0)
    });
    days(&mut reading, &model);
    equipment(&mut reading, &model);
    if reading.emphasis.is_empty() {
        reading.emphasis = model.list("emphasis", word);
    }
    tighten(&mut reading, &model);
    reading
}

/// Weekdays only where the code read none.
fn days(reading: &mut Reading, model: &Answer<'_>) {
    if reading.days_off.is_empty() {
        reading.days_off = model.list("days_off", word);
        let trained =
            |fact: &Fact<Weekday>| !reading.weekdays.iter().any(|day| day.value == fact.value);
        reading.days_off.retain(trained);
    }
    if reading.weekdays.is_empty() {
        reading.weekdays = model.list("weekdays", word);
        let open =
            |fact: &Fact<Weekday>| !reading.days_off.iter().any(|day| day.value == fact.value);
        reading.weekdays.retain(open);
    }
}

/// Equipment only where the code read of no place and no thing.
fn equipment(reading: &mut Reading, model: &Answer<'_>) {
    let silent = reading.gym.is_none()
        && reading.home.is_none()
        && reading.bodyweight.is_none()
        && reading.gym_equipment.is_empty()
        && reading.home_equipment.is_empty();
    if silent {
        reading.gym = model.fact("gym", word);
        reading.gym_equipment = model.list("gym_equipment", word);
        reading.home_equipment = model.list("home_equipment", word);
    }
}

/// Everything that restricts: added, never taken away.
fn tighten(reading: &mut Reading, model: &Answer<'_>) {
    for injury in model.entries("injuries", |entry| {
        let part = word::<Limit>(entry.get("part")?)?;
        let healed = entry
            .get("healed")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        is_part(part).then_some(Injury { part, healed })
    }) {
        match reading
            .injuries
            .iter_mut()
            .find(|known| known.value.part == injury.value.part)
        {
            Some(known) => known.value.healed &= injury.value.healed,
            None => reading.injuries.push(injury),
        }
    }
    let mut flags: Vec<Fact<Flag>> = model.list("flags", word);
    if let Some(age) = reading.age.as_ref().filter(|age| age.value < 18.0) {
        flags.push(Fact {
            value: Flag::Under18,
            text: age.text.clone(),
        });
    }
    for flag in flags {
        if !reading.flags.iter().any(|known| known.value == flag.value) {
            reading.flags.push(flag);
        }
    }
    for exclusion in model.list("exclusions", exclusion) {
        if !reading
            .exclusions
            .iter()
            .any(|known| known.value == exclusion.value)
        {
            reading.exclusions.push(exclusion);
        }
    }
}

/// Whether it is a part of the body or a condition that a text can speak of.
fn is_part(limit: Limit) -> bool {
    !matches!(
        limit,
        Limit::Pregnancy | Limit::Senior | Limit::Minor | Limit::Underweight
    )
}

/// A few plain words.
fn exclusion(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim().to_lowercase();
    let plain = |letter: char| letter.is_alphanumeric() || " -/'".contains(letter);
    let fits =
        !text.is_empty() && text.chars().count() <= LONGEST_EXCLUSION && text.chars().all(plain);
    fits.then_some(text)
}

fn word<T: Named>(value: &Value) -> Option<T> {
    words::named(value.as_str()?).ok()
}

fn number(value: &Value, low: f64, high: f64) -> Option<f64> {
    value
        .as_f64()
        .filter(|number| (low..=high).contains(number))
}

/// A model's answer and the words that its facts must stand in.
struct Answer<'a> {
    answer: &'a Value,
    text: String,
}

impl Answer<'_> {
    fn fill<T>(
        &self,
        known: &mut Option<Fact<T>>,
        field: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) {
        if known.is_none() {
            *known = self.fact(field, read);
        }
    }

    fn fact<T>(&self, field: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Fact<T>> {
        self.read(self.answer.get(field)?, &|entry| read(entry.get("value")?))
    }

    fn list<T>(&self, field: &str, read: impl Fn(&Value) -> Option<T>) -> Vec<Fact<T>> {
        self.entries(field, |entry| read(entry.get("value")?))
    }

    fn entries<T>(&self, field: &str, read: impl Fn(&Value) -> Option<T>) -> Vec<Fact<T>> {
        let entries = self
            .answer
            .get(field)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        entries
            .iter()
            .take(MOST)
            .filter_map(|entry| self.read(entry, &read))
            .collect()
    }

    /// The fact, if the words that it was read from stand in the text.
    fn read<T>(&self, entry: &Value, read: &impl Fn(&Value) -> Option<T>) -> Option<Fact<T>> {
        let excerpt = entry.get("text")?.as_str()?.trim();
        let words = folded(excerpt);
        let there = !words.is_empty() && self.text.contains(&words);
        let value = read(entry).filter(|_| there)?;
        Some(Fact {
            value,
            text: excerpt.chars().take(LONGEST_EXCERPT).collect(),
        })
    }
}

/// Lower case, with single spaces.
fn folded(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::brief::Brief;
    use crate::exercise::{Equipment, catalogue};
    use crate::profile::Goal;
    use crate::reader;

    const TEXT: &str = "Bad knee since years. I train three times, hate burpees. My sister is expecting, ok? Tengo mancuernas en casa. Thirty eight minutes.";

    fn merged(answer: Value) -> Reading {
        merge(&reader::read(TEXT), &answer, TEXT)
    }

    #[test]
    fn what_the_code_read_wins_and_what_it_did_not_is_filled() {
        let code = reader::read(TEXT);
        let reading = merged(json!({
            "days_per_week": {"value": 6, "text": "three times"},
            "goal": {"value": "ENDURANCE", "text": "I train"},
            "height_cm": {"value": 180, "text": "not in the text"},
            "minutes": {"value": 100_000, "text": "Thirty eight minutes"},
        }));
        assert_eq!(reading.days_per_week, code.days_per_week);
        assert_eq!(reading.goal.map(|goal| goal.value), Some(Goal::Endurance));
        assert_eq!(reading.height_cm, None);
        assert_eq!(reading.minutes, code.minutes);
    }

    #[test]
    fn a_restriction_is_added_and_never_lifted() {
        let reading = merged(json!({
            "injuries": [
                {"part": "knee", "healed": true, "text": "Bad knee"},
                {"part": "shoulder", "healed": false, "text": "since years"},
                {"part": "hip", "healed": false, "text": "my hip, invented"},
                {"part": "pregnancy", "healed": false, "text": "expecting"},
            ],
            "flags": [{"value": "fainting", "text": "ok?"}],
            "exclusions": [{"value": "running", "text": "hate"}, {"value": "<b>rows</b>", "text": "hate"}],
            "cleared": {"value": true, "text": "ok?"},
        }));
        let limits = reading.limits();
        assert!(
            limits.contains(&Limit::Knee)
                && limits.contains(&Limit::Shoulder)
                && !limits.contains(&Limit::Hip)
        );
        assert!(!limits.contains(&Limit::Pregnancy));
        assert!(
            reading
                .flags
                .iter()
                .any(|flag| flag.value == Flag::Fainting)
        );
        assert_eq!(reading.cleared, None);
        let excluded = Brief::from_reading(&reading).expect("a brief").excluded;
        assert!(
            excluded.contains("easy-run") && excluded.contains("burpee"),
            "{excluded:?}"
        );
        assert!(!excluded.iter().any(|slug| slug.contains("row")));
    }

    #[test]
    fn an_age_under_18_closes_the_gate_whoever_read_it() {
        let text = "first year of high school, sixteenish";
        let answer = json!({"age": {"value": 16, "text": "sixteenish"}});
        let reading = merge(&reader::read(text), &answer, text);
        assert!(crate::gate::of_reading(&reading).is_err());
    }

    /// Whatever a model says, each exercise that the code's brief rules out stays out, unless equipment or level were not read by the code.
    #[test]
    fn no_answer_loosens_what_the_code_read() {
        for text in [
            "bad knee, lower back pain, beginner, dumbbells at home",
            TEXT,
            "70 years old, gym, used to have shoulder pain, fine now",
        ] {
            let code = reader::read(text);
            let before = Brief::from_reading(&code).expect("a brief");
            let quote = text.split(' ').next().expect("a word");
            for part in Limit::ALL {
                for healed in [true, false] {
                    let answer = json!({
                        "injuries": [{"part": part, "healed": healed, "text": quote}],
                        "level": {"value": "Professional", "text": quote}, "age": {"value": 30, "text": quote},
                        "gym": {"value": "full", "text": quote}, "flags": [], "exclusions": [],
                    });
                    let reading = merge(&code, &answer, text);
                    let after = Brief::from_reading(&reading).expect("a brief");
                    assert!(after.limits.is_superset(&before.limits), "{text} {part}");
                    assert!(after.min_rir() >= before.min_rir());
                    let loosened = catalogue()
                        .iter()
                        .find(|one| after.suits(one) && !before.suits(one));
                    assert_eq!(
                        loosened.map(|one| &one.slug),
                        None,
                        "{text} {part} {healed}"
                    );
                }
            }
        }
    }

    #[test]
    fn equipment_is_filled_only_where_nothing_was_read() {
        let answer = json!({"gym": {"value": "full", "text": "gym"}, "home_equipment": [{"value": "bands", "text": "gym"}]});
        let silent = merge(&reader::read("gymnastics fan"), &answer, "gymnastics fan");
        let home = "dumbbells at home, no gym";
        let said = merge(&reader::read(home), &answer, home);
        assert!(silent.gym.is_some());
        assert_eq!(said.equipment(), [Equipment::Dumbbells].into());
    }
}
