//! The written part of the texts, read once from the files beside this one.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::exercise::Exercise;

/// One entry of the files.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub setup: &'static str,
    pub steps: Vec<&'static str>,
    pub cues: &'static str,
    pub mistakes: &'static str,
    pub icon: &'static str,
    pub video: &'static str,
    pub coach: &'static str,
    /// Names of the catalogue, the nearest first.
    pub easier: Vec<&'static str>,
    /// Names of the catalogue, the nearest first.
    pub harder: Vec<&'static str>,
}

const FILES: [&str; 10] = [
    include_str!("squat.md"),
    include_str!("hinge.md"),
    include_str!("lunge.md"),
    include_str!("push.md"),
    include_str!("pull.md"),
    include_str!("arms.md"),
    include_str!("legs.md"),
    include_str!("core.md"),
    include_str!("cardio.md"),
    include_str!("mobility.md"),
];

static ENTRIES: LazyLock<HashMap<&'static str, Written>> = LazyLock::new(|| {
    entries()
        .map(|(name, entry)| (name, read(entry).unwrap_or_default()))
        .collect()
});

static NOTHING: LazyLock<Written> = LazyLock::new(Written::default);

impl Written {
    /// The entry of an exercise. A test proves that each exercise of the catalogue has one that reads.
    pub(crate) fn of(exercise: &Exercise) -> &'static Self {
        ENTRIES.get(exercise.name).unwrap_or(&NOTHING)
    }
}

/// Names and their lines, in the order of the files.
pub(super) fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = FILES.iter().flat_map(|file| file.split("\n## ").skip(1));
    parts
        .filter_map(|part| part.split_once('\n'))
        .map(|(name, entry)| (name.trim(), entry))
}

/// Reads the lines of one entry. Errors name the line that has no known beginning.
pub(super) fn read(entry: &'static str) -> Result<Written, String> {
    let mut written = Written::default();
    for line in entry.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, text) = line
            .split_once(' ')
            .ok_or_else(|| format!("`{line}` is no line of an entry"))?;
        match word {
            "Setup:" => written.setup = text,
            "Cues:" => written.cues = text,
            "Mistakes:" => written.mistakes = text,
            "Icon:" => written.icon = text,
            "Video:" => written.video = text,
            "Coach:" => written.coach = text,
            "Easier:" => written.easier = text.split(", ").collect(),
            "Harder:" => written.harder = text.split(", ").collect(),
            _ if word
                .strip_suffix('.')
                .is_some_and(|number| number == (written.steps.len() + 1).to_string()) =>
            {
                written.steps.push(text);
            }
            _ => {
                return Err(format!(
                    "`{line}` has no known beginning, or a step out of order"
                ));
            }
        }
    }
    Ok(written)
}
