//! What phrases mean: the word lists of the four languages, read once from `vocabulary/*.toml`.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use super::words::{self, Gap, Word};
use super::{Flag, Language};
use crate::brief::{Limit, Weekday};
use crate::exercise::{Equipment, Muscle, catalogue};
use crate::profile::{Goal, Level, Sex};
use crate::words::named;

/// A word that says nothing by itself but tells how to take what stands near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cue {
    // What is denied, unwanted, over, or somebody else's.
    Not,
    Cannot,
    Dislike,
    Pain,
    /// Pain in the narrow sense, beside the wider `Pain`.
    Ache,
    Healed,
    Still,
    Other,
    ForOther,
    Cleared,
    // What is wished.
    Focus,
    Want,
    GoalKey,
    Lose,
    Gain,
    Target,
    Strength,
    // Units.
    Week,
    Day,
    Session,
    Hour,
    Minute,
    Year,
    Month,
    Kilogram,
    Pound,
    Stone,
    Centimetre,
    Metre,
    Foot,
    Inch,
    // What a number is about.
    SessionTime,
    Age,
    Old,
    IAm,
    Height,
    Weight,
    Changed,
    Lift,
    Experience,
    Ago,
    Elsewhere,
    Sport,
    Train,
    Now,
    EveryDay,
    EveryOtherDay,
    Rest,
    Early,
    Mid,
    Late,
    DecadeKey,
    // Places.
    Gym,
    LimitedGym,
    Home,
    HomeGym,
    Bodyweight,
    Live,
    From,
    // Grammar.
    X,
    Per,
    To,
    Or,
    And,
    Turn,
    Only,
    /// A phrase that only looks like something else ("back to", "no problem with").
    Neutral,
    Man,
    Woman,
}

/// What a phrase means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    Number(f64),
    /// "twice": so many times.
    Times(f64),
    /// "half an hour", in minutes.
    Duration(f64),
    /// "thirties", by its first year.
    Decade(f64),
    Weekday(Weekday),
    /// An abbreviation that counts only beside other weekdays.
    ShortWeekday(Weekday),
    Weekend,
    Workdays,
    Goal(Goal),
    Level(Level),
    Sex(Sex),
    Equipment(Equipment),
    /// A part of the body.
    Part(Limit),
    /// An injury or condition by its own name.
    Condition(Limit),
    Muscles(Vec<Muscle>),
    /// Something that may be unwanted, in a word that the exercise catalogue understands.
    Avoid(&'static str),
    Flag(Flag),
    Zone(&'static str),
    Cue(Cue),
    /// A word that only tells the language.
    Stop,
}

/// A phrase found in a text.
#[derive(Debug)]
pub(super) struct Entry {
    words: Vec<String>,
    /// What may part each word from the one before, at most: `level: advanced` is written with the colon.
    gaps: Vec<Gap>,
    /// Whether the last word may go on.
    open: Vec<bool>,
    pub(super) meaning: Meaning,
    /// None: any language.
    pub(super) language: Option<Language>,
}

/// All phrases: those that start with a whole word by that word, those that start with a stem by its first three letters.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    entries: Vec<Entry>,
    by_word: HashMap<String, Vec<usize>>,
    by_letters: HashMap<[u8; 3], Vec<usize>>,
    /// What did not read; a test keeps it empty.
    errors: Vec<String>,
}

type Sections = BTreeMap<String, toml::Value>;

const FILES: [(Option<Language>, &str); 5] = [
    (Some(Language::En), include_str!("vocabulary/en.toml")),
    (Some(Language::De), include_str!("vocabulary/de.toml")),
    (Some(Language::Fr), include_str!("vocabulary/fr.toml")),
    (Some(Language::Es), include_str!("vocabulary/es.toml")),
    (None, include_str!("vocabulary/zones.toml")),
];

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::load);

impl Vocabulary {
    /// The vocabulary of all languages.
    pub(super) fn get() -> &'static Self {
        &VOCABULARY
    }

    fn load() -> Self {
        let mut vocabulary = Self::default();
        for (language, file) in FILES {
            match toml::from_str::<Sections>(file) {
                Ok(sections) => vocabulary.add_sections(language, sections),
                Err(error) => vocabulary.errors.push(error.to_string()),
            }
        }
        for exercise in catalogue() {
            for name in exercise.aliases.iter().chain([&exercise.name]) {
                vocabulary.add(
                    Some(Language::En),
                    &format!("{name}*"),
                    Meaning::Avoid(name),
                );
            }
        }
        vocabulary
    }

    fn add_sections(&mut self, language: Option<Language>, sections: Sections) {
        for (section, content) in sections {
            match content {
                toml::Value::String(phrases) => self.add_list(language, &phrases, &Meaning::Stop),
                toml::Value::Table(table) => {
                    for (key, phrases) in table {
                        match (meaning(&section, &key), phrases.as_str()) {
                            (Ok(meaning), Some(phrases)) => {
                                self.add_list(language, phrases, &meaning)
                            }
                            (Err(error), _) => {
                                self.errors.push(format!("[{section}] {key}: {error}"))
                            }
                            (_, None) => self.errors.push(format!("[{section}] {key} is no text")),
                        }
                    }
                }
                _ => self
                    .errors
                    .push(format!("{section} is neither a text nor a table")),
            }
        }
    }

    fn add_list(&mut self, language: Option<Language>, phrases: &str, meaning: &Meaning) {
        for phrase in phrases.split(',') {
            self.add(language, phrase, meaning.clone());
        }
    }

    fn add(&mut self, language: Option<Language>, phrase: &str, meaning: Meaning) {
        let read = words::words(phrase);
        let open = |word: &Word| phrase[word.end..].starts_with('*');
        let entry = Entry {
            gaps: read.iter().map(|word| word.gap).collect(),
            open: read.iter().map(open).collect(),
            words: read.into_iter().map(|word| word.text).collect(),
            meaning,
            language,
        };
        let Some(first) = entry.words.first() else {
            return;
        };
        let index = match entry.open.first() {
            Some(true) if first.len() < 3 => {
                return self
                    .errors
                    .push(format!("{phrase} is too short for a stem"));
            }
            Some(true) => self.by_letters.entry(letters(first)).or_default(),
            _ => self.by_word.entry(first.clone()).or_default(),
        };
        index.push(self.entries.len());
        self.entries.push(entry);
    }

    /// The phrases that start at the first of these words, each with its length in words.
    pub(super) fn matches<'a>(
        &'static self,
        words: &'a [Word],
    ) -> impl Iterator<Item = (usize, &'static Entry)> + 'a {
        let whole = words
            .first()
            .and_then(|first| self.by_word.get(&first.text));
        let stems = words
            .first()
            .and_then(|first| self.by_letters.get(&letters(&first.text)));
        let places = whole.into_iter().chain(stems).flatten();
        places
            .filter_map(|place| self.entries.get(*place))
            .filter_map(|entry| Some((entry.length(words)?, entry)))
    }
}

impl Entry {
    /// Whether an English phrase may be meant in a text of another language too: no short word of grammar ("im", "on"), no number.
    pub(super) fn is_plain(&self) -> bool {
        match self.meaning {
            Meaning::Cue(_) => self.words.len() > 1 || self.words.iter().any(|word| word.len() > 3),
            Meaning::Number(_)
            | Meaning::Times(_)
            | Meaning::ShortWeekday(_)
            | Meaning::Decade(_)
            | Meaning::Sex(_) => false,
            _ => true,
        }
    }

    fn length(&self, words: &[Word]) -> Option<usize> {
        let words = words.get(..self.words.len())?;
        for (at, word) in words.iter().enumerate() {
            let fits = if self.open[at] {
                word.text.starts_with(&self.words[at])
            } else {
                word.text == self.words[at]
            };
            if !fits || at > 0 && word.gap > self.gaps[at] {
                return None;
            }
        }
        Some(words.len())
    }
}

fn letters(word: &str) -> [u8; 3] {
    let bytes = word.as_bytes();
    [0, 1, 2].map(|place| bytes.get(place).copied().unwrap_or_default())
}

fn meaning(section: &str, key: &str) -> Result<Meaning, String> {
    let number = || key.parse::<f64>().map_err(|error| error.to_string());
    Ok(match section {
        "number" => Meaning::Number(number()?),
        "times" => Meaning::Times(number()?),
        "duration" => Meaning::Duration(number()?),
        "decade" => Meaning::Decade(number()?),
        "weekday" if key == "weekend" => Meaning::Weekend,
        "weekday" if key == "workdays" => Meaning::Workdays,
        "weekday" => Meaning::Weekday(named(key)?),
        "weekday_short" => Meaning::ShortWeekday(named(key)?),
        "goal" => Meaning::Goal(named(key)?),
        "level" => Meaning::Level(named(key)?),
        "sex" => Meaning::Sex(named(key)?),
        "equipment" => Meaning::Equipment(named(key)?),
        "part" => Meaning::Part(named(key)?),
        "condition" => Meaning::Condition(named(key)?),
        "muscle" => Meaning::Muscles(key.split(", ").map(named).collect::<Result<_, _>>()?),
        "avoid" => Meaning::Avoid(String::leak(key.to_owned())),
        "flag" => Meaning::Flag(named(key)?),
        "zone" => Meaning::Zone(String::leak(key.to_owned())),
        "cue" => {
            let key: StrDeserializer<'_, Error> = key.into_deserializer();
            Meaning::Cue(Cue::deserialize(key).map_err(|error| error.to_string())?)
        }
        _ => return Err("is no section".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_list_reads() {
        assert_eq!(Vocabulary::get().errors, Vec::<String>::new());
        assert!(Vocabulary::get().entries.len() > 3_000);
    }
}
