//! What the athlete wishes: goal, level, exercises that are not wanted, muscles to favour.

use std::ops::Range;

use super::text::{Item, Text};
use super::vocabulary::{Cue, Meaning};
use super::words::Gap;
use super::{Fact, Reading, add};
use crate::exercise::Muscle;
use crate::profile::{Goal, Level};

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    goals(text, reading);
    reading.level = level(text);
    exclusions(text, reading);
    emphasis(text, reading);
}

/// Whether a "no" or "don't want" stands at most `reach` words before, in the clause.
fn unwanted(text: &Text<'_>, word: usize, reach: usize) -> bool {
    let clause = text.clause(word);
    text.any(
        word.saturating_sub(reach).max(clause.start)..word,
        &[Cue::Not, Cue::Dislike, Cue::Cannot],
    )
}

// Goal.

fn goals(text: &Text<'_>, reading: &mut Reading) {
    let mut goals: Vec<(i32, Fact<Goal>)> = text
        .items
        .iter()
        .filter_map(|item| goal(text, item))
        .collect();
    goals.extend(change_of_weight(text));
    let best = goals
        .iter()
        .map(|(score, _)| *score)
        .max()
        .filter(|best| *best >= -1);
    let main = best
        .and_then(|best| goals.iter().find(|(score, _)| *score == best))
        .map(|(_, goal)| goal.clone());
    for (score, goal) in goals {
        let is_main = main.as_ref().is_some_and(|main| main.value == goal.value);
        if score >= 0 && !is_main {
            add(&mut reading.other_goals, goal);
        }
    }
    reading.goal = main;
    let strength = text.items.iter().find(|item| {
        item.is(Cue::Strength)
            && !unwanted(text, item.start, 3)
            && !text.any(text.clause(item.start), &[Cue::Now])
    });
    reading.strength = strength.map(|item| text.fact(true, item.words()));
}

/// A goal with what speaks for it.
fn goal(text: &Text<'_>, item: &Item) -> Option<(i32, Fact<Goal>)> {
    let goal = item.meanings().find_map(|meaning| {
        if let Meaning::Goal(goal) = meaning {
            Some(*goal)
        } else {
            None
        }
    })?;
    if unwanted(text, item.start, 3) {
        return None;
    }
    let clause = text.clause(item.start);
    let sentence = text.sentence(item.start);
    let wished =
        text.any(clause, &[Cue::GoalKey]) || text.any(sentence.start..item.start, &[Cue::GoalKey]);
    let near = text.near(&item.words(), 8);
    let past = text.any(near.clone(), &[Cue::Now, Cue::Changed])
        || text.any(near.start..item.start, &[Cue::Other]);
    let lasting = text.any(text.near(&item.words(), 5), &[Cue::Ago]);
    let score = i32::from(wished) * 2 - i32::from(past) * 3 - i32::from(lasting);
    Some((score, text.fact(goal, item.words())))
}

/// "lose 10 kg", "5 Kilo abnehmen", "ganar 4 kilos".
fn change_of_weight(text: &Text<'_>) -> Option<(i32, Fact<Goal>)> {
    text.numbers.iter().find_map(|number| {
        let unit = text
            .starts_at(number.words.end)
            .filter(|unit| unit.is(Cue::Kilogram) || unit.is(Cue::Pound))?;
        let words = number.words.start..unit.end;
        let near = text.near(&words, 3);
        let cue = |cue: Cue| text.items_in(near.clone()).find(|item| item.is(cue));
        let (goal, item) = cue(Cue::Lose)
            .map(|item| (Goal::WeightLoss, item))
            .or_else(|| cue(Cue::Gain).map(|item| (Goal::MuscleGain, item)))?;
        let over =
            text.any(near.clone(), &[Cue::Changed, Cue::Lift]) || unwanted(text, item.start, 3);
        (!over).then(|| {
            (
                2,
                text.fact(goal, item.start.min(words.start)..item.end.max(words.end)),
            )
        })
    })
}

// Level.

fn level(text: &Text<'_>) -> Option<Fact<Level>> {
    let said = text.items.iter().filter_map(|item| {
        let level = item.meanings().find_map(|meaning| {
            if let Meaning::Level(level) = meaning {
                Some(*level)
            } else {
                None
            }
        })?;
        let other = text.any(text.clause(item.start).start..item.start, &[Cue::Other]);
        (!unwanted(text, item.start, 3) && !other).then(|| text.fact(level, item.words()))
    });
    said.min_by_key(|level| level.value)
        .or_else(|| level_by_years(text))
}

/// "lifting for 3 years", "seit 2 Monaten im Studio": Beginner under half a year, else Intermediate.
fn level_by_years(text: &Text<'_>) -> Option<Fact<Level>> {
    text.numbers.iter().find_map(|number| {
        let half = text.words[number.words.end..]
            .iter()
            .take(3)
            .map(|word| word.text.as_str())
            .eq(["and", "a", "half"]);
        let unit = text.starts_at(number.words.end + if half { 3 } else { 0 })?;
        let years = match () {
            () if unit.is(Cue::Year) => number.low,
            () if unit.is(Cue::Month) => number.low / 12.0,
            () if unit.is(Cue::Week) => number.low / 52.0,
            () => return None,
        };
        let near = text.near(&(number.words.start..unit.end), 6);
        let trained = text.any(near.clone(), &[Cue::Experience]) && years < 60.0;
        let other = text.any(near, &[Cue::Not, Cue::Other, Cue::Pain])
            || text.is(unit.end, Cue::Per)
            || unit.is(Cue::Week) && number.low < 2.0;
        let level = if years < 0.5 {
            Level::Beginner
        } else {
            Level::Intermediate
        };
        (trained && !other).then(|| text.fact(level, number.words.start..unit.end))
    })
}

// What is not wanted.

fn exclusions(text: &Text<'_>, reading: &mut Reading) {
    let mut carried = false;
    for clause in clauses(text) {
        if text.words[clause.start].gap == Gap::Stop {
            carried = false;
        }
        let mut found = false;
        let only_list = !text.any(
            clause.clone(),
            &[
                Cue::Want,
                Cue::Focus,
                Cue::GoalKey,
                Cue::Pain,
                Cue::Turn,
                Cue::Home,
                Cue::Gym,
            ],
        ) && clause.len() <= 4;
        for item in text.items_in(clause.clone()) {
            let term = item.meanings().find_map(|meaning| {
                if let Meaning::Avoid(term) = meaning {
                    Some(*term)
                } else {
                    None
                }
            });
            let said = denied_thing(text, item, &clause);
            match term {
                Some(term) if said || carried && only_list => {
                    add(
                        &mut reading.exclusions,
                        text.fact(term.to_owned(), item.words()),
                    );
                    found = true;
                }
                None if said || carried && only_list => {
                    found |= exclude_muscles(text, item, carried && only_list, reading)
                }
                _ => {}
            }
        }
        carried = found;
    }
}

/// Whether the clause says that this is not wanted: "hate" anywhere, or "no" and "can't" before with no other thing between, or at its end.
fn denied_thing(text: &Text<'_>, item: &Item, clause: &Range<usize>) -> bool {
    if text.any(clause.clone(), &[Cue::Dislike]) {
        let pain_between = text.any(item.end..clause.end, &[Cue::Dislike])
            && text.any(clause.start..item.start, &[Cue::Want]);
        return !pain_between;
    }
    if text.any(item.end..(item.end + 4).min(clause.end), &[Cue::Cannot]) {
        return true;
    }
    let at_end = text.ends_at(clause.end).is_some_and(|last| {
        last.is(Cue::Not) && last.start >= item.end && last.start <= item.end + 2
    });
    at_end || denied_before(text, item.start, clause.start)
}

fn denied_before(text: &Text<'_>, start: usize, clause: usize) -> bool {
    let mut parted = false;
    for word in (start.saturating_sub(6).max(clause)..start).rev() {
        let Some(other) = text.item_at(word) else {
            continue;
        };
        let thing = other
            .meanings()
            .any(|meaning| matches!(meaning, Meaning::Avoid(_) | Meaning::Muscles(_)));
        if other.is(Cue::Pain) || other.is(Cue::Only) {
            return false;
        }
        if other.is(Cue::And) || other.is(Cue::Or) {
            parted = true;
        } else if thing {
            parted = false;
        } else if other.is(Cue::Not) || other.is(Cue::Cannot) {
            return !parted;
        }
    }
    false
}

/// "no legs", "skip arms": only right after the word that denies, and never in a clause about pain.
fn exclude_muscles(text: &Text<'_>, item: &Item, carried: bool, reading: &mut Reading) -> bool {
    let Some(muscles) = muscles(item) else {
        return false;
    };
    let clause = text.clause(item.start);
    let close = carried || unwanted(text, item.start, 3);
    let pain = text.any(clause, &[Cue::Pain, Cue::Lose, Cue::Focus]);
    if !close || pain {
        return false;
    }
    for muscle in muscles {
        add(
            &mut reading.exclusions,
            text.fact(muscle.name().replace('_', " "), item.words()),
        );
    }
    true
}

fn muscles(item: &Item) -> Option<&'static [Muscle]> {
    item.meanings().find_map(|meaning| {
        if let Meaning::Muscles(muscles) = meaning {
            Some(muscles.as_slice())
        } else {
            None
        }
    })
}

// Muscles to favour.

fn emphasis(text: &Text<'_>, reading: &mut Reading) {
    let excluded: Vec<String> = reading
        .exclusions
        .iter()
        .map(|one| one.value.clone())
        .collect();
    let mut carried = false;
    for clause in clauses(text) {
        if text.words[clause.start].gap == Gap::Stop {
            carried = false;
        }
        let focus = text.any(clause.clone(), &[Cue::Focus])
            || text.any(clause.clone(), &[Cue::GoalKey])
                && !text.any(clause.clone(), &[Cue::Train]);
        let other = [
            Cue::Pain,
            Cue::Now,
            Cue::Elsewhere,
            Cue::Lift,
            Cue::Changed,
            Cue::Other,
        ];
        let list = carried && clause.len() <= 5 && !text.any(clause.clone(), &other);
        let wished = (focus || list) && !text.any(clause.clone(), &[Cue::Pain]);
        let mut found = false;
        for item in text
            .items_in(clause.clone())
            .filter(|item| wished && !unwanted(text, item.start, 5))
        {
            for muscle in muscles(item).unwrap_or_default() {
                if !excluded.contains(&muscle.name().replace('_', " ")) {
                    add(&mut reading.emphasis, text.fact(*muscle, item.words()));
                    found = true;
                }
            }
        }
        carried = found
            || focus
                && text.any(clause.clone(), &[Cue::GoalKey])
                && !text.any(clause, &[Cue::Pain]);
    }
}

fn clauses<'a>(text: &'a Text<'_>) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut place = 0;
    std::iter::from_fn(move || {
        let clause = (place < text.words.len()).then(|| text.clause(place))?;
        place = clause.end.max(place + 1);
        Some(clause)
    })
}
