//! A model's week: from its answer to a draft, put right, and back.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::training::{self, Frame};
use super::{Answered, finding, food, lines, slots, text, unreadable};
use crate::block::{Progression, Role, Slot, TemplateDay};
use crate::brief::{Brief, Weekday};
use crate::exercise::{self, Pattern};
use crate::food as table;
use crate::plan::rules::MINUTES_TOLERANCE;
use crate::plan::{Day, Draft, Reps, Violation, check, rest_seconds};
use crate::planner::{self, Chosen, Lift, RedoType, training_days};
use crate::reader::Language;
use crate::words;

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The longest words for what a session is about, and for the reason of a day, in characters.
const LONGEST_FOCUS: usize = 40;
const LONGEST_REASON: usize = 240;
/// Minutes that a cool-down takes at most, where a session has one.
const COOL_DOWN: f64 = 3.5;

/// Reads an answer of the prompt `weekly_plan`. Days that it lacks are without work; of a day that stands twice the first counts.
///
/// # Errors
/// Rule `form`, where the answer has no list of days with a known weekday among them.
pub fn from_answer(
    answer: &Value,
    brief: &Brief,
    language: Language,
) -> Result<Answered<Draft>, Vec<Violation>> {
    let mut findings = Vec::new();
    let days = read_days(answer, brief, language, &mut findings);
    if days.is_empty() {
        return Err(unreadable("answer with days, each with its weekday"));
    }
    let draft = planner::plain(
        brief,
        &WEEK.map(|day| days.get(&day).cloned().unwrap_or_default()),
    );
    Ok(Answered { draft, findings })
}

/// The same draft with the days that a second answer corrects; what that one does not hold stays.
pub fn corrected(
    mut draft: Draft,
    answer: &Value,
    brief: &Brief,
    language: Language,
) -> Answered<Draft> {
    let mut findings = Vec::new();
    let days = read_days(answer, brief, language, &mut findings);
    let chosen = WEEK.map(|day| days.get(&day).cloned().unwrap_or_default());
    let mut fresh = planner::plain(brief, &chosen);
    for ((weekday, day), (_, fresh)) in draft.days_mut().into_iter().zip(fresh.days_mut()) {
        if days.contains_key(&weekday) {
            std::mem::swap(day, fresh);
        }
    }
    Answered { draft, findings }
}

fn read_days(
    answer: &Value,
    brief: &Brief,
    language: Language,
    findings: &mut Vec<Violation>,
) -> BTreeMap<Weekday, Chosen> {
    let entries = answer.get("days").and_then(Value::as_array);
    let mut days = BTreeMap::new();
    for (no, entry) in entries
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .take(14)
    {
        let name = entry.get("day").and_then(Value::as_str).unwrap_or_default();
        let place = format!("/days/{no}");
        match words::named::<Weekday>(&name.trim().to_lowercase()) {
            Ok(weekday) if !days.contains_key(&weekday) => {
                days.insert(weekday, read_day(entry, &place, brief, language, findings));
            }
            Ok(_) => findings.push(finding(
                "form",
                place,
                "this day is there already: it is left out",
            )),
            Err(_) => findings.push(finding("form", place, "no weekday: it is left out")),
        }
    }
    days
}

fn read_day(
    entry: &Value,
    place: &str,
    brief: &Brief,
    language: Language,
    findings: &mut Vec<Violation>,
) -> Chosen {
    let field = |name: &str| entry.get(name).unwrap_or(&Value::Null);
    let mut said = |name: &str, longest: usize| {
        let written = field(name)
            .as_str()
            .filter(|text| !text.trim().is_empty())?;
        let line = text::line(written, longest, language);
        if line.is_none() {
            findings.push(finding(
                "text",
                format!("{place}/{name}"),
                "this may not be shown: it is left out",
            ));
        }
        line
    };
    let focus = said("focus", LONGEST_FOCUS).into_iter().collect();
    let reason = said("why", LONGEST_REASON).unwrap_or_default();
    let work = slots::read(field("work"), &format!("{place}/work"), brief, findings);
    Chosen {
        work: lifts(&work),
        focus,
        meals: food::read(field("meals"), &format!("{place}/meals"), findings),
        mobility: drills(field("mobility"), brief),
        reason,
    }
}

/// At most three drills and stretches that the athlete may do, in words.
fn drills(list: &Value, brief: &Brief) -> Vec<String> {
    let named = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut drills: Vec<String> = Vec::new();
    for exercise in named
        .iter()
        .filter_map(|name| exercise::find(name.as_str()?))
    {
        let kind = matches!(
            exercise.pattern,
            Pattern::Mobility | Pattern::Stretch | Pattern::Balance
        );
        let text = planner::drill_text(exercise);
        if kind && brief.allows(exercise) && !drills.contains(&text) && drills.len() < 3 {
            drills.push(text);
        }
    }
    drills
}

fn lifts(slots: &[Slot]) -> Vec<Lift> {
    let lift = |slot: &Slot| {
        let exercise = exercise::find(&slot.exercise)?;
        let reps = Reps {
            low: slot.reps[0],
            high: slot.reps[1],
            timed: exercise.is_timed(),
        };
        Some(Lift {
            exercise,
            sets: slot.sets,
            reps,
            rir: slot.rir,
        })
    };
    slots.iter().filter_map(lift).collect()
}

/// Puts a week right and makes it whole: exercises and foods that the athlete may have, doses, days, minutes, quantities and words. Sound
/// choices stay; `seed` chooses what is filled in. What comes out is still a draft: [`crate::plan::check`] judges it.
pub fn repair(draft: Draft, brief: &Brief, seed: u64) -> Draft {
    let days = draft
        .days()
        .map(|(weekday, day)| (weekday, template_day(day, brief)));
    let trained: Vec<Weekday> = days
        .iter()
        .filter(|(_, day)| !day.slots.is_empty())
        .map(|(weekday, _)| *weekday)
        .collect();
    let cool_down = if brief.minutes >= 20.0 {
        COOL_DOWN
    } else {
        0.0
    };
    let frame = Frame {
        brief,
        minutes: brief.minutes * MINUTES_TOLERANCE - cool_down,
        usual_rests: Some(usual_rests),
        seed,
    };
    let work = days
        .into_iter()
        .map(|(_, day)| day)
        .filter(|day| !day.slots.is_empty())
        .collect();
    let repaired = training::repair(work, &frame);
    let weekdays = weekdays(&trained, repaired.len(), brief);
    let moved = weekdays != trained;
    let mut sessions = repaired.into_iter();
    let chosen = draft.days().map(|(weekday, day)| {
        let session = if weekdays.contains(&weekday) {
            sessions.next()
        } else {
            None
        };
        let kept = !moved && session.as_ref().is_none_or(|session| is_like(session, day));
        let focus = session.as_ref().map(|session| session.name.clone());
        let focus = focus.filter(|focus| !focus.is_empty() && (kept || moved));
        Chosen {
            work: session.map(|day| lifts(&day.slots)).unwrap_or_default(),
            focus: focus.into_iter().collect(),
            meals: food::repair(meals(day), brief),
            mobility: day.recovery.mobility.clone(),
            reason: if kept {
                day.reason.clone()
            } else {
                String::new()
            },
        }
    });
    let whole = |brief: &Brief, seed: u64| planner::complete(brief, seed, chosen.clone());
    planner::first_sound(brief, seed, whole, |draft| {
        check(draft.clone(), brief).is_ok()
    })
}

/// The work of a day as a day of a template, with the rest that a weekly plan counts.
fn template_day(day: &Day, brief: &Brief) -> TemplateDay {
    let slot = |one: crate::plan::StrengthItem<'_>| Slot {
        exercise: one.exercise.slug.clone(),
        role: if one.kind.is_main() {
            Role::Main
        } else {
            Role::Accessory
        },
        sets: one.item.sets,
        reps: [one.reps.low, one.reps.high],
        rir: one.item.rir,
        rest_s: rest_seconds(brief.goal, one.kind, one.exercise, one.reps).round() as u32,
        tempo: None,
        progression: Progression::None,
    };
    TemplateDay {
        name: day.workout.focus.join(", "),
        slots: day.work().map(slot).collect(),
    }
}

/// The rests that a weekly plan counts with.
fn usual_rests(day: &mut TemplateDay, brief: &Brief) {
    let chosen = Chosen {
        work: lifts(&day.slots),
        ..Chosen::default()
    };
    let circuit = chosen.is_circuit(brief);
    for slot in &mut day.slots {
        let Some(exercise) = exercise::find(&slot.exercise) else {
            continue;
        };
        let reps = Reps {
            low: slot.reps[0],
            high: slot.reps[1],
            timed: exercise.is_timed(),
        };
        slot.rest_s = match exercise.pattern.is_strength() && circuit {
            true => 30,
            false => slots::standard_rest(brief, exercise, reps),
        };
    }
}

/// Whether half of a session or more is what the day had, so that its words still fit.
fn is_like(session: &TemplateDay, day: &Day) -> bool {
    let had: Vec<&str> = day.work().map(|one| one.exercise.slug.as_str()).collect();
    let kept = session
        .slots
        .iter()
        .filter(|slot| had.contains(&slot.exercise.as_str()))
        .count();
    2 * kept >= session.slots.len()
}

/// The days to train on: those of the draft, unless their number is wrong or they pass over days that the athlete named.
fn weekdays(trained: &[Weekday], count: usize, brief: &Brief) -> Vec<Weekday> {
    let usual = training_days(count, brief);
    let named = |days: &[Weekday]| {
        days.iter()
            .filter(|day| brief.weekdays.contains(day))
            .count()
    };
    let away = |days: &[Weekday]| {
        days.iter()
            .filter(|day| brief.travel_days.contains(day))
            .count()
    };
    let fits =
        trained.len() == count && named(trained) == named(&usual) && away(trained) <= away(&usual);
    if fits { trained.to_vec() } else { usual }
}

fn meals(day: &Day) -> Vec<Vec<&'static table::Food>> {
    let foods = |meal: &crate::plan::Meal| {
        meal.items
            .iter()
            .filter_map(|item| table::find(&item.food))
            .collect()
    };
    day.nutrition.meals.iter().map(foods).collect()
}

/// A redo: the half that is made anew, from `draft`, with the other half of the stored `days`. The whole draft where those do not read, or no
/// longer fit the brief.
pub fn redo(draft: Draft, source_days: &Value, part: RedoType, brief: &Brief) -> Draft {
    let Ok(source) = Draft::deserialize(source_days) else {
        return draft;
    };
    let kept = planner::keep_half(draft.clone(), source, part);
    if check(kept.clone(), brief).is_ok() {
        kept
    } else {
        draft
    }
}

/// A week as an answer of the prompt `weekly_plan`: what a model would have had to say.
pub fn to_answer(draft: &Draft, brief: &Brief) -> Value {
    let days = draft
        .days()
        .map(|(weekday, day)| day_answer(weekday, day, brief));
    json!({"days": days})
}

fn day_answer(weekday: Weekday, day: &Day, brief: &Brief) -> Value {
    let work = template_day(day, brief);
    let drill = |text: &String| {
        let name = text.split(':').next()?;
        exercise::find(name).map(|exercise| exercise.slug.clone())
    };
    json!({
        "day": weekday,
        "focus": if day.is_training() { day.workout.focus.join(", ") } else { String::new() },
        "work": if day.is_training() { work.slots.iter().map(|slot| slots::write(slot, false)).collect() } else { Vec::new() },
        "meals": meals(day).iter().map(|foods| foods.iter().map(|food| food.name).collect()).collect::<Vec<Vec<_>>>(),
        "mobility": day.recovery.mobility.iter().filter_map(drill).collect::<Vec<_>>(),
        "why": day.reason,
    })
}

/// What to send back with [`crate::prompt::with_corrections`]: at most 12 lines `day: rule` in our own words, and the failing days as they
/// stand, all seven where the week as a whole fails.
pub fn corrections(draft: &Draft, broken: &[Violation], brief: &Brief) -> (Vec<String>, Value) {
    let day_of = |violation: &Violation| {
        let name = violation
            .place
            .split('/')
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        if words::named::<Weekday>(&name).is_ok() {
            name
        } else {
            "week".to_owned()
        }
    };
    let places: Vec<String> = broken.iter().map(day_of).collect();
    let all = places.iter().any(|place| place == "week");
    let days: Vec<Value> = draft
        .days()
        .into_iter()
        .filter(|(weekday, _)| all || places.iter().any(|place| place == weekday.name()))
        .map(|(weekday, day)| day_answer(weekday, day, brief))
        .collect();
    let lines = lines(
        places
            .into_iter()
            .zip(broken.iter().map(|violation| violation.rule)),
    );
    (lines, json!(days))
}
