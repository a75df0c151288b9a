//! Reading what people write: names, lists and table rows, and which words in a free text are meant and which are denied.

use std::fmt::Debug;

/// An enum whose variants have one written name each, the same in tables, JSON and on screen.
macro_rules! names {
    ($(#[$doc:meta])* pub enum $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = concat!("Written `", $text, "`.")] $variant),+
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The written name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.name().replace('_', " "))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                $crate::words::named(&text).map_err(serde::de::Error::custom)
            }
        }

        impl $crate::words::Named for $name {
            const ALL: &'static [Self] = Self::ALL;
            fn name(self) -> &'static str { self.name() }
        }
    };
}
pub(crate) use names;

/// An enum made by `names!`.
pub(crate) trait Named: Copy + Debug + 'static {
    const ALL: &'static [Self];
    fn name(self) -> &'static str;
}

/// The variant written `text`.
pub(crate) fn named<T: Named>(text: &str) -> Result<T, String> {
    T::ALL
        .iter()
        .copied()
        .find(|one| one.name() == text)
        .ok_or_else(|| {
            let known: Vec<_> = T::ALL.iter().map(|one| one.name()).collect();
            format!("`{text}` is none of {}", known.join(", "))
        })
}

/// The cells of a Markdown table's rows, without its head.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'))
        .skip(2)
        .map(|line| line.split('|').map(str::trim).collect())
}

/// The comma-separated values of one cell; `-` is none.
pub(crate) fn cells(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty() && *text != "-")
}

/// Whether a text is free of links, markup and control characters.
pub(crate) fn is_plain(text: &str) -> bool {
    let lower = text.to_lowercase();
    let link = ["http:", "https:", "www.", "://", "javascript:", "mailto:"]
        .iter()
        .any(|mark| lower.contains(mark));
    !link && !text.contains(['<', '>']) && !text.chars().any(|c| c.is_control() && c != '\n')
}

/// Lower case, letters and digits, single hyphens.
pub(crate) fn slug(name: &str) -> String {
    let plain: String = name.replace('\'', "").to_lowercase();
    let parts: Vec<_> = plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("-")
}

/// What a name is compared by: its words in lower case, singular, with a space between.
pub(crate) fn key(name: &str) -> String {
    tokens(name).join(" ")
}

/// The words of a text in lower case and singular; apostrophes vanish, everything else that is no letter or digit divides.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace(['\'', '’'], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(singular)
        .collect()
}

fn singular(word: &str) -> String {
    let keep = word.len() <= 3 || ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    match word {
        "ups" => "up".to_owned(),
        "abs" => "ab".to_owned(),
        "calves" => "calf".to_owned(),
        _ if keep => word.to_owned(),
        _ if ["ches", "shes", "sses", "xes", "toes"]
            .iter()
            .any(|end| word.ends_with(end)) =>
        {
            word[..word.len() - 2].to_owned()
        }
        _ if word.ends_with("ies") => format!("{}y", &word[..word.len() - 3]),
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

const NOT: &[&str] = &[
    "no", "not", "none", "never", "without", "dont", "doesnt", "isnt", "arent", "havent", "hasnt",
    "nil", "zero", "free",
];
const TURN: &[&str] = &[
    "but", "because", "since", "due", "except", "however", "although", "though", "and", "while",
    "apart", "besides", "when", "so",
];

/// A part of a text that says one thing.
#[derive(Debug)]
pub(crate) struct Clause {
    pub words: Vec<String>,
}

impl Clause {
    /// Whether the words of `phrase` stand in it, in a row.
    pub(crate) fn position(&self, phrase: &[String]) -> Option<usize> {
        if phrase.is_empty() {
            return None;
        }
        self.words
            .windows(phrase.len())
            .position(|window| window == phrase)
    }

    /// Whether any of these words stands in it.
    pub(crate) fn has_any(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&word.as_str()))
    }

    /// Whether something said at `place` is denied: a "no", "not" or "never" stands before it, or "healed" with no such word.
    pub(crate) fn denies(&self, place: usize) -> bool {
        let denied = |word: &String| NOT.contains(&word.as_str());
        let before = self.words[..place.min(self.words.len())].iter().any(denied);
        let over =
            self.has_any(&["healed", "recovered", "resolved"]) && !self.words.iter().any(denied);
        before || over
    }
}

/// The clauses of a text: divided at sentence marks, commas, and words that turn it ("but", "because", "and").
pub(crate) fn clauses(text: &str) -> Vec<Clause> {
    let mut clauses = Vec::new();
    for part in text.split(['.', ',', ';', ':', '!', '?', '\n', '(', ')', '/']) {
        let mut words = Vec::new();
        for word in tokens(part) {
            if TURN.contains(&word.as_str()) {
                clauses.push(Clause {
                    words: std::mem::take(&mut words),
                });
            } else {
                words.push(word);
            }
        }
        clauses.push(Clause { words });
    }
    clauses.retain(|clause| !clause.words.is_empty());
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_denies_what_stands_after_a_no() {
        for (text, word, denied) in [
            ("no knee pain", "knee", true),
            ("knee not fully healed", "knee", false),
            ("knee healed", "knee", true),
            ("old knee pain", "knee", false),
            ("I don't have shoulder problems", "shoulder", true),
        ] {
            let clause = clauses(text).pop().expect("a clause");
            let place = clause.position(&tokens(word)).expect("the word");
            assert_eq!(clause.denies(place), denied, "{text}");
        }
    }

    #[test]
    fn a_turn_ends_what_a_no_denies() {
        let clauses =
            clauses("no overhead pressing because shoulder hurts, no knee pain but back aches");
        assert_eq!(clauses.len(), 4);
        assert!(!clauses[1].denies(0));
    }

    #[test]
    fn a_key_ignores_case_plural_and_punctuation() {
        assert_eq!(key("Push-Ups"), key("push up"));
        assert_eq!(key("Farmer's Carries"), "farmer carry");
        assert_eq!(key("Bench Presses"), "bench press");
        assert_eq!(slug("World's Greatest Stretch"), "worlds-greatest-stretch");
    }
}
