//! Where the athlete's clock stands: an IANA name, an offset from UTC, or a well-known place.

use super::Fact;
use super::text::{Item, Text};
use super::vocabulary::{Cue, Meaning};

/// The first part of IANA names.
const AREAS: &[&str] = &[
    "africa",
    "america",
    "antarctica",
    "arctic",
    "asia",
    "atlantic",
    "australia",
    "europe",
    "indian",
    "pacific",
    "etc",
];

pub(super) fn read(text: &Text<'_>) -> Option<Fact<String>> {
    let written = (0..text.words.len()).find_map(|word| iana(text, word));
    let offset = || text.items.iter().find_map(|item| offset(text, item));
    written.or_else(offset).or_else(|| place(text))
}

/// `America/Argentina/Buenos_Aires`, as it is written.
fn iana(text: &Text<'_>, word: usize) -> Option<Fact<String>> {
    if !AREAS.contains(&text.words.get(word)?.text.as_str()) || text.between(word + 1) != "/" {
        return None;
    }
    let place = text.words.get(word + 1)?;
    if place.number.is_some() {
        return None;
    }
    let mut end = word + 2;
    while end < text.words.len()
        && matches!(text.between(end), "/" | "_" | "-" | "")
        && text.words[end].number.is_none()
    {
        end += 1;
    }
    let fact = text.fact((), word..end);
    Some(Fact {
        value: fact.text.clone(),
        text: fact.text,
    })
}

/// `UTC+2`, `GMT-5`, `UTC+5:30`.
fn offset(text: &Text<'_>, item: &Item) -> Option<Fact<String>> {
    zone_of(item).filter(|zone| *zone == "Etc/UTC")?;
    let hours = text
        .words
        .get(item.end)?
        .number
        .filter(|hours| hours.fract() == 0.0 && *hours <= 14.0)? as i32;
    let sign = match text.between(item.end).trim() {
        "+" => 1,
        "-" | "−" | "–" => -1,
        _ => return None,
    };
    let minutes = text
        .words
        .get(item.end + 1)
        .and_then(|word| word.number)
        .filter(|_| text.between(item.end + 1) == ":");
    let name = match (sign * hours, minutes.unwrap_or_default() as i32) {
        (0, 0) => "Etc/UTC".to_owned(),
        // The names of these zones count from the other side.
        (east, 0) if east > 0 => format!("Etc/GMT-{east}"),
        (west, 0) if west >= -12 => format!("Etc/GMT+{}", -west),
        (3, 30) => "Asia/Tehran".to_owned(),
        (4, 30) => "Asia/Kabul".to_owned(),
        (5, 30) => "Asia/Kolkata".to_owned(),
        (5, 45) => "Asia/Kathmandu".to_owned(),
        (9, 30) => "Australia/Darwin".to_owned(),
        (-3, 30) => "America/St_Johns".to_owned(),
        _ => return None,
    };
    Some(text.fact(
        name,
        item.start..item.end + 1 + usize::from(minutes.is_some()),
    ))
}

/// A place: one that the athlete lives in goes before others, one that is come from or travelled to after.
fn place(text: &Text<'_>) -> Option<Fact<String>> {
    let named = text.items.iter().filter_map(|item| {
        let zone = zone_of(item)?;
        let clause = text.clause(item.start);
        let before = item.start.saturating_sub(4).max(clause.start)..item.start;
        let lives = text.any(before.clone(), &[Cue::Live]);
        let from = text.any(before, &[Cue::From, Cue::Now]);
        let race = text.starts_at(item.end).is_some_and(|next| {
            next.meanings()
                .any(|meaning| matches!(meaning, Meaning::Goal(_)))
        });
        let counts = (lives || text.is_name(&item.words())) && !race;
        counts.then(|| (i32::from(lives) * 2 - i32::from(from && !lives), zone, item))
    });
    let mut best: Option<(i32, &str, &Item)> = None;
    for found in named {
        if best.is_none_or(|best| found.0 > best.0) {
            best = Some(found);
        }
    }
    best.map(|(_, zone, item)| text.fact(zone.to_owned(), item.words()))
}

fn zone_of(item: &Item) -> Option<&'static str> {
    item.meanings().find_map(|meaning| {
        if let Meaning::Zone(zone) = meaning {
            Some(*zone)
        } else {
            None
        }
    })
}
