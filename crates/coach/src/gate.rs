//! The first gate of both flows: who should see a doctor first gets no plan, and no model is asked. Structured fields and all free texts
//! count, in every language of the [`reader`]; a text can close the gate, and only a doctor's word opens it.

use durable::Failure;
use serde_json::Value;

use crate::profile::ProfileSnapshot;
use crate::reader::{self, Flag, Language, Reading};

/// Under this age, in years, no plan is made without parents and a coach or doctor.
const ADULT: f64 = 18.0;

/// Lets a free text's athlete pass.
///
/// # Errors
/// `NEEDS_CLEARANCE` with a kind sentence in the text's language.
pub fn of_reading(reading: &Reading) -> Result<(), Failure> {
    let flags = reading.flags.iter().map(|flag| flag.value);
    let cleared = reading.cleared.as_ref().is_some_and(|fact| fact.value);
    pass(flags, cleared, reading.language.unwrap_or(Language::En))
}

/// Lets the athlete of a profile pass. `request` is what they write beside it (`redoReason`), empty where there is none.
///
/// # Errors
/// `NEEDS_CLEARANCE` with a kind sentence in the language of the profile's texts, else of its `language` or `locale`, else English.
pub fn of_profile(profile: &ProfileSnapshot, request: &str) -> Result<(), Failure> {
    let mut texts = profile.texts();
    texts.push(request.to_owned());
    let readings: Vec<Reading> = texts.iter().map(|text| reader::read(text)).collect();
    let minor = profile.age.is_some_and(|age| age < ADULT);
    let flags = minor.then_some(Flag::Under18).into_iter();
    let flags = flags.chain(
        readings
            .iter()
            .flat_map(|reading| reading.flags.iter().map(|flag| flag.value)),
    );
    let cleared = readings
        .iter()
        .filter_map(|reading| reading.cleared.as_ref())
        .any(|fact| fact.value);
    pass(flags, cleared, language_of(profile, &texts, &readings))
}

fn pass(
    flags: impl IntoIterator<Item = Flag>,
    cleared: bool,
    language: Language,
) -> Result<(), Failure> {
    // A doctor's word settles a condition, not an age.
    let open = |flag: &Flag| flag.needs_clearance() && !(cleared && *flag != Flag::Under18);
    match flags
        .into_iter()
        .filter(open)
        .find_map(|flag| flag.sentence(language))
    {
        Some(sentence) => Err(Failure::new("NEEDS_CLEARANCE", sentence)),
        None => Ok(()),
    }
}

/// The language to write to the athlete of a profile in.
pub fn language(profile: &ProfileSnapshot, request: &str) -> Language {
    let mut texts = profile.texts();
    texts.push(request.to_owned());
    language_of(profile, &texts, &[])
}

/// The language of all texts together, else of the text that raised a flag, else of what the app says, else English.
fn language_of(profile: &ProfileSnapshot, texts: &[String], readings: &[Reading]) -> Language {
    let flagged = || {
        readings
            .iter()
            .filter(|reading| !reading.flags.is_empty())
            .find_map(|reading| reading.language)
    };
    flagged()
        .or_else(|| reader::read(&texts.join("\n")).language)
        .or_else(|| locale(profile))
        .unwrap_or(Language::En)
}

const LOCALE: [&str; 3] = ["language", "locale", "lang"];

/// `language`, `locale` or `lang` among the fields that the contract does not know: `de`, `de-AT`, `fr_FR`.
fn locale(profile: &ProfileSnapshot) -> Option<Language> {
    let code = LOCALE
        .iter()
        .find_map(|field| profile.extra.get(*field)?.as_str())?
        .to_lowercase();
    let primary = code.split(['-', '_']).next().unwrap_or_default();
    Language::ALL
        .iter()
        .copied()
        .find(|language| language.name() == primary)
}

impl ProfileSnapshot {
    /// Everything that the profile says in words, one text a field; unknown fields too, a "yes" under a name as the name's own words
    /// (`"isPregnant": true`).
    fn texts(&self) -> Vec<String> {
        let plain = [
            &self.injuries,
            &self.special_requests,
            &self.plan_regeneration_request,
            &self.dietary_notes,
            &self.supplement_notes,
            &self.preferred_workout_split,
            &self.workout_intensity,
            &self.preferred_training_time,
            &self.budget_constraints,
            &self.stress_baseline,
            &self.sleep_quality_baseline,
        ];
        let lists = [
            &self.personal_goals,
            &self.perceived_lacks,
            &self.training_style_preferences,
            &self.avoid_exercises,
            &self.dietary_prefs,
            &self.supplements,
        ];
        let mut texts: Vec<String> = plain.into_iter().cloned().collect();
        texts.extend(lists.into_iter().flatten().cloned());
        let told = |(name, _): &(&String, &Value)| !LOCALE.contains(&name.as_str());
        for (name, value) in self.extra.iter().filter(told) {
            add_unknown(name, value, 0, &mut texts);
        }
        texts.retain(|text| !text.trim().is_empty());
        texts
    }
}

/// How deep unknown fields are read.
const DEEPEST: usize = 6;

fn add_unknown(name: &str, value: &Value, depth: usize, texts: &mut Vec<String>) {
    match value {
        Value::String(text) if is_yes(text) => texts.push(spoken(name)),
        Value::String(text) => texts.push(text.clone()),
        Value::Bool(true) => texts.push(spoken(name)),
        Value::Number(count) if count.as_f64().is_some_and(|count| count > 0.0) => {
            texts.push(spoken(name));
        }
        Value::Array(values) if depth < DEEPEST => values
            .iter()
            .filter(|value| !value.is_boolean() && !value.is_number())
            .for_each(|value| add_unknown(name, value, depth + 1, texts)),
        Value::Object(fields) if depth < DEEPEST => fields
            .iter()
            .for_each(|(name, value)| add_unknown(name, value, depth + 1, texts)),
        _ => {}
    }
}

fn is_yes(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    ["yes", "y", "true", "ja", "oui", "si", "sí"].contains(&text.as_str())
}

/// A field's name as words: `isPregnant` and `is_pregnant` are `is pregnant`.
fn spoken(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        match letter {
            '_' | '-' | '.' => words.push(' '),
            _ if letter.is_uppercase() => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            _ => words.push(letter),
        }
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sentence(result: Result<(), Failure>) -> Option<String> {
        match result {
            Ok(()) => None,
            Err(Failure::Failed { code, message, .. }) => {
                assert_eq!(code, "NEEDS_CLEARANCE");
                Some(message)
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    fn said(fields: Value) -> Option<String> {
        let mut snapshot = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3});
        for (name, value) in fields.as_object().expect("fields") {
            snapshot[name] = value.clone();
        }
        let profile = ProfileSnapshot::parse(&snapshot).expect("a good profile");
        sentence(of_profile(&profile, ""))
    }

    #[rustfmt::skip]
    const CLOSED: &[(&str, Flag, Language)] = &[
        ("I'm pregnant, second trimester", Flag::Pregnancy, Language::En),
        ("Ich bin schwanger", Flag::Pregnancy, Language::De),
        ("je suis enceinte de 4 mois", Flag::Pregnancy, Language::Fr),
        ("estoy embarazada", Flag::Pregnancy, Language::Es),
        ("I am 16 years old and want muscles", Flag::Under18, Language::En),
        ("Ich bin 15 Jahre alt und will stärker werden", Flag::Under18, Language::De),
        ("j'ai 16 ans et je veux prendre du muscle", Flag::Under18, Language::Fr),
        ("tengo 15 años y quiero ganar músculo", Flag::Under18, Language::Es),
        ("I get chest pain when I climb stairs", Flag::ChestPain, Language::En),
        ("Ich habe Brustschmerzen beim Laufen", Flag::ChestPain, Language::De),
        ("j'ai des douleurs à la poitrine pendant l'effort", Flag::ChestPain, Language::Fr),
        ("tengo dolor en el pecho cuando corro", Flag::ChestPain, Language::Es),
        ("I fainted last week", Flag::Fainting, Language::En),
        ("Ich bin letzte Woche ohnmächtig geworden", Flag::Fainting, Language::De),
        ("je me suis évanouie la semaine dernière", Flag::Fainting, Language::Fr),
        ("me desmayé la semana pasada", Flag::Fainting, Language::Es),
        ("I have a heart condition", Flag::HeartCondition, Language::En),
        ("Ich habe eine Herzkrankheit", Flag::HeartCondition, Language::De),
        ("j'ai une maladie cardiaque", Flag::HeartCondition, Language::Fr),
        ("tengo una enfermedad del corazón", Flag::HeartCondition, Language::Es),
    ];

    #[rustfmt::skip]
    const OPEN: &[&str] = &[
        "my wife is pregnant", "not pregnant", "I was pregnant last year", "no chest pain, no fainting", "I train with my 14 year old son",
        "I have been training since I was 15", "16 weeks of training behind me", "Chest pain? No.", "chest and back are my focus", "good for the heart",
        "20 weeks pregnant, cleared by my doctor",
        "meine Frau ist schwanger", "nicht schwanger", "keine Brustschmerzen", "Ich trainiere seit 15 Jahren", "Ich war nie ohnmächtig",
        "ma femme est enceinte", "je ne suis pas enceinte", "pas de douleur à la poitrine", "je m'entraîne depuis 15 ans",
        "mi mujer está embarazada", "no estoy embarazada", "sin dolor en el pecho", "entreno desde hace 15 años",
    ];

    /// The free-text fields that people write about themselves in.
    const FIELDS: [&str; 8] = [
        "injuries",
        "specialRequests",
        "planRegenerationRequest",
        "dietaryNotes",
        "supplementNotes",
        "personalGoals",
        "perceivedLacks",
        "medicalHistory",
    ];

    #[test]
    fn a_text_that_needs_a_doctor_closes_the_gate_in_its_language_in_both_flows() {
        for (text, flag, language) in CLOSED {
            let wanted = flag.sentence(*language).map(str::to_owned);
            assert_eq!(
                sentence(of_reading(&reader::read(text))),
                wanted,
                "B: {text}"
            );
            for field in FIELDS {
                assert_eq!(said(json!({field: text})), wanted, "A, {field}: {text}");
            }
        }
    }

    #[test]
    fn what_is_denied_past_or_somebody_elses_leaves_it_open() {
        for text in OPEN {
            assert_eq!(sentence(of_reading(&reader::read(text))), None, "B: {text}");
            for field in FIELDS {
                assert_eq!(said(json!({field: text})), None, "A, {field}: {text}");
            }
        }
    }

    #[test]
    fn structured_fields_close_it_too() {
        use Language::*;
        for (fields, flag, language) in [
            (json!({"age": 17}), Flag::Under18, En),
            (json!({"age": "15 years"}), Flag::Under18, En),
            (json!({"age": 17, "language": "de-AT"}), Flag::Under18, De),
            (json!({"age": 17, "locale": "fr_FR"}), Flag::Under18, Fr),
            (
                json!({"age": 17, "specialRequests": "quiero entrenar en casa con mancuernas"}),
                Flag::Under18,
                Es,
            ),
            (json!({"isPregnant": true}), Flag::Pregnancy, En),
            (json!({"pregnant": "yes"}), Flag::Pregnancy, En),
            (json!({"weeksPregnant": 12}), Flag::Pregnancy, En),
            (
                json!({"health": {"conditions": ["asthma", "heart disease"]}}),
                Flag::HeartCondition,
                En,
            ),
            (
                json!({"parq": {"chest_pain": true, "fainting": false}}),
                Flag::ChestPain,
                En,
            ),
            (json!({"injuries": "schwanger"}), Flag::Pregnancy, De),
        ] {
            assert_eq!(
                said(fields.clone()),
                flag.sentence(language).map(str::to_owned),
                "{fields}"
            );
        }
        for fields in [
            json!({"age": 18}),
            json!({"restingHeartRate": 60, "yearsOfTraining": 16, "weeksPregnant": 0}),
            json!({"isPregnant": false, "chestPain": "no", "fainting": null}),
            json!({"age": 40, "sex": "Male", "injuries": "bad knee"}),
            json!({"pregnant": "no", "heartCondition": "none"}),
            json!({"injuries": "pregnant", "specialRequests": "cleared by my doctor"}),
        ] {
            assert_eq!(said(fields.clone()), None, "{fields}");
        }
    }

    #[test]
    fn a_redo_may_tell_it_first() {
        let snapshot = json!({"goal": "MUSCLE_GAIN", "trainingDays": 3, "age": 30});
        let profile = ProfileSnapshot::parse(&snapshot).expect("a good profile");
        assert_eq!(sentence(of_profile(&profile, "no burpees")), None);
        assert_eq!(
            sentence(of_profile(&profile, "Ich bin jetzt schwanger")),
            Flag::Pregnancy.sentence(Language::De).map(str::to_owned)
        );
    }

    #[test]
    fn a_doctors_word_does_not_make_anyone_older() {
        assert!(said(json!({"age": 16, "specialRequests": "cleared by my doctor"})).is_some());
    }
}
