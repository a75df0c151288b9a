//! The athlete's health: injuries, and flags that a plan must know of before all else.

use std::ops::Range;

use super::text::{Item, Text};
use super::vocabulary::{Cue, Meaning};
use super::words::Gap;
use super::{Flag, Injury, Reading, add};
use crate::brief::Limit;
use crate::exercise::Muscle;
use crate::profile::Sex;

/// How far a "no" reaches, in words.
const REACH: usize = 8;

/// `about_injuries`: every part of the body that is named is hurt unless that is denied.
pub(super) fn read(text: &Text<'_>, reading: &mut Reading, about_injuries: bool) {
    injuries(
        text,
        reading,
        if about_injuries {
            Pain::Said
        } else {
            Pain::Unsaid
        },
    );
    flags(text, reading);
    let cleared = text
        .items
        .iter()
        .find(|item| item.is(Cue::Cleared) && !denied(text, item));
    reading.cleared = cleared.map(|item| text.fact(true, item.words()));
}

/// Whether something about health is denied where this phrase stands: "no", with nothing but health between ("no knee or back pain"),
/// or a "none" at the end of the clause ("Injuries: none", "Knieschmerzen habe ich nicht").
fn denied(text: &Text<'_>, item: &Item) -> bool {
    let clause = text.clause(item.start);
    denied_before(text, item.start, clause.start) || denied_after(text, item, clause.end)
}

fn denied_before(text: &Text<'_>, start: usize, clause: usize) -> bool {
    let mut parted = false;
    for word in (start.saturating_sub(REACH).max(clause)..start).rev() {
        let Some(item) = text.item_at(word) else {
            continue;
        };
        if item.is(Cue::And) || item.is(Cue::Or) {
            parted = true;
        } else if is_health(item) {
            parted = false;
        } else if item.is(Cue::Not) {
            return !parted;
        }
    }
    false
}

fn denied_after(text: &Text<'_>, item: &Item, clause: usize) -> bool {
    let last = text
        .ends_at(clause)
        .filter(|last| last.is(Cue::Not) && last.start >= item.end);
    // "Chest pain? No."
    let answer = text
        .starts_at(clause)
        .filter(|answer| answer.is(Cue::Not) && text.clause(clause) == answer.words());
    last.is_some_and(|last| last.start <= item.end + 3)
        || answer.is_some() && text.between(clause).contains('?')
}

fn is_health(item: &Item) -> bool {
    item.is(Cue::Pain)
        || item.meanings().any(|meaning| {
            matches!(
                meaning,
                Meaning::Part(_) | Meaning::Condition(_) | Meaning::Flag(_)
            )
        })
}

// Injuries.

/// What a clause says of pain, which a list goes on with ("knee pain, shoulder, left wrist").
#[derive(Clone, Copy, PartialEq)]
enum Pain {
    Unsaid,
    Said,
    Denied,
    /// A part is denied and the word of pain is still to come ("no knee, back or shoulder problems").
    DeniedSoFar,
}

fn injuries(text: &Text<'_>, reading: &mut Reading, assumed: Pain) {
    let mut carried = assumed;
    let mut place = 0;
    while place < text.words.len() {
        let clause = text.clause(place);
        place = clause.end.max(place + 1);
        if text.words[clause.start].gap == Gap::Stop {
            carried = assumed;
        }
        let said = said(text, &clause);
        let pain = match said {
            Pain::Unsaid if goes_on(text, &clause) => carried,
            Pain::Unsaid => assumed,
            _ => said,
        };
        let healed = healed(text, &clause);
        for item in text.items_in(clause.clone()) {
            let found = hurt(item, pain, healed)
                .filter(|_| !is_denied(text, item, carried, said) && !of_another(text, item));
            if let Some(part) = found {
                add_injury(text, reading, item, Injury { part, healed });
            }
        }
        let still_denied =
            carried == Pain::DeniedSoFar && said == Pain::Said && goes_on(text, &clause);
        let pain = if still_denied { Pain::Denied } else { pain };
        carried = if pain == Pain::Unsaid && text.any(clause.clone(), &[Cue::Healed]) {
            Pain::Unsaid
        } else {
            pain
        };
    }
    unclear(text, reading, assumed);
}

fn add_injury(text: &Text<'_>, reading: &mut Reading, item: &Item, injury: Injury) {
    match reading
        .injuries
        .iter_mut()
        .find(|known| known.value.part == injury.part)
    {
        Some(known) => known.value.healed &= injury.healed,
        None => add(
            &mut reading.injuries,
            text.fact(injury, with_pain(text, item)),
        ),
    }
}

/// The part, if the item names a hurt one.
fn hurt(item: &Item, pain: Pain, healed: bool) -> Option<Limit> {
    item.meanings().find_map(|meaning| match meaning {
        Meaning::Condition(part) => Some(*part),
        Meaning::Part(part) if pain == Pain::Said || healed => Some(*part),
        _ => None,
    })
}

fn is_denied(text: &Text<'_>, item: &Item, carried: Pain, said: Pain) -> bool {
    let list = matches!(carried, Pain::Denied | Pain::DeniedSoFar)
        && goes_on(text, &text.clause(item.start));
    denied(text, item) || list && (said != Pain::Said || carried == Pain::DeniedSoFar)
}

fn said(text: &Text<'_>, clause: &Range<usize>) -> Pain {
    let mut said = Pain::Unsaid;
    for item in text
        .items_in(clause.clone())
        .filter(|item| item.is(Cue::Pain) || names_condition(item))
    {
        if !denied(text, item) {
            return Pain::Said;
        }
        said = Pain::Denied;
    }
    let names_part = |item: &Item| {
        item.meanings()
            .any(|meaning| matches!(meaning, Meaning::Part(_)))
    };
    let denies_part = |item: &Item| names_part(item) && denied(text, item);
    // "my knees can't take much because of arthritis"
    let cause = text
        .starts_at(clause.end)
        .filter(|turn| turn.is(Cue::Turn))
        .map(|_| text.clause(clause.end));
    let caused = cause.is_some_and(|cause| {
        let pain = text
            .items_in(cause.clone())
            .any(|item| item.is(Cue::Pain) && !denied(text, item));
        pain && !text.items_in(cause).any(names_part)
            && !text.any(clause.clone(), &[Cue::Focus, Cue::GoalKey])
    });
    if said == Pain::Unsaid && caused {
        return Pain::Said;
    }
    if said == Pain::Unsaid && text.items_in(clause.clone()).any(denies_part) {
        Pain::DeniedSoFar
    } else {
        said
    }
}

fn names_condition(item: &Item) -> bool {
    item.meanings()
        .any(|meaning| matches!(meaning, Meaning::Condition(_)))
}

/// Whether a clause is only the next of a list: nothing in it wishes, trains or names equipment.
fn goes_on(text: &Text<'_>, clause: &Range<usize>) -> bool {
    let other = [
        Cue::Focus,
        Cue::GoalKey,
        Cue::Want,
        Cue::Train,
        Cue::Home,
        Cue::Gym,
        Cue::Dislike,
        Cue::Turn,
    ];
    text.words[clause.start].gap != Gap::Stop
        && clause.len() <= 6
        && !text.any(clause.clone(), &other)
}

/// Whether this clause, or the next of the sentence, says that it is over, and none that it still is.
fn healed(text: &Text<'_>, clause: &Range<usize>) -> bool {
    let still = |range: Range<usize>| text.any(range, &[Cue::Still]);
    let over = |range: Range<usize>| text.items_in(range).any(|item| item.is(Cue::Healed));
    let next = text
        .words
        .get(clause.end)
        .filter(|word| word.gap != Gap::Stop)
        .map(|_| text.clause(clause.end));
    let next_names = next
        .clone()
        .is_some_and(|next| text.items_in(next).any(is_health));
    let next_over = next
        .filter(|_| !next_names)
        .is_some_and(|next| over(next.clone()) && !still(next));
    (over(clause.clone()) || next_over) && !still(clause.clone())
}

/// Whether the phrase speaks of somebody else ("my wife has").
fn of_another(text: &Text<'_>, item: &Item) -> bool {
    if text.for_other {
        return false;
    }
    let clause = text.clause(item.start);
    let family = clause.start..(item.end + 4).min(clause.end);
    let before = item.start.saturating_sub(6).max(clause.start)..item.start;
    let own = before
        .clone()
        .rev()
        .take_while(|word| !text.is(*word, Cue::Other))
        .any(|word| {
            ["i", "ich", "je", "j", "yo", "tengo"].contains(&text.words[word].text.as_str())
        });
    text.any(before, &[Cue::Other]) && !own
        || text.any(item.end..family.end, &[Cue::Other]) && text.words[item.end].text == "in"
}

/// The item with the word of pain beside it, for the excerpt.
fn with_pain(text: &Text<'_>, item: &Item) -> Range<usize> {
    let clause = text.clause(item.start);
    let pain = text
        .items_in(clause)
        .filter(|other| other.is(Cue::Pain))
        .min_by_key(|other| other.start.abs_diff(item.start));
    let close = pain.filter(|pain| pain.start.abs_diff(item.start) <= 5);
    close.map_or(item.words(), |pain| {
        item.start.min(pain.start)..item.end.max(pain.end)
    })
}

/// An injury without a part that is known is noted as unclear.
fn unclear(text: &Text<'_>, reading: &mut Reading, assumed: Pain) {
    let about = assumed == Pain::Said;
    for item in text.items.iter().filter(|item| item.is(Cue::Pain)) {
        let clause = text.clause(item.start);
        let sentence = text.sentence(item.start);
        let health = |other: &Item| is_health(other) && !other.is(Cue::Pain);
        let known = text.items_in(sentence.clone()).any(health);
        let bare_key = clause.end == item.end && clause.len() <= 2;
        let avoided = text.any(sentence.clone(), &[Cue::Dislike, Cue::Healed, Cue::Cannot])
            || denied(text, item)
            || !about && text.any(sentence, &[Cue::Not]);
        let speaks = about || names_injury(text, item);
        if speaks && !known && !bare_key && !avoided && !of_another(text, item) {
            let unclear = Injury {
                part: Limit::Unclear,
                healed: false,
            };
            add_injury(text, reading, item, unclear);
        }
    }
}

/// Whether a word of pain is an injury by itself ("surgery"), or stands beside a muscle ("pulled hamstring").
fn names_injury(text: &Text<'_>, item: &Item) -> bool {
    const STEMS: [&str; 9] = [
        "injur",
        "verletz",
        "bless",
        "lesion",
        "surger",
        "operat",
        "arthr",
        "osteoarthr",
        "artros",
    ];
    const STRAINS: [&str; 9] = [
        "strain", "tor", "tear", "pulled", "zerr", "geriss", "dechir", "desgarr", "rotura",
    ];
    let starts = |stems: &[&str]| {
        stems
            .iter()
            .any(|stem| text.words[item.start].text.starts_with(stem))
    };
    let near = text.near(&item.words(), 4);
    let muscle = text.items_in(near).any(|other| {
        other
            .meanings()
            .any(|meaning| matches!(meaning, Meaning::Muscles(_)))
    });
    starts(&STEMS) || muscle && (starts(&STRAINS) || item.is(Cue::Ache))
}

// Flags.

fn flags(text: &Text<'_>, reading: &mut Reading) {
    for item in &text.items {
        let Some(flag) = item.flag().or_else(|| hurting_chest(text, item)) else {
            continue;
        };
        let male = reading_sex_is_male(text);
        let womens = matches!(flag, Flag::Pregnancy | Flag::Postpartum);
        let long_ago = flag == Flag::Postpartum && text.any(text.clause(item.start), &[Cue::Year]);
        if denied_flag(text, item) || of_another(text, item) || womens && male || long_ago {
            continue;
        }
        add(&mut reading.flags, text.fact(flag, item.words()));
    }
}

/// A list goes on being denied: "no chest pain, fainting or dizziness".
fn denied_flag(text: &Text<'_>, item: &Item) -> bool {
    let mut start = item.start;
    loop {
        let clause = text.clause(start);
        if denied_before(text, start, clause.start)
            || start == item.start && denied_after(text, item, clause.end)
        {
            return true;
        }
        let led = text
            .items_in(clause.start..start)
            .all(|other| is_health(other) || other.is(Cue::Or) || other.is(Cue::And));
        let before = clause.start.checked_sub(1).filter(|_| {
            led && start - clause.start <= 3 && text.words[clause.start].gap == Gap::List
        });
        let Some(last) = before
            .and_then(|before| text.item_at(before))
            .filter(|last| is_health(last))
        else {
            return false;
        };
        start = last.start;
    }
}

/// "my chest hurts when I climb stairs".
fn hurting_chest(text: &Text<'_>, item: &Item) -> Option<Flag> {
    let chest = item
        .meanings()
        .any(|meaning| matches!(meaning, Meaning::Muscles(muscles) if *muscles == [Muscle::Chest]));
    let near = text.near(&item.words(), 4);
    let aches = text
        .items_in(near)
        .any(|other| other.is(Cue::Ache) && !denied(text, other));
    let clause = text.clause(item.start);
    let part = text.items_in(clause).any(|other| {
        other
            .meanings()
            .any(|meaning| matches!(meaning, Meaning::Part(_) | Meaning::Condition(_)))
    });
    (chest && aches && !part).then_some(Flag::ChestPain)
}

fn reading_sex_is_male(text: &Text<'_>) -> bool {
    let sexes = text
        .items
        .iter()
        .filter(|item| !item.is(Cue::Other))
        .flat_map(Item::meanings);
    let mut sexes = sexes.filter_map(|meaning| {
        if let Meaning::Sex(sex) = meaning {
            Some(*sex)
        } else {
            None
        }
    });
    sexes.next() == Some(Sex::Male)
}
