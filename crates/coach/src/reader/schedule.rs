//! When the athlete trains: days a week, weekdays, minutes of a session.

use std::ops::Range;

use super::numbers::Number;
use super::text::{Item, Text};
use super::vocabulary::{Cue, Meaning};
use super::words::Gap;
use super::{Fact, Reading, add};
use crate::brief::Weekday;

/// Something that may be what is looked for, by how much speaks for it.
struct Candidate<T> {
    score: i32,
    value: T,
    words: Range<usize>,
}

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    weekdays(text, reading);
    let counted = count_weekdays(reading);
    let said = days(text, &text.numbers);
    // Nobody trains on more days than they name.
    let fewer = counted
        .clone()
        .filter(|counted| said.as_ref().is_some_and(|said| counted.value < said.value));
    reading.days_per_week = fewer.or(said).or(counted);
    reading.minutes = minutes(
        text,
        &text.numbers,
        reading.days_per_week.as_ref().map(|days| days.value),
    );
}

fn best<T>(candidates: Vec<Candidate<T>>, least: i32) -> Option<Candidate<T>> {
    let best = candidates
        .iter()
        .map(|candidate| candidate.score)
        .max()
        .filter(|best| *best >= least)?;
    candidates
        .into_iter()
        .find(|candidate| candidate.score == best)
}

// Days a week.

fn days(text: &Text<'_>, numbers: &[Number]) -> Option<Fact<u8>> {
    let counted = numbers
        .iter()
        .filter_map(|number| counted_days(text, number));
    let named = text.items.iter().filter_map(|item| named_days(text, item));
    let mut candidates: Vec<_> = counted.chain(named).collect();
    candidates.sort_by_key(|candidate| candidate.words.start);
    best(candidates, 1).map(|found| text.fact(found.value, found.words))
}

/// "3 days a week", "4x", "3 sessions per week", "Days: 4".
fn counted_days(text: &Text<'_>, number: &Number) -> Option<Candidate<u8>> {
    let value = number.low.floor();
    if !(1.0..=7.0).contains(&value) || number.high > 7.0 {
        return None;
    }
    let key = key_before(text, number.words.start);
    let unit = if let Some(key) = &key {
        key.clone()
    } else {
        day_unit(text, number.words.end)?
    };
    let end = week_after(text, number.words.end.max(unit.end));
    let words = number.words.start.min(unit.start)..end.unwrap_or(number.words.end.max(unit.end));
    let weekly = end.is_some() || text.any(unit.clone(), &[Cue::Week]);
    let session = i32::from(text.any(unit.clone(), &[Cue::Session]));
    let each = text.any(unit.clone(), &[Cue::X])
        && text
            .words
            .get(unit.end)
            .is_some_and(|word| word.number.is_some());
    let alone = i32::from(text.clause(words.start) == words);
    let score = i32::from(weekly) * 3
        + i32::from(key.is_some()) * 3
        + i32::from(each) * 2
        + alone
        + session
        + context(text, &words);
    Some(Candidate {
        score,
        value: value as u8,
        words,
    })
}

/// "twice a week", "every other day", "every day".
fn named_days(text: &Text<'_>, item: &Item) -> Option<Candidate<u8>> {
    let times = item.meanings().find_map(|meaning| {
        if let Meaning::Times(times) = meaning {
            Some(*times as u8)
        } else {
            None
        }
    });
    let (value, base) = match times {
        Some(times) => (times, 0),
        // Every other day is three and a half; three can always be kept.
        None if item.is(Cue::EveryOtherDay) => (3, 1),
        None if item.is(Cue::EveryDay) => (7, 0),
        None => return None,
    };
    let end = week_after(text, item.end);
    let words = item.start..end.unwrap_or(item.end);
    let timed = item.is(Cue::EveryDay)
        && text.items_in(text.clause(item.start)).any(|other| {
            other.is(Cue::Minute)
                || other.is(Cue::Hour)
                || other
                    .meanings()
                    .any(|meaning| matches!(meaning, Meaning::Duration(_)))
        });
    let score = base + i32::from(timed) + i32::from(end.is_some()) * 3 + context(text, &words);
    Some(Candidate {
        score,
        value,
        words,
    })
}

/// The unit after a number: "days", "x", "times", "sessions", with at most two words before it ("4 full-body sessions").
fn day_unit(text: &Text<'_>, start: usize) -> Option<Range<usize>> {
    for at in start..start + 3 {
        if text
            .words
            .get(at)
            .is_none_or(|word| word.gap != Gap::Soft || word.number.is_some())
        {
            return None;
        }
        let Some(item) = text.starts_at(at) else {
            continue;
        };
        if item.is(Cue::X) && at == start {
            return times_of_week(text, item);
        }
        if item.is(Cue::Day) || item.is(Cue::Session) {
            let short = item.end == item.start + 1 && text.words[at].text.len() == 1;
            return (!short || at == start).then(|| item.words());
        }
        if [
            Cue::Minute,
            Cue::Hour,
            Cue::Year,
            Cue::Month,
            Cue::Week,
            Cue::Per,
            Cue::X,
        ]
        .iter()
        .any(|cue| item.is(*cue))
        {
            return None;
        }
    }
    None
}

/// "3x" counts where it is no "3x8" (sets) and no "3 times a day".
fn times_of_week(text: &Text<'_>, item: &Item) -> Option<Range<usize>> {
    let next = text.starts_at(item.end);
    let daily = next.is_some_and(|next| next.is(Cue::Per)) && text.is(item.end + 1, Cue::Day)
        || text.any(item.end..item.end + 1, &[Cue::EveryDay]);
    let digits = text
        .words
        .get(item.end)
        .is_some_and(|word| word.number.is_some() && word.gap == Gap::Soft);
    let minutes = text.any(item.end + 1..item.end + 2, &[Cue::Minute, Cue::Hour]);
    (!daily && (!digits || minutes)).then(|| item.words())
}

/// The end of "a week", "per week", "/week", "in der Woche", "3 x 45 min pro Woche" after a place.
fn week_after(text: &Text<'_>, start: usize) -> Option<usize> {
    let sentence = text.sentence(start.saturating_sub(1)).end;
    for at in start..(start + 6).min(sentence) {
        if text.words[at].number.is_some() {
            continue;
        }
        let item = text.item_at(at)?;
        if item.is(Cue::Week) {
            return Some(item.end);
        }
        let passes = [
            Cue::Per,
            Cue::X,
            Cue::Minute,
            Cue::Hour,
            Cue::Day,
            Cue::Session,
            Cue::Train,
        ];
        if !passes.iter().any(|cue| item.is(*cue)) {
            return None;
        }
    }
    None
}

/// The key right before a number: "Days: 4", "training days per week = 4", "Tage/Woche: 3".
fn key_before(text: &Text<'_>, number: usize) -> Option<Range<usize>> {
    let mark = text.between(number);
    if !mark.contains([':', '=']) {
        return None;
    }
    let mut start = number;
    let mut is_day = false;
    while let Some(item) = text.ends_at(start) {
        let part_of_key = [
            Cue::Day,
            Cue::Week,
            Cue::Per,
            Cue::Session,
            Cue::X,
            Cue::Train,
        ]
        .iter()
        .any(|cue| item.is(*cue));
        if !part_of_key {
            break;
        }
        is_day |= item.is(Cue::Day)
            || item.is(Cue::X)
            || item.is(Cue::Session) && text.any(start..number, &[Cue::Week]);
        start = item.start;
        if text.words[start].gap == Gap::Stop {
            break;
        }
    }
    is_day.then_some(start..number)
}

/// What speaks for and against days of training, near these words.
fn context(text: &Text<'_>, words: &Range<usize>) -> i32 {
    let near = text.near(words, 8);
    let train = text.any(near.clone(), &[Cue::Train]);
    let mut score =
        i32::from(train) + 2 * i32::from(text.any(near.clone(), &[Cue::Want, Cue::GoalKey]));
    let others: [(&[Cue], i32); 3] = [
        (&[Cue::Now], 3),
        (&[Cue::Elsewhere], if train { 1 } else { 3 }),
        (&[Cue::Other], 4),
    ];
    for (cues, cost) in others {
        score -= if text.any(near.clone(), cues) {
            cost
        } else {
            0
        };
    }
    let before = near.start..words.start;
    let close = near.start..(words.end + 1).min(near.end);
    score -= if text.any(close, &[Cue::Rest, Cue::Ago, Cue::Year, Cue::Month]) {
        4
    } else {
        0
    };
    let sport = text.any(near.clone(), &[Cue::Sport]);
    score
        - if sport && (!train || text.any(before, &[Cue::Sport])) {
            4
        } else {
            0
        }
}

fn count_weekdays(reading: &Reading) -> Option<Fact<u8>> {
    let first = reading.weekdays.first()?;
    Some(Fact {
        value: u8::try_from(reading.weekdays.len()).ok()?,
        text: first.text.clone(),
    })
    .filter(|days| days.value >= 2)
}

// Weekdays.

fn weekdays(text: &Text<'_>, reading: &mut Reading) {
    let mut at = 0;
    while at < text.items.len() {
        let Some((days, words, next)) = weekday_run(text, at) else {
            at += 1;
            continue;
        };
        at = next;
        let near = text.near(&words, 8).start..text.near(&(words.end - 1..words.end), 6).end;
        let train = text.any(near.clone(), &[Cue::Train]);
        let off = text.any(near.clone(), &[Cue::Rest, Cue::Not, Cue::Cannot])
            || text.any(near.clone(), &[Cue::Sport, Cue::Elsewhere]) && !train;
        for day in days {
            let fact = text.fact(day, words.clone());
            if off {
                add(&mut reading.days_off, fact);
            } else if !text.any(near.clone(), &[Cue::Other, Cue::Now]) {
                add(&mut reading.weekdays, fact);
            }
        }
    }
    let off: Vec<Weekday> = reading.days_off.iter().map(|day| day.value).collect();
    reading.weekdays.retain(|day| !off.contains(&day.value));
    reading.weekdays.sort_by_key(|day| day.value);
    if reading.weekdays.len() == Weekday::ALL.len() {
        reading.weekdays.clear();
    }
}

/// The most weekdays that are read as one run: each twice.
const LONGEST_RUN: usize = 14;

/// Weekdays one after the other: "Mon/Wed/Fri", "Monday to Thursday", "weekends"; with the place of the next item.
fn weekday_run(text: &Text<'_>, first: usize) -> Option<(Vec<Weekday>, Range<usize>, usize)> {
    let (mut days, mut short) = weekday(text.items.get(first)?)?;
    let start = text.items[first].start;
    let (mut last, mut parts) = (first, 1);
    while parts < LONGEST_RUN {
        let joint = text
            .items
            .get(last + 1)
            .filter(|item| [Cue::And, Cue::To, Cue::Or].iter().any(|cue| item.is(*cue)));
        let next = if joint.is_some() { last + 2 } else { last + 1 };
        let Some((more, more_short)) = text.items.get(next).and_then(weekday) else {
            break;
        };
        let between = text.items[last].end..text.items[next].start;
        let mark = text.between(text.items[next].start).trim();
        let close = between.len() == joint.map_or(0, |joint| joint.words().len());
        let long = [last, next]
            .iter()
            .all(|item| text.words[text.items[*item].start].text.len() > 2);
        if !close
            || joint.is_none() && mark.is_empty() && !long
            || text.words[text.items[next].start].gap == Gap::Stop
        {
            break;
        }
        let through = joint.is_some_and(|joint| joint.is(Cue::To))
            || joint.is_none() && matches!(mark, "-" | "–" | "—");
        if let (true, Some(from), [to]) = (
            through && more.len() == 1,
            days.last().copied(),
            more.as_slice(),
        ) {
            days.extend(Weekday::ALL.iter().filter(|day| **day > from && *day < to));
        }
        days.extend(more);
        short &= more_short;
        last = next;
        parts += 1;
    }
    let names = || {
        (first..=last)
            .filter(|item| weekday(&text.items[*item]).is_some())
            .all(|item| text.is_name(&text.items[item].words()))
    };
    // "Mon 60 min", "Wed: legs"
    let after = text.words.get(text.items[last].end);
    let entry = text.words[start].text.len() > 2
        && names()
        && after.is_some_and(|word| word.number.is_some() || word.gap == Gap::Key);
    let counts = !short || parts > 2 || parts == 2 && names() || entry;
    counts.then(|| (days, start..text.items[last].end, last + 1))
}

/// The weekdays that a phrase names, and whether it is an abbreviation.
fn weekday(item: &Item) -> Option<(Vec<Weekday>, bool)> {
    let named = item.meanings().find_map(|meaning| match meaning {
        Meaning::Weekday(day) => Some((vec![*day], false)),
        Meaning::Weekend => Some((vec![Weekday::Saturday, Weekday::Sunday], false)),
        _ => None,
    });
    let short = || {
        item.meanings().find_map(|meaning| {
            if let Meaning::ShortWeekday(day) = meaning {
                Some((vec![*day], true))
            } else {
                None
            }
        })
    };
    named.or_else(short)
}

// Minutes of a session.

fn minutes(text: &Text<'_>, numbers: &[Number], days: Option<u8>) -> Option<Fact<u16>> {
    let mut candidates: Vec<Candidate<f64>> = Vec::new();
    let mut taken = 0;
    for number in numbers.iter() {
        if number.words.start < taken {
            continue;
        }
        let Some(time) = duration(text, number).or_else(|| session_key(text, number)) else {
            continue;
        };
        taken = time.words.end;
        candidates.push(judge(text, time, days));
    }
    for item in &text.items {
        let spoken = item.meanings().find_map(|meaning| {
            if let Meaning::Duration(minutes) = meaning {
                Some(*minutes)
            } else {
                None
            }
        });
        if let Some(minutes) = spoken.filter(|_| {
            !numbers
                .iter()
                .any(|number| number.words.end == item.start && number.words.len() > 1)
        }) {
            candidates.push(judge(
                text,
                Candidate {
                    score: 0,
                    value: minutes,
                    words: item.words(),
                },
                days,
            ));
        }
    }
    candidates.retain(|candidate| (10.0..=180.0).contains(&candidate.value));
    candidates.sort_by_key(|candidate| candidate.words.start);
    best(candidates, 0).map(|found| text.fact(found.value.round() as u16, found.words))
}

/// "45 min", "1h", "1 h 30", "1,5 Stunden", "2 hours and a half", "60'".
fn duration(text: &Text<'_>, number: &Number) -> Option<Candidate<f64>> {
    let start = number.words.start;
    let end = number.words.end;
    if text.between(end).starts_with(['\'', '′', '’'])
        && number.low >= 20.0
        && number.low <= 180.0
        && !text.between(end).starts_with("''")
    {
        let word_follows = text
            .words
            .get(end)
            .is_some_and(|next| next.number.is_some());
        return (!word_follows).then_some(Candidate {
            score: 0,
            value: number.low,
            words: start..end,
        });
    }
    let unit = text
        .starts_at(end)
        .filter(|_| text.words[end].gap == Gap::Soft)?;
    if unit.is(Cue::Minute) {
        return Some(Candidate {
            score: 0,
            value: number.low,
            words: start..unit.end,
        });
    }
    if !unit.is(Cue::Hour) || number.low > 12.0 {
        return None;
    }
    let after: Vec<&str> = text.words[unit.end..]
        .iter()
        .take(3)
        .map(|word| word.text.as_str())
        .collect();
    let (extra, length) = match after.as_slice() {
        ["and", "a", "half"] => (30.0, 3),
        ["and" | "y" | "et" | "und", minutes, _] if text.is(unit.end + 2, Cue::Minute) => {
            (minutes.parse().unwrap_or(0.0), 3)
        }
        ["y", "media", ..] | ["et", "demie" | "demi", ..] => (30.0, 2),
        _ => match text
            .words
            .get(unit.end)
            .and_then(|word| word.number)
            .filter(|_| text.words[unit.end].gap == Gap::Soft)
        {
            Some(minutes) if (5.0..60.0).contains(&minutes) => {
                (minutes, 1 + usize::from(text.is(unit.end + 1, Cue::Minute)))
            }
            _ => (0.0, 0),
        },
    };
    Some(Candidate {
        score: 0,
        value: number.low * 60.0 + extra,
        words: start..(unit.end + length).min(text.words.len()),
    })
}

/// "Session: 60".
fn session_key(text: &Text<'_>, number: &Number) -> Option<Candidate<f64>> {
    let key = text.ends_at(number.words.start)?;
    let marked = text.between(number.words.start).contains([':', '=']);
    let alone = text
        .words
        .get(number.words.end)
        .is_none_or(|word| word.gap >= Gap::List);
    let names_time = key.is(Cue::SessionTime) || key.is(Cue::Minute);
    (marked && alone && names_time && number.low >= 15.0).then_some(Candidate {
        score: 2,
        value: number.low,
        words: key.start..number.words.end,
    })
}

/// What speaks for a time as that of a session; a weekly total is divided by the days.
fn judge(text: &Text<'_>, mut time: Candidate<f64>, days: Option<u8>) -> Candidate<f64> {
    let near = text.near(&time.words, 7);
    let each = text
        .ends_at(time.words.start)
        .is_some_and(|item| item.is(Cue::X));
    let weekly = weekly(text, time.words.end).filter(|_| !each);
    let score = |cues: &[Cue], points: i32| {
        if text.any(near.clone(), cues) {
            points
        } else {
            0
        }
    };
    time.score += score(&[Cue::SessionTime], 2) + score(&[Cue::Want], 1)
        - score(&[Cue::Elsewhere], 3)
        - score(&[Cue::Sport], 3)
        - score(&[Cue::Ago, Cue::Lift], 3);
    if let Some(end) = weekly {
        time.value = (time.value / f64::from(days.unwrap_or(3)) / 5.0).floor() * 5.0;
        time.words.end = end;
    }
    time
}

fn weekly(text: &Text<'_>, end: usize) -> Option<usize> {
    let first = text
        .starts_at(end)
        .filter(|_| text.words[end].gap < Gap::Stop)?;
    if first.is(Cue::Week) {
        return Some(first.end);
    }
    text.starts_at(first.end)
        .filter(|next| first.is(Cue::Per) && next.is(Cue::Week))
        .map(|next| next.end)
}
