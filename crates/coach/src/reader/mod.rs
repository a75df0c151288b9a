//! The reader: an athlete's free text, in English, German, French or Spanish, as typed facts. Pure and deterministic; a text is only text,
//! whatever it asks for.
//!
//! What it cannot read is absent from the [`Reading`]; what then counts is stated once, at [`Brief::from_reading`](crate::brief::Brief::from_reading).

mod age;
mod body;
mod brief;
mod clearance;
mod equipment;
mod health;
mod numbers;
mod schedule;
mod text;
mod vocabulary;
mod wishes;
mod words;
mod zone;

#[cfg(test)]
mod tests;

pub use brief::{DEFAULT_DAYS, DEFAULT_GOAL};
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::brief::{Limit, Weekday};
use crate::exercise::{Equipment, Muscle};
use crate::profile::{Goal, Level, Sex};
use crate::words::names;
use text::Text;

names! {
    /// A language that the reader knows.
    pub enum Language { En = "en", De = "de", Fr = "fr", Es = "es" }
}

names! {
    /// What a gym offers: everything a gym has, or (a small one, such as a hotel's) only what is named.
    pub enum Gym { Full = "full", Limited = "limited" }
}

names! {
    /// Something about the athlete's health that a plan must know of before any other thing.
    pub enum Flag {
        Pregnancy = "pregnancy", Postpartum = "postpartum", Under18 = "under_18", ChestPain = "chest_pain", Fainting = "fainting",
        Dizziness = "dizziness", HeartCondition = "heart_condition", HighBloodPressure = "high_blood_pressure",
        EatingDisorder = "eating_disorder", RecentSurgery = "recent_surgery",
    }
}

impl Flag {
    /// Whether no plan is made before a doctor's word: pregnancy, age under 18, chest pain, fainting, and a heart condition
    /// (the first questions of the PAR-Q+, 2023).
    pub fn needs_clearance(self) -> bool {
        matches!(
            self,
            Self::Pregnancy
                | Self::Under18
                | Self::ChestPain
                | Self::Fainting
                | Self::HeartCondition
        )
    }
}

names! {
    /// The unit that the athlete weighs in.
    pub enum WeightUnit { Kilograms = "kg", Pounds = "lb", Stone = "st" }
}

names! {
    /// The unit that the athlete measures in.
    pub enum HeightUnit { Centimetres = "cm", Feet = "ft" }
}

/// A fact and the piece of text it was read from: at most 60 characters, as they stand in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// What was read.
    pub value: T,
    /// Where it was read.
    pub text: String,
}

/// A hurt part of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Injury {
    /// Which part; [`Limit::Unclear`] where an injury without a known part is spoken of.
    pub part: Limit,
    /// Whether it is said to be over ("used to have", "fine now"): a soft caution, no limit.
    pub healed: bool,
}

/// What was read from a text. Absent: the text does not say it, or not in words that the reader knows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// The language that most words belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The main goal: the first that is called a goal or wished for, else the first named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<Fact<Goal>>,
    /// Other goals named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_goals: Vec<Fact<Goal>>,
    /// Set where strength itself is trained for; the goal is then muscle gain unless another is named first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<Fact<bool>>,
    /// Training days a week, 1–7. Of a range ("3-4 days") the lower: what can always be kept. Never more than the weekdays named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_per_week: Option<Fact<u8>>,
    /// Weekdays named for training. There may be more than `days_per_week`: these are then the days to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Fact<Weekday>>,
    /// Weekdays that are not for training: rest, other sports, no time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days_off: Vec<Fact<Weekday>>,
    /// Minutes of a session, 10–180. Of a range the lower.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Fact<u16>>,
    /// Experience; of several the lowest. From years of training alone: Beginner under half a year, else Intermediate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Fact<Level>>,
    /// A gym that is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gym: Option<Fact<Gym>>,
    /// What is named in the gym; with [`Gym::Full`] only examples.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gym_equipment: Vec<Fact<Equipment>>,
    /// Training at home (or on the road, in a park) is spoken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<Fact<bool>>,
    /// What there is at home.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub home_equipment: Vec<Fact<Equipment>>,
    /// Bodyweight, or no equipment, is spoken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bodyweight: Option<Fact<bool>>,
    /// Hurt parts of the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub injuries: Vec<Fact<Injury>>,
    /// What is not wanted, in English words that the exercise catalogue understands ("burpee", "running", "legs").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Fact<String>>,
    /// Muscles to favour.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emphasis: Vec<Fact<Muscle>>,
    /// Body weight in kg, 30–300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<Fact<f64>>,
    /// Wished body weight in kg, also from "lose 10 kg" where the weight is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal_weight_kg: Option<Fact<f64>>,
    /// Height in cm, 120–230.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height_cm: Option<Fact<f64>>,
    /// The unit of weight in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_unit: Option<Fact<WeightUnit>>,
    /// The unit of height in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height_unit: Option<Fact<HeightUnit>>,
    /// Age in years, 5–110; "in my thirties" is 35, "early" 32, "late" 38.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<Fact<f64>>,
    /// Sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Fact<Sex>>,
    /// IANA name of the time zone, from a name, a well-known place, or an offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Fact<String>>,
    /// What a plan must know before all else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Fact<Flag>>,
    /// A doctor's clearance is spoken of. It is noted; the gate alone decides what it is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleared: Option<Fact<bool>>,
}

/// Reads a text of any length; 20,000 characters take a few milliseconds.
pub fn read(source: &str) -> Reading {
    let text = Text::new(source);
    let mut reading = Reading {
        language: text.language,
        ..Reading::default()
    };
    wishes::read(&text, &mut reading);
    schedule::read(&text, &mut reading);
    equipment::read(&text, &mut reading);
    health::read(&text, &mut reading, false);
    reading.age = age::read(&text);
    body::read(&text, &mut reading);
    reading.time_zone = zone::read(&text);
    reading.flags.extend(age_flag(&reading));
    reading
}

/// The language of a text, where its words tell one.
pub fn language(source: &str) -> Option<Language> {
    Text::new(source).language
}

/// The flags of a text, for fields that hold one (`injuries`, `specialRequests`); an age under 18 is one too.
pub fn flags(source: &str) -> Vec<Fact<Flag>> {
    read(source).flags
}

/// What a text says that training must spare. `about_injuries`: the text answers that very question, so that a part of the body
/// alone ("left knee") is a hurt one.
pub fn limits(source: &str, about_injuries: bool) -> BTreeSet<Limit> {
    let text = Text::new(source);
    let mut reading = Reading::default();
    health::read(&text, &mut reading, about_injuries);
    reading.limits()
}

fn age_flag(reading: &Reading) -> Option<Fact<Flag>> {
    let age = reading.age.as_ref().filter(|age| age.value < 18.0)?;
    let known = reading.flags.iter().any(|flag| flag.value == Flag::Under18);
    (!known).then(|| Fact {
        value: Flag::Under18,
        text: age.text.clone(),
    })
}

/// Adds a fact unless its value is there already.
fn add<T: PartialEq>(facts: &mut Vec<Fact<T>>, fact: Fact<T>) {
    if !facts.iter().any(|known| known.value == fact.value) {
        facts.push(fact);
    }
}
