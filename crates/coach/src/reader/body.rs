//! The athlete's body: sex, height, weight and the weight that is wished.

use std::ops::Range;

use super::numbers::Number;
use super::text::Text;
use super::vocabulary::{Cue, Meaning};
use super::words::Gap;
use super::{Fact, HeightUnit, Reading, WeightUnit};
use crate::profile::Sex;

const KG_PER_POUND: f64 = 0.453_592_37;
const POUNDS_PER_STONE: f64 = 14.0;
const CM_PER_INCH: f64 = 2.54;
const INCHES_PER_FOOT: f64 = 12.0;

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    reading.sex = sex(text);
    height(text, &text.numbers, reading);
    weight(text, &text.numbers, reading);
}

// Sex.

fn sex(text: &Text<'_>) -> Option<Fact<Sex>> {
    text.items.iter().find_map(|item| {
        let sex = item.meanings().find_map(|meaning| {
            if let Meaning::Sex(sex) = meaning {
                Some(*sex)
            } else {
                None
            }
        });
        let letter = || letter_of_sex(text, item.start);
        let others = [Cue::Other, Cue::ForOther].iter().any(|cue| item.is(*cue));
        sex.filter(|_| !others)
            .or_else(letter)
            .map(|sex| text.fact(sex, item.words()))
    })
}

/// `m`, `f`, `w`, `h` right beside an age ("34M", "F, 28") or after "sex:".
pub(super) fn letter_of_sex(text: &Text<'_>, word: usize) -> Option<Sex> {
    let item = text.starts_at(word)?;
    let sex = match (item.is(Cue::Man), item.is(Cue::Woman)) {
        (true, false) => Sex::Male,
        (false, true) => Sex::Female,
        _ => return None,
    };
    let age = |at: Option<usize>| {
        at.and_then(|at| text.words.get(at))
            .and_then(|word| word.number)
            .is_some_and(|number| (14.0..=90.0).contains(&number))
    };
    let before = word.checked_sub(1);
    let key = before
        .and_then(|at| text.words.get(at))
        .is_some_and(|word| {
            ["sex", "gender", "geschlecht", "sexe", "sexo", "genre"].contains(&word.text.as_str())
        });
    let first = word == 0 || text.words[word].gap >= Gap::List;
    (key || age(before) && ends_clause(text, word + 1) || first && age(Some(word + 1)))
        .then_some(sex)
}

pub(super) fn ends_clause(text: &Text<'_>, word: usize) -> bool {
    text.words
        .get(word)
        .is_none_or(|word| word.gap >= Gap::List)
}

// Height.

fn height(text: &Text<'_>, numbers: &[Number], reading: &mut Reading) {
    let found = numbers
        .iter()
        .enumerate()
        .find_map(|(place, number)| tall(text, number, numbers.get(place + 1)));
    let Some((cm, unit, words)) = found else {
        return;
    };
    reading.height_cm = Some(text.fact((cm * 10.0).round() / 10.0, words.clone()));
    reading.height_unit = Some(text.fact(unit, words));
}

/// "1,80 m", "1m80", "180 cm", "5'11", "5 ft 11", "height: 180".
fn tall(
    text: &Text<'_>,
    number: &Number,
    next: Option<&Number>,
) -> Option<(f64, HeightUnit, Range<usize>)> {
    let (start, end, value) = (number.words.start, number.words.end, number.middle());
    let unit = text
        .starts_at(end)
        .filter(|_| text.words[end].gap == Gap::Soft);
    let is = |cue: Cue| unit.is_some_and(|item| item.is(cue));
    let unit_end = unit.map_or(end, |item| item.end);
    let follows = |at: usize| {
        next.filter(|next| next.words.start == at && text.words[at].gap == Gap::Soft)
            .map(|next| (next.low, next.words.end))
    };
    let metric = |cm: f64, end: usize| {
        (120.0..=230.0)
            .contains(&cm)
            .then_some((cm, HeightUnit::Centimetres, start..end))
    };
    let imperial = |inches: f64, end: usize| {
        let cm = inches * CM_PER_INCH;
        (120.0..=230.0)
            .contains(&cm)
            .then_some((cm, HeightUnit::Feet, start..end))
    };
    if is(Cue::Centimetre) {
        return metric(value, unit_end);
    }
    if is(Cue::Metre) {
        let rest =
            follows(unit_end).filter(|(rest, _)| value == 1.0 && (20.0..=99.0).contains(rest));
        return rest.map_or_else(
            || metric(value * 100.0, unit_end),
            |(rest, end)| metric(100.0 + rest, end),
        );
    }
    if is(Cue::Foot) || text.between(end).starts_with(['\'', '′', '’']) {
        let rest = follows(unit_end).filter(|(rest, _)| *rest < INCHES_PER_FOOT);
        let (inches, rest_end) = rest.unwrap_or((0.0, unit_end));
        let inch = text.is(rest_end, Cue::Inch)
            && text
                .words
                .get(rest_end)
                .is_some_and(|word| word.gap == Gap::Soft);
        let said = is(Cue::Foot) || rest.is_some();
        return said
            .then(|| {
                imperial(
                    value * INCHES_PER_FOOT + inches,
                    rest_end + usize::from(inch),
                )
            })
            .flatten();
    }
    let clause = text.clause(start);
    let key = text.any(
        start.saturating_sub(3).max(clause.start)..start,
        &[Cue::Height],
    ) || text.any(end..(end + 2).min(clause.end), &[Cue::Height]);
    let kilograms = is(Cue::Kilogram) || is(Cue::Pound);
    key.then(|| metric(if value < 3.0 { value * 100.0 } else { value }, end))
        .flatten()
        .filter(|_| !kilograms)
}

// Weight.

#[derive(PartialEq)]
enum About {
    Body(i32),
    Wished,
    Change(f64),
    Other,
}

fn weight(text: &Text<'_>, numbers: &[Number], reading: &mut Reading) {
    let metric = reading
        .height_unit
        .as_ref()
        .is_none_or(|unit| unit.value == HeightUnit::Centimetres);
    let mut body: Option<(i32, Fact<f64>, Option<Fact<WeightUnit>>)> = None;
    let mut change = None;
    for (place, number) in numbers.iter().enumerate() {
        let Some((kg, unit, words)) = weighs(text, number, numbers.get(place + 1), metric) else {
            continue;
        };
        let said = unit.map(|unit| text.fact(unit, words.clone()));
        let fact = text.fact((kg * 10.0).round() / 10.0, words.clone());
        let sane = (30.0..=300.0).contains(&kg);
        match about(text, &words, body.is_some(), said.is_some()) {
            About::Body(score) if sane && body.as_ref().is_none_or(|(best, ..)| score > *best) => {
                body = Some((score, fact, said))
            }
            About::Wished if sane => {
                reading.goal_weight_kg.get_or_insert(fact);
            }
            About::Change(sign) if kg < 100.0 => {
                change.get_or_insert((sign, fact));
            }
            _ => continue,
        }
    }
    if let Some((_, weight, unit)) = body {
        reading.weight_kg = Some(weight);
        reading.weight_unit = unit;
    }
    let (Some(weight), None, Some((sign, by))) =
        (&reading.weight_kg, &reading.goal_weight_kg, change)
    else {
        return;
    };
    let wished = ((weight.value + sign * by.value) * 10.0).round() / 10.0;
    if (30.0..=300.0).contains(&wished) {
        reading.goal_weight_kg = Some(Fact {
            value: wished,
            text: by.text,
        });
    }
}

/// A weight in kg with its unit: "80 kg", "180 lbs", "12 stone 4", or "weight: 80".
fn weighs(
    text: &Text<'_>,
    number: &Number,
    next: Option<&Number>,
    metric: bool,
) -> Option<(f64, Option<WeightUnit>, Range<usize>)> {
    let (start, end, value) = (number.words.start, number.words.end, number.middle());
    let unit = text
        .starts_at(end)
        .filter(|_| text.words[end].gap == Gap::Soft);
    let is = |cue: Cue| unit.is_some_and(|item| item.is(cue));
    let unit_end = unit.map_or(end, |item| item.end);
    if is(Cue::Kilogram) {
        return Some((value, Some(WeightUnit::Kilograms), start..unit_end));
    }
    if is(Cue::Pound) {
        return Some((
            value * KG_PER_POUND,
            Some(WeightUnit::Pounds),
            start..unit_end,
        ));
    }
    if is(Cue::Stone) {
        let rest = next.filter(|next| {
            next.words.start == unit_end
                && next.low < POUNDS_PER_STONE
                && text.words[unit_end].gap == Gap::Soft
        });
        let pounds = value * POUNDS_PER_STONE + rest.map_or(0.0, |rest| rest.low);
        return Some((
            pounds * KG_PER_POUND,
            Some(WeightUnit::Stone),
            start..rest.map_or(unit_end, |rest| rest.words.end),
        ));
    }
    let key = text.ends_at(start).is_some_and(|item| {
        item.is(Cue::Weight) || item.is(Cue::Target) && text.between(start).contains([':', '='])
    });
    let other_unit = [
        Cue::Centimetre,
        Cue::Metre,
        Cue::Minute,
        Cue::Day,
        Cue::X,
        Cue::Year,
        Cue::Old,
        Cue::Week,
    ]
    .iter()
    .any(|cue| is(*cue));
    let kg = if metric { value } else { value * KG_PER_POUND };
    (key && !other_unit && (30.0..=300.0).contains(&kg)).then_some((kg, None, start..end))
}

/// What a weight is about: the body, a wish, a change to come, or a bar.
fn about(text: &Text<'_>, words: &Range<usize>, has_body: bool, has_unit: bool) -> About {
    let clause = text.clause(words.start);
    let before = words.start.saturating_sub(4).max(clause.start)..words.start;
    let after = words.end..(words.end + 3).min(clause.end);
    let gear = |range: &Range<usize>| {
        text.items_in(range.clone()).any(|item| {
            let lift = item.is(Cue::Lift) && !item.is(Cue::Target);
            lift || item
                .meanings()
                .any(|meaning| matches!(meaning, Meaning::Equipment(_) | Meaning::Avoid(_)))
        })
    };
    let near = text.near(words, 5);
    let has = |range: &Range<usize>, cue: Cue| text.any(range.clone(), &[cue]);
    let right_before = |cue: Cue| text.ends_at(words.start).is_some_and(|item| item.is(cue));
    if has(&near, Cue::Changed)
        || has(&before, Cue::Other)
        || text.any(before.clone(), &[Cue::Now]) && has_body
    {
        return About::Other;
    }
    let from_number = words.start >= 2
        && text
            .words
            .get(words.start - 2)
            .is_some_and(|word| word.number.is_some());
    let arrow = has_body
        && ["->", "→", "=>"]
            .iter()
            .any(|arrow| text.between(words.start).contains(arrow));
    // "70 kg wäre mein Wunschgewicht"
    let named_after = text
        .ends_at(clause.end)
        .is_some_and(|last| last.is(Cue::Target) && last.start > words.end)
        && !has(&before, Cue::Weight)
        && !has(&before, Cue::IAm);
    if arrow
        || named_after
        || has(&before, Cue::Target) && !right_before(Cue::IAm)
        || right_before(Cue::To)
            && (has(&clause, Cue::Lose) || has(&clause, Cue::Gain) || has_body || from_number)
    {
        return if gear(&before) || gear(&after) {
            About::Other
        } else {
            About::Wished
        };
    }
    if has_unit && has(&near, Cue::Lose) {
        return About::Change(-1.0);
    }
    if has_unit && has(&near, Cue::Gain) {
        return About::Change(1.0);
    }
    if has(&before, Cue::Weight) {
        return About::Body(3);
    }
    if gear(&before) || gear(&after) {
        return About::Other;
    }
    About::Body(i32::from(has(&before, Cue::IAm)) * 2 + i32::from(has(&after, Cue::Weight)) * 2)
}
