//! What an athlete reads about an exercise: the written coaching of `texts/*.md`, and what follows from the catalogue's facts.
//!
//! An entry of the files is a heading with the exercise's name, then lines that begin with `Setup:`, `1.` to `6.` for the steps,
//! `Cues:` and `Mistakes:` (divided by semicolons), `Icon:` (what a designer draws), `Video:` (what a video shows), `Coach:` (what
//! to look at), and `Easier:` and `Harder:` (names of the catalogue, divided by commas).

use serde::Serialize;

use super::{Exercise, Pattern};

mod effort;
mod pain;
mod place;
mod written;

pub(crate) use written::Written;

/// The texts of one exercise, named as the columns of the table `exercises`. Plain text, no links or markup; lines end in `\n`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExerciseTexts {
    /// One sentence that a designer could draw.
    pub icon_description: String,
    /// Setup, numbered steps, cues and common mistakes, in lines.
    pub instructions: String,
    /// What a video of it shows.
    pub video_description: String,
    /// What one set takes.
    pub required_equipment: String,
    /// Where it can be done: begins with `Anywhere`, `Home or gym` or `Gym`.
    pub workout_location: String,
    /// Repetitions or seconds, effort, rest and the next step up.
    pub rep_limitations_progression_rules: String,
    /// What to change when it was too easy, right, too hard or painful.
    pub progression_by_client_feedback: String,
    /// Which joint to mind, when to stop, and what to do instead.
    pub pain_injury_protocol: String,
    /// What changes at home and in a gym.
    pub special_rules_by_location: String,
    /// What a trainer looks at, and easier and harder exercises by name.
    pub trainer_notes: String,
}

/// The texts of an exercise of the catalogue.
pub fn of(exercise: &Exercise) -> ExerciseTexts {
    let written = Written::of(exercise);
    ExerciseTexts {
        icon_description: written.icon.to_owned(),
        instructions: instructions(written),
        video_description: written.video.to_owned(),
        required_equipment: place::required_equipment(exercise, written),
        workout_location: place::workout_location(exercise, written),
        rep_limitations_progression_rules: effort::repetitions_and_progression(exercise, written),
        progression_by_client_feedback: effort::by_feedback(exercise, written),
        pain_injury_protocol: pain::protocol(exercise),
        special_rules_by_location: place::special_rules(exercise, written),
        trainer_notes: trainer_notes(exercise, written),
    }
}

fn instructions(written: &Written) -> String {
    let steps = written
        .steps
        .iter()
        .enumerate()
        .map(|(place, step)| format!("{}. {step}\n", place + 1));
    format!(
        "Setup: {}\n{}Cues: {}\nCommon mistakes: {}",
        written.setup,
        steps.collect::<String>(),
        written.cues,
        written.mistakes
    )
}

fn trainer_notes(exercise: &Exercise, written: &Written) -> String {
    let gentle = matches!(exercise.pattern, Pattern::Mobility | Pattern::Stretch);
    let (down, up) = if gentle {
        ("Gentler", "Next")
    } else {
        ("Easier", "Harder")
    };
    let mut notes = written.coach.to_owned();
    for (word, names) in [(down, &written.easier), (up, &written.harder)] {
        if !names.is_empty() {
            notes.push_str(&format!(" {word}: {}.", one_of(names)));
        }
    }
    notes
}

/// `a`, `a or b`, `a, b or c`.
fn one_of<T: AsRef<str>>(names: &[T]) -> String {
    list(names, "or")
}

/// `a`, `a and b`, `a, b and c`.
fn all_of<T: AsRef<str>>(names: &[T]) -> String {
    list(names, "and")
}

fn list<T: AsRef<str>>(names: &[T], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests;
