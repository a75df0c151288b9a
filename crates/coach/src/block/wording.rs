//! What the athlete reads in an entry: weight, effort, rest and pace, in plain English.

use super::scheme::{Scheme, Step, is_leg_lift};
use super::template::{Progression, Slot, Template};
use crate::brief::{Brief, Limit, LoadUnit};
use crate::exercise::{Equipment, Exercise, Load, Pattern};
use crate::plan::rules::least_rir;
use crate::plan::{Reps, warm_up_minutes};
use crate::planner::{joined, reps, training_days};
use crate::profile::Goal;

/// An exercise in its week.
pub(super) struct Line<'a> {
    pub brief: &'a Brief,
    pub scheme: Scheme,
    pub week: u8,
    pub slot: &'a Slot,
    pub exercise: &'static Exercise,
    pub circuit: bool,
    pub first: bool,
}

impl Line<'_> {
    fn dose(&self) -> Reps {
        self.slot.dose(self.exercise)
    }

    fn step(&self) -> Step {
        self.scheme.step(self.week)
    }

    pub(super) fn reps(&self) -> Option<String> {
        (!self.exercise.is_timed()).then(|| self.dose().to_string())
    }

    pub(super) fn time(&self) -> Option<String> {
        self.exercise.is_timed().then(|| self.dose().to_string())
    }

    pub(super) fn weight(&self) -> Option<String> {
        match self.exercise.load {
            _ if !self.exercise.pattern.is_strength() => None,
            Load::External => Some(self.external()),
            Load::Timed if !self.exercise.equipment.is_empty() => {
                Some("A weight that you can hold in good posture for the whole time.".to_owned())
            }
            Load::Timed => Some("Bodyweight".to_owned()),
            Load::Bodyweight => Some(self.ladder("Bodyweight", "a harder variation")),
            Load::Assisted => Some(self.ladder("Bodyweight with support", "less support")),
        }
    }

    /// A weight in the hands, on the bar or on the stack.
    fn external(&self) -> String {
        let reference = self.scheme.reference(self.week);
        let Reps { low, high, .. } = self.dose();
        let rir = self.slot.rir;
        if self.week == 1 {
            return format!("A weight that leaves {} in reserve.", repetitions(rir));
        }
        if self.step().deload {
            return format!("10 % less than in week {reference}.");
        }
        if self.scheme.step(reference).load == self.step().load
            || self.slot.progression == Progression::None
        {
            return format!("As in week {reference}.");
        }
        let more = more(self.exercise, self.brief.load_unit);
        match self.slot.progression {
            Progression::Linear => format!(
                "{more} (at most 10 % above week {reference}) if every set reached {low} repetitions; else the same weight."
            ),
            _ => format!(
                "{more} (at most 10 % above week {reference}) if every set reached {high} repetitions; else a repetition more a set."
            ),
        }
    }

    /// The body is the weight: repetitions come first.
    fn ladder(&self, name: &str, harder: &str) -> String {
        let reference = self.scheme.reference(self.week);
        let high = self.dose().high;
        match self.slot.progression {
            _ if self.week == 1 => format!("{name}."),
            _ if self.step().deload => {
                format!("{name}: a repetition or two less a set than in week {reference}.")
            }
            Progression::None => format!("{name}."),
            _ if self.scheme.step(reference).load == self.step().load => {
                format!("{name}: as in week {reference}.")
            }
            _ => format!(
                "{name}: a repetition or two more a set than in week {reference}; once every set reaches {high}, {harder}."
            ),
        }
    }

    pub(super) fn notes(&self) -> String {
        let mut notes = Vec::new();
        if self.first {
            notes.push(self.warm_up());
        }
        if self.step().deload && self.exercise.pattern.is_strength() {
            notes.push("Lighter week, to recover.".to_owned());
        }
        notes.push(self.effort());
        if self.circuit && self.exercise.pattern.is_strength() {
            notes.push(format!(
                "In a circuit: {} s, then the next exercise.",
                self.slot.rest_s
            ));
        } else if self.slot.sets > 1 && self.slot.rest_s > 0 {
            notes.push(format!("Rest {}.", rest(self.slot.rest_s)));
        }
        if self.exercise.unilateral {
            let what = if self.exercise.is_timed() {
                "time"
            } else {
                "number"
            };
            notes.push(format!("The {what} is for each side."));
        }
        if let Some(tempo) = &self.slot.tempo {
            notes.push(format!("Tempo {tempo}."));
        }
        if self.first
            && self
                .brief
                .limits
                .iter()
                .any(|limit| !matches!(limit, Limit::Senior | Limit::Minor | Limit::Underweight))
        {
            notes.push("Stop at new or sharp pain.".to_owned());
        }
        joined(notes)
    }

    fn warm_up(&self) -> String {
        let minutes = warm_up_minutes(self.brief.minutes).round().max(1.0);
        let minutes = if minutes == 1.0 {
            "a minute".to_owned()
        } else {
            format!("{minutes} minutes")
        };
        if self.exercise.load == Load::External && self.brief.minutes >= 30.0 {
            format!("Warm up first: {minutes} of easy movement and two light sets.")
        } else {
            format!("Warm up first: {minutes} of easy movement.")
        }
    }

    fn effort(&self) -> String {
        let rir = self.slot.rir;
        match self.exercise.pattern {
            Pattern::Cardio if rir >= 4 => "At a pace at which you can talk.".to_owned(),
            Pattern::Cardio
                if self.step().load > self.scheme.step(self.scheme.reference(self.week)).load =>
            {
                format!(
                    "Hard but steady, a little faster than in week {}.",
                    self.scheme.reference(self.week)
                )
            }
            Pattern::Cardio => "Hard but steady.".to_owned(),
            Pattern::Stretch => "Ease into it and breathe calmly.".to_owned(),
            Pattern::Mobility | Pattern::Balance => "Slow and controlled.".to_owned(),
            _ if self.exercise.is_timed() => "Stop before your form fades.".to_owned(),
            _ => format!("Leave {} in reserve.", repetitions(rir)),
        }
    }

    /// How much of a substitute: as many sets, at least as far from failure.
    pub(super) fn substitute_notes(&self, substitute: &'static Exercise) -> String {
        let same_clock = substitute.is_timed() && self.exercise.is_timed();
        let own_body = substitute.pattern.is_strength()
            && !substitute.is_timed()
            && substitute.equipment.is_empty();
        let dose = match (same_clock, own_body) {
            (true, _) => self.dose(),
            // Less weight, more repetitions: effort stays what matters.
            (false, true) => Reps::count(8, 20),
            (false, false) => reps(self.brief, substitute, false),
        };
        let each = if substitute.unilateral {
            " each side"
        } else {
            ""
        };
        let sets = if self.slot.sets == 1 {
            "1 set".to_owned()
        } else {
            format!("{} sets", self.slot.sets)
        };
        let rir = self.slot.rir.max(least_rir(self.brief, substitute));
        let effort = match substitute.is_timed() || !substitute.pattern.is_strength() {
            true => String::new(),
            false => format!(", {} in reserve", repetitions(rir)),
        };
        let when = if self.brief.trains_at_home() {
            "On a hard day, easier"
        } else {
            "At home"
        };
        format!("{when}: {sets} of {dose}{each}{effort}.")
    }
}

/// `+2.5 kg`, or the next step of what the exercise is done with.
fn more(exercise: &Exercise, unit: LoadUnit) -> &'static str {
    let needs = |equipment: Equipment| exercise.equipment.contains(&equipment);
    match unit {
        _ if needs(Equipment::Dumbbells) => "The next heavier dumbbells",
        _ if needs(Equipment::Kettlebell) => "The next heavier kettlebell",
        _ if needs(Equipment::Bands) => "More tension of the band",
        LoadUnit::Kilograms if is_leg_lift(exercise) => "+5 kg",
        LoadUnit::Kilograms => "+2.5 kg",
        LoadUnit::Pounds if is_leg_lift(exercise) => "+10 lb",
        LoadUnit::Pounds => "+5 lb",
    }
}

fn repetitions(count: i64) -> String {
    match count {
        0 => "no repetitions".to_owned(),
        1 => "1 repetition".to_owned(),
        _ => format!("{count} repetitions"),
    }
}

fn rest(seconds: u32) -> String {
    if seconds >= 120 && seconds.is_multiple_of(60) {
        format!("{} minutes", seconds / 60)
    } else {
        format!("{seconds} s")
    }
}

/// `Barbell, rack`; `Bodyweight` where nothing is needed.
pub(super) fn equipment(exercise: &Exercise) -> String {
    let names: Vec<String> = exercise.equipment.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        "Bodyweight".to_owned()
    } else {
        capital(&names.join(", "))
    }
}

/// What the block is, in a few sentences.
pub(super) fn summary(template: &Template, brief: &Brief) -> String {
    let goal = match brief.goal {
        Goal::WeightLoss => "losing weight",
        Goal::MuscleGain => "building muscle",
        Goal::Endurance => "endurance",
        Goal::GeneralFitness => "general fitness",
        Goal::FlexibilityMobility => "mobility",
    };
    let days: Vec<String> = training_days(brief.sessions(), brief)
        .iter()
        .map(|day| capital(day.name()))
        .collect();
    let mut sentences = vec![format!(
        "8 weeks for {goal}: {} on {}, about {:.0} minutes each.",
        template.split,
        days.join(", "),
        brief.minutes
    )];
    sentences.push(
        match template.scheme {
            Scheme::Wave => "Weeks 1 to 3 and 5 to 7 get harder step by step, weeks 4 and 8 are lighter so that you recover.",
            Scheme::Novice => "Every week you do a little more than the week before, as soon as you reach all repetitions.",
        }
        .to_owned(),
    );
    if brief.days == 7 {
        sentences.push("You asked for seven days: the seventh is for easy movement, because muscles grow at rest.".to_owned());
    }
    if !template.rationale.is_empty() {
        let end = if template.rationale.ends_with(['.', '!', '?']) {
            ""
        } else {
            "."
        };
        sentences.push(format!("{}{end}", template.rationale));
    }
    let limits: Vec<String> = brief.limits.iter().map(ToString::to_string).collect();
    if !limits.is_empty() {
        sentences.push(format!("Planned with regard to: {}.", limits.join(", ")));
    }
    sentences.join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
