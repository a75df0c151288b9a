//! Eight weeks as tables for people: the first week, how each exercise goes on, and the sets of each muscle.

use coach::block::{Block, Course, Entry, Prescription};
use coach::exercise::Muscle;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};

/// Weeks of a block.
const WEEKS: u8 = 8;
/// Columns, where the output is no terminal.
const WIDTH: u16 = 160;

/// Draws a block under its summary.
pub(crate) fn tables(block: &Block) -> String {
    [
        block.summary().to_owned(),
        format!("Week 1, from Monday {}", block.start_date()),
        first_week(block),
        "The eight weeks (sets × repetitions, RIR)".to_owned(),
        progression(block),
        "Sets of each muscle (a muscle that helps counts half)".to_owned(),
        volume(block),
    ]
    .join("\n\n")
}

fn first_week(block: &Block) -> String {
    let mut table = table(["Day", "Exercise", "Sets", "Weight", "At home instead"]);
    let mut last_day = None;
    for entry in block.week(1) {
        // A day is named once, on its first row.
        let is_new = last_day.replace(entry.day) != Some(entry.day);
        let day = format!(
            "{} {}\n{}",
            capital(entry.day.name()),
            entry.date,
            entry.day_name
        );
        table.add_row([
            if is_new { day } else { String::new() },
            entry.exercise.name.to_owned(),
            dose(entry),
            entry.weight.clone().unwrap_or_default(),
            entry
                .streak_exercise
                .map(|home| home.name.to_owned())
                .unwrap_or_default(),
        ]);
    }
    table.trim_fmt()
}

/// `3 × 8-12` or `3 × 30 s`.
fn dose(entry: &Entry) -> String {
    let how_much = entry.reps.as_deref().or(entry.time.as_deref());
    format!("{} × {}", entry.sets, how_much.unwrap_or_default())
}

fn progression(block: &Block) -> String {
    let weeks = (1..=WEEKS).map(|week| format!("Week {week}"));
    let mut table = table(["Exercise".to_owned()].into_iter().chain(weeks));
    for course in block.courses() {
        table.add_row(
            [name(course)]
                .into_iter()
                .chain(course.weeks.iter().map(prescription)),
        );
    }
    table.trim_fmt()
}

fn name(course: &Course) -> String {
    format!("{}: {}", capital(course.day.name()), course.exercise.name)
}

fn prescription(week: &Prescription) -> String {
    format!("{} × {}, {}", week.sets, week.reps, week.rir)
}

fn volume(block: &Block) -> String {
    let weeks = (1..=WEEKS).map(|week| format!("Week {week}"));
    let mut table = table(["Muscle".to_owned()].into_iter().chain(weeks));
    let by_week: Vec<_> = (1..=WEEKS).map(|week| block.volume(week)).collect();
    for muscle in Muscle::ALL {
        if by_week.iter().any(|volume| volume.contains_key(muscle)) {
            let sets = by_week
                .iter()
                .map(|volume| volume.get(muscle).copied().unwrap_or_default().to_string());
            table.add_row([capital(&muscle.to_string())].into_iter().chain(sets));
        }
    }
    table.trim_fmt()
}

fn table<T: Into<comfy_table::Cell>>(header: impl IntoIterator<Item = T>) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(
            header
                .into_iter()
                .map(Into::into)
                .collect::<Vec<comfy_table::Cell>>(),
        );
    if !table.is_tty() {
        table.set_width(WIDTH);
    }
    table
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
