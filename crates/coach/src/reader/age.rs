//! The athlete's age, and not that of a child, a habit or a parent.

use std::ops::Range;

use super::Fact;
use super::body::{ends_clause, letter_of_sex};
use super::numbers::Number;
use super::text::{Item, Text};
use super::vocabulary::{Cue, Meaning};
use super::words::Gap;

/// What a number counts when it is no age: "I'm 80 kg", "I'm 16 weeks pregnant".
const UNITS: [Cue; 15] = [
    Cue::Kilogram,
    Cue::Pound,
    Cue::Stone,
    Cue::Centimetre,
    Cue::Metre,
    Cue::Foot,
    Cue::Week,
    Cue::Month,
    Cue::Day,
    Cue::Hour,
    Cue::Minute,
    Cue::Session,
    Cue::X,
    Cue::Year,
    Cue::Per,
];

/// The age that the text is most sure of.
pub(super) fn read(text: &Text<'_>) -> Option<Fact<f64>> {
    let counted = text
        .numbers
        .iter()
        .filter_map(|number| counted(text, number));
    let decades = (0..text.words.len()).filter_map(|word| decade(text, word));
    let surest = counted
        .chain(decades)
        .max_by(|one, two| one.0.cmp(&two.0).then(two.2.start.cmp(&one.2.start)));
    surest.map(|(_, age, words)| text.fact(age, words))
}

/// An age in digits or words, with how sure it is.
fn counted(text: &Text<'_>, number: &Number) -> Option<(i32, f64, Range<usize>)> {
    let age = number.middle().floor();
    let whole = number.low.fract() == 0.0;
    let turned = text
        .words
        .get(number.words.end)
        .is_some_and(|next| next.text == "geworden");
    let own = text.for_other || !of_another(text, number) && (turned || !is_past(text, number));
    if !(5.0..=110.0).contains(&age) || !whole || !own {
        return None;
    }
    let (sure, end) = said(text, number, age).or_else(|| bare(text, number, age))?;
    Some((sure, age, number.words.start..end))
}

/// What the words around a number say of it as an age: how sure, and where the last of them ends.
fn said(text: &Text<'_>, number: &Number, age: f64) -> Option<(i32, usize)> {
    let (start, end) = (number.words.start, number.words.end);
    let before = text.ends_at(start);
    let after = text
        .starts_at(end)
        .filter(|_| text.words[end].gap == Gap::Soft);
    let is_before = |cue: Cue| before.is_some_and(|item| item.is(cue));
    let is_after = |cue: Cue| after.is_some_and(|item| item.is(cue));
    let unit_end = after.map_or(end, |item| item.end);
    let lasting = text.any(
        text.near(&number.words, 5),
        &[Cue::Ago, Cue::Experience, Cue::Elsewhere],
    );
    let alone = stands_alone(text, end);
    let is =
        start > 0 && ["is", "ist", "a", "tiene"].contains(&text.words[start - 1].text.as_str());
    Some(match () {
        // "years old"; "ans" and "años" are also the years of a habit.
        () if is_after(Cue::Old) && !is_after(Cue::Year) => (5, unit_end),
        () if is_before(Cue::Age) && !is_after(Cue::Centimetre) => (5, end),
        () if is_after(Cue::Old) && !lasting => (if is_before(Cue::IAm) { 5 } else { 3 }, unit_end),
        () if is_before(Cue::IAm) && age >= 10.0 && (alone || !measures(text, end, after)) => {
            (4, end)
        }
        () if alone && before.is_some_and(names_sex) => (3, end),
        () if alone && text.for_other && is => (3, end),
        () if is_after(Cue::Year) && !lasting && age >= 14.0 && ends_clause(text, unit_end) => {
            (2, unit_end)
        }
        () if letter_of_sex(text, end).is_some() => (3, end + 1),
        () if start > 0 && letter_of_sex(text, start - 1).is_some() => (3, end),
        () => return None,
    })
}

/// A number that is a whole clause where the body is described.
fn bare(text: &Text<'_>, number: &Number, age: f64) -> Option<(i32, usize)> {
    let (start, end) = (number.words.start, number.words.end);
    let whole = text.clause(start) == number.words && stands_alone(text, end);
    (whole && (14.0..=90.0).contains(&age) && is_described(text, start)).then_some((1, end))
}

/// Whether nothing that belongs to the number follows it.
fn stands_alone(text: &Text<'_>, end: usize) -> bool {
    let ends = text
        .words
        .get(end)
        .is_none_or(|next| next.gap >= Gap::List || text.is(end, Cue::And));
    ends && !text.between(end).contains(['%', '\'', '′', '’', '+'])
}

/// Whether the number counts something else.
fn measures(text: &Text<'_>, end: usize, after: Option<&Item>) -> bool {
    let percent = text
        .words
        .get(end)
        .is_some_and(|next| ["percent", "prozent", "pour", "por"].contains(&next.text.as_str()));
    let unit = after.is_some_and(|item| UNITS.iter().any(|unit| item.is(*unit)));
    percent || unit || text.between(end).contains(['%', '\'', '′', '’', '+'])
}

fn names_sex(item: &Item) -> bool {
    item.meanings()
        .any(|meaning| matches!(meaning, Meaning::Sex(_)))
}

/// Whether the sentence describes the body, so that a bare number in it is an age: "Male, 34, 80 kg".
fn is_described(text: &Text<'_>, word: usize) -> bool {
    let sentence = text.sentence(word);
    let sex = text.items_in(sentence.clone()).any(names_sex);
    sex || sentence.len() == 1
        || text.any(
            sentence,
            &[Cue::Kilogram, Cue::Pound, Cue::Stone, Cue::Centimetre],
        )
}

/// "my son is 12", "2 kids (4 and 7 years old)", "mother of a 3 year old", "my 15-year-old".
fn of_another(text: &Text<'_>, number: &Number) -> bool {
    let start = number.words.start;
    let after = number.words.end..(number.words.end + 4).min(text.clause(start).end);
    let starts_list =
        |word: usize| text.words[word].gap == Gap::List && !text.between(word).contains('(');
    let sentence = text.sentence(start).start;
    let mut first = start;
    while first > sentence && start - first < 6 && !starts_list(first) {
        first -= 1;
    }
    let parent_of = |word: usize| {
        let of = ["of", "von", "de", "einer", "eines", "einem"]
            .contains(&text.words[word].text.as_str());
        of && text.item_at(word).is_some_and(names_sex)
    };
    let mine = start.checked_sub(1).is_some_and(|before| {
        ["my", "our", "meine", "mein"].contains(&text.words[before].text.as_str())
    });
    mine && text.is(number.words.end, Cue::Old)
        || text.any(first..start, &[Cue::Other])
        || (first..start).any(parent_of)
        || text.any(after, &[Cue::Other])
}

/// "since I was 15", "at 20 I did".
fn is_past(text: &Text<'_>, number: &Number) -> bool {
    let clause = text.clause(number.words.start).start;
    let before = number.words.start.saturating_sub(3).max(clause)..number.words.start;
    text.any(before.clone(), &[Cue::Ago, Cue::Now])
        || before.clone().any(|word| {
            ["was", "when", "als", "quand", "cuando", "war"]
                .contains(&text.words[word].text.as_str())
        })
}

/// "in my thirties", "early 40s", "Mitte 30", "la cinquantaine".
fn decade(text: &Text<'_>, word: usize) -> Option<(i32, f64, Range<usize>)> {
    let named = text.starts_at(word).and_then(|item| {
        let first = item.meanings().find_map(|meaning| {
            if let Meaning::Decade(first) = meaning {
                Some(*first)
            } else {
                None
            }
        })?;
        Some((first, item.end))
    });
    let digits = || {
        let first = text
            .words
            .get(word)?
            .number
            .filter(|first| first % 10.0 == 0.0 && (20.0..=80.0).contains(first))?;
        let plural = text.words.get(word + 1).is_some_and(|next| {
            ["s", "er", "ern", "ties"].contains(&next.text.as_str())
                && text.between(word + 1).trim_matches(['\'', '’']).is_empty()
        });
        Some((first, word + 1 + usize::from(plural)))
    };
    let (first, end) = named.or_else(digits)?;
    let plural = end > word + 1 || named.is_some();
    let part = |cue: Cue| text.any(word.saturating_sub(1)..word, &[cue]);
    let years = match () {
        () if part(Cue::Early) => 2.0,
        () if part(Cue::Late) => 8.0,
        () if part(Cue::Mid) => 5.0,
        () if plural
            && (named.is_some() || text.any(word.saturating_sub(1)..word, &[Cue::DecadeKey])) =>
        {
            5.0
        }
        () => return None,
    };
    let start = word.saturating_sub(usize::from(word > text.clause(word).start));
    let other = text.any(
        word.saturating_sub(4).max(text.clause(word).start)..word,
        &[Cue::Other, Cue::Now],
    );
    (!other).then_some((3, first + years, start..end))
}
