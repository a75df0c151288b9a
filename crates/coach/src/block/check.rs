//! The template's checker: the weekly plan's own rules about training, and what only a template can get wrong.

use serde::Deserialize;
use serde_json::Value;

use super::template::{Role, Slot, Template, TemplateDay};
use crate::brief::Brief;
use crate::exercise::{self, Exercise, Pattern};
use crate::plan::rules::{MINUTES_TOLERANCE, TRAINING_RULES};
use crate::plan::{self, BlockKind, Draft, Item, Violation, minutes_with_rest, warm_up_minutes};
use crate::planner::training_days;
use crate::words;

/// The most exercises that a day is read with; no level allows as many.
const MOST_SLOTS: usize = 20;
/// The longest rest in a circuit, seconds.
pub(super) const CIRCUIT_REST: u32 = 30;
/// The longest rationale, in characters.
pub(crate) const LONGEST_RATIONALE: usize = 420;
/// The longest rest after a set, seconds.
const LONGEST_REST: u32 = 300;

/// A template that keeps every rule, with the brief that it was checked against. Only [`check_template`] makes one.
#[derive(Debug, Clone)]
pub struct CheckedTemplate {
    pub(super) template: Template,
    pub(super) brief: Brief,
}

impl CheckedTemplate {
    /// The template, its exercises named by slug.
    pub fn template(&self) -> &Template {
        &self.template
    }
}

/// Checks a template against the rules that the weekly plan keeps too. Exercises are named by slug afterwards.
///
/// # Errors
/// Every rule that it breaks, with its place such as `/days/0/slots/2/reps`.
pub fn check_template(
    mut template: Template,
    brief: &Brief,
) -> Result<CheckedTemplate, Vec<Violation>> {
    let mut violations = violations(&template, brief);
    violations.extend(texts(&template));
    if !violations.is_empty() {
        return Err(violations);
    }
    for slot in template.days.iter_mut().flat_map(|day| &mut day.slots) {
        if let Some(known) = exercise::find(&slot.exercise) {
            slot.exercise.clone_from(&known.slug);
        }
    }
    Ok(CheckedTemplate {
        template,
        brief: brief.clone(),
    })
}

/// Reads a template that was received and checks it.
///
/// # Errors
/// As [`check_template`], and rule `form` where the JSON is not a template.
pub fn check_template_json(json: &Value, brief: &Brief) -> Result<CheckedTemplate, Vec<Violation>> {
    match Template::deserialize(json) {
        Ok(template) => check_template(template, brief),
        Err(error) => Err(vec![violation(
            "form",
            "/",
            format!("this is no template: {error}"),
        )]),
    }
}

/// What a week of this template breaks, its texts aside.
pub(super) fn violations(template: &Template, brief: &Brief) -> Vec<Violation> {
    if template.days.len() != brief.sessions() {
        let message = format!(
            "plan {} training days instead of {}",
            brief.sessions(),
            template.days.len()
        );
        return vec![violation("training_days", "/days", message)];
    }
    if let Some(no) = template
        .days
        .iter()
        .position(|day| day.slots.is_empty() || day.slots.len() > MOST_SLOTS)
    {
        return vec![violation(
            "form",
            &format!("/days/{no}/slots"),
            format!("a day has 1 to {MOST_SLOTS} exercises"),
        )];
    }
    let (draft, places) = week(template, brief);
    let shared = TRAINING_RULES
        .iter()
        .flat_map(|rule| rule.broken_by(&draft, brief));
    let own = template.days.iter().enumerate().flat_map(|(no, day)| {
        session_minutes(no, day, brief)
            .into_iter()
            .chain(rests(no, day))
    });
    shared
        .map(|broken| Violation {
            place: place_of(&places, &broken.place),
            ..broken
        })
        .chain(own)
        .collect()
}

/// The template as a week of the weekly plan without food, on the athlete's training days; and the places there with those here.
pub(super) fn week(template: &Template, brief: &Brief) -> (Draft, Vec<(String, String)>) {
    let mut days: [plan::Day; 7] = Default::default();
    let mut places = Vec::new();
    for ((day_no, day), weekday) in template
        .days
        .iter()
        .enumerate()
        .zip(training_days(brief.sessions(), brief))
    {
        let blocks = &mut days[weekday as usize].workout.blocks;
        for (slot_no, slot) in day.slots.iter().enumerate() {
            let kind = kind(day, slot).name();
            if blocks
                .last()
                .is_none_or(|last: &plan::Block| last.name != kind)
            {
                blocks.push(plan::Block {
                    name: kind.to_owned(),
                    items: Vec::new(),
                });
            }
            let block_no = blocks.len() - 1;
            let items = &mut blocks[block_no].items;
            let place = format!(
                "/{}/workout/blocks/{block_no}/items/{}",
                weekday.name(),
                items.len()
            );
            places.push((place, format!("/days/{day_no}/slots/{slot_no}")));
            items.push(item(slot));
        }
        days[weekday as usize].workout.focus.push(day.name.clone());
        places.push((
            format!("/{}/workout", weekday.name()),
            format!("/days/{day_no}"),
        ));
    }
    (Draft::from(days), places)
}

fn item(slot: &Slot) -> Item {
    let reps = exercise::find(&slot.exercise).map(|exercise| slot.dose(exercise).to_string());
    Item {
        exercise: slot.exercise.clone(),
        sets: slot.sets,
        reps: reps.unwrap_or_else(|| format!("{}-{}", slot.reps[0], slot.reps[1])),
        rir: slot.rir,
    }
}

/// The block of a weekly plan that this slot would stand in.
fn kind(day: &TemplateDay, slot: &Slot) -> BlockKind {
    let exercise = exercise::find(&slot.exercise);
    match exercise.map(|exercise| exercise.pattern) {
        Some(pattern) if pattern.is_strength() && is_circuit(day) => BlockKind::Circuit,
        _ if slot.role != Role::Accessory => BlockKind::Main,
        Some(Pattern::Cardio) => BlockKind::Conditioning,
        _ => BlockKind::Accessory,
    }
}

/// Whether the day's strength exercises go in turn with little rest.
pub(crate) fn is_circuit(day: &TemplateDay) -> bool {
    let mut strength = day.slots.iter().filter(|slot| is_strength(slot)).peekable();
    strength.peek().is_some() && strength.all(|slot| slot.rest_s <= CIRCUIT_REST)
}

fn is_strength(slot: &Slot) -> bool {
    exercise::find(&slot.exercise).is_some_and(|exercise| exercise.pattern.is_strength())
}

/// Minutes of a session: the warm-up and every exercise with the rest that it asks for.
pub(crate) fn minutes(day: &TemplateDay, brief: &Brief) -> f64 {
    let of = |slot: &Slot, exercise: &Exercise| {
        minutes_with_rest(
            exercise,
            slot.sets,
            slot.dose(exercise),
            f64::from(slot.rest_s),
        )
    };
    let work: f64 = day
        .slots
        .iter()
        .filter_map(|slot| Some(of(slot, exercise::find(&slot.exercise)?)))
        .sum();
    warm_up_minutes(brief.minutes) + work
}

fn session_minutes(no: usize, day: &TemplateDay, brief: &Brief) -> Option<Violation> {
    let minutes = minutes(day, brief);
    let message = format!(
        "the session takes {minutes:.0} minutes, {:.0} were asked for",
        brief.minutes
    );
    (minutes > brief.minutes * MINUTES_TOLERANCE)
        .then(|| violation("session_minutes", &format!("/days/{no}"), message))
}

/// Rest after strength work is 30 s to 5 minutes; 30 s is for circuits, where the next exercise is for other muscles.
fn rests(no: usize, day: &TemplateDay) -> Vec<Violation> {
    let wrong =
        |slot: &Slot| slot.rest_s > LONGEST_REST || is_strength(slot) && slot.rest_s < CIRCUIT_REST;
    let slots = day.slots.iter().enumerate().filter(|(_, slot)| wrong(slot));
    slots
        .map(|(slot_no, _)| {
            let message = format!("rest {CIRCUIT_REST} to {LONGEST_REST} s after strength work, at most {LONGEST_REST} s after other work");
            violation("rest", &format!("/days/{no}/slots/{slot_no}/rest_s"), message)
        })
        .collect()
}

fn texts(template: &Template) -> Vec<Violation> {
    let fine = |text: &str, longest: usize| {
        !text.trim().is_empty()
            && text.chars().count() <= longest
            && !text.contains('\n')
            && words::is_plain(text)
    };
    let mut violations = Vec::new();
    if !fine(&template.split, 60) {
        violations.push(violation(
            "text",
            "/split",
            "name the split in 1 to 60 plain characters".to_owned(),
        ));
    }
    if !template.rationale.is_empty() && !fine(&template.rationale, LONGEST_RATIONALE) {
        violations.push(violation(
            "text",
            "/rationale",
            format!("give the rationale in at most {LONGEST_RATIONALE} plain characters"),
        ));
    }
    for (no, day) in template.days.iter().enumerate() {
        if !fine(&day.name, 40) {
            violations.push(violation(
                "text",
                &format!("/days/{no}/name"),
                "name the day in 1 to 40 plain characters".to_owned(),
            ));
        }
        for (slot_no, slot) in day.slots.iter().enumerate() {
            if slot.tempo.as_deref().is_some_and(|tempo| !is_tempo(tempo)) {
                let place = format!("/days/{no}/slots/{slot_no}/tempo");
                violations.push(violation(
                    "text",
                    &place,
                    "write the tempo such as 3-1-1-0".to_owned(),
                ));
            }
        }
    }
    violations
}

fn is_tempo(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let part = |part: &&str| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
            || *part == "X"
    };
    matches!(parts.len(), 3 | 4) && parts.iter().all(part)
}

pub(super) fn violation(rule: &'static str, place: &str, message: String) -> Violation {
    Violation {
        rule,
        place: place.to_owned(),
        message,
    }
}

/// A place of the weekly plan's form as the template's; the most precise pairs stand first.
fn place_of(places: &[(String, String)], place: &str) -> String {
    let found = places.iter().find_map(|(there, here)| {
        let rest = place.strip_prefix(there.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some((here, rest))
    });
    match found {
        Some((here, rest)) if here.contains("/slots/") => {
            format!("{here}{}", rest.replace("/RIR", "/rir"))
        }
        Some((here, _)) => here.clone(),
        None => "/".to_owned(),
    }
}
