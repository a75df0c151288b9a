//! How many repetitions, how hard, how long to rest, and what the next step is.
//!
//! Numbers: repetitions 5–30 serve muscle (Schoenfeld 2021), compound lifts 6–12 and isolation 10–15 by default; novices not under
//! 6; two or three repetitions in reserve on compound lifts, one or two on isolation (Refalo 2023, Robinson 2024); rest 90–180 s
//! and 60–120 s (Singer 2024); the next weight once the target is passed by one or two repetitions, 2.5 kg for the upper body,
//! 5 kg for the legs, 2–10 % (ACSM 2009); jumps in sets of few, 24 at most (ACSM 2026).

use super::{Written, one_of};
use crate::exercise::Equipment::{self, *};
use crate::exercise::{Exercise, Load, Mechanic, Muscle, Pattern, Tag};

/// What kind of work a set is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Lift,
    /// A fast lift: speed is the aim, so it ends long before failure.
    Power,
    Jump,
    Hold,
    Carry,
    Cardio,
    Mobility,
    Stretch,
    Balance,
}

fn work(exercise: &Exercise) -> Work {
    match exercise.pattern {
        Pattern::Cardio => Work::Cardio,
        Pattern::Mobility if !exercise.is_timed() => Work::Mobility,
        Pattern::Mobility | Pattern::Stretch => Work::Stretch,
        Pattern::Balance => Work::Balance,
        Pattern::Carry if exercise.is_timed() => Work::Carry,
        _ if exercise.is_timed() => Work::Hold,
        _ if exercise.has(Tag::Impact) => Work::Jump,
        _ if ["kettlebell-swing", "push-press"].contains(&exercise.group) => Work::Power,
        _ => Work::Lift,
    }
}

/// Whether only the way down is done.
fn is_negative(exercise: &Exercise) -> bool {
    exercise.name.starts_with("Negative")
}

/// The muscles that do the work, in words: `the quads and glutes`.
pub(super) fn muscles(exercise: &Exercise) -> String {
    let names: Vec<_> = exercise
        .primary
        .iter()
        .map(|muscle| muscle.to_string())
        .collect();
    format!("the {}", super::all_of(&names))
}

pub(super) fn repetitions_and_progression(exercise: &Exercise, written: &Written) -> String {
    let mut text = dose(exercise);
    if exercise.unilateral {
        text.push_str(
            " Count each side by itself, begin with the weaker one and do no more on the stronger.",
        );
    }
    text.push_str(&format!(" Next step: {}", next_step(exercise, written)));
    match exercise.skill {
        3 => text.push_str(" Not for beginners: first be at home in the easier exercises."),
        2 if exercise.load == Load::External => {
            text.push_str(" Two weeks with light weight come first, to learn the path.")
        }
        _ => {}
    }
    text
}

fn dose(exercise: &Exercise) -> String {
    let muscles = muscles(exercise);
    let compound = exercise.mechanic == Mechanic::Compound;
    match work(exercise) {
        Work::Cardio if exercise.name.contains("Interval") => "4 to 8 hard parts of 30 to 60 seconds, each followed by twice that time of easy going; one or two such sessions a week.".to_owned(),
        Work::Cardio if exercise.has(Tag::Impact) || exercise.skill > 1 => "Blocks of 20 to 60 seconds with as much rest, or steady work at a pace at which you can talk; 5 to 30 minutes in all.".to_owned(),
        Work::Cardio => "5 to 45 minutes at a pace at which you can talk in sentences, effort 3 to 5 of 10.".to_owned(),
        Work::Mobility => format!("5 to 10 slow repetitions for {muscles}, never to fatigue; 1 or 2 sets."),
        Work::Stretch => format!("20 to 60 seconds for {muscles}, 1 to 3 times; the pull stays mild, effort 3 of 10."),
        Work::Balance => "20 to 30 seconds, 2 or 3 times, with support in reach.".to_owned(),
        Work::Carry => format!("20 to 60 seconds of walking for {muscles}, 2 to 4 times, resting 60 to 120 seconds; the set ends when the posture goes."),
        Work::Hold => format!("15 to 45 seconds for {muscles}, 2 or 3 times, resting 60 seconds; the set ends when the position changes, not when it gets hard."),
        Work::Power => format!("5 to 12 crisp repetitions for {muscles}, at least 3 left in reserve, resting 90 to 120 seconds; the set ends when the speed drops."),
        Work::Jump => "3 to 6 repetitions a set, at most 24 in a session, resting 90 seconds or more; each one as good as the first.".to_owned(),
        Work::Lift if matches!(exercise.pattern, Pattern::Calf) => "12 to 20 repetitions with 1 or 2 left in reserve, resting 60 to 90 seconds; full height each time.".to_owned(),
        Work::Lift if matches!(exercise.pattern, Pattern::CoreFlexion | Pattern::CoreStability) => format!("8 to 15 slow repetitions for {muscles} with 2 left in reserve, resting 60 seconds."),
        Work::Lift if exercise.load == Load::External && compound => format!(
            "6 to 12 repetitions for {muscles} with 2 or 3 left in reserve ({}), resting 90 to 180 seconds. Beginners stay at 8 or more.",
            if exercise.has(Tag::Valsalva) { "never to failure" } else { "close to failure only in the last set" }
        ),
        Work::Lift if is_negative(exercise) => format!("3 to 5 repetitions for {muscles}, each lowered for 3 to 5 seconds, resting 120 seconds; the set ends when the lowering gets fast."),
        Work::Lift if compound && exercise.skill == 3 => format!("3 to 10 repetitions for {muscles} with 1 or 2 left in reserve, resting 120 to 180 seconds."),
        Work::Lift if compound => format!("6 to 20 repetitions for {muscles} with 2 left in reserve, resting 90 to 120 seconds."),
        Work::Lift => format!("10 to 15 repetitions for {muscles} with 1 or 2 left in reserve, resting 60 to 120 seconds."),
    }
}

fn next_step(exercise: &Exercise, written: &Written) -> String {
    let harder = || match written.harder.as_slice() {
        [] => String::new(),
        names => format!(", then {}", one_of(names)),
    };
    match work(exercise) {
        Work::Cardio if exercise.name.contains("Interval") => "one more hard part a week, then longer ones; speed comes last.".to_owned(),
        Work::Cardio => format!("at most a tenth more time a week{}.", harder()),
        Work::Mobility | Work::Stretch => "a little more range while it stays easy; no weight, no bouncing.".to_owned(),
        Work::Balance => format!("lighter support, then slow turns of the head{}.", harder()),
        Work::Carry => format!("5 to 10 seconds more up to a minute, then {}.", heavier(exercise)),
        Work::Hold => format!("5 seconds more up to 45{}.", harder()),
        Work::Power => format!("one repetition more a week up to 12, then {}; never slower.", if exercise.equipment.contains(&Kettlebell) { "the next bell" } else { "2.5 kg more" }),
        Work::Jump => "a better landing, then a little more height; not more jumps.".to_owned(),
        Work::Lift if exercise.load == Load::External => format!(
            "add repetitions to the top of the range; when every set reaches it, or passes it by 1 or 2, {} and start again at the bottom. After three sessions without progress go down by a tenth.",
            heavier(exercise)
        ),
        Work::Lift if is_negative(exercise) => format!("lower for a second longer, up to 5{}.", harder()),
        Work::Lift if exercise.load == Load::Assisted => format!("take a little help away once all sets reach 12{}.", harder()),
        Work::Lift if written.harder.is_empty() => "add repetitions, then three seconds on the way down, then a pause at the hardest point.".to_owned(),
        Work::Lift => format!("add repetitions, then three seconds on the way down{}.", harder()),
    }
}

/// The next load of this equipment.
fn heavier(exercise: &Exercise) -> &'static str {
    let needs = |one: Equipment| exercise.equipment.contains(&one);
    let legs = exercise
        .primary
        .iter()
        .any(|muscle| matches!(muscle, Muscle::Quads | Muscle::Hamstrings | Muscle::Glutes));
    let bar = needs(Barbell) || exercise.name.starts_with("Smith");
    if bar && legs {
        "add 5 kg (at most a tenth)"
    } else if bar {
        "add 2.5 kg (less if small plates are there)"
    } else if needs(Dumbbells) {
        "take the next heavier dumbbells (a tenth at most, where there are such)"
    } else if needs(Kettlebell) {
        "take three seconds on the way down, later the next bell,"
    } else if needs(Bands) {
        "grip the band shorter or take the next thicker one"
    } else if needs(Cables) || needs(Machines) {
        "move the pin by one plate"
    } else {
        "add one or two kilograms"
    }
}

fn lighter(exercise: &Exercise) -> &'static str {
    let needs = |one: Equipment| exercise.equipment.contains(&one);
    if needs(Bands) {
        "a thinner or longer band"
    } else if needs(Kettlebell) {
        "a lighter bell, or a third fewer repetitions"
    } else {
        "5 to 10 percent less weight"
    }
}

pub(super) fn by_feedback(exercise: &Exercise, written: &Written) -> String {
    let easier = match written.easier.as_slice() {
        [] => "shorten the range".to_owned(),
        names => format!("change to {}", one_of(names)),
    };
    let harder = match written.harder.as_slice() {
        [] => "keep it and slow it down".to_owned(),
        names => format!("move on to {}", one_of(names)),
    };
    let (more, less) = match work(exercise) {
        Work::Cardio => (
            "two to five minutes more, or one hard part more",
            "slow down or cut the time by a third",
        ),
        Work::Mobility | Work::Stretch => {
            ("a little more range", "half the range and slower breath")
        }
        Work::Balance => ("less support", "two hands on the support"),
        Work::Carry | Work::Hold => ("10 seconds more", "half the time, twice as often"),
        Work::Jump => ("higher, not more", "step instead of jumping"),
        Work::Power => (
            "one or two repetitions more",
            "half the repetitions, each one crisp",
        ),
        Work::Lift if exercise.load == Load::External => {
            (heavier(exercise).trim_end_matches(','), lighter(exercise))
        }
        Work::Lift if is_negative(exercise) => {
            ("a second longer on the way down", "one repetition fewer")
        }
        Work::Lift if exercise.load == Load::Assisted => ("less help", "more help"),
        Work::Lift => (
            "three seconds down and a pause",
            "fewer repetitions and more rest",
        ),
    };
    let limit = match work(exercise) {
        Work::Cardio => "talking was not possible, or the next day was heavy",
        Work::Mobility | Work::Stretch => "the pull was sharp or the breath stopped",
        _ => "the form broke or sets were not finished",
    };
    let signs = match work(exercise) {
        Work::Lift | Work::Power => "more than 3 repetitions were left",
        Work::Cardio => "talking was no effort at all",
        _ => "it asked for no effort",
    };
    format!(
        "Too easy ({signs}, twice in a row): {more}; when that is used up, {harder}. Right: keep {} as it is and add only what the plan says. \
         Too hard ({limit}): {less}; if that is not enough, {easier}. Pain: stop, and follow the pain rules.",
        exercise.name
    )
}
