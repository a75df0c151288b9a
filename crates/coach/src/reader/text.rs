//! A text with what its phrases mean, its language, and its clauses: what the rules read.

use std::ops::Range;

use super::numbers::{self, Number};
use super::vocabulary::{Cue, Entry, Meaning, Vocabulary};
use super::words::{self, Gap, Word};
use super::{Fact, Flag, Language};

/// The longest excerpt that a fact keeps, in characters.
const EXCERPT: usize = 60;

/// The most words of a clause and of a sentence: a text without marks is parted all the same, so that it is read as fast as any.
const CLAUSE: usize = 80;
const SENTENCE: usize = 400;

/// A phrase with its meanings, over the words `start..end`.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) start: usize,
    pub(super) end: usize,
    meanings: Vec<&'static Meaning>,
    /// Its cues, a bit each: they are asked for at every turn.
    cues: u128,
}

fn bit(cue: Cue) -> u128 {
    1 << cue as u32
}

/// A text, read.
#[derive(Debug)]
pub(super) struct Text<'a> {
    source: &'a str,
    pub(super) words: Vec<Word>,
    pub(super) items: Vec<Item>,
    /// For each word the place of its item.
    item_of: Vec<Option<usize>>,
    /// For each word its clause and its sentence.
    clause_of: Vec<Range<usize>>,
    sentence_of: Vec<Range<usize>>,
    /// Whether the text asks for a plan for somebody else, whose facts then count.
    pub(super) for_other: bool,
    /// Its numbers.
    pub(super) numbers: Vec<Number>,
    /// Its language, where words tell one.
    pub(super) language: Option<Language>,
}

impl Item {
    pub(super) fn meanings(&self) -> impl Iterator<Item = &'static Meaning> {
        self.meanings.iter().copied()
    }

    pub(super) fn is(&self, cue: Cue) -> bool {
        self.cues & bit(cue) != 0
    }

    pub(super) fn flag(&self) -> Option<Flag> {
        self.meanings().find_map(|meaning| {
            if let Meaning::Flag(flag) = meaning {
                Some(*flag)
            } else {
                None
            }
        })
    }

    pub(super) fn words(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl<'a> Text<'a> {
    /// Reads a text. Words of its main language count, and English ones that it does not know; flags count in every language.
    pub(super) fn new(source: &'a str) -> Self {
        let words = words::words(source);
        let found: Vec<Vec<(usize, &'static Entry)>> = (0..words.len())
            .map(|place| Vocabulary::get().matches(&words[place..]).collect())
            .collect();
        let language = language(&found);
        let items = items(&found, language.unwrap_or(Language::En));
        let mut item_of = vec![None; words.len()];
        for (place, item) in items.iter().enumerate() {
            item_of[item.words()].fill(Some(place));
        }
        let mut text = Self {
            source,
            words,
            items,
            item_of,
            clause_of: Vec::new(),
            sentence_of: Vec::new(),
            numbers: Vec::new(),
            for_other: false,
            language,
        };
        text.divide();

        text
    }

    fn divide(&mut self) {
        let turns = |place: usize| self.starts_at(place).is_some_and(|item| item.is(Cue::Turn));
        let parts = |place: usize| self.words[place].gap >= Gap::List || turns(place);
        self.clause_of = ranges(self.words.len(), CLAUSE, parts);
        self.sentence_of = ranges(self.words.len(), SENTENCE, |place| {
            self.words[place].gap == Gap::Stop
        });
        self.for_other = self.items.iter().any(|item| item.is(Cue::ForOther));
        self.numbers = numbers::numbers(self);
    }

    /// The item that a word belongs to.
    pub(super) fn item_at(&self, word: usize) -> Option<&Item> {
        self.items.get((*self.item_of.get(word)?)?)
    }

    /// The item that starts right at this word.
    pub(super) fn starts_at(&self, word: usize) -> Option<&Item> {
        self.item_at(word).filter(|item| item.start == word)
    }

    /// The item that ends right before this word.
    pub(super) fn ends_at(&self, word: usize) -> Option<&Item> {
        self.item_at(word.checked_sub(1)?)
            .filter(|item| item.end == word)
    }

    /// Whether a word is part of a phrase with this cue.
    pub(super) fn is(&self, word: usize, cue: Cue) -> bool {
        self.item_at(word).is_some_and(|item| item.is(cue))
    }

    /// The items that these words are part of.
    pub(super) fn items_in(&self, range: Range<usize>) -> impl Iterator<Item = &Item> {
        let first = self.items.partition_point(|item| item.end <= range.start);
        self.items[first..]
            .iter()
            .take_while(move |item| item.start < range.end)
    }

    /// Whether any of these words is part of a phrase with one of these cues.
    pub(super) fn any(&self, range: Range<usize>, cues: &[Cue]) -> bool {
        let cues = cues.iter().fold(0, |cues, cue| cues | bit(*cue));
        self.items_in(range).any(|item| item.cues & cues != 0)
    }

    /// The clause around a word: up to a comma, a bracket, "but" or "because".
    pub(super) fn clause(&self, word: usize) -> Range<usize> {
        self.clause_of.get(word).cloned().unwrap_or(word..word)
    }

    /// The sentence or line around a word.
    pub(super) fn sentence(&self, word: usize) -> Range<usize> {
        self.sentence_of.get(word).cloned().unwrap_or(word..word)
    }

    /// The clause around a range of words, cut at "and" and at most `reach` words to each side.
    pub(super) fn near(&self, range: &Range<usize>, reach: usize) -> Range<usize> {
        let clause = self.clause(range.start);
        let parts = |word: usize| self.is(word, Cue::And);
        let least = range.start.saturating_sub(reach).max(clause.start);
        let start = (least..range.start)
            .rev()
            .find(|word| parts(*word))
            .map_or(least, |word| word + 1);
        let most = (range.end + reach).min(clause.end).max(range.end);
        let end = (range.end..most).find(|word| parts(*word)).unwrap_or(most);
        start..end
    }

    /// The text between two words that follow each other.
    pub(super) fn between(&self, word: usize) -> &str {
        let Some(before) = word
            .checked_sub(1)
            .and_then(|before| self.words.get(before))
        else {
            return "";
        };
        self.words
            .get(word)
            .map_or(&self.source[before.end..], |next| {
                &self.source[before.end..next.start]
            })
    }

    /// Whether words are written with a capital letter first, or all in capitals where they are short.
    pub(super) fn is_name(&self, range: &Range<usize>) -> bool {
        let Some(first) = self.words.get(range.start) else {
            return false;
        };
        let written = &self.source[first.start..first.end];
        let short = range.len() == 1 && written.len() <= 4;
        if short
            && written.is_ascii()
            && self.words[range.start].text.len() <= 4
            && ABBREVIATIONS.contains(&first.text.as_str())
        {
            return written.chars().all(char::is_uppercase);
        }
        written.starts_with(char::is_uppercase)
    }

    /// A fact with the piece of text that these words are.
    pub(super) fn fact<T>(&self, value: T, range: Range<usize>) -> Fact<T> {
        Fact {
            value,
            text: self.excerpt(range),
        }
    }

    fn excerpt(&self, range: Range<usize>) -> String {
        let (Some(first), Some(last)) = (
            self.words.get(range.start),
            range
                .end
                .checked_sub(1)
                .and_then(|last| self.words.get(last)),
        ) else {
            return String::new();
        };
        let piece = self.source.get(first.start..last.end).unwrap_or_default();
        piece.chars().take(EXCERPT).collect()
    }
}

/// Short names of zones, which are other words in small letters.
const ABBREVIATIONS: &[&str] = &[
    "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "mez", "mesz", "ist",
    "utc", "gmt", "uk", "uae", "nyc",
];

/// For each of `length` places the range between two places that start one, at most `limit` long.
fn ranges(length: usize, limit: usize, starts: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut ranges = Vec::with_capacity(length);
    while ranges.len() < length {
        let start = ranges.len();
        let most = length.min(start + limit);
        let end = (start + 1..most)
            .find(|place| starts(*place))
            .unwrap_or(most);
        ranges.resize(end, start..end);
    }
    ranges
}

/// The language that most words belong to; None where no word tells. A word of two languages tells little.
fn language(found: &[Vec<(usize, &'static Entry)>]) -> Option<Language> {
    let mut scores = [0_u32; Language::ALL.len()];
    for matches in found {
        let mut longest = [0_u32; Language::ALL.len()];
        for (length, entry) in matches {
            let place = Language::ALL
                .iter()
                .position(|one| entry.language == Some(*one));
            if let Some(known) = place.and_then(|place| longest.get_mut(place)) {
                *known = (*known).max(*length as u32);
            }
        }
        let known = longest.iter().filter(|length| **length > 0).count() as u32;
        for (score, length) in scores.iter_mut().zip(longest) {
            *score += 12 * length / known.max(1);
        }
    }
    let best = scores.iter().copied().max().filter(|best| *best > 0)?;
    Language::ALL
        .iter()
        .zip(scores)
        .find(|(_, score)| *score == best)
        .map(|(language, _)| *language)
}

/// At each place the longest phrase, with all of its meanings; the main language goes before English.
fn items(found: &[Vec<(usize, &'static Entry)>], main: Language) -> Vec<Item> {
    let mut items = Vec::new();
    let mut place = 0;
    while let Some(matches) = found.get(place) {
        let meant = |entry: &Entry| match (&entry.meaning, entry.language) {
            (Meaning::Stop, _) => 0,
            (_, Some(language)) if language == main => 4,
            (_, None) => 3,
            (Meaning::Flag(_), _) => 2,
            (_, Some(Language::En)) if entry.is_plain() => 1,
            _ => 0,
        };
        let best = matches
            .iter()
            .filter(|(_, entry)| meant(entry) > 0)
            .map(|(length, entry)| (*length, meant(entry)))
            .max();
        let Some(best @ (length, _)) = best else {
            place += 1;
            continue;
        };
        let same = |(length, entry): &&(usize, &'static Entry)| (*length, meant(entry)) == best;
        let meanings: Vec<_> = matches
            .iter()
            .filter(same)
            .map(|(_, entry)| &entry.meaning)
            .collect();
        let cues = meanings.iter().fold(0, |cues, meaning| {
            if let Meaning::Cue(cue) = meaning {
                cues | bit(*cue)
            } else {
                cues
            }
        });
        items.push(Item {
            start: place,
            end: place + length,
            meanings,
            cues,
        });
        place += length;
    }
    items
}
