//! The expander: the only maker of a [`Block`]. Eight weeks of a checked template, each with its sets, effort, load and date.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::adjustment::adjustments;
use super::check::{CheckedTemplate, is_circuit, minutes, violation, violations, week};
use super::entry::Entry;
use super::scheme::{STEADY, WEEKS};
use super::start_date;
use super::substitute::{Use, substitutes};
use super::template::{Role, Slot, Template, TemplateDay};
use super::wording::{self, Line};
use crate::brief::{Brief, Weekday};
use crate::exercise::{self, Exercise, MAJOR_MUSCLES, Muscle, Pattern};
use crate::plan::rules::{MINUTES_TOLERANCE, MOST_SESSION_SETS, MOST_WEEKLY_SETS, least_rir};
use crate::plan::{Reps, Violation, level_caps, session_sets, weekly_sets};
use crate::planner::training_days;

/// The most that a major muscle's sets, a planned load or steady cardio may grow from one week to the next.
const MOST_SETS_GROWTH: f64 = 1.2;
const MOST_LOAD_GROWTH: f64 = 1.1;

/// Seconds from which on cardio is not an interval.
const SHORTEST_STEADY: u32 = 180;

/// Eight weeks of training that passed every rule. Only [`CheckedTemplate::expand`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    summary: String,
    start: Date,
    entries: Vec<Entry>,
    courses: Vec<Course>,
    volume: Vec<BTreeMap<Muscle, f64>>,
}

/// How one exercise of one day goes through the eight weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Such as `Push`.
    pub day_name: String,
    /// The day it is trained on.
    pub day: Weekday,
    /// The exercise.
    pub exercise: &'static Exercise,
    /// Eight, in order.
    pub weeks: Vec<Prescription>,
}

/// The dose of an exercise in one week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prescription {
    /// Sets.
    pub sets: i64,
    /// Repetitions, or seconds, of a set.
    pub reps: Reps,
    /// Repetitions in reserve.
    pub rir: i64,
    /// The planned load in percent of week 1's, as far as all repetitions are reached; `None` where no weight is moved.
    pub load_percent: Option<f64>,
}

impl Block {
    /// What the block is, for the athlete.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The Monday of week 1.
    pub fn start_date(&self) -> Date {
        self.start
    }

    /// Every exercise of every session, by week, day and position.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries of `week`, 1–8.
    pub fn week(&self, week: u8) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.week_number == week)
    }

    /// How every exercise goes through the weeks, in the order of a week.
    pub fn courses(&self) -> &[Course] {
        &self.courses
    }

    /// Sets of every muscle in `week`, 1–8: primary muscles count a whole set, secondary half of one; empty for other weeks.
    pub fn volume(&self, week: u8) -> BTreeMap<Muscle, f64> {
        let week = usize::from(week).checked_sub(1);
        week.and_then(|week| self.volume.get(week))
            .cloned()
            .unwrap_or_default()
    }

    /// The exercises and substitutes that the entries name, each once.
    pub fn exercises(&self) -> Vec<&'static Exercise> {
        let named = self
            .entries
            .iter()
            .flat_map(|entry| [Some(entry.exercise), entry.streak_exercise])
            .flatten();
        let by_slug: BTreeMap<&str, &'static Exercise> = named
            .map(|exercise| (exercise.slug.as_str(), exercise))
            .collect();
        by_slug.into_values().collect()
    }

    /// `{"summary", "start_date", "entries"}`, the entries by the columns of `workout_entries` with exercises as slugs.
    pub fn to_json(&self) -> Value {
        json!({
            "summary": self.summary,
            "start_date": self.start.to_string(),
            "entries": self.entries.iter().map(Entry::to_json).collect::<Vec<_>>(),
        })
    }
}

impl CheckedTemplate {
    /// The block that starts on the first Monday strictly after `today`, a date where the athlete is.
    ///
    /// # Errors
    /// What a week breaks, with its place such as `/weeks/3/days/0`: a template that passed its check leaves room for none, but nothing is
    /// stored on trust.
    pub fn expand(&self, today: Date) -> Result<Block, Vec<Violation>> {
        let weeks = weeks(&self.template, &self.brief);
        let courses = courses(&self.template, &self.brief, &weeks);
        let volume: Vec<_> = weeks
            .iter()
            .map(|planned| weekly_sets(&week(planned, &self.brief).0))
            .collect();
        let mut broken = progression(&self.template, &courses, &volume);
        for (no, planned) in (1..=WEEKS)
            .zip(&weeks)
            .filter(|(no, _)| !self.template.scheme.step(*no).deload)
        {
            let found = violations(planned, &self.brief).into_iter();
            broken.extend(found.map(|found| Violation {
                place: format!("/weeks/{no}{}", found.place),
                ..found
            }));
        }
        if !broken.is_empty() {
            return Err(broken);
        }
        let start = start_date(today);
        Ok(Block {
            summary: wording::summary(&self.template, &self.brief),
            start,
            entries: entries(&self.template, &self.brief, &weeks, start),
            courses,
            volume,
        })
    }
}

/// The eight weeks as templates: what a rule says of a template, it says of a week. Times grow only if the longest week still holds them.
fn weeks(template: &Template, brief: &Brief) -> Vec<Template> {
    let step = |week: u8| template.scheme.step(week);
    let longest = (1..=WEEKS)
        .max_by(|a, b| step(*a).time.total_cmp(&step(*b).time))
        .unwrap_or(1);
    let grows = violations(&normal(template, brief, longest, true), brief).is_empty();
    let hardest = (1..=WEEKS).rev().find(|week| step(*week).more_sets);
    let raised = hardest
        .map(|week| raised(&normal(template, brief, week, grows), brief))
        .unwrap_or_default();
    (1..=WEEKS)
        .map(|week| {
            let mut planned = normal(template, brief, week, grows);
            let step = step(week);
            for (day, slot) in raised.iter().filter(|_| step.more_sets || step.deload) {
                let more = template.days[*day].slots[*slot].sets + 1;
                planned.days[*day].slots[*slot].sets = step.sets(more);
            }
            planned
        })
        .collect()
}

/// A week without the sets that may come on top; `grows` says whether times get longer than the template's.
fn normal(template: &Template, brief: &Brief, week: u8, grows: bool) -> Template {
    let step = template.scheme.step(week);
    let mut planned = template.clone();
    for slot in planned.days.iter_mut().flat_map(|day| &mut day.slots) {
        let Some(exercise) = exercise::find(&slot.exercise) else {
            continue;
        };
        let steady = slot.sets == 1 || slot.reps[0] >= STEADY;
        let is_easy = match exercise.pattern {
            Pattern::Cardio => steady,
            pattern => !pattern.is_strength(),
        };
        if !is_easy {
            slot.sets = step.sets(slot.sets);
        }
        if exercise.is_timed() && (grows || step.deload) {
            slot.reps = slot.reps.map(|seconds| step.seconds(exercise, seconds));
        }
        slot.rir = step.rir(slot.rir, least_rir(brief, exercise));
    }
    planned
}

/// The lifts (day and slot) that get a set more in the harder weeks: main ones first, as long as muscles, minutes and level hold it. Circuits
/// go round, so that a set more would be a round more: they get none.
fn raised(normal: &Template, brief: &Brief) -> Vec<(usize, usize)> {
    let before = weekly_sets(&week(normal, brief).0);
    let mut planned = normal.clone();
    let mut raised = Vec::new();
    let slots = normal
        .days
        .iter()
        .map(|day| day.slots.len())
        .max()
        .unwrap_or(0);
    for role in [Role::Main, Role::Secondary] {
        for (slot, day) in
            (0..slots).flat_map(|slot| (0..normal.days.len()).map(move |day| (slot, day)))
        {
            if !may_rise(&planned.days[day], slot, role) {
                continue;
            }
            planned.days[day].slots[slot].sets += 1;
            if holds(&planned, brief, &before, day, slot) {
                raised.push((day, slot));
            } else {
                planned.days[day].slots[slot].sets -= 1;
            }
        }
    }
    raised
}

fn may_rise(day: &TemplateDay, slot: usize, role: Role) -> bool {
    let strength = |slot: &Slot| {
        exercise::find(&slot.exercise).is_some_and(|exercise| exercise.pattern.is_strength())
    };
    let fits = day
        .slots
        .get(slot)
        .is_some_and(|slot| slot.role == role && strength(slot));
    fits && !is_circuit(day)
}

/// Whether level, minutes and muscles can take the sets that a slot has now.
fn holds(
    planned: &Template,
    brief: &Brief,
    before: &BTreeMap<Muscle, f64>,
    day: usize,
    slot: usize,
) -> bool {
    let (draft, _) = week(planned, brief);
    let after = weekly_sets(&draft);
    let session_is_full = draft.days().iter().any(|(_, day)| {
        session_sets(day)
            .values()
            .any(|sets| *sets > MOST_SESSION_SETS)
    });
    planned.days[day].slots[slot].sets <= level_caps(brief).1
        && minutes(&planned.days[day], brief) <= brief.minutes * MINUTES_TOLERANCE
        && !session_is_full
        && MAJOR_MUSCLES.iter().all(|muscle| {
            after
                .get(muscle)
                .is_none_or(|sets| *sets <= MOST_WEEKLY_SETS)
        })
        && growth(before, &after).next().is_none()
}

/// The major muscles that get more than a fifth more sets than the week before.
fn growth(
    before: &BTreeMap<Muscle, f64>,
    after: &BTreeMap<Muscle, f64>,
) -> impl Iterator<Item = Muscle> {
    let sets = |week: &BTreeMap<Muscle, f64>, muscle: Muscle| {
        week.get(&muscle).copied().unwrap_or_default()
    };
    MAJOR_MUSCLES.into_iter().filter(move |muscle| {
        sets(after, *muscle) > sets(before, *muscle) * MOST_SETS_GROWTH + 1e-9
    })
}

/// From week to week sets per muscle, load and steady cardio grow no faster than they may; after a lighter week they may come back.
fn progression(
    template: &Template,
    courses: &[Course],
    volume: &[BTreeMap<Muscle, f64>],
) -> Vec<Violation> {
    let mut broken = Vec::new();
    for no in (2..=WEEKS).filter(|no| !template.scheme.step(no - 1).deload) {
        let (before, after) = (usize::from(no) - 2, usize::from(no) - 1);
        let mut tell = |message: String| {
            broken.push(violation("progression", &format!("/weeks/{no}"), message))
        };
        for muscle in growth(&volume[before], &volume[after]) {
            tell(format!(
                "{muscle} get more than 20 % more sets than the week before"
            ));
        }
        for course in courses {
            let (before, after) = (course.weeks[before], course.weeks[after]);
            let load = |dose: Prescription| dose.load_percent.unwrap_or(1.0);
            if load(after) > load(before) * MOST_LOAD_GROWTH {
                tell(format!(
                    "the load of {} grows by more than 10 %",
                    course.exercise
                ));
            }
            let steady = course.exercise.pattern == Pattern::Cardio;
            if steady && after.reps.mean() > before.reps.mean() * MOST_LOAD_GROWTH {
                tell(format!(
                    "the time of {} grows by more than 10 %",
                    course.exercise
                ));
            }
        }
    }
    broken
}

fn courses(template: &Template, brief: &Brief, weeks: &[Template]) -> Vec<Course> {
    let mut courses = Vec::new();
    for ((day_no, day), weekday) in template
        .days
        .iter()
        .enumerate()
        .zip(training_days(brief.sessions(), brief))
    {
        for (slot_no, slot) in day.slots.iter().enumerate() {
            let Some(exercise) = exercise::find(&slot.exercise) else {
                continue;
            };
            let dose = |(no, planned): (u8, &Template)| {
                let slot = &planned.days[day_no].slots[slot_no];
                let load_percent = template
                    .scheme
                    .step(no)
                    .load_percent(exercise, slot.progression);
                Prescription {
                    sets: slot.sets,
                    reps: slot.dose(exercise),
                    rir: slot.rir,
                    load_percent,
                }
            };
            let weeks = (1..=WEEKS).zip(weeks).map(dose).collect();
            courses.push(Course {
                day_name: day.name.clone(),
                day: weekday,
                exercise,
                weeks,
            });
        }
    }
    courses
}

/// What is the same in every week of a day.
struct Session {
    weekday: Weekday,
    exercises: Vec<&'static Exercise>,
    substitutes: Vec<Option<&'static Exercise>>,
    adjustments: Vec<Option<String>>,
}

fn sessions(template: &Template, brief: &Brief) -> Vec<Session> {
    let days = template
        .days
        .iter()
        .zip(training_days(brief.sessions(), brief));
    days.map(|(day, weekday)| {
        let used = |slot: &Slot| {
            let exercise = exercise::find(&slot.exercise)?;
            let steady = slot.reps[0] >= SHORTEST_STEADY;
            Some(Use { exercise, steady })
        };
        let uses: Vec<Use> = day.slots.iter().filter_map(used).collect();
        Session {
            weekday,
            substitutes: substitutes(brief, &uses),
            adjustments: adjustments(brief, &uses),
            exercises: uses.iter().map(|used| used.exercise).collect(),
        }
    })
    .collect()
}

fn entries(template: &Template, brief: &Brief, weeks: &[Template], start: Date) -> Vec<Entry> {
    let sessions = sessions(template, brief);
    let mut entries = Vec::new();
    for (week, planned) in (1..=WEEKS).zip(weeks) {
        for (day, session) in planned.days.iter().zip(&sessions) {
            let days = i32::from(week - 1) * 7 + session.weekday as i32;
            let date = start.saturating_add(days.days());
            for (no, slot) in day.slots.iter().enumerate() {
                let exercise = session.exercises[no];
                let line = Line {
                    brief,
                    scheme: template.scheme,
                    week,
                    slot,
                    exercise,
                    circuit: is_circuit(day),
                    first: no == 0,
                };
                let substitute = session.substitutes[no];
                entries.push(Entry {
                    week_number: week,
                    day_name: day.name.clone(),
                    day: session.weekday,
                    position: no as u32 + 1,
                    date,
                    exercise,
                    sets: slot.sets,
                    reps: line.reps(),
                    weight: line.weight(),
                    time: line.time(),
                    equipment: wording::equipment(exercise),
                    notes: line.notes(),
                    streak_exercise: substitute,
                    streak_exercise_equipment: substitute.map(wording::equipment),
                    streak_exercise_notes: substitute
                        .map(|substitute| line.substitute_notes(substitute)),
                    adjustment_reason: session.adjustments[no].clone(),
                });
            }
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{Scheme, template};
    use crate::profile::ProfileSnapshot;

    #[test]
    fn muscles_loads_and_times_that_grow_too_fast_are_told() {
        let profile = json!({"goal": "ENDURANCE", "trainingDays": 2, "equipment": ["Gym"]});
        let profile = ProfileSnapshot::parse(&profile).expect("a good profile");
        let template = template(&Brief::from_profile(&profile), 1);
        let volume = |sets: f64| BTreeMap::from([(Muscle::Chest, sets), (Muscle::Biceps, sets)]);
        let dose = |load_percent, seconds| Prescription {
            sets: 1,
            reps: Reps::seconds(seconds),
            rir: 4,
            load_percent,
        };
        let course = |slug: &str, second: Prescription| Course {
            day_name: String::new(),
            day: Weekday::Monday,
            exercise: exercise::find(slug).expect("an exercise"),
            weeks: [vec![dose(Some(100.0), 600), second], vec![second; 6]].concat(),
        };
        let found = |sets: f64, courses: &[Course]| {
            let weeks: Vec<_> = [volume(10.0)]
                .into_iter()
                .chain((2..=8).map(|_| volume(sets)))
                .collect();
            progression(&template, courses, &weeks).len()
        };
        assert_eq!(template.scheme, Scheme::Wave);
        assert_eq!(found(12.0, &[]), 0);
        assert_eq!(found(12.5, &[]), 1);
        assert_eq!(
            found(10.0, &[course("leg-press", dose(Some(110.0), 600))]),
            0
        );
        assert_eq!(
            found(10.0, &[course("leg-press", dose(Some(111.0), 600))]),
            1
        );
        assert_eq!(found(10.0, &[course("easy-run", dose(None, 660))]), 0);
        assert_eq!(found(10.0, &[course("easy-run", dose(None, 720))]), 1);
    }
}
