//! The provider `rules` for a block: the weekly planner's sessions, written as a template.

use super::check::check_template;
use super::scheme::Scheme;
use super::template::{Progression, Role, Slot, Template, TemplateDay};
use crate::brief::Brief;
use crate::exercise::{Equipment, Exercise, Load, Mechanic};
use crate::plan::{BlockKind, rest_seconds};
use crate::planner::{self, Lift, Session};
use crate::profile::Level;

/// How much of the week's target the normal weeks of a wave hold: weeks 3, 6 and 7 add up to a fifth.
const WAVE_SHARE: f64 = 0.85;

/// A template without a model: pure, the same brief and seed give the same one. A brief that rules out too much may end in one that the
/// checker refuses: the last that was tried is given then.
pub fn template(brief: &Brief, seed: u64) -> Template {
    planner::first_sound(brief, seed, one, |template| {
        check_template(template.clone(), brief).is_ok()
    })
}

fn one(brief: &Brief, seed: u64) -> Template {
    let scheme = if brief.level == Level::Beginner {
        Scheme::Novice
    } else {
        Scheme::Wave
    };
    let share = if scheme == Scheme::Wave {
        WAVE_SHARE
    } else {
        1.0
    };
    let days: Vec<TemplateDay> = planner::sessions(brief, share, seed)
        .iter()
        .map(|session| day(brief, session))
        .collect();
    Template {
        split: split(&days),
        days,
        scheme,
        rationale: String::new(),
    }
}

fn split(days: &[TemplateDay]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for day in days {
        if !names.contains(&day.name.as_str()) {
            names.push(&day.name);
        }
    }
    names.join(" / ")
}

fn day(brief: &Brief, session: &Session) -> TemplateDay {
    let parts = session.parts();
    let lifts = parts
        .iter()
        .flat_map(|(kind, lifts)| lifts.iter().map(|lift| (*kind, *lift)));
    TemplateDay {
        name: session.focus.day_name().to_owned(),
        slots: lifts
            .enumerate()
            .map(|(no, (kind, lift))| slot(brief, kind, lift, no))
            .collect(),
    }
}

fn slot(brief: &Brief, kind: BlockKind, lift: &Lift, no: usize) -> Slot {
    let exercise = lift.exercise;
    let role = match kind {
        _ if !kind.is_main() => Role::Accessory,
        _ if exercise.pattern.is_strength()
            && (no >= 2 || exercise.mechanic == Mechanic::Isolation) =>
        {
            Role::Secondary
        }
        _ => Role::Main,
    };
    Slot {
        exercise: exercise.slug.clone(),
        role,
        sets: lift.sets,
        reps: [lift.reps.low, lift.reps.high],
        rir: lift.rir,
        rest_s: rest_seconds(brief.goal, kind, exercise, lift.reps).round() as u32,
        tempo: None,
        progression: progression(brief, exercise, role),
    }
}

pub(crate) fn progression(brief: &Brief, exercise: &Exercise, role: Role) -> Progression {
    let plates = [Equipment::Barbell, Equipment::Machines]
        .iter()
        .any(|plates| exercise.equipment.contains(plates));
    match exercise.load {
        _ if !exercise.pattern.is_strength() => Progression::None,
        Load::External if plates && role == Role::Main && brief.level != Level::Beginner => {
            Progression::Linear
        }
        Load::External => Progression::Double,
        Load::Bodyweight | Load::Assisted | Load::Timed => Progression::RepLadder,
    }
}
