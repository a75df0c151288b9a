//! Which exercise a written name means: spelling, abbreviations, word order and small typos do not matter, another lift does.
//!
//! The words of a name are folded (case, accents, plural, hyphens), abbreviations written out, and sorted. A typo is forgiven only
//! in a word that no exercise uses, and never in one that tells lifts apart (tool, angle, stance, grip, side).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::{Exercise, catalogue};
use crate::words;

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// The catalogue's own name, in any spelling.
    Exact(&'static Exercise),
    /// Another name of this very exercise, or its name with a small typo.
    Alias(&'static Exercise),
    /// No exercise of this name, but these are near: at most five, the nearest first.
    Close(Vec<&'static Exercise>),
    /// Nothing like it.
    Unknown,
}

impl Resolution {
    /// The exercise, where the name means one.
    pub fn exercise(&self) -> Option<&'static Exercise> {
        match self {
            Self::Exact(exercise) | Self::Alias(exercise) => Some(exercise),
            Self::Close(_) | Self::Unknown => None,
        }
    }
}

/// Longer texts are no names, bytes.
const LONGEST_NAME: usize = 160;
/// How alike two names with a typo must be (1 less the share of letters that differ).
const SAME: f64 = 0.92;
/// How many of the words must be shared for a name to be offered (Dice: twice the shared words by all words).
const NEAR: f64 = 0.5;

/// Other spellings of the same words, as they stand after folding; applied in this order.
#[rustfmt::skip]
const SPELLINGS: &[(&str, &str)] = &[
    ("db", "dumbbell"), ("dbs", "dumbbell"), ("dumb bell", "dumbbell"), ("dumbell", "dumbbell"), ("bb", "barbell"), ("bar bell", "barbell"),
    ("kb", "kettlebell"), ("kettle bell", "kettlebell"), ("ezbar", "ez bar"), ("ez barbell", "ez bar"), ("tbar", "t bar"),
    ("trx", "suspension"), ("suspension trainer", "suspension"), ("resistance band", "band"), ("elastic band", "band"), ("banded", "band"),
    ("pulley", "cable"), ("bw", "bodyweight"), ("body weight", "bodyweight"),
    ("rdl", "romanian deadlift"), ("ohp", "overhead press"), ("bss", "bulgarian split squat"), ("cgbp", "close grip bench press"),
    ("sa", "single arm"), ("one arm", "single arm"), ("1 arm", "single arm"), ("one armed", "single arm"), ("single armed", "single arm"),
    ("sl", "single leg"), ("one leg", "single leg"), ("1 leg", "single leg"), ("one legged", "single leg"), ("single legged", "single leg"),
    ("pushup", "push up"), ("pullup", "pull up"), ("chinup", "chin up"), ("situp", "sit up"), ("stepup", "step up"), ("dead lift", "deadlift"),
    ("pull down", "pulldown"), ("push down", "pushdown"), ("press down", "pushdown"), ("pressdown", "pushdown"), ("kick back", "kickback"),
    ("pull over", "pullover"), ("pullthrough", "pull through"), ("pullapart", "pull apart"), ("facepull", "face pull"), ("flye", "fly"),
    ("benchpress", "bench press"), ("legpress", "leg press"), ("deadbug", "dead bug"), ("birddog", "bird dog"), ("bentover", "bent over"),
    ("skullcrusher", "skull crusher"), ("goodmorning", "good morning"), ("jumprope", "jump rope"), ("rear deltoid", "rear delt"),
    ("extention", "extension"), ("calve", "calf"), ("stair master", "stairmaster"), ("cross over", "crossover"),
];

/// Words that say nothing about the lift.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "the", "a", "an", "of", "on", "with", "using", "for", "to", "and", "exercise",
    "de", "la", "el", "los", "las", "con", "en", "del", "al", "por", "mit", "am", "im", "der", "die", "das", "dem", "den", "auf", "an", "zum",
    "au", "aux", "les", "le", "des", "du", "avec", "sur",
];

/// Words that tell lifts apart: a typo never becomes one of them.
#[rustfmt::skip]
const TELLING: &[&str] = &[
    "dumbbell", "barbell", "kettlebell", "band", "cable", "machine", "smith", "ez", "landmine", "suspension", "bodyweight", "plate", "trap", "hex",
    "rope", "towel", "wall", "chair", "box", "floor", "bench", "step", "incline", "decline", "flat", "seated", "standing", "kneeling", "half",
    "lying", "prone", "supine", "bent", "front", "back", "rear", "side", "lateral", "overhead", "upright", "reverse", "inverted", "forward",
    "close", "wide", "narrow", "neutral", "underhand", "overhand", "hammer", "supinated", "pronated", "single", "arm", "leg", "alternating",
    "left", "right", "weighted", "assisted", "negative", "sumo", "stiff", "deficit", "pause", "knee", "hanging",
];

struct Index {
    by_key: HashMap<String, Resolution>,
    /// The words of every name, and whose they are.
    names: Vec<(Vec<String>, &'static Exercise)>,
    vocabulary: HashSet<String>,
    /// Names that two exercises claim.
    claimed_twice: Vec<String>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index {
        by_key: HashMap::new(),
        names: Vec::new(),
        vocabulary: HashSet::new(),
        claimed_twice: Vec::new(),
    };
    for exercise in catalogue() {
        index.add(exercise.name, exercise, Resolution::Exact(exercise));
        index.add(&exercise.slug, exercise, Resolution::Exact(exercise));
    }
    for exercise in catalogue() {
        for alias in &exercise.aliases {
            index.add(alias, exercise, Resolution::Alias(exercise));
        }
    }
    for (name, alias) in other_names() {
        let Some(exercise) = catalogue().iter().find(|one| one.name == name) else {
            continue;
        };
        index.add(alias, exercise, Resolution::Alias(exercise));
        index.add(&spell_out(alias), exercise, Resolution::Alias(exercise));
    }
    index
});

impl Index {
    fn add(&mut self, name: &str, exercise: &'static Exercise, meaning: Resolution) {
        let words = name_words(name);
        self.vocabulary.extend(words.iter().cloned());
        match self.by_key.get(&key(&words)) {
            None => {
                self.by_key.insert(key(&words), meaning);
                self.names.push((words, exercise));
            }
            Some(known) if known.exercise() != Some(exercise) => {
                self.claimed_twice.push(name.to_owned())
            }
            Some(_) => {}
        }
    }
}

/// Exercise and other name, from `names.md`.
fn other_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    words::rows(include_str!("names.md")).flat_map(|row| {
        let name = row.first().copied().unwrap_or_default();
        row.into_iter()
            .skip(1)
            .flat_map(words::cells)
            .map(move |alias| (name, alias))
            .collect::<Vec<_>>()
    })
}

/// The exercise that a name means, or those near it. Never merges different lifts; takes any text.
pub fn resolve(name: &str) -> Resolution {
    if name.len() > LONGEST_NAME {
        return Resolution::Unknown;
    }
    let words = name_words(name);
    if words.is_empty() {
        return Resolution::Unknown;
    }
    if let Some(known) = INDEX.by_key.get(&key(&words)) {
        return known.clone();
    }
    if let Some(exercise) = mistyped(&words) {
        return Resolution::Alias(exercise);
    }
    match near(&words) {
        list if list.is_empty() => Resolution::Unknown,
        list => Resolution::Close(list),
    }
}

/// The exercise of exactly this name or alias, in any spelling, typos aside.
pub(super) fn known(name: &str) -> Option<&'static Exercise> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    INDEX.by_key.get(&key(&name_words(name)))?.exercise()
}

fn key(words: &[String]) -> String {
    let mut sorted: Vec<_> = words.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.join(" ")
}

/// The words of a name, folded, singular, abbreviations written out, without empty ones.
fn name_words(name: &str) -> Vec<String> {
    let folded: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(fold)
        .collect();
    let plain: Vec<_> = folded.split_whitespace().map(without_article).collect();
    let mut text = format!(" {} ", words::tokens(&plain.join(" ")).join(" "));
    for (from, to) in SPELLINGS {
        text = text.replace(&format!(" {from} "), &format!(" {to} "));
    }
    // A Smith machine is called so with and without the second word.
    let smith = text.contains(" smith ");
    let empty = |word: &&str| EMPTY.contains(word) || (smith && *word == "machine");
    text.split_whitespace()
        .filter(|word| !empty(word))
        .map(str::to_owned)
        .collect()
}

/// A French word without its shortened article: `d'haltères`, `l'épaule`.
fn without_article(word: &str) -> &str {
    let cut = |mark| {
        word.strip_prefix(['d', 'l'])
            .and_then(|rest| rest.strip_prefix(mark))
    };
    cut('\'').or_else(|| cut('’')).unwrap_or(word)
}

/// A letter without accent, width or ligature (what NFKD does, for the letters of the languages here).
fn fold(letter: char) -> String {
    let plain = match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        '\u{300}'..='\u{36f}' => "",
        '\u{ff01}'..='\u{ff5e}' => {
            return char::from_u32(letter as u32 - 0xfee0).into_iter().collect();
        }
        _ => return letter.to_string(),
    };
    plain.to_owned()
}

/// A German name as it is written without umlauts: `Klimmzuege`.
fn spell_out(name: &str) -> String {
    name.to_lowercase()
        .replace('ä', "ae")
        .replace('ö', "oe")
        .replace('ü', "ue")
}

/// The exercise whose name differs by typos alone.
fn mistyped(asked: &[String]) -> Option<&'static Exercise> {
    let likeness = |name: &[String]| -> Option<f64> {
        if name.len() != asked.len() {
            return None;
        }
        let (odd, missing) = (without(asked, name), without(name, asked));
        let letters: usize =
            name.iter().map(|word| word.chars().count()).sum::<usize>() + name.len() - 1;
        let mut distance = 0;
        let mut open = missing;
        for word in odd {
            let place = open.iter().position(|right| is_typo_of(word, right))?;
            distance += strsim::osa_distance(word, open.swap_remove(place));
        }
        Some(1.0 - distance as f64 / letters as f64)
    };
    let found = INDEX
        .names
        .iter()
        .filter_map(|(name, exercise)| Some((likeness(name)?, *exercise)));
    let mut best: Vec<_> = found.filter(|(likeness, _)| *likeness >= SAME).collect();
    best.sort_by(|one, other| other.0.total_cmp(&one.0));
    match best.as_slice() {
        [(first, exercise), rest @ ..]
            if rest
                .iter()
                .all(|(other, same)| other < first || same == exercise) =>
        {
            Some(exercise)
        }
        _ => None,
    }
}

/// The words of `these` that are not among `those`, each counted once.
fn without<'a>(these: &'a [String], those: &[String]) -> Vec<&'a str> {
    let mut rest: Vec<_> = those.iter().collect();
    these
        .iter()
        .filter(|word| match rest.iter().position(|other| other == word) {
            Some(place) => {
                rest.swap_remove(place);
                false
            }
            None => true,
        })
        .map(String::as_str)
        .collect()
}

fn is_typo_of(word: &str, right: &str) -> bool {
    let length = right.chars().count();
    let allowed = if length >= 8 { 2 } else { 1 };
    length >= 4
        && !INDEX.vocabulary.contains(word)
        && !TELLING.contains(&right)
        && strsim::osa_distance(word, right) <= allowed
}

/// At most five exercises that share most of the words, the nearest first.
fn near(asked: &[String]) -> Vec<&'static Exercise> {
    let shared = |name: &[String]| {
        name.iter()
            .filter(|right| {
                asked
                    .iter()
                    .any(|word| word == *right || is_typo_of(word, right))
            })
            .count()
    };
    let mut best: HashMap<&str, (f64, &'static Exercise)> = HashMap::new();
    for (name, exercise) in &INDEX.names {
        let nearness = 2.0 * shared(name) as f64 / (name.len() + asked.len()) as f64;
        let entry = best.entry(exercise.name).or_insert((0.0, exercise));
        entry.0 = entry.0.max(nearness);
    }
    let mut list: Vec<_> = best
        .into_values()
        .filter(|(nearness, _)| *nearness >= NEAR)
        .collect();
    list.sort_by(|one, other| {
        other
            .0
            .total_cmp(&one.0)
            .then(other.1.staple.cmp(&one.1.staple))
            .then(one.1.name.cmp(other.1.name))
    });
    list.into_iter()
        .take(5)
        .map(|(_, exercise)| exercise)
        .collect()
}

#[cfg(test)]
mod tests;
