//! Numbers in a text: digits, number words of four languages, and ranges.

use std::ops::Range;

use super::text::Text;
use super::vocabulary::{Cue, Meaning};
use super::words::Gap;

/// A number, or a range of two.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Number {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Its words, both ends of a range included.
    pub(super) words: Range<usize>,
}

impl Number {
    /// The middle of a range.
    pub(super) fn middle(&self) -> f64 {
        f64::midpoint(self.low, self.high)
    }
}

/// All numbers of a text, ranges joined.
pub(super) fn numbers(text: &Text<'_>) -> Vec<Number> {
    let mut numbers: Vec<Number> = Vec::new();
    let mut word = 0;
    while word < text.words.len() {
        let Some((value, end)) = digits(text, word).or_else(|| spelled(text, word)) else {
            word += 1;
            continue;
        };
        let number = Number {
            low: value,
            high: value,
            words: word..end,
        };
        match numbers.pop_if(|before| is_range(text, before, &number)) {
            Some(before) => numbers.push(Number {
                low: before.low,
                high: value,
                words: before.words.start..end,
            }),
            None => numbers.push(number),
        }
        word = end;
    }
    numbers
}

fn digits(text: &Text<'_>, word: usize) -> Option<(f64, usize)> {
    text.words.get(word)?.number.map(|value| (value, word + 1))
}

/// "forty five", "treinta y cinco", "quatre-vingt douze", "a hundred and eighty", "fünfundvierzig".
fn spelled(text: &Text<'_>, word: usize) -> Option<(f64, usize)> {
    if let Some(value) = german(&text.words.get(word)?.text) {
        return Some((value, word + 1));
    }
    let (mut value, mut end) = word_number(text, word)?;
    loop {
        let joined = text
            .starts_at(end)
            .filter(|item| item.is(Cue::And) && item.end == end + 1);
        let next = joined.map_or(end, |item| item.end);
        let soft =
            (end..=next).all(|at| text.words.get(at).is_some_and(|word| word.gap == Gap::Soft));
        let Some((part, part_end)) = word_number(text, next).filter(|_| soft) else {
            break;
        };
        let fits = match value as u32 {
            20 | 30 | 40 | 50 | 70 | 90 => part < 10.0,
            60 | 80 => part < 20.0,
            value if value >= 100 && value % 100 == 0 => part < 100.0,
            _ => false,
        };
        if !fits {
            break;
        }
        value += part;
        end = part_end;
    }
    Some((value, end))
}

fn word_number(text: &Text<'_>, word: usize) -> Option<(f64, usize)> {
    let item = text.starts_at(word)?;
    item.meanings().find_map(|meaning| {
        if let Meaning::Number(value) = meaning {
            Some((*value, item.end))
        } else {
            None
        }
    })
}

fn german(word: &str) -> Option<f64> {
    const UNITS: [&str; 9] = [
        "ein", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun",
    ];
    const TENS: [&str; 8] = [
        "zwanzig", "dreissig", "vierzig", "fuenfzig", "sechzig", "siebzig", "achtzig", "neunzig",
    ];
    let (unit, ten) = word.split_once("und")?;
    let unit = UNITS.iter().position(|name| *name == unit)? + 1;
    let ten = TENS.iter().position(|name| *name == ten)? * 10 + 20;
    Some((unit + ten) as f64)
}

/// "3-4", "3 to 4", "3 or 4", "between 45 and 60".
fn is_range(text: &Text<'_>, before: &Number, next: &Number) -> bool {
    let gap = before.words.end..next.words.start;
    let soft = (gap.start..=gap.end).all(|word| {
        text.words
            .get(word)
            .is_some_and(|word| word.gap == Gap::Soft)
    });
    let rising = before.low == before.high
        && before.low < next.low
        && next.low <= before.low * 3.0
        && before.low > 0.0;
    let joined = match gap.len() {
        0 => matches!(text.between(gap.end).trim(), "-" | "–" | "—" | "~"),
        1 => {
            let between = before
                .words
                .start
                .checked_sub(1)
                .and_then(|word| text.words.get(word));
            let between = between
                .is_some_and(|word| ["between", "zwischen", "entre"].contains(&word.text.as_str()));
            text.is(gap.start, Cue::To)
                || text.is(gap.start, Cue::Or)
                || between && text.is(gap.start, Cue::And)
        }
        _ => false,
    };
    soft && rising && joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_digits_and_words_of_four_languages() {
        for (text, low, high) in [
            ("about twenty five of them", 25.0, 25.0),
            ("weigh a hundred and eighty pounds", 180.0, 180.0),
            ("ich habe fünfundvierzig Minuten", 45.0, 45.0),
            ("j'ai quarante-cinq minutes", 45.0, 45.0),
            ("je pèse quatre-vingt-douze kilos", 92.0, 92.0),
            ("je pèse soixante-quinze kilos", 75.0, 75.0),
            ("tengo treinta y cinco años", 35.0, 35.0),
            ("3-4 days", 3.0, 4.0),
            ("3 – 4 days", 3.0, 4.0),
            ("three to four days", 3.0, 4.0),
            ("3 o 4 días", 3.0, 4.0),
            ("drei bis vier Tage", 3.0, 4.0),
            ("between 45 and 60 minutes", 45.0, 60.0),
        ] {
            let found = Text::new(text).numbers;
            let last = found
                .last()
                .unwrap_or_else(|| panic!("no number in {text}"));
            assert_eq!((last.low, last.high), (low, high), "{text}");
        }
    }

    #[test]
    fn numbers_side_by_side_are_no_range() {
        for text in ["I'm 34 and 80 kg", "5, 10", "90 to 80", "3 x 45", "1 or 30"] {
            assert!(
                Text::new(text)
                    .numbers
                    .iter()
                    .all(|number| number.low == number.high),
                "{text}"
            );
        }
    }
}
